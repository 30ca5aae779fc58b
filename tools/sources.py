#!/usr/bin/env python3
"""Lists sources for meson, so that a new file needs no line in a build file.

  sources.py base|kit|app|bin   C files of a ring, without tests
  sources.py tests              FOLDER/NAME_test.c files, beside what they test
  sources.py support            C files that tests share
  sources.py sql|html           inputs of the generators
  sources.py fuzz|bench         programs of their own
  sources.py embed              files that are built into the program
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def find(folder, pattern):
    return sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob(pattern) if p.is_file())


def main():
    what = sys.argv[1]
    if what in ("base", "kit", "app", "bin"):
        files = [f for f in find("src/" + what, "*.c") if not f.endswith("_test.c")]
    elif what == "tests":
        files = find("src", "*_test.c")
    elif what == "support":
        files = find("tests/support", "*.c")
    elif what in ("sql", "html"):
        files = find("src", "*." + what)
    elif what in ("fuzz", "bench"):
        files = find(what, what + "_*.c")
    elif what == "embed":
        files = find("web", "*") + find("data", "*")
    else:
        sys.exit(__doc__)
    print("\n".join(files))


main()
