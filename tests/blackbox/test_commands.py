"""Every command of commands.def by the same rules: help with an example, wrong use answered with 2 and a way out, one JSON
document for --json."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from demo_site import ROOT, Site, program

WORDS = re.findall(r'^COMMAND\("(\w+)"', (ROOT / "src/bin/commands.def").read_text(encoding="utf-8"), re.M)
COMMON = ["help", "json", "quiet", "data", "database"]
RECORD = {"id": "1", "title": "公車站牌", "organization": "測試局", "format": "csv", "urls": ["https://example.gov.tw/a.csv"]}


class Commands(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="openshelf-commands-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_words(self, *words):
        return subprocess.run([program(), *words], capture_output=True, text=True, cwd=self.folder, stdin=subprocess.DEVNULL,
                              timeout=300)

    def wrong(self, words, says):
        done = self.run_words(*words)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        lines = done.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertTrue(lines[0].startswith("openshelf: "), done.stderr)
        self.assertIn(says, lines[0])
        self.assertRegex(lines[0], r"--help|openshelf help|wants? |takes no value", "what is wrong, but no way out")
        self.assertEqual(os.listdir(self.folder), [], "a wrong use makes nothing")

    def options(self, *words):
        """(name, VALUE or None) of its own options, as its help tells them."""
        told = self.run_words(*words, "--help").stdout
        own = told.split("\nfor every command:\n")[0]
        return [(m[1], m[2]) for m in re.finditer(r"^  --([\w-]+)(?: ([^ \n]+(?: [^ \n]+)*?))? {1,}(?=\S)", own, re.M)]

    def test_every_word_has_help_with_an_example(self):
        self.assertGreater(len(WORDS), 15)
        listed = json.loads(self.run_words("help", "--json").stdout)
        self.assertEqual([w["word"] for w in listed], WORDS)
        for word in WORDS:
            with self.subTest(word):
                done = self.run_words(word, "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertTrue(done.stdout.startswith(f"usage: openshelf {word}"), done.stdout)
                examples = done.stdout.split("\nexamples:\n")
                self.assertEqual(len(examples), 2, done.stdout)
                self.assertIn(f"openshelf {word}", examples[1])
                for common in COMMON[1:]:
                    self.assertIn(f"--{common}", examples[0])
                self.assertEqual(self.run_words("help", word).stdout, done.stdout, f"help {word}")
                self.assertEqual(self.run_words(word, "-h").stdout, done.stdout)
        self.assertEqual(os.listdir(self.folder), [], "asking for help makes nothing")

    def test_examples_use_options_that_exist(self):
        for word in WORDS:
            known = {name for name, _ in self.options(word)} | set(COMMON)
            told = self.run_words(word, "--help").stdout
            for line in told.split("\nexamples:\n")[1].splitlines():
                for piece in re.findall(rf"openshelf {word}\b([^|]*)", line):
                    named = re.findall(r"--([\w-]+)", piece)
                    if any(name not in known for name in named):        # of a command of several words
                        known = known | {name for name, _ in self.options(word, piece.split()[0])}
                    for name in named:
                        self.assertIn(name, known, line)

    def test_unknown_options_words_and_commands(self):
        self.wrong(["no-such"], "no-such")
        self.wrong(["help", "no-such"], "no-such")
        for word in WORDS:
            with self.subTest(word):
                if word == "box":   # for the program itself: it takes no options at all
                    self.wrong([word, "x"], "--help")
                    continue
                self.wrong([word, "--no-such"], "--no-such")
                self.wrong([word, "--no-such=1"], "--no-such")
                self.wrong([word, "--data"], "--data wants a value")

    def test_too_many_words(self):
        many = ["one"] * 40
        for word in WORDS:
            if word not in ("box", "search", "check"):   # words and files, as many as one likes
                with self.subTest(word):
                    self.wrong([word, *many], f"openshelf {word}")

    def test_values_of_options(self):
        seen = set()
        for word in WORDS:
            for name, value in self.options(word):
                with self.subTest(f"{word} --{name}"):
                    if value is None:
                        self.wrong([word, f"--{name}=x"], f"--{name} takes no value")
                    else:
                        self.wrong([word, f"--{name}"], f"--{name} wants a value")
                    seen.add(value)
        self.assertGreater(len(seen), 3, "the options were not read from the help")

    def test_missing_words(self):
        for word in ("import", "backup", "restore", "put", "ledger", "job", "check"):
            with self.subTest(word):
                self.wrong([word], f"openshelf {word}")


class OneDocument(unittest.TestCase):
    """What --json prints is one JSON document and nothing else, whatever the command finds."""

    @classmethod
    def setUpClass(cls):
        cls.site = Site(demo=False)
        cls.addClassCleanup(shutil.rmtree, cls.site.folder, ignore_errors=True)
        cls.good, cls.bad = (os.path.join(cls.site.folder, name) for name in ("good.ndjson", "bad.ndjson"))
        for path, title in ((cls.good, "公車站牌"), (cls.bad, "")):
            with open(path, "w", encoding="utf-8") as f:
                f.write(json.dumps({**RECORD, "title": title}, ensure_ascii=False) + "\n")

    def document(self, *words, code=0, data=True):
        done = self.site.run(*words, "--json", data=data)
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout[-300:]}{done.stderr[-1000:]}")
        self.assertTrue(done.stdout.endswith("\n"), words)
        return json.loads(done.stdout)      # refuses a second document

    def test_all_commands(self):
        backup = os.path.join(self.site.folder, "one.openshelf")
        table = os.path.join(self.site.folder, "stops.csv")
        with open(table, "w", encoding="utf-8") as f:
            f.write("站名,緯度,經度\n市府,25.04,121.56\n車站,25.05,121.52\n")
        self.document("import", self.good)
        name = self.document("search", "公車")["results"][0]["name"]
        asked = {
            "help": [()], "version": [()], "settings": [()], "routes": [()],
            "import": [(self.good,), (self.good, "--dry-run")], "search": [("公車",), ("--count", "公車"), ("nothing-at-all",)],
            "ledger": [("show",), ("verify",)], "backup": [(backup,)], "verify": [()], "migrate": [(), ("--check",)],
            "put": [(table, "--dataset", name)], "token": [("new", "--operator"), ("list",)],
            "schema": [(), ("list",), ("show", "air-quality"), ("show", name, "--csvw"), ("suggest", table), ("set", name, "--domain", "points", "--drop-added"),
                       ("clear", name, "--drop-added")],
            "table": [(), ("list",), ("info", name), ("versions", name), ("load", table, "--dataset", name), ("append", name, table),
                      ("upsert", name, table, "--key", "站名"), ("query", name, "緯度>=25"), ("query", name, "--sql", "SELECT 1 x FROM t")], "job": [("list",)], "link": [(), ("list",)], "demo": [()], "check": [(table,), ("--rules",)], "quality": [()],
        }
        for word in WORDS:
            for words in asked.get(word, []):
                with self.subTest(word=word, words=words):
                    self.document(word, *words)
        self.assertEqual(set(WORDS) - set(asked), {"serve", "work", "box", "restore"}, "a new command needs its line here")
        with self.subTest("restore"):
            copy = Site(demo=False)
            self.addCleanup(shutil.rmtree, copy.folder, ignore_errors=True)
            done = copy.run("restore", backup, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            json.loads(done.stdout)

    def test_refusals_are_a_document_too(self):
        said = self.document("import", self.bad, code=1)
        self.assertIn("title", json.dumps(said))

    def test_errors_go_to_standard_error(self):
        done = self.site.run("import", os.path.join(self.site.folder, "no-such-file"), "--json")
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "")
        self.assertIn("no-such-file", done.stderr)


if __name__ == "__main__":
    unittest.main()
