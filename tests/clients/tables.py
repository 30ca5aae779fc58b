"""Programs of others read tables, as they are published: DuckDB, LibreOffice, openpyxl, ckanapi, and a client with types.
Their answers are compared with ours, cell by cell and sum by sum. Run by clients.py."""
import csv
import dataclasses
import datetime
import decimal
import io
import json
import pathlib
import shutil
import subprocess
import tempfile
import typing
import unittest
import urllib.request

import ckanapi
import duckdb
import openpyxl
from demo_site import Site

SITE = None
FOLDER = None
TABLES = {}     # title of the dataset → id of its table
STRANGE = [["編號", "說明", "數", "日"],
           ["00012", '他說「好」, "yes"', "-5", "2024-01-05"], ["00013", "=1+1", "1234567", "2024-02-29"], ["00014", "+886-2", "0.25", ""],
           ["00015", "@名稱\n第二行", "", "1999-12-31"], ["00016", "  空白  ", "-0.5", "2024-12-01"], ["00017", "🚏 𠮷野", "100", "2000-01-01"]]


def setUpModule():
    global SITE, FOLDER
    SITE = Site(demo="--large").__enter__()
    FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="openshelf-clients-"))
    for p in fetch_json("/api/3/action/package_search?rows=1000")["result"]["results"]:
        for r in p["resources"]:
            if r.get("datastore_active"):
                TABLES.setdefault(p["title"], r["id"])
    with open(FOLDER / "strange.csv", "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows(STRANGE)
    name = fetch_json("/api/3/action/package_list?limit=1")["result"][0]
    put = SITE.run("put", str(FOLDER / "strange.csv"), "--dataset", name, "--file", "1")
    if put.returncode != 0:
        raise RuntimeError(put.stderr)
    TABLES["strange"] = fetch_json(f"/api/3/action/package_show?id={name}")["result"]["resources"][0]["id"]


def tearDownModule():
    SITE.__exit__(None, None, None)
    shutil.rmtree(FOLDER, ignore_errors=True)


def fetch(path):
    with urllib.request.urlopen(SITE.url + path if path.startswith("/") else path, timeout=120) as answer:
        return answer.read()


def fetch_json(path):
    return json.loads(fetch(path))


def download(table, ending, query=""):
    path = FOLDER / f"{table}.{ending}"
    if not path.exists():
        path.write_bytes(fetch(f"/tables/{table}/download.{ending}{query}"))
    return path


def published(table):
    """The cells as our CSV has them, without the guard for spreadsheets."""
    text = fetch(f"/tables/{table}/download.csv?bom=0&guard=0").decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))


def types_of(table):
    return [c["type"] for c in fetch_json(f"/tables/{table}.json?rows=1")["columns"]]


def large():
    return TABLES["鐵路車站每日進出站人數"]


def small():
    return {title: table for title, table in TABLES.items() if table != large()}


class DuckDB(unittest.TestCase):
    """DuckDB finds the types of the dump by itself, and comes to the same sums."""

    def test_sums_of_a_million_rows(self):
        path = FOLDER / "dump.csv"
        path.write_bytes(fetch(f"/datastore/dump/{large()}"))
        fields = fetch_json(f"/api/3/action/datastore_search?resource_id={large()}&limit=0")["result"]["fields"]
        self.assertEqual([f["id"] for f in fields], ["_id", "date", "station_code", "station", "county", "entries", "exits"])
        wanted = "county, count(*) AS n, sum(entries) AS s, min(entries) AS lo, max(exits) AS hi, min(date) AS since, max(date) AS until, count(DISTINCT station) AS d"
        theirs = duckdb.sql(f"SELECT {wanted} FROM read_csv('{path}') GROUP BY county ORDER BY n DESC, county").fetchall()
        ours = ckan().action.datastore_search_sql(sql=f'SELECT {wanted} FROM "{large()}" GROUP BY county ORDER BY n DESC, county')["records"]
        self.assertGreater(len(theirs), 15)
        for got, want in zip(ours, theirs, strict=True):
            self.assertEqual([str(got[k]) for k in ("county", "n", "s", "lo", "hi", "since", "until", "d")], [str(x) for x in want])

    def test_every_small_table(self):
        for title, table in small().items():
            with self.subTest(title):
                rows = duckdb.sql(f"SELECT count(*) FROM read_csv('{download(table, 'csv')}', all_varchar = true, header = true)").fetchall()[0][0]
                self.assertEqual(rows, fetch_json(f"/tables/{table}.json?rows=1")["total"])


