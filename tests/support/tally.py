#!/usr/bin/env python3
"""Counts what a part of script/test ran, from what its runner printed.

  tally.py add RESULTS PART EXIT_CODE LOG     reads LOG (or a meson testlog .json), appends one line to RESULTS
  tally.py show RESULTS                       the table and, last, `N passed, N failed[, N skipped]`; exit 1 on failure

Understood: meson's testlog with cmocka's output, unittest, and a last line `N passed, N failed[, N skipped]`.
A program that fails without a count is one failure; a test counted nowhere is never a pass.
"""
import json
import pathlib
import re
import sys

PLAIN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$", re.M)


def cmocka(text):
    """passed, failed, skipped of one test program."""
    def last(word):
        hits = re.findall(rf"\[\s*{word}\s*\] (\d+) test\(s\)", text)
        return sum(int(h) for h in hits)
    return last("PASSED"), last("FAILED"), last("SKIPPED")


def meson(path):
    total, bad = [0, 0, 0], []
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        test = json.loads(line)
        out = test.get("stdout", "") + test.get("stderr", "")
        passed, failed, skipped = cmocka(out)
        fine = test["result"] in ("OK", "SKIP", "EXPECTEDFAIL")
        if not fine and failed == 0:
            failed = 1
        if fine and passed + failed + skipped == 0:
            passed, skipped = (0, 1) if test["result"] == "SKIP" else (1, 0)
        if not fine:
            bad.append(f"{test['name']}: {test['result']}\n{out[-6000:]}")
        total = [total[0] + passed, total[1] + failed, total[2] + skipped]
    return total, bad


def unittest(text):
    passed = failed = skipped = 0
    for ran, rest in re.findall(r"^Ran (\d+) tests? in .*\n\n?(.*)$", text, re.M):
        f = sum(int(n) for n in re.findall(r"(?:failures|errors|unexpected successes)=(\d+)", rest))
        s = sum(int(n) for n in re.findall(r"skipped=(\d+)", rest))
        passed, failed, skipped = passed + int(ran) - f - s, failed + f, skipped + s
    return [max(passed, 0), failed, skipped]


def count(code, log):
    if log.endswith(".json"):
        total, bad = meson(log)
        for b in bad:
            print(b)
        return total
    text = pathlib.Path(log).read_text(encoding="utf-8", errors="replace")
    plain = PLAIN.findall(text)
    total = [int(n or 0) for n in plain[-1]] if plain else unittest(text)
    if sum(total) == 0 and code == 0:
        total[2] = 1  # nothing ran: say so
    return total


def add(results, part, code, log):
    there = pathlib.Path(log).exists()
    total = count(code, log) if there else [0, 0, 0]
    if (code != 0 or not there) and total[1] == 0:
        total[1] = 1
    with open(results, "a", encoding="utf-8") as f:
        f.write(f"{part}\t{total[0]}\t{total[1]}\t{total[2]}\n")
    print(f"   {part}: {total[0]} passed, {total[1]} failed" + (f", {total[2]} skipped" if total[2] else ""))


def show(results):
    rows = [line.rstrip("\n").split("\t") for line in open(results, encoding="utf-8")]
    width = max([len(r[0]) for r in rows] + [4])
    for part, *n in rows:
        mark = "FAILED" if n[1] != "0" else ""
        print(f"{part:<{width}}  {n[0]:>6} passed  {n[1]:>3} failed  {n[2]:>3} skipped  {mark}".rstrip())
    total = [sum(int(r[i]) for r in rows) for i in (1, 2, 3)]
    print(f"{total[0]} passed, {total[1]} failed" + (f", {total[2]} skipped" if total[2] else ""))
    return 1 if total[1] or not total[0] else 0


def main():
    if len(sys.argv) == 6 and sys.argv[1] == "add":
        add(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
        return 0
    if len(sys.argv) == 3 and sys.argv[1] == "show":
        return show(sys.argv[2])
    print(__doc__)
    return 2


sys.exit(main())
