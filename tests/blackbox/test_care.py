"""Care of the record from the shell: a backup while an import writes, restored here and on the other engine, is the same
site; the ledger's export can be checked without a site; what is wrong is listed, with exit code 1.

POSTGRES_URL names a server for the second database; without it that half is skipped.
"""
import gzip
import json
import os
import random
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from demo_site import Site, program

RECORDS = 1500
ADDRESSES = ["/organizations.json", "/statistics.json", "/targets.json", "/ledger.json", "/themes.json", "/feeds/dataset.atom"]


def new_database(test):
    """An empty PostgreSQL database; its address."""
    server = os.environ["POSTGRES_URL"]
    name = f"care_{os.getpid()}_{random.randrange(10**9)}"
    psql(server, f"CREATE DATABASE {name}")
    test.addCleanup(psql, server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    return urllib.parse.urlunsplit(urllib.parse.urlsplit(server)._replace(path="/" + name))


def psql(url, statement):
    subprocess.run(["psql", "-X", "-q", "-c", statement, url], check=True, capture_output=True)


class Care:
    """The tests, once an engine; `database` makes the address of an empty one, or None for SQLite."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="openshelf-care-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.first = self.place("first", self.database())

    def place(self, name, database):
        return ["--data", os.path.join(self.folder, name), *(["--database", database] if database else [])]

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_at(self, place, *words, code=0):
        done = subprocess.run([program(), words[0], *place, *words[1:]], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout[-500:]} {done.stderr[-1500:]}")
        return done.stdout

    def records(self):
        with open(self.path("many.ndjson"), "w", encoding="utf-8") as f:
            for i in range(RECORDS):
                f.write(json.dumps({"id": str(i + 1), "title": f"測試資料集第{i}號", "organization": f"測試機關{i % 23}", "format": "csv",
                                    "urls": [f"https://data.example.gov.tw/{i}.csv"]}, ensure_ascii=False) + "\n")
        return self.path("many.ndjson")

    def served(self, place):
        """What the site of this place answers, to be compared."""
        site = Site(demo=False, args=place[2:])
        site.data = place[1]
        with site:
            return {a: [site.get(a).status, site.get(a).body.replace(site.url.encode(), b"")] for a in ADDRESSES}

    def test_backup_while_an_import_writes(self):
        self.run_at(self.first, "demo")
        writer = subprocess.Popen([program(), "import", *self.first, self.records()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        copies, during = [], 0
        while len(copies) < 20 and (writer.poll() is None or not copies):
            copies.append(self.path(f"copy{len(copies)}"))
            self.run_at(self.first, "backup", copies[-1])
            during += writer.poll() is None
            time.sleep(0.05)
        self.assertEqual(writer.wait(), 0)
        self.assertGreater(during, 0, "no backup was taken while the import wrote")
        for i in {0, len(copies) // 2, len(copies) - 1}:
            place = self.place(f"restored{i}", None)
            self.run_at(place, "restore", copies[i])
            said = json.loads(self.run_at(place, "verify", "--json"))
            self.assertIs(said["clean"], True)
            self.assertGreaterEqual(said["datasets"], 300)

    def test_a_restored_site_is_the_same_site(self):
        self.run_at(self.first, "demo")
        self.run_at(self.first, "import", self.records())
        self.run_at(self.first, "backup", self.path("copy"))
        verified, answers = self.run_at(self.first, "verify", "--json"), self.served(self.first)
        places = [self.place("lite", None), *([self.place("post", new_database(self))] if os.environ.get("POSTGRES_URL") else [])]
        for place in places:
            with self.subTest(place[1:]):
                self.run_at(place, "restore", self.path("copy"))
                self.assertEqual(self.run_at(place, "verify", "--json"), verified)
                self.assertEqual(self.served(place), answers)
                self.run_at(place, "restore", self.path("copy"), code=5)
                self.run_at(place, "import", self.path("many.ndjson"))
                self.run_at(place, "verify")
        self.run_at(self.first, "backup", self.path("copy"), code=5)

    def test_a_broken_backup_leaves_nothing(self):
        self.run_at(self.first, "import", self.records())
        self.run_at(self.first, "backup", self.path("copy"))
        with open(self.path("copy"), "rb") as f:
            whole = f.read()
        text = gzip.decompress(whole)
        at = text.index("第777號".encode())
        broken = {"cut": whole[: len(whole) // 2], "bit": whole[:5000] + bytes([whole[5000] ^ 4]) + whole[5001:],
                  "value": gzip.compress(text[:at] + "第778號".encode() + text[at + len("第777號".encode()):]),
                  "other": b"hello", "empty": b""}
        for name, content in broken.items():
            with self.subTest(name):
                with open(self.path("bad"), "wb") as f:
                    f.write(content)
                place = self.place("new", self.database())
                self.run_at(place, "restore", self.path("bad"), code=2)
                self.assertFalse(os.path.exists(place[1]))
                self.run_at(place, "restore", self.path("copy"))    # the place is as free as before
                shutil.rmtree(place[1])

    def test_ledger_as_a_file(self):
        self.run_at(self.first, "demo")
        rows = self.run_at(self.first, "ledger", "export").splitlines()
        self.assertEqual([json.loads(r)["seq"] for r in rows], list(range(1, len(rows) + 1)))
        self.run_at(self.first, "ledger", "export", self.path("l.ndjson.gz"))
        with gzip.open(self.path("l.ndjson.gz"), "rt", encoding="utf-8") as f:
            self.assertEqual(f.read().splitlines(), rows)
        said = json.loads(self.run_at([], "ledger", "verify", self.path("l.ndjson.gz"), "--json"))
        self.assertEqual((said["intact"], said["rows"], said["last_hash"]), (True, len(rows), json.loads(rows[-1])["hash"]))
        for name, lines in {"missing": rows[:5] + rows[6:], "swapped": rows[:5] + [rows[6], rows[5]] + rows[7:],
                            "changed": rows[:5] + [rows[5].replace('"actor":"', '"actor":"x')] + rows[6:], "no row": rows[:5] + ["{"]}.items():
            with self.subTest(name):
                with open(self.path("bad"), "w", encoding="utf-8") as f:
                    f.write("\n".join(lines) + "\n")
                said = json.loads(self.run_at([], "ledger", "verify", self.path("bad"), "--json", code=1))
                self.assertEqual((said["intact"], said["problem_seq"]), (False, 6))

    def test_ledger_is_shown_filtered(self):
        self.run_at(self.first, "demo")
        shown = json.loads(self.run_at(self.first, "ledger", "show", "--json", "--action", "organization.create", "--most", "5"))
        self.assertEqual([r["action"] for r in shown], ["organization.create"] * 5)
        self.assertEqual(sorted((r["seq"] for r in shown), reverse=True), [r["seq"] for r in shown])
        one = json.loads(self.run_at(self.first, "ledger", "show", "--json", "--subject", f"organization/{shown[0]['subject_key']}"))
        self.assertEqual({r["subject_id"] for r in one}, {shown[0]["subject_id"]})
        self.assertEqual(json.loads(self.run_at(self.first, "ledger", "show", "--json", "--since", "2999-01-01")), [])
        older = json.loads(self.run_at(self.first, "ledger", "show", "--json", "--before", "3"))
        self.assertEqual([r["seq"] for r in older], [2, 1])
        self.run_at(self.first, "ledger", "show", "--since", "yesterday", code=2)

    def test_migrate(self):
        self.run_at(self.first, "migrate", "--check", code=4)        # no site is made by looking
        self.assertFalse(os.path.exists(self.path("first")))
        self.run_at(self.first, "demo")
        said = json.loads(self.run_at(self.first, "migrate", "--check", "--json"))
        self.assertEqual(said["pending"], [])
        self.assertGreaterEqual(said["version"], 1)
        self.run_at(self.first, "migrate")


class SqliteCare(Care, unittest.TestCase):
    def database(self):
        return None


@unittest.skipUnless(os.environ.get("POSTGRES_URL"), "no PostgreSQL")
class PostgresCare(Care, unittest.TestCase):
    def database(self):
        return new_database(self)


if __name__ == "__main__":
    unittest.main()
