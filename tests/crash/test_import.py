"""kill -9 at random moments of an import. Each time: the next command needs no repair, `verify` is clean, and importing
again ends in exactly the state of an import that nobody disturbed.

Two versions of the same records are imported by turns, so that every import has all its work to do.
"""
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from demo_site import program

RECORDS = int(os.environ.get("CRASH_RECORDS", "3000"))
CRASHES = int(os.environ.get("CRASHES", "50"))
STATE = [  # the whole public state, without the hub's own clock and ledger numbers
    """SELECT d.uid, d.slug, d.source, d.source_key, d.identifier, o.name, d.state, d.class, d.title, d.description, d.category,
              d.licence, d.licence_text, d.frequency, d.keywords, d.updated_at, d.star, d.open_verdict, d.completeness, d.extra,
              d.content_hash
         FROM dataset d JOIN organization o ON o.id = d.organization_id ORDER BY d.uid""",
    """SELECT x.uid, d.uid, x.position, x.identifier, x.title, x.format, x.url, x.extra
         FROM distribution x JOIN dataset d ON d.id = x.dataset_id ORDER BY d.uid, x.position, x.uid""",
    "SELECT name, slug, code, kind, grade FROM organization ORDER BY name",
]


def write_records(path, version):
    r = random.Random(104)
    with open(path, "w", encoding="utf-8") as f:
        for i in range(RECORDS):
            files = [f"https://data.example.gov.tw/{version}/{i}/{k}.csv" for k in range(r.randrange(1, 4))]
            f.write(json.dumps({"id": str(10000 + i), "title": f"測試資料集第{i}號（{version}）", "organization": f"測試機關{i % 37}",
                                "format": r.choice(["csv", "json", "xml", "pdf"]), "urls": files}, ensure_ascii=False) + "\n")


class Sqlite:
    def __init__(self, folder):
        self.folder = folder

    def words(self):
        return []

    def rows(self, statement):
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/openshelf.db?mode=ro", uri=True)) as db:
            return [tuple("" if v is None else str(v) for v in row) for row in db.execute(statement)]

    def remove(self):
        pass


class Postgres:
    def __init__(self, folder):
        self.folder = folder
        self.server = os.environ["POSTGRES_URL"]
        self.name = f"crash_{os.getpid()}_{random.randrange(10**9)}"
        self.psql(self.server, f"CREATE DATABASE {self.name}")
        parts = urllib.parse.urlsplit(self.server)
        self.url = urllib.parse.urlunsplit(parts._replace(path="/" + self.name))

    @staticmethod
    def psql(url, statement):
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-c", statement, url],
                              capture_output=True, text=True, check=True)
        return [tuple(row.split("\x1f")) for row in done.stdout.rstrip("\n\x1e").split("\x1e") if row]

    def words(self):
        return ["--database", self.url]

    def rows(self, statement):
        return self.psql(self.url, statement)

    def remove(self):
        self.psql(self.server, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


class Killed:
    """The test, once a database."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="openshelf-crash-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.files = {}
        for version in ("a", "b"):
            self.files[version] = os.path.join(self.folder, version + ".ndjson")
            write_records(self.files[version], version)

    def site(self, name):
        data = os.path.join(self.folder, name)
        os.mkdir(data)
        base = self.base(data)
        self.addCleanup(base.remove)
        return data, base

    def command(self, data, base, *words):
        return [program(), words[0], "--data", data, *base.words(), *words[1:]]

    def do(self, data, base, *words):
        done = subprocess.run(self.command(data, base, *words), capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stdout[-500:]} {done.stderr[-2000:]}")
        return done.stdout

    def state(self, base):
        h = hashlib.sha256()
        for statement in STATE:
            for row in base.rows(statement):
                h.update(repr(row).encode())
        return h.hexdigest()

    def has_record(self, data, base, imported):
        """Before the first import was over it may have been killed so early that there is none."""
        if imported:
            return True
        done = subprocess.run(self.command(data, base, "verify"), capture_output=True, text=True, timeout=600)
        if done.returncode == 0:
            return True
        self.assertRegex(done.stderr, "there is no record in|the record has no id")
        return False

    def test_killed_at_random(self):
        data, base = self.site("undisturbed")
        want, seconds = {}, {}
        for version in ("a", "b", "a", "b"):
            started = time.monotonic()
            self.do(data, base, "import", self.files[version])
            seconds[version] = time.monotonic() - started
            state = self.state(base)
            self.assertEqual(want.setdefault(version, state), state, "importing by turns is not stable")
        self.assertNotEqual(want["a"], want["b"])
        self.assertIn(f"{RECORDS} unchanged", self.do(data, base, "import", self.files["b"]).replace(",", ""))

        data, base = self.site("killed")
        r, killed, ended, between, imported = random.Random(os.urandom(8)), 0, 0, 0, False
        while killed < CRASHES:
            version = "ab"[(killed + ended) % 2]
            process = subprocess.Popen(self.command(data, base, "import", self.files[version]), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(r.uniform(0, seconds[version]))
            process.send_signal(signal.SIGKILL)
            if process.wait() == -signal.SIGKILL:
                killed += 1
            else:       # the machine has become quicker than when the time was taken
                ended += 1
                seconds[version] *= 0.8
            if self.has_record(data, base, imported):
                self.do(data, base, "verify")
                between += self.state(base) not in want.values()
            self.do(data, base, "import", self.files[version])
            imported = True
            self.assertEqual(self.state(base), want[version], f"crash {killed}: another state than undisturbed")
            self.do(data, base, "verify")
        print(f"{type(self).__name__}: {killed} imports killed, {ended} ended before, {between} of them all between two states; "
              f"an import takes {seconds['a']:.2f} s")


class SqliteKilled(Killed, unittest.TestCase):
    base = Sqlite


@unittest.skipUnless(os.environ.get("POSTGRES_URL"), "no PostgreSQL")
class PostgresKilled(Killed, unittest.TestCase):
    base = Postgres


if __name__ == "__main__":
    unittest.main()
