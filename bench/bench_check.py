#!/usr/bin/env python3
"""openshelf check on a table of 1 M rows × 12 columns (about 160 MB) against frictionless validate and csvkit's csvclean, in one run.

CPU seconds of the whole programs, start included, medians of ROUNDS (3). The two others take minutes for such a file, so each is
measured on its first 20,000 and 60,000 rows: what it needs for a row is taken from the difference, and the third measurement, 40,000
rows, has to lie within a fifth of the line, else nothing is concluded. Ours checks the whole file. Exits with 1 when a measure is missed.
"""
import os
import statistics
import sys

from table_others import BUILD, DATA, ROOT, Table, made_csv, must, python, run

ROUNDS, ROWS, SLICES = int(os.environ.get("ROUNDS", "3")), 1000000, (20000, 40000, 60000)


def slice_of(path, rows):
    """The first records; our made table has line feeds inside quotes, so records are counted by a reader."""
    import csv
    to = DATA / f"slice_{rows}.csv"
    if not to.exists():
        with open(path, newline="", encoding="utf-8") as a, open(to, "w", newline="", encoding="utf-8") as b:
            out = csv.writer(b, lineterminator="\n")
            for i, row in enumerate(csv.reader(a)):
                if i > rows:
                    break
                out.writerow(row)
    return to


def ours(path):
    done = run([str(BUILD / "openshelf"), "check", "--json", str(path)], cwd=ROOT)
    if done.returncode not in (0, 1):
        sys.exit(f"openshelf check: {done.returncode}\n{done.err[-1000:]}")
    return done.cpu


def once(command, path):
    done = run([*command, path.name], cwd=path.parent)      # frictionless refuses absolute paths
    if done.returncode not in (0, 1) or not done.out:
        sys.exit(f"{command[0]}: {done.returncode}\n{done.err[-1000:]}")
    return done.cpu


def whole(command, path):
    """Seconds that a file of ROWS would take, and whether time grows in a line with the rows."""
    few, some, many = (statistics.median(once(command, slice_of(path, n)) for _ in range(ROUNDS)) for n in SLICES)
    row = (many - few) / (SLICES[2] - SLICES[0])
    expected = few + row * (SLICES[1] - SLICES[0])
    return few + row * (ROWS - SLICES[0]), abs(some / expected - 1) <= 0.2


def main():
    path = made_csv(ROWS)
    bin = os.path.dirname(python())
    table = Table("What", "CPU seconds for 1 M rows", "Times ours", "Wanted")
    mine = statistics.median(ours(path) for _ in range(ROUNDS))
    table.add("openshelf check, the whole file", f"{mine:.2f}", "1", "–")
    for name, command, least in (("frictionless validate", [bin + "/frictionless", "validate"], 10),
                                 ("csvclean -a (csvkit)", [bin + "/csvclean", "-a"], 5)):
        took, linear = whole(command, path)
        if not linear:
            table.add(f"{name}: its time does not grow in a line", "–", "–", f"≥ {least}×", met=False)
        else:
            table.add(f"{name}, from 20,000 and 60,000 rows", f"{took:.1f}", f"{took / mine:.0f}×", f"≥ {least}×", met=took / mine >= least)
    table.show()
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
