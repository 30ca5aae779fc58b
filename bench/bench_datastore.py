#!/usr/bin/env python3
"""Tables over HTTP: datastore_search of 100 rows with a filter, and the table's page, on the demonstration's table of a million rows.

wrk, two threads, 64 connections, keep-alive; nginx serves the same bytes from files, by turns in the same run. First addresses that the
cache holds, then more than it holds, so that nearly each answer is made anew; then the same while a second table of a million rows is
loaded. The page is asked one after the other: milliseconds of CPU of the server. Exits with 1 when a measure is missed.
SECONDS: of one measurement (3); ROUNDS: of each (3).
"""
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import urllib.parse

os.environ.setdefault("ROUNDS", "3")
from bench_serve import ROUNDS, SECONDS, Bench, Target, cpu_seconds  # noqa: E402
from demo_site import Site, program  # noqa: E402
from table_others import Table, made_csv  # noqa: E402

MOST = 10000           # requests a second that are wanted on the two processors, or
LEAST = 0.4            # times what nginx does with the same bytes


def call(site, action, **args):
    answer = json.loads(site.get(f"/api/3/action/{action}?{urllib.parse.urlencode(args)}").text)
    assert answer["success"], answer
    return answer["result"]


def large_table(site):
    """The table with the most rows: its id and columns, and the dataset it belongs to."""
    best = None
    for package in call(site, "package_search", rows=1000)["results"]:
        for resource in package["resources"]:
            if resource.get("datastore_active"):
                total = call(site, "datastore_search", resource_id=resource["id"], limit=0)["total"]
                best = max(best or (0,), (total, resource["id"], package["name"]))
    return best


def searches(site, table, count):
    """Different filters: the values of the columns that have few of them, and pages of the answers."""
    fields = [f["id"] for f in call(site, "datastore_search", resource_id=table, limit=0)["fields"] if f["id"] != "_id"]
    rows = call(site, "datastore_search", resource_id=table, limit=2000)["records"]
    pairs = list(dict.fromkeys((f, row[f]) for row in rows for f in fields if row[f] is not None))
    asked = []
    for offset, (field, value) in itertools.product(range(0, 20000, 100), pairs):
        asked.append("/api/3/action/datastore_search?" + urllib.parse.urlencode(
            {"resource_id": table, "limit": 100, "offset": offset, "filters": json.dumps({field: value}, ensure_ascii=False)}))
        if len(asked) == count:
            break
    return asked


def measure(table, bench, what, paths, judged, busy=None):
    copies = [bench.copy(p) for p in paths]
    size = sum(n for _, n, _ in copies) / len(paths)
    ours = Target(bench.folder, bench.site.port, lambda: [bench.site.process.pid], paths, ())
    theirs = Target(bench.folder, bench.nginx.port, lambda: [bench.nginx.process.pid], [f for f, _, _ in copies], ())
    during = []
    ours.ask(1)
    theirs.ask(1)
    for _ in range(ROUNDS):
        load = busy() if busy else None
        ours.round(SECONDS)
        if load:
            during.append(load.poll() is None)
            assert load.wait() == 0, load.stderr.read()[-500:]
        theirs.round(SECONDS)
    rate, late, cost = ours.numbers()
    their_rate, their_late, _ = theirs.numbers()
    ratio = statistics.median(a / b for a, b in zip(ours.rates, theirs.rates))
    met = rate >= MOST or ratio >= LEAST
    if busy:
        met = late <= 10
        what += f", in {sum(during)} of {ROUNDS} rounds until the end of the measurement"
    table.add(f"{what} ({len(paths):,} addresses, {size / 1000:.1f} kB each)", f"{rate:,.0f}", f"{their_rate:,.0f}", f"{ratio:.2f}×",
              f"{late:.1f} ms", f"{their_late:.1f} ms", f"{cost:.0f} µs",
              "p99 ≤ 10 ms" if busy else f"≥ {MOST:,} or ≥ {LEAST}×", met=met if judged else None)


def page_ms(site, paths):
    """CPU milliseconds of the server a page."""
    before = cpu_seconds(site.process.pid)
    for path in paths:
        assert site.get(path).status == 200, path
    return (cpu_seconds(site.process.pid) - before) * 1000 / len(paths)


def pages(table, site, id):
    fields = [f["id"] for f in call(site, "datastore_search", resource_id=id, limit=0)["fields"] if f["id"] != "_id"]
    rows = call(site, "datastore_search", resource_id=id, limit=200)["records"]
    asked = [f"/tables/{id}?page={n}" for n in range(1, 201)]
    some = list(dict.fromkeys(f"/tables/{id}?" + urllib.parse.urlencode({"f." + f: row[f]}) for row in rows for f in fields if row[f] is not None))
    sort = [f"/tables/{id}?" + urllib.parse.urlencode({"sort": f}) for f in fields]
    far = [s + f"&page={n}" for n in range(2, 2000, 400) for s in sort]
    for what, paths, judged in (("table page, each another page", asked, True), ("the same page again", [asked[0]] * 200, True),
                                ("filtered, each another filter", some, True), ("sorted by each column, the first time", sort, False),
                                ("sorted, pages further on", far, True)):
        ms = page_ms(site, paths)
        table.add(f"{what}: CPU of the server", "–", "–", "–", "–", "–", f"{ms * 1000:,.0f} µs", "< 5 ms", met=ms < 5 if judged else None)


def main():
    site, bench = Site(demo="--large"), None
    try:
        made = site.run("demo", "--large")
        assert made.returncode == 0, made.stderr[-1000:]
        site.start()
        bench = Bench(site)
        rows, id, dataset = large_table(site)
        table = Table(f"What ({rows:,} rows)", "Openshelf, requests/s", "nginx, same bytes", "Ratio", "p99", "nginx p99", "CPU a request", "Wanted")
        few, many = searches(site, id, 200), searches(site, id, 16000)
        measure(table, bench, "datastore_search, 100 rows, a filter", few, True)
        measure(table, bench, "the same, more than the cache holds", many, False)
        csv, copies = str(made_csv(1000000)), itertools.count()
        other = next(p["name"] for p in call(site, "package_search", rows=50)["results"] if p["name"] != dataset and len(p["resources"]) == 1)

        def load():
            """Bytes that differ each time, else nothing would be loaded."""
            to = f"{site.folder}/load.csv"
            shutil.copy(csv, to)
            with open(to, "a", encoding="utf-8") as f:
                f.write(f"{next(copies)},x,,,,,,,,,,\n")
            return subprocess.Popen([program(), "put", to, "--dataset", other, "--data", site.data], env=site.env,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

        measure(table, bench, "datastore_search while 1 M rows are loaded", few, True, busy=load)
        pages(table, site, id)
    finally:
        if bench:
            bench.stop()
        site.stop()
        shutil.rmtree(site.folder, ignore_errors=True)
    table.show()
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
