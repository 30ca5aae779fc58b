"""Schemas for programs of others: frictionless reads the Data Package of every table and finds its rows valid, and finds what is made
wrong; openapi-spec-validator reads the description of every table; a client with types, made from that description, reads
rows. Run by clients.py."""
import dataclasses
import json
import pathlib
import tempfile
import unittest
import urllib.parse
import urllib.request

import frictionless
import openapi_spec_validator
from demo_site import Site

SITE = None
TABLES = []


def setUpModule():
    global SITE
    SITE = Site().__enter__()
    TABLES.extend(t["uid"] for t in json.loads(SITE.run("table", "list", "--json").stdout))


def tearDownModule():
    SITE.__exit__(None, None, None)


def fetch(path):
    with urllib.request.urlopen(SITE.url + path, timeout=30) as answer:
        return answer.read()


def verdict(package):
    with frictionless.system.use_context(trusted=True):
        return frictionless.Package(package).validate()


class Schemas(unittest.TestCase):
    def test_frictionless_finds_our_rows_valid(self):
        self.assertGreater(len(TABLES), 3)
        for uid in TABLES:
            with self.subTest(uid):
                report = verdict(json.loads(fetch(f"/tables/{uid}/datapackage.json")))
                self.assertTrue(report.valid, report.flatten(["type", "note"]))
                self.assertEqual(len(report.tasks), 1)

    def test_frictionless_finds_what_is_wrong(self):
        package = json.loads(fetch(f"/tables/{TABLES[0]}/datapackage.json"))
        package["resources"][0]["schema"]["fields"][1]["type"] = "integer"
        self.assertIn(["type-error"], verdict(package).flatten(["type"]))

    def test_frictionless_and_we_agree_on_a_given_schema(self):
        """The same file and schema: each finds the other's errors, a rule each."""
        rows = "代號,日期,值,級\na1,2024-01-05,1.5,甲\na2,2024-13-05,7,乙\na2,2024-01-07,9,丙\n,2024-01-08,x,甲\n"
        schema = {"fields": [{"name": "代號", "type": "string", "constraints": {"required": True, "unique": True, "pattern": "a[0-9]"}},
                             {"name": "日期", "type": "date"}, {"name": "值", "type": "number", "constraints": {"maximum": 8}},
                             {"name": "級", "type": "string", "constraints": {"enum": ["甲", "乙"]}}]}
        with tempfile.TemporaryDirectory() as folder:
            table, given = pathlib.Path(folder, "t.csv"), pathlib.Path(folder, "t.schema.json")
            table.write_text(rows, encoding="utf-8")
            given.write_text(json.dumps(schema), encoding="utf-8")
            with frictionless.system.use_context(trusted=True):
                theirs = frictionless.Resource(path=str(table), schema=frictionless.Schema.from_descriptor(schema)).validate()
            ours = json.loads(SITE.run("check", "--json", "--schema", str(given), str(table), data=False).stdout)["tables"][0]["findings"]
        self.assertEqual({(e[0], e[1]) for e in theirs.flatten(["type", "fieldName"])},
                         {("type-error", "日期"), ("type-error", "值"), ("constraint-error", "值"), ("constraint-error", "級"),
                          ("constraint-error", "代號"), ("unique-error", "代號")})
        said = {(f["code"], f.get("column_title")) for f in ours}
        self.assertLessEqual({("bad_value", "日期"), ("out_of_range", "值"), ("not_allowed", "級"), ("required_missing", "代號"), ("not_unique", "代號")}, said)

    def test_frictionless_and_we_agree_on_references(self):
        """One package: the same rows refer to nothing, for frictionless and for us."""
        stations = {"fields": [{"name": "code", "type": "string"}, {"name": "above", "type": "string"}], "primaryKey": ["code"],
                    "foreignKeys": [{"fields": ["above"], "reference": {"resource": "", "fields": ["code"]}}]}
        rain = {"fields": [{"name": "station", "type": "string"}, {"name": "level", "type": "integer"}, {"name": "mm", "type": "number"}],
                "foreignKeys": [{"fields": ["station"], "reference": {"resource": "stations", "fields": ["code"]}},
                                {"fields": ["station", "level"], "reference": {"resource": "levels", "fields": ["code", "level"]}}]}
        levels = {"fields": [{"name": "code", "type": "string"}, {"name": "level", "type": "integer"}]}
        files = {"stations": "code,above\nA1,\nA2,A1\nA3,A9\nA1,A2\n", "levels": "code,level\nA1,1\nA1,2\nA2,1\n",
                 "rain": "station,level,mm\nA1,1,0.5\nA2,2,1\nA7,1,2\nA1,2,3\nA1,7,3\n"}
        package = {"resources": [{"name": name, "path": name + ".csv", "schema": schema, "encoding": "utf-8"}
                                 for name, schema in (("stations", stations), ("levels", levels), ("rain", rain))]}
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                pathlib.Path(folder, name + ".csv").write_text(text, encoding="utf-8")
            described = pathlib.Path(folder, "datapackage.json")
            described.write_text(json.dumps(package), encoding="utf-8")
            with frictionless.system.use_context(trusted=True):
                report = frictionless.Package(str(described)).validate()
            theirs = {(task.name, error.row_number - 1, tuple(error.field_names)) for task in report.tasks for error in task.errors
                      if error.type == "foreign-key"}
            tables = json.loads(SITE.run("check", "--json", str(described), data=False).stdout)["tables"]
        ours = {(pathlib.Path(t["file"]).stem, f["row"], f["sample"].count(",") + 1) for t in tables for f in t["findings"] if f["code"] == "reference_broken"}
        self.assertEqual({(name, row, len(fields)) for name, row, fields in theirs}, ours)
        self.assertEqual(ours, {("stations", 3, 1), ("rain", 3, 1), ("rain", 2, 2), ("rain", 3, 2), ("rain", 5, 2)})
        keys = {(pathlib.Path(t["file"]).stem, f["row"]) for t in tables for f in t["findings"] if f["code"] == "key_repeated"}
        self.assertEqual(keys, {("stations", 4)})

    def test_domain_schemas_are_table_schemas(self):
        listed = json.loads(fetch("/schemas.json"))["schemas"]
        self.assertGreater(len(listed), 14)
        for one in listed:
            with self.subTest(one["code"]):
                text = json.loads(fetch(f"/schemas/{one['code']}/{one['version']}.json"))
                schema = frictionless.Schema.from_descriptor(text)
                self.assertEqual(len(schema.fields), one["fields"])