def same(test, table, got):
    """Rows that a spreadsheet program read, against what was published: numbers as numbers, dates as days, texts as they are."""
    want, types = published(table), types_of(table)
    test.assertEqual(got[0], want[0])
    test.assertEqual(len(got), len(want))
    for i, (theirs, ours) in enumerate(zip(got[1:], want[1:], strict=True), 1):
        for kind, a, b in zip(types, theirs, ours, strict=True):
            test.assertEqual(value(kind, a), value(kind, b), f"row {i}, {kind}: {a!r} is not {b!r}")


NUMBERS = ("integer", "decimal", "longitude", "latitude", "easting", "northing", "year")


def value(kind, cell):
    """What a cell says, whoever wrote it."""
    text = "" if cell is None else str(cell)
    if text in ("", "-"):       # the demonstration's mark for "missing": published as it is in CSV, nothing in a workbook
        return None
    if kind in NUMBERS:
        return decimal.Decimal(text).normalize()
    if kind == "boolean":
        return text in ("是", "TRUE", "True", "true", "1")
    if kind == "date":
        return day(text.split(" ")[0])
    if kind == "month":
        year, month = (int(x) for x in text.replace("年", "-").rstrip("月").split("-"))
        return datetime.date(year + 1911 if year < 1000 else year, month, 1)
    if kind == "datetime":
        at = datetime.datetime.fromisoformat(text)
        # A spreadsheet counts days as doubles: half a second may be lost on the way.
        return (at + datetime.timedelta(seconds=0.5)).replace(microsecond=0)
    return text


def day(text):
    year, month, number = (int(x) for x in text.replace("/", "-").split("-"))
    return datetime.date(year + 1911 if year < 1000 else year, month, number)


class Workbooks(unittest.TestCase):
    """XLSX and ODS give back what the CSV has."""

    def test_openpyxl(self):
        for title, table in small().items():
            with self.subTest(title):
                sheet = openpyxl.load_workbook(download(table, "xlsx"), read_only=True).worksheets[0]
                same(self, table, [list(row) for row in sheet.iter_rows(values_only=True)])

    def test_moments_are_such_and_columns_wide_enough(self):
        table = TABLES["空氣品質即時監測"]
        sheet = openpyxl.load_workbook(download(table, "xlsx")).worksheets[0]
        titles = [cell.value for cell in sheet[1]]
        at = titles.index("監測時間")
        first = datetime.datetime.fromisoformat(published(table)[1][at])
        self.assertEqual([row[at].value for row in sheet.iter_rows(min_row=2, max_row=26)][::24], [first, first + datetime.timedelta(hours=1)])
        self.assertGreater(sheet.column_dimensions["E"].width, len("2025-03-03 00:00:00"))

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not there: script/bootstrap office installs it")
    def test_libreoffice(self):
        filter_of = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"     # UTF-8; values, not what the format shows of them
        for ending in ("xlsx", "ods"):
            out = FOLDER / f"from-{ending}"
            files = [str(download(table, ending)) for table in small().values()]
            done = subprocess.run(["soffice", f"-env:UserInstallation=file://{FOLDER}/profile", "--headless", "--convert-to", filter_of, "--outdir", str(out), *files],
                                  capture_output=True, timeout=240)
            self.assertEqual(done.returncode, 0, done.stderr.decode()[-2000:])
            for title, table in small().items():
                with self.subTest(f"{title} {ending}"):
                    with open(out / f"{table}.csv", encoding="utf-8", newline="") as f:
                        same(self, table, list(csv.reader(f)))

    def test_formulas_stay_text(self):
        sheet = openpyxl.load_workbook(download(TABLES["strange"], "xlsx")).worksheets[0]
        cell = [c for row in sheet.iter_rows() for c in row if c.value == "=1+1"]
        self.assertEqual([c.data_type for c in cell], ["s"])


def ckan():
    return ckanapi.RemoteCKAN(SITE.url, user_agent="openshelf-tests/1.0 (+https://example.org)")


