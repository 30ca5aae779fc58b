# Four aliases; meson and ninja do the work.
BUILD ?= build

all: $(BUILD)/build.ninja
	ninja -C $(BUILD)

$(BUILD)/build.ninja:
	meson setup $(BUILD)

run: all
	script/server

test:
	script/test

check:
	script/check

install: all
	meson install -C $(BUILD)

.PHONY: all run test check install
