#!/usr/bin/env python3
"""Import, memory and start of the whole national catalogue, on both databases: SQLite, and a PostgreSQL of its own that waits for
the disk as installed ones do.

Prints a Markdown table; exits with 1 when a measure is missed.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/support"))
from demo_site import ROOT, Site, program, shared  # noqa: E402

FULL = shared("catalog-tw", "dgtw-full.ndjson.gz")
rows, missed = [], 0


def row(what, value, unit, least, smaller=True):
    global missed
    fine = value <= least if smaller else value >= least
    missed += not fine
    rows.append(f"| {what} | {value:,.2f} {unit} | {'≤' if smaller else '≥'} {least:g} {unit} | {'yes' if fine else '**no**'} |")
    print(rows[-1], file=sys.stderr)


def timed(command, env):
    """Seconds, CPU seconds, peak memory in MB, output."""
    started = time.monotonic()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):  # 1: some records were refused, as they should be
        sys.exit(f"{command}: ended with {code}\n{out[-500:]}")
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out


def resident(pid):
    """Memory of the process in MB, as the system counts it."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Rss:\s+(\d+)", text, re.M)[1]) / 1024


def measure(name, words, most_seconds):
    site = Site(demo=False, args=words)
    try:
        command = [program(), "import", "--data", site.data, *words, str(FULL)]
        seconds, cpu, peak, out = timed(command, site.env)
        summary = out.strip().splitlines()[-1]
        print(f"{name}: {summary}", file=sys.stderr)
        records = sum(int(n.replace(",", "")) for n in re.findall(r"([\d,]+) (?:created|unchanged|updated)", summary))
        row(f"{name}: import of {records:,} records", seconds, "s", most_seconds)
        row(f"{name}: CPU time of the program for that", cpu, "s", most_seconds)
        row(f"{name}: memory of that import, at most", peak, "MB", 256)
        if not words:
            row(f"{name}: the database then", os.path.getsize(site.data + "/openshelf.db") / 1e6, "MB", 500)
        seconds, _, _, out = timed(command, site.env)
        if f"{records:,} unchanged".replace(",", "") not in out.replace(",", ""):
            sys.exit(f"importing again is not all unchanged: {out[-200:]}")
        row(f"{name}: importing again, all unchanged", seconds, "s", most_seconds)
        started = time.monotonic()
        site.start()
        answer = site.get("/api/3/action/package_search?rows=1")
        row(f"{name}: start to the first correct answer", time.monotonic() - started, "s", 1.5)
        assert f'"count": {records}' in answer.text.replace('":', '": ').replace(":  ", ": "), answer.text[:200]
        time.sleep(2)
        row(f"{name}: server at rest", resident(site.process.pid), "MB", 160)
        started = time.monotonic()
        code = site.stop()
        row(f"{name}: orderly stop", time.monotonic() - started, "s", 2)
        assert code == 0, code
    finally:
        site.stop()
        shutil.rmtree(site.folder, ignore_errors=True)


def main():
    if FULL is None:
        print("../shared/corpus is absent: nothing to measure")
        return 0
    measure("SQLite", [], 10)
    folder = tempfile.mkdtemp(prefix="openshelf-postgres-")
    os.chmod(folder, 0o755)
    postgres = ["sh", str(ROOT / "tests/support/postgres.sh")]
    try:
        started = subprocess.run([*postgres, "start", folder + "/server"], capture_output=True, text=True,
                                 env={**os.environ, "POSTGRES_OPTIONS": "-c fsync=on -c full_page_writes=on"})
        if started.returncode != 0:
            sys.exit(f"PostgreSQL did not start: {started.stderr[-500:]}")
        measure("PostgreSQL", ["--database", started.stdout.strip()], 20)
    finally:
        subprocess.run([*postgres, "stop", folder + "/server"])
        shutil.rmtree(folder, ignore_errors=True)
    print("| What | Measured | Wanted | Reached |\n|---|---|---|---|\n" + "\n".join(rows))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
