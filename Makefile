# Four aliases; meson and ninja do the work.
BUILD ?= build

all:
	@tools/configure $(BUILD)
	ninja -C $(BUILD) openshelf

run:
	script/server

test:
	script/test

check:
	script/check

install: all
	meson install -C $(BUILD)

.PHONY: all run test check install
