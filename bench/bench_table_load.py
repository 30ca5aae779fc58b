#!/usr/bin/env python3
"""CSV to a table that answers queries: ours against DuckDB's CREATE TABLE AS (one thread) and PostgreSQL's COPY, by turns in one run.

Ours ends with a file on disk, with types from all values, dictionaries, statistics and findings. DuckDB is measured into a file, which is
the same service, and into memory. PostgreSQL: psql and its backend together, typed columns, fsync off. CPU seconds, medians of ROUNDS (3).
Tables: 1 M rows × 12 columns made by table_rows.h, the population of all villages (real), and 10 M rows for the memory (ROWS_LARGE; 0: not).
Exits with 1 when a measure is missed.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

from table_others import BUILD, DATA, ROOT, Table, made_csv, must, python, ratio, village_csv

ROUNDS, LARGE = int(os.environ.get("ROUNDS", "3")), int(os.environ.get("ROWS_LARGE", "10000000"))
DUCKDB = """
import resource, sys, time, duckdb
path, to = sys.argv[1:]
con = duckdb.connect(to)
con.execute("SET threads = 1")
con.execute("SET enable_progress_bar = false")
start = time.process_time()
con.execute("CREATE TABLE t AS SELECT * FROM read_csv(?, header = true)", [path])
if to != ":memory:":
    con.execute("CHECKPOINT")
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
MADE = "a integer, b text, c text, d text, e text, f date, g integer, h numeric, i text, j text, k text, l text"
VILLAGE = "a text, b text, c text, d text, " + ", ".join(f"n{i} integer" for i in range(9))


def ours(path, rows):
    took, got, peak, _ = must([str(BUILD / "bench_table_load"), str(rows), str(DATA), str(path)], cwd=ROOT).out.split()
    return float(took), int(got), int(peak)


def duckdb(path, to):
    if to != ":memory:":
        pathlib.Path(to).unlink(missing_ok=True)
    took, peak = must([python(), "-c", DUCKDB, str(path), to]).out.split()
    return float(took), int(peak)


class Postgres:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="openshelf-bench-")
        self.script = str(ROOT / "tests/support/postgres.sh")
        os.chmod(self.folder, 0o755)
        self.url = must([self.script, "start", self.folder + "/pg"]).out.strip()

    def copy(self, path, columns):
        """Seconds of psql and of its backend."""
        stat = "SELECT split_part(pg_read_file('/proc/self/stat'), ') ', 2)"
        done = must(["psql", self.url, "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", "DROP TABLE IF EXISTS t", "-c", f"CREATE TABLE t ({columns})",
                     "-c", stat, "-c", f"\\copy t FROM '{path}' WITH (FORMAT csv, HEADER)", "-c", stat])
        before, after = ([int(n) for n in line.split()[11:13]] for line in done.out.strip().splitlines()[-2:])
        return done.cpu + (sum(after) - sum(before)) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        subprocess.run([self.script, "stop", self.folder + "/pg"], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def compare(table, postgres, what, path, rows, columns, least):
    us, peaks, file, memory, copy, duck_peaks = [], [], [], [], [], []
    for _ in range(ROUNDS):
        took, got, peak = ours(path, rows)
        us.append(took)
        peaks.append(peak)
        took, peak = duckdb(path, str(DATA / "duck.db"))
        file.append(took)
        duck_peaks.append(peak)
        memory.append(duckdb(path, ":memory:")[0])
        copy.append(postgres.copy(path, columns))
    middle, rate = statistics.median(us), got / statistics.median(us)
    table.add(f"{what}: rows a CPU-second", f"{rate / 1e6:.2f} M ({middle:.2f} s)", f"≥ {least / 1e6:g} M", met=rate >= least)
    for name, times, wanted in (("DuckDB, to a file", file, 3), ("DuckDB, in memory", memory, None), ("PostgreSQL COPY", copy, 2.5)):
        r = ratio(times, us)
        table.add(f"{what}: {name}", f"{r:.1f}× ({statistics.median(times):.2f} s)", f"≥ {wanted}×" if wanted else "–",
                  met=r >= wanted if wanted else None)
    table.add(f"{what}: memory at most (DuckDB: {max(duck_peaks)} MB)", f"{max(peaks)} MB", "≤ 128 MB", met=max(peaks) <= 128)


def main():
    table, postgres = Table("What", "Measured", "Wanted"), Postgres()
    try:
        compare(table, postgres, "1 M × 12", made_csv(1000000), 1000000, MADE, 1.5e6)
        if village := village_csv():
            compare(table, postgres, "villages, 656,131 × 13", village, 656131, VILLAGE, 1.5e6)
    finally:
        postgres.stop()
        (DATA / "duck.db").unlink(missing_ok=True)
    if LARGE > 0:
        took, got, peak = ours(made_csv(LARGE), LARGE)
        table.add(f"{LARGE / 1e6:g} M × 12: rows a CPU-second", f"{got / took / 1e6:.2f} M ({took:.1f} s)", "–")
        table.add(f"{LARGE / 1e6:g} M × 12: memory at most", f"{peak} MB", "≤ 128 MB", met=peak <= 128)
    table.show()
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
