"""openshelf check (C12): what it finds, its forms, its exit codes; and openshelf put with the jobs behind it."""
import gzip
import json
import os
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from demo_site import ROOT, Site, program, shared


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="openshelf-check-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        return path

    def check(self, *words):
        return subprocess.run([program(), "check", *words], capture_output=True, text=True, cwd=self.folder)

    def test_a_clean_file_is_clean(self):
        done = self.check(self.file("a.csv", "代碼,縣市,數量\n001,臺北市,5\n002,高雄市,7\n"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("2 rows, 3 columns", done.stdout)

    def test_findings_have_code_place_and_mend(self):
        path = self.file("b.csv", "代碼,縣市\n001,臺北市\n002\n003,=cmd|' /C calc'!A0\n")
        done = self.check("--json", path)
        self.assertEqual(done.returncode, 1)
        report = json.loads(done.stdout)
        table = report["tables"][0]
        self.assertEqual((table["rows"], table["header_rows"], table["encoding"]), (3, 1, "UTF-8"))
        self.assertEqual([c["title"] for c in table["columns"]], ["代碼", "縣市"])
        self.assertEqual(table["columns"][0]["type"], "code")
        found = {f["code"]: f for f in table["findings"]}
        self.assertEqual((found["ragged_short"]["row"], found["ragged_short"]["line"]), (2, 3))
        self.assertTrue(found["formula_start"]["sample"].startswith("=cmd"))
        self.assertTrue(all(f["message"] and f["mend"] and f["severity"] in ("error", "warning", "note") for f in table["findings"]))
        self.assertEqual(report["errors"], 1)

    def test_people_read_it_in_their_language_with_the_titles_of_columns(self):
        path = self.file("b.csv", "代碼,縣市\n001,臺北市\n002\n003,=cmd|' /C calc'!A0\n")
        plain = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANG")}
        for words, locale, expected in (([], "C.UTF-8", "line 4, column 2 “縣市”: =cmd"), (["--zh"], "C.UTF-8", "第 4 行第 2 欄「縣市」: =cmd"),
                                        ([], "zh_TW.UTF-8", "第 4 行第 2 欄「縣市」: =cmd")):
            done = subprocess.run([program(), "check", path, *words], capture_output=True, text=True, env={**plain, "LANG": locale})
            self.assertIn(expected, done.stdout)
            chinese = bool(words) or locale.startswith("zh")
            self.assertIn("→ 把每一列補滿到標題列的欄數" if chinese else "→ Fill every row to the header's number of columns", done.stdout)
            self.assertIn("1 個資料表" if chinese else "1 tables", done.stderr)
        refused = subprocess.run([program(), "check", self.file("b.pdf", "%PDF-1.4 no table")], capture_output=True, text=True, env={**plain, "LANG": "zh_TW.UTF-8"})
        self.assertIn("沒有資料表", refused.stdout)

    def test_big5_is_told(self):
        done = self.check("--json", self.file("c.csv", "縣市,數量\n臺北市,5\n高雄市,7\n".encode("cp950")))
        table = json.loads(done.stdout)["tables"][0]
        self.assertEqual(table["encoding"], "CP950")
        self.assertIn("encoding_not_utf8", [f["code"] for f in table["findings"]])

    def test_a_folder_and_what_is_no_table(self):
        self.file("a.csv", "a,b\n1,2\n")
        self.file("b.pdf", "%PDF-1.4 no table")
        self.file("empty.csv", "")
        self.file(".hidden.csv", "a\n1\n")
        done = self.check("--json", self.folder)
        report = json.loads(done.stdout)
        self.assertEqual(done.returncode, 1)
        self.assertEqual([os.path.basename(t["file"]) for t in report["tables"]], ["a.csv"])
        self.assertEqual(sorted(os.path.basename(f["file"]) for f in report["refused"]), ["b.pdf", "empty.csv"])
        self.assertTrue(all(f["reason"] for f in report["refused"]))

    def test_sarif_and_html(self):
        path = self.file("b.csv", "代碼,縣市\n001,臺北市\n002\n003,<script>alert(1)</script>\n")
        sarif = json.loads(self.check("--sarif", path).stdout)
        self.assertEqual(sarif["version"], "2.1.0")
        run = sarif["runs"][0]
        rules = {r["id"] for r in run["tool"]["driver"]["rules"]}
        self.assertTrue(run["results"])
        for result in run["results"]:
            self.assertIn(result["ruleId"], rules)
            self.assertIn(result["level"], ("error", "warning", "note"))
        lines = [r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in run["results"] if r["ruleId"] == "ragged_short"]
        self.assertEqual(lines, [3])
        self.assertEqual([run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] for r in run["results"]], [r["ruleId"] for r in run["results"]])
        chinese = json.loads(self.check("--sarif", "--zh", path).stdout)["runs"][0]
        self.assertEqual((run["language"], chinese["language"]), ("en", "zh-TW"))
        short = next(r for r in chinese["results"] if r["ruleId"] == "ragged_short")
        self.assertEqual(short["message"]["text"], "這一列的欄數少於標題列 (第 3 行第 2 欄「縣市」): 002")
        self.assertEqual(short["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "第 3 行第 2 欄「縣市」")
        packed = self.file("c.csv.gz", gzip.compress("代碼,縣市\n001,臺北市 \n".encode()))
        place = json.loads(self.check("--sarif", packed).stdout)["runs"][0]["results"][0]["locations"][0]
        self.assertNotIn("region", place["physicalLocation"])       # the line is none of the compressed file
        page = self.check("--html", "--zh", path).stdout
        self.assertIn("少於標題列", page)
        self.assertNotIn("<script>", page)

    def test_places_are_told_as_people_see_them(self):
        sheet = ('<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="站">'
                 + "".join("<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>' for v in row)
                           + "</table:table-row>" for row in (["名稱", "備註"], ["甲", "=1+2"], ["乙", "無"])) + "</table:table></office:spreadsheet></office:body></office:document-content>")
        path = os.path.join(self.folder, "a.ods")
        with zipfile.ZipFile(path, "w") as z:
            z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            z.writestr("content.xml", sheet)
        self.assertIn("cell B2, column 2 “備註”: =1+2", self.check(path).stdout)
        rows = self.file("d.csv", "名稱,數量\n" + "甲,1\n乙,2\n乙,2\n" + "丙" * 40 + " ,3\n,4\n,5\n")
        told = self.check("--zh", rows).stdout
        for expected in ("第 3 列: 與第 2 列相同", "…" + "丙" * 18 + "␣", "第 1 欄「名稱」: 2×", "d.csv: CSV (UTF-8)，6 列，2 欄"):
            self.assertIn(expected, told)
        found = {f["code"]: f for f in json.loads(self.check("--json", self.file("e.csv", "1,a \n2,b\n3,c\n")).stdout)["tables"][0]["findings"]}
        self.assertEqual((found["trailing_blank"]["row"], found["trailing_blank"]["byte"]), (1, 0))
        clean = self.check(self.file("f.csv", "名稱,數量\n甲,1\n乙,2\n"))
        self.assertIn("Nothing was found.", clean.stdout)

    def test_bytes_and_lines_are_those_of_the_file(self):
        rows = [("臺北市", "一 "), ("高雄市", "二"), ("臺南市", "三 ")]
        records = [json.dumps({"縣市": c, "值": v}, ensure_ascii=False) for c, v in rows]
        array, lines = "[" + records[0] + ",\n" + records[1] + ",\n " + records[2] + "]", "\n".join(records) + "\n"
        xml = "<?xml version='1.0' encoding='UTF-8'?>\n<r>" + "\n".join(f"<i><縣市>{c}</縣市><值>{v}</值></i>" for c, v in rows) + "</r>"
        csv = "註,\n縣市,值\n" + "".join(f"{c},{v}\r\n" for c, v in rows)
        for name, text, encoding, begins in (("a.json", array, "utf-8", "{"), ("b.json", array, "utf-8-sig", "{"), ("c.json", lines, "utf-8", "{"),
                                             ("d.xml", xml, "utf-8", "<i>"), ("e.csv", csv, "cp950", None), ("f.csv", csv, "utf-16", None)):
            content = text.encode(encoding)
            found = [f for f in json.loads(self.check("--json", self.file(name, content)).stdout)["tables"][0]["findings"] if f["code"] == "trailing_blank"]
            self.assertEqual([f["row"] for f in found], [1, 3], name)
            for f, (county, _) in zip(found, (rows[0], rows[2])):
                before, mark = text[:text.index(county)], county.encode(encoding)[2 if encoding == "utf-16" else 3 if encoding == "utf-8-sig" else 0:]
                at = content.index(mark) if begins is None else content.rindex(begins.encode(), 0, content.index(mark))
                self.assertEqual((f["byte"] if at > 0 else 0, f["line"]), (at, before.count("\n") + 1), name)
        for encoding in ("cp950", "utf-16"):        # read by way of UTF-8: the line is known, the byte is not
            found = [f for f in json.loads(self.check("--json", self.file("g.json", array.encode(encoding))).stdout)["tables"][0]["findings"] if f["code"] == "trailing_blank"]
            self.assertEqual([(f["line"], "byte" in f) for f in found], [(1, False), (3, False)], encoding)

    def test_metadata_against_content(self):
        meta = self.file("meta.json", json.dumps({
            "identifier": "A41000000G-000001", "title": "公廁", "categoryCode": "I00", "publisher": "臺北市政府", "numberOfData": 3,
            "fieldDescription": "名稱、座數（間）、等級", "distribution": [{"resourceID": "A41000000G-000001-001", "format": "CSV",
            "characterSetCode": "UTF-8", "downloadURL": "https://data.example.gov.tw/a.csv"}]}))
        path = self.file("a.csv", "名稱,座數(間),備註\n甲,3,無\n乙,5,無\n")
        done = self.check("--json", "--metadata", meta, path)
        self.assertEqual(done.returncode, 1, done.stderr)
        found = {f["code"]: f for f in json.loads(done.stdout)["tables"][0]["findings"]}
        self.assertEqual(found["field_missing"]["sample"], "等級")
        self.assertEqual((found["field_extra"]["sample"], found["field_extra"]["column"]), ("備註", 3))
        self.assertEqual(found["count_differs"]["sample"], "3 ≠ 2")
        self.assertIn("field_spelling", found)
        self.assertNotEqual(self.check("--metadata", self.file("no.json", "{}"), path).returncode, 0)

    def test_a_package_and_its_references(self):
        os.mkdir(os.path.join(self.folder, "data"))
        self.file("data/stations.csv", "code,name,above\nA1,甲,\nA2,乙,A1\nA3,丙,A9\n")
        self.file("rain.csv", "測站,雨量\nA1,1.5\nA7,2\n,3\n")
        rain = {"fields": [{"name": "station", "title": "測站", "type": "string"}, {"name": "雨量", "type": "number"}],
                "foreignKeys": [{"fields": "station", "reference": {"resource": "stations", "fields": "code"}},
                                {"fields": ["雨量"], "reference": {"resource": "days", "fields": ["mm"]}}]}
        stations = {"fields": [{"name": n, "type": "string"} for n in ("code", "name", "above")], "primaryKey": "code",
                    "foreignKeys": [{"fields": "above", "reference": {"resource": "", "fields": "code"}}]}
        self.file("rain.schema.json", json.dumps(rain))
        self.file("datapackage.json", json.dumps({"resources": [
            {"name": "rain", "path": "rain.csv", "schema": "rain.schema.json"}, {"name": "stations", "path": "data/stations.csv", "schema": stations},
            {"name": "gone", "path": "gone.csv"}, {"name": "out", "path": "../out.csv"}, {"name": "far", "path": "https://example.org/a.csv"}]}))
        for words in (["datapackage.json"], ["."]):
            report = json.loads(self.check("--json", *words).stdout)
            found = {(os.path.basename(t["file"]), f["code"], f.get("row"), f["sample"]) for t in report["tables"] for f in t["findings"] if f["code"].startswith("reference")}
            self.assertEqual(found, {("rain.csv", "reference_broken", 2, "A7"), ("rain.csv", "reference_unchecked", None, "days: mm"),
                                     ("stations.csv", "reference_broken", 3, "A9")})
            self.assertEqual((len(report["tables"]), len(report["refused"])), (2, 3), report["refused"])
        rain["foreignKeys"].pop()
        self.file("rain.schema.json", json.dumps(rain))
        said = self.check("--json", "--schema", "rain.schema.json", "rain.csv", "data/stations.csv")
        self.assertIn("reference_broken", said.stdout)
        alone = self.check("--json", "--schema", "rain.schema.json", "rain.csv")
        self.assertEqual(alone.returncode, 1)
        self.assertIn("reference_unchecked", alone.stdout)
        self.file("data/stations.csv", "code,name,above\nA1,甲,\nA7,乙,A1\n")
        self.assertNotIn("reference", self.check("--json", "--schema", "rain.schema.json", "rain.csv", "data/stations.csv").stdout)

    def test_wrong_use(self):
        for words in [[], ["--json", "--html", "x.csv"], ["--nonsense", "x.csv"]]:
            self.assertEqual(self.check(*words).returncode, 2, words)
        self.assertEqual(self.check("not-there.csv").returncode, 4)
        done = self.check("http://127.0.0.1:9/a.csv")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("private", done.stderr)


class Put(unittest.TestCase):
    def test_bytes_become_a_table_once(self):
        with Site() as site:
            path = os.path.join(site.folder, "stations.csv")
            with open(path, "w") as f:
                f.write("代碼,縣市\n" + "".join(f"{i:03},臺北市\n" for i in range(500)))
            dataset = json.loads(site.get("/api/3/action/package_list").text)["result"][0]
            first = json.loads(site.run("put", path, "--dataset", dataset, "--file", "1", "--json").stdout)
            self.assertTrue(first["fresh"])
            self.assertEqual((first["job"]["state"], first["job"]["result"]["rows"]), ("done", 500))
            again = json.loads(site.run("put", path, "--dataset", dataset, "--file", "1", "--json").stdout)
            self.assertFalse(again["fresh"])
            self.assertEqual(site.run("verify").returncode, 0)
            jobs = json.loads(site.run("job", "list", "--json").stdout)
            self.assertEqual([j["state"] for j in jobs if j["id"] == first["job"]["id"]], ["done"])
            self.assertEqual(site.run("put", path, "--dataset", "not-there").returncode, 4)
            for_people = site.run("table", "load", path, "--dataset", dataset, "--file", "1", "--again")
            self.assertRegex(for_people.stderr, r"^\S+: 500 rows, version 1, score \d+ of 100\n$")
            refused = site.run("put", site.write("empty.csv", ""), "--dataset", dataset, "--file", "1")
            self.assertNotEqual(refused.returncode, 0)
            self.assertRegex(refused.stderr, r"^openshelf: [^\n]+\n$")        # why, once


class Verdicts(unittest.TestCase):
    """The cases of csvlint and frictionless: what is kept in verdicts.tsv, where docs/quality-rules.md argues each difference."""

    def test_cases_of_others(self):
        folder = shared("csv-conformance")
        if folder is None:
            self.skipTest("no ../shared/corpus")
        lines = (ROOT / "tests/table/golden/verdicts.tsv").read_text(encoding="utf-8").splitlines()
        cases = [line.split("\t") for line in lines if not line.startswith("#")]
        self.assertGreater(len(cases), 100)
        done = subprocess.run([program(), "check", "--json", *[case[0] for case in cases]], capture_output=True, text=True, cwd=folder)
        report = json.loads(done.stdout)
        ours = {r["file"]: "refused" for r in report["refused"]}
        for table in report["tables"]:
            found = {f["severity"] for f in table["findings"]} | {ours.get(table["file"], "ok")}
            ours[table["file"]] = next(v for v in ("refused", "error", "warning", "ok", "note") if v in found)
        self.assertEqual({case[0]: case[1] for case in cases}, ours)


if __name__ == "__main__":
    unittest.main()