class Description(unittest.TestCase):
    def test_descriptions_are_valid(self):
        openapi_spec_validator.validate(json.loads(fetch("/openapi.json")))
        for uid in TABLES:
            with self.subTest(uid):
                openapi_spec_validator.validate(json.loads(fetch(f"/tables/{uid}/openapi.json")))

    def test_a_client_made_of_it_reads_rows(self):
        kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
        for uid in TABLES:
            api = json.loads(fetch(f"/tables/{uid}/openapi.json"))
            columns = api["components"]["schemas"]["Row"]["properties"]
            row_type = dataclasses.make_dataclass("Row", [c for c in columns if c != "_id"])
            found = json.loads(fetch(f"/api/3/action/datastore_search?resource_id={uid}&limit=50"))["result"]["records"]
            self.assertGreater(len(found), 0)
            for record in found:
                row_type(**{k: v for k, v in record.items() if k != "_id"})
                for name, value in record.items():
                    if value is not None:
                        self.assertIsInstance(value, kinds[columns[name]["type"][0] if name != "_id" else "integer"], name)
            filters = [p for p in api["paths"][f"/tables/{uid}.json"]["get"]["parameters"] if p["name"].startswith("f.") and p.get("example")]
            for p in filters[:4]:
                asked = urllib.parse.urlencode({p["name"]: p["example"]})
                self.assertGreater(json.loads(fetch(f"/tables/{uid}.json?{asked}"))["total"], 0, p)
