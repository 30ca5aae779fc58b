"""kill -9 while rows are added, replaced and put together. Each time: the next command needs no repair, `verify` is clean, a
batch of rows is there whole or not at all, and the rows that are there are those that a plain model has."""
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import test_import
from demo_site import program

CRASHES = int(os.environ.get("ROW_CRASHES", "24"))
BATCH = 50


class Killed:
    """The test, once a database."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="openshelf-rows-crash-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = os.path.join(self.folder, "data")
        os.mkdir(self.data)
        self.base = self.kind(self.data)
        self.addCleanup(self.base.remove)

    def command(self, *words):
        return [program(), words[0], *words[1:2], "--data", self.data, *self.base.words(), *words[2:]]

    def do(self, *words):
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stdout[-500:]} {done.stderr[-2000:]}")
        return done.stdout

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def rows(self):
        return {tuple(line.split(",")) for line in self.do("table", "query", self.table, "--format", "csv", "--fields", "k,v").splitlines()[1:]}

    def test_killed_at_random(self):
        record = {"id": "77001", "title": "雨量", "organization": "測試機關", "format": "csv", "urls": ["https://data.example.gov.tw/1.csv"]}
        self.do("import", self.file("one.ndjson", json.dumps(record, ensure_ascii=False) + "\n"))
        self.do("table", "load", self.file("base.csv", "k,v\n" + "".join(f"b{i},0\n" for i in range(2000))), "--dataset", "77001")
        self.table = json.loads(self.do("table", "list", "--json"))[0]["uid"]
        model = {(f"b{i}", "0") for i in range(2000)}
        r, seconds, killed, whole = random.Random(os.urandom(8)), 0.2, 0, 0
        for n in range(10 * CRASHES):
            batch = {(f"b{i}", str(n + 1)) for i in r.sample(range(3000), BATCH)}
            path = self.file("batch.csv", "k,v\n" + "".join(f"{k},{v}\n" for k, v in batch))
            words = ("compact", self.table) if n % 4 == 3 else ("upsert", self.table, path, "--key", "k")
            process = subprocess.Popen(self.command("table", *words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(r.uniform(0, seconds))
            process.send_signal(signal.SIGKILL)
            if process.wait() == -signal.SIGKILL:
                killed += 1
                seconds *= 1.1          # so that about half of them come to their end
            else:
                seconds *= 0.8
            keys = {k for k, _ in batch}
            after = model if words[0] == "compact" else {row for row in model if row[0] not in keys} | batch
            now = self.rows()
            self.assertIn(now, (model, after), f"{words[0]}, crash {killed}: neither as before nor as it should be")
            whole += now == after and words[0] == "upsert"
            model = now
            if killed >= CRASHES:
                break
        self.assertGreaterEqual(killed, CRASHES)
        self.do("verify")
        self.do("table", "compact", self.table)
        self.assertEqual(self.rows(), model)
        self.do("verify")
        print(f"{type(self).__name__}: {killed} killed, {whole} of the upserts had done their work")


class SqliteKilled(Killed, unittest.TestCase):
    kind = test_import.Sqlite


@unittest.skipUnless(os.environ.get("POSTGRES_URL"), "no PostgreSQL")
class PostgresKilled(Killed, unittest.TestCase):
    kind = test_import.Postgres


if __name__ == "__main__":
    unittest.main()