class Parameters(unittest.TestCase):
    """ckanapi with every parameter of datastore_search, and to the end of a million rows."""

    def search(self, **words):
        return ckan().action.datastore_search(resource_id=large(), **words)

    def test_to_the_end(self):
        seen, offset, passengers = 0, 0, 0
        while True:
            page = self.search(limit=32000, offset=offset, fields=["_id", "entries"], records_format="lists", include_total=offset == 0)
            if not page["records"]:
                break
            self.assertEqual([page["records"][0][0], page["records"][-1][0]], [offset + 1, offset + len(page["records"])])
            seen += len(page["records"])
            passengers += sum(r[1] for r in page["records"])
            offset += len(page["records"])
        self.assertEqual(seen, 1_000_000)
        sql = ckan().action.datastore_search_sql(sql=f'SELECT sum(entries) AS s FROM "{large()}"')
        self.assertEqual(passengers, sql["records"][0]["s"])

    def test_forms_of_records(self):
        objects = self.search(limit=5)["records"]
        lists = self.search(limit=5, records_format="lists")["records"]
        self.assertEqual([list(r.values()) for r in objects], lists)
        comma = list(csv.reader(io.StringIO(self.search(limit=5, records_format="csv")["records"])))
        tabs = [line.split("\t") for line in self.search(limit=5, records_format="tsv")["records"].splitlines()]
        self.assertEqual(comma, [[str(v) for v in r] for r in lists])
        self.assertEqual(tabs, comma)

    def test_the_others(self):
        counties = self.search(fields=["county"], distinct=True, limit=100, sort="county")
        self.assertEqual(counties["total"], len(counties["records"]))
        self.assertEqual(counties["records"], sorted(counties["records"], key=lambda r: r["county"].encode()))
        self.assertNotIn("total", self.search(limit=1, include_total=False))
        self.assertEqual(self.search(limit=0)["records"], [])
        words = self.search(q="板橋區1站", plain=True, language="chinese", limit=3, total_estimation_threshold=1000)
        self.assertTrue(all("板橋區1站" in r["station"] for r in words["records"]))
        some = self.search(filters={"county": ["臺北市", "新北市"], "entries": {"gte": 5000}}, sort="entries desc, _id", limit=50, offset=10, fields="_id,entries,county")
        want = ckan().action.datastore_search_sql(sql=f"""SELECT _id, entries, county FROM "{large()}" WHERE county IN ('臺北市', '新北市') AND entries >= 5000
                                                         ORDER BY entries DESC, _id LIMIT 50 OFFSET 10""")
        self.assertEqual(some["records"], want["records"])


@dataclasses.dataclass(frozen=True)
class Column:
    name: str
    title: str
    type: str


@dataclasses.dataclass(frozen=True)
class Page:
    id: str
    title: str
    version: int
    current: bool
    rows_in_all: int
    columns: list[Column]
    total: int
    page: int
    rows: list[dict[str, typing.Any]]
    next: str | None

    @classmethod
    def of(cls, answer):
        kinds = typing.get_type_hints(cls)
        for name, kind in kinds.items():
            if not isinstance(answer[name], list if typing.get_origin(kind) is list else kind):
                raise TypeError(f"{name} is {answer[name]!r}")
        columns = [Column(**{k: c[k] for k in ("name", "title", "type")}) for c in answer["columns"]]
        return cls(**{name: answer[name] for name in kinds if name != "columns"}, columns=columns)


class Typed(unittest.TestCase):
    """A client that gives every value its type follows `next` to the end of every small table."""

    READ = {"integer": int, "year": int, "decimal": decimal.Decimal, "longitude": decimal.Decimal, "latitude": decimal.Decimal,
            "date": day, "datetime": datetime.datetime.fromisoformat, "boolean": lambda t: {"是": True, "否": False}[t]}

    def rows(self, table):
        address = f"/tables/{table}.json?rows=500"
        while address is not None:
            page = Page.of(fetch_json(address))
            for row in page.rows:
                yield page, {c.name: None if row[c.name] is None else self.READ.get(c.type, str)(row[c.name]) for c in page.columns}
            address = page.next

    def test_pages_to_the_end(self):
        for title, table in small().items():
            with self.subTest(title):
                read = list(self.rows(table))
                page = read[-1][0]
                self.assertEqual(len(read), page.total)
                self.assertEqual(page.total, page.rows_in_all)
                want = published(table)[1:]
                for (_, row), cells in zip(read, want, strict=True):
                    for c, cell in zip(page.columns, cells, strict=True):
                        self.assertEqual(value(c.type, row[c.name]), value(c.type, cell))
