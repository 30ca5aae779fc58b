#!/usr/bin/env python3
"""Questions to a table of 1 M rows × 12 columns: ours against DuckDB (in memory, one thread) and SQLite (in memory, no index), in one run.

CPU milliseconds inside each process, medians; the answers are compared. Then the same at 10 M rows (ROWS_LARGE; 0: not), ours and
DuckDB. "First" is the first time a question is asked: a sorted page makes the order of its column then; pages "without an order" ask
a table that nobody has sorted. Exits with 1 when a measure is missed.
"""
import os
import sys

from table_others import BUILD, DATA, ROOT, Table, made_csv, must, python

LARGE = int(os.environ.get("ROWS_LARGE", "10000000"))
ASKED = {
    "filter": "SELECT count(*) FROM t WHERE town = '中正區'",
    "range": "SELECT count(*) FROM t WHERE quantity BETWEEN 50000 AND 59999",
    "group": "SELECT county, count(*), sum(quantity), avg(ratio) FROM t GROUP BY county",
    "group2": "SELECT county, town, count(*), sum(quantity), avg(ratio) FROM t GROUP BY county, town",
    "substring": "SELECT count(*) FROM t WHERE address LIKE '%仁愛%'",
    "page": "SELECT * FROM t ORDER BY address LIMIT 100 OFFSET {offset}",
    "first page": "SELECT * FROM t ORDER BY address LIMIT 100",
    "deep page": "SELECT * FROM t ORDER BY address LIMIT 100 OFFSET {offset}",
    "part page": "SELECT * FROM t WHERE ratio >= 500 ORDER BY address LIMIT 100",
    "two page": "SELECT * FROM t ORDER BY county, quantity DESC NULLS LAST LIMIT 100",
    "median": "SELECT county, median(quantity) FROM t GROUP BY county",
    "distinct text by": "SELECT town, count(DISTINCT address) FROM t GROUP BY town",
    "distinct by": "SELECT county, count(DISTINCT town) FROM t GROUP BY county",
    "distinct": "SELECT count(DISTINCT serial) FROM t",
    "distinct some": "SELECT count(DISTINCT serial) FROM t WHERE ratio >= 500",
}
OTHER = """
import csv, json, sqlite3, sys, time
engine, path, asked, rounds = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), int(sys.argv[4])
columns = "serial INTEGER, number TEXT, county TEXT, town TEXT, happened TEXT, entered TEXT, quantity INTEGER, ratio REAL, kind TEXT, address TEXT, note TEXT, code TEXT"
names = [c.split()[0] for c in columns.split(", ")]
if engine == "duckdb":
    import duckdb
    con = duckdb.connect()
    con.execute("SET threads = 1")
    con.execute("SET enable_progress_bar = false")
    con.execute("CREATE TABLE t AS SELECT * FROM read_csv(?, header = true, names = ?)", [path, names])
else:
    con = sqlite3.connect(":memory:")
    con.execute(f"CREATE TABLE t ({columns})")
    with open(path, newline="", encoding="utf-8") as f:
        rows = csv.reader(f)
        next(rows)
        con.executemany("INSERT INTO t VALUES (?,?,?,?,?,?,nullif(?,''),?,?,?,?,?)", rows)
for name, sql in asked.items():
    if name == "median" and engine != "duckdb":
        continue
    took = []
    for _ in range(rounds):
        start = time.process_time()
        got = con.execute(sql).fetchall()
        took.append((time.process_time() - start) * 1000)
    if name in ("median", "distinct by", "distinct text by"):
        answer = f"{len(got)} {sum(row[1] for row in got):.1f}"
    elif name.startswith("group"):
        answer = f"{len(got)} {sum(row[-2] for row in got):.0f}"
    else:
        answer = got[0][2 if name == "two page" else 9] if name.endswith("page") else got[0][0]
    print(name, sorted(took)[len(took) // 2], answer, sep="\\t")
"""
# question: what it is called, ms at most at 1 M and 10 M, times DuckDB, times SQLite
WANTED = {
    "filter": ("filter on an unindexed column, count", 0.2, 3, 5, 50),
    "range": ("range of numbers, count", 0.2, 3, 5, 50),
    "group": ("group by one column: count, sum, average", 2, 25, 3, 50),
    "group2": ("group by two columns", None, None, 3, 50),
    "substring": ("two characters in a text", 5, 70, 5, 50),
    "page": ("page of 100 rows, sorted by text, after a tenth of the rows", 0.1, 3, 5, 50),
    "first page": ("first page of 100 rows sorted by text, without an order", 5, None, 5, None),
    "deep page": ("the same after a tenth of the rows", None, None, 5, 50),
    "part page": ("the same of what a filter leaves", None, None, 5, None),
    "two page": ("first page sorted by two columns", None, None, 5, None),
    "order": ("the whole order of a column of texts", None, None, None, None),
    "median": ("group by one column: median", None, None, 3, None),
    "distinct text by": ("group by one column: count distinct of texts that nearly all differ", None, None, 3, None),
    "distinct by": ("group by one column: count distinct of codes", None, None, 3, None),
    "distinct": ("count distinct of a column", 4, 200, 5, 50),
    "distinct some": ("count distinct of what a filter leaves", None, None, 5, 50),
    "words": ("a word in any column", None, None, None, None),
    "rows": ("100 rows with a filter, as JSON", None, None, None, None),
}


def answers(command):
    out = {}
    for line in must(command, cwd=ROOT).out.splitlines():
        name, ms, answer = line.split("\t")
        out[name] = (float(ms), answer)
    return out


def other(engine, path, rows, rounds):
    import json
    asked = {k: v.format(offset=rows // 10) for k, v in ASKED.items()}
    return answers([python(), "-c", OTHER, engine, str(path), json.dumps(asked), str(rounds)])


def compare(table, rows, place):
    path = made_csv(rows)
    ours = answers([str(BUILD / "bench_query"), str(rows), str(DATA)])
    duck = other("duckdb", path, rows, 5 if rows < 5e6 else 1)
    lite = other("sqlite", path, rows, 3) if rows < 5e6 else {}
    size = f"{rows / 1e6:g} M"
    for name, (what, *most, duck_least, lite_least) in WANTED.items():
        ms, answer = ours[name]
        met, cells = most[place] is None or ms <= most[place], []
        for theirs, least in ((duck, duck_least), (lite, lite_least)):
            if name not in theirs:
                cells.append("–")
                continue
            if theirs[name][1] != answer:
                sys.exit(f"{what}: {answer} here, {theirs[name][1]} there")
            times = theirs[name][0] / max(ms, 1e-4)
            met = met and (least is None or times >= least)
            cells.append(f"{times:,.0f}× ({theirs[name][0]:,.1f})" + (f", ≥ {least}×" if least else ""))
        judged = name in duck
        table.add(f"{size}: {what}", f"{ours[name + ' first'][0]:.2f}", f"{ms:.3f}", f"≤ {most[place]:g}" if most[place] else "–", *cells,
                  met=met if judged else None)
    return ours["done"][0]


def main():
    table = Table("Question", "First, ms", "Then, ms", "Wanted", "DuckDB (ms)", "SQLite (ms)")
    compare(table, 1000000, 0)
    if LARGE > 0:
        compare(table, LARGE, 1)
    table.show()
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
