"""What the benchmarks of tables share: the programs that ours is compared with, and how a child's CPU time and memory are taken.

DuckDB, frictionless and csvkit come from PyPI at the versions of requirements.txt, into a folder of the build that git ignores.
"""
import os
import pathlib
import resource
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("BENCH_BUILD", ROOT / "build-bench"))
DATA = BUILD / "data"


def python():
    """The interpreter of the pinned packages; they are fetched once."""
    venv, wanted = BUILD / "venv", ROOT / "bench/requirements.txt"
    there = venv / "installed.txt"
    if not there.exists() or there.read_text() != wanted.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
        subprocess.run([str(venv / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", str(wanted)], check=True)
        there.write_text(wanted.read_text())
    return str(venv / "bin/python")


def run(command, **options):
    """What the command prints, its seconds of CPU (user and system) and its largest memory in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    out, err = process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    process.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    process.out, process.err = out.decode(), err.decode()
    return process


def must(command, **options):
    done = run(command, **options)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.returncode}\n{done.out[-500:]}\n{done.err[-1500:]}")
    return done


def made_csv(rows):
    """The table of table_rows.h as CSV: made once by our program, which also loads it."""
    DATA.mkdir(exist_ok=True)
    path = DATA / f"table_rows_{rows}.csv"
    if not path.exists():
        must([str(BUILD / "bench_table_load"), str(rows), str(DATA)], cwd=ROOT)
    return path


def village_csv():
    """The population of all villages month by month, 84 files one after the other; None where the corpus is absent."""
    import gzip
    folder = ROOT.parent / "shared/corpus/perf/village-population/cunli"
    path = DATA / "village.csv"
    if path.exists() or not folder.exists():
        return path if path.exists() else None
    DATA.mkdir(exist_ok=True)
    with open(path, "wb") as out:
        for i, name in enumerate(sorted(folder.glob("*/*.csv.gz"))):
            head, rest = gzip.open(name).read().split(b"\n", 1)
            out.write((head + b"\n" if i == 0 else b"") + rest + (b"" if rest.endswith(b"\n") else b"\n"))
    return path


def ratio(others, ours):
    return statistics.median(a / b for a, b in zip(others, ours))


class Table:
    """Rows in Markdown; counts what was missed."""

    def __init__(self, *head):
        self.head, self.rows, self.missed = head, [], 0

    def add(self, *cells, met=None):
        self.missed += met is False
        self.rows.append([*map(str, cells), "–" if met is None else "yes" if met else "**no**"])
        print("| " + " | ".join(self.rows[-1]) + " |", file=sys.stderr)

    def show(self):
        print("\n| " + " | ".join([*self.head, "Reached"]) + " |\n|" + "---|" * (len(self.head) + 1))
        for row in self.rows:
            print("| " + " | ".join(row) + " |")
