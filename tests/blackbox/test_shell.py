"""The shell contract (docs/cli.md): words, exit codes, what goes to which stream, the care of the record."""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from demo_site import ROOT, Site, program

SUMMARY = re.compile(r"^[\d,]+ created, [\d,]+ updated, [\d,]+ unchanged, [\d,]+ refused$")
WORDS = ["serve", "demo", "import", "search", "ledger", "backup", "restore", "verify", "migrate", "routes", "settings", "version"]


class Shell(unittest.TestCase):
    def setUp(self):
        self.site = Site(demo=False)
        self.addCleanup(shutil.rmtree, self.site.folder, ignore_errors=True)

    def run_ok(self, *words, **options):
        done = self.site.run(*words, **options)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stdout[-500:]}{done.stderr[-1500:]}")
        return done.stdout

    def test_every_word_has_help_with_an_example(self):
        whole = subprocess.run([program(), "--help"], capture_output=True, text=True)
        self.assertEqual(whole.returncode, 0)
        for word in WORDS:
            with self.subTest(word):
                self.assertIn(word, whole.stdout)
                done = subprocess.run([program(), word, "--help"], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0)
                self.assertIn(f"openshelf {word}", done.stdout)

    def test_wrong_use(self):
        for words in [["nonsense"], ["import"], ["import", "--nonsense", "x"], ["ledger", "nonsense"], ["restore"], ["search", "--nonsense"]]:
            with self.subTest(words):
                done = subprocess.run([program(), *words], capture_output=True, text=True, cwd=self.site.folder)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertTrue(done.stderr.strip())

    def test_version_and_settings(self):
        self.assertRegex(self.run_ok("version", data=False), r"\d+\.\d+\.\d+")
        self.assertIn("listen", self.run_ok("settings"))
        json.loads(self.run_ok("settings", "--json"))

    def test_demo_twice_changes_nothing(self):
        self.assertEqual(json.loads(self.run_ok("demo", "--json"))["tables_loaded"], 6)
        head = self.run_ok("ledger", "show", "--json")
        count = int(self.run_ok("search", "--count", "").strip())
        self.assertGreater(count, 200)
        self.assertEqual(json.loads(self.run_ok("demo", "--json"))["tables_loaded"], 0)
        self.assertEqual(self.run_ok("ledger", "show", "--json"), head)
        self.assertEqual(int(self.run_ok("search", "--count", "").strip()), count)

    def record(self, name, **more):
        path = os.path.join(self.site.folder, name)
        with open(path, "w", encoding="utf-8") as f:
            json.dump({"id": "1", "title": "公車站牌", "organization": "測試局", "format": "csv", "urls": ["https://example.gov.tw/a.csv"], **more}, f, ensure_ascii=False)
            f.write("\n")
        return path

    def test_import_reports(self):
        path = self.record("a.ndjson")
        dry = self.run_ok("import", path, "--dry-run").strip().splitlines()[-1]
        self.assertRegex(dry, SUMMARY)
        self.assertTrue(dry.startswith("1 created"), dry)
        self.assertEqual(self.run_ok("search", "--count", "公車").strip(), "0")
        self.assertEqual(self.run_ok("import", path).strip().splitlines()[-1], "1 created, 0 updated, 0 unchanged, 0 refused")
        self.assertEqual(self.run_ok("import", path).strip().splitlines()[-1], "0 created, 0 updated, 1 unchanged, 0 refused")
        path = self.record("a.ndjson", title="公車站牌位置")
        self.assertEqual(self.run_ok("import", path).strip().splitlines()[-1], "0 created, 1 updated, 0 unchanged, 0 refused")
        self.assertEqual(self.run_ok("search", "--count", "公車").strip(), "1")
        with open(path, encoding="utf-8") as f:
            piped = subprocess.run([program(), "import", "--data", self.site.data, "-"], stdin=f, capture_output=True, text=True)
        self.assertEqual((piped.returncode, piped.stdout.strip().splitlines()[-1]), (0, "0 created, 0 updated, 1 unchanged, 0 refused"), piped.stderr)

    def test_one_bad_record_stops_nothing(self):
        path = os.path.join(self.site.folder, "b.ndjson")
        with open(path, "w", encoding="utf-8") as f:
            f.write('{"id": "1", "title": "好", "organization": "甲局", "format": "csv", "urls": ["https://example.gov.tw/a.csv"]}\n')
            f.write('{"id": "2", "title": "", "organization": "甲局", "format": "csv", "urls": []}\n')
            f.write('{"id": "3", "title": "也好", "organization": "甲局", "format": "csv", "urls": ["https://example.gov.tw/c.csv"]}\n')
        done = self.site.run("import", path)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout.strip().splitlines()[-1], "2 created, 0 updated, 0 unchanged, 1 refused")
        self.assertRegex(done.stdout + done.stderr, r"2\b.*title|title.*2\b")

    def test_a_key_in_an_address_is_never_printed(self):
        path = self.record("k.ndjson", urls=["https://example.gov.tw/a.csv?api_key=sekret-9a1"])
        done = self.site.run("import", path)
        self.assertNotIn("sekret-9a1", done.stdout + done.stderr)

    def test_ledger_finds_tampering(self):
        self.run_ok("import", self.record("a.ndjson"))
        self.run_ok("import", self.record("a.ndjson", title="甲"))
        self.run_ok("import", self.record("a.ndjson", title="乙"))
        self.run_ok("ledger", "verify")
        db_path = os.path.join(self.site.data, "openshelf.db")
        whole = open(db_path, "rb").read()
        for name, statement in {
            "changed": "UPDATE ledger SET reason = 'x' WHERE seq = (SELECT max(seq) - 1 FROM ledger)",
            "missing": "DELETE FROM ledger WHERE seq = (SELECT max(seq) - 1 FROM ledger)",
            "last missing": "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)",
            "reordered": "UPDATE ledger SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 END WHERE seq IN (2, 3)",
            "state": "UPDATE dataset SET title = '偽'",
        }.items():
            with self.subTest(name):
                with open(db_path, "wb") as f:
                    f.write(whole)
                for suffix in ("-wal", "-shm"):
                    if os.path.exists(db_path + suffix):
                        os.remove(db_path + suffix)
                with sqlite3.connect(db_path) as db:
                    db.execute(statement)
                    if name == "reordered":
                        db.execute("UPDATE ledger SET seq = -seq WHERE seq < 0")
                db.close()
                word = ["verify"] if name == "state" else ["ledger", "verify"]
                done = self.site.run(*word)
                self.assertEqual(done.returncode, 1, f"{name}: {done.stdout} {done.stderr}")

    def test_backup_while_writing_and_restore(self):
        self.run_ok("demo")
        copy = os.path.join(self.site.folder, "copy")
        writer = subprocess.Popen([program(), "import", "--data", self.site.data, self.record("w.ndjson")],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.run_ok("backup", copy)
        self.assertEqual(writer.wait(), 0)
        other = Site(demo=False)
        self.addCleanup(shutil.rmtree, other.folder, ignore_errors=True)
        done = other.run("restore", copy)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = other.run("verify")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        count = int(other.run("search", "--count", "").stdout)
        self.assertIn(count, (int(self.run_ok("search", "--count", "")), int(self.run_ok("search", "--count", "")) - 1))
        self.assertEqual(other.run("restore", copy).returncode, 5, "a site that is there is not overwritten")
        again = self.site.run("backup", copy)
        self.assertIn(again.returncode, (0, 5))

    def test_a_damaged_backup_is_refused(self):
        self.run_ok("demo")
        copy = os.path.join(self.site.folder, "copy")
        self.run_ok("backup", copy)
        raw = bytearray(open(copy, "rb").read())
        raw[len(raw) // 2] ^= 0x55
        with open(copy, "wb") as f:
            f.write(raw)
        other = Site(demo=False)
        self.addCleanup(shutil.rmtree, other.folder, ignore_errors=True)
        restored = other.run("restore", copy)
        if restored.returncode == 0:
            self.assertEqual(other.run("verify").returncode, 1)

    def test_progress_goes_to_no_pipe(self):
        done = self.site.run("demo")
        self.assertNotIn("\r", done.stdout + done.stderr)
        self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_a_reader_that_has_enough_is_no_fault(self):
        """`| head` closes the pipe: 141 as of any program, and not a word."""
        reads, writes = os.pipe()
        os.close(reads)
        done = subprocess.run([program(), "routes"], stdout=writes, stderr=subprocess.PIPE, text=True)
        os.close(writes)
        self.assertEqual((done.returncode, done.stderr), (141, ""))
        with open("/dev/full", "w") as full:
            done = subprocess.run([program(), "routes"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 8)
        self.assertIn("No space left", done.stderr)

    def test_contract_is_documented(self):
        text = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
        for word in WORDS:
            self.assertIn(f"`{word}", text)


if __name__ == "__main__":
    unittest.main()
