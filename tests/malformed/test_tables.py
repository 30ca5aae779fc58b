"""Files that would break a reader of tables: a clear answer, memory under the limit, and the server goes on."""
import gzip
import json
import lzma
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zipfile

from demo_site import ROOT, Site, program

MEMORY_MB = 128         # of any process that takes part, whatever the file's size
SECONDS = 60            # of work
PLAIN = ROOT / "build-gcc" / "openshelf"    # memory means something only without sanitizers


def plain_program():
    return str(PLAIN) if PLAIN.exists() else program()


def sanitized(path):
    return b"__asan_init" in pathlib.Path(path).read_bytes()


# A process counts the memory of the one that started it until it is another program: a small one stands between.
BETWEEN = """import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, stdin=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
text = lambda b: b.decode("utf-8", "replace")
print(json.dumps([done.returncode, text(done.stdout), text(done.stderr), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))"""


class Check:
    """One run of `openshelf check`: what it said, and the most memory of it and of its box."""

    def __init__(self, path):
        command = [sys.executable, "-S", "-c", BETWEEN, plain_program(), "check", "--json", str(path)]
        said = subprocess.run(command, capture_output=True, check=True).stdout
        self.code, self.out, self.err, self.seconds, self.mb = json.loads(said)


class Hostile(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="openshelf-tables-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def checked(self, path, says, seconds=SECONDS):
        run = Check(path)
        self.assertIn(run.code, (0, 1), run.err[-1000:])
        self.assertIn(says, run.out)
        self.assertNotIn("please report", run.out)
        self.assertLess(run.seconds, seconds)
        if not sanitized(plain_program()):
            self.assertLess(run.mb, MEMORY_MB)
        return run

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def test_nothing(self):
        self.checked(self.file("a.csv", b""), "0 bytes")
        page = subprocess.run([plain_program(), "check", "--html", "--zh", str(self.folder / "a.csv")], capture_output=True)
        self.assertIn("「a.csv」沒有資料表：檔案是空的", page.stdout.decode())

    def test_zip_bombs(self):
        path = self.folder / "a.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
            z.writestr("a.csv", b"a\n" * 50_000_000)
        self.checked(path, "zip bomb")
        self.checked(self.file("a.csv.gz", gzip.compress(b"a\n" * 50_000_000, 9)), "zip bomb")
        self.checked(self.file("a.csv.xz", lzma.compress(b"a\n" * 50_000_000)), "zip bomb")
        inner = path.read_bytes()
        for level in range(3):
            outer = self.folder / f"{level}.zip"
            with zipfile.ZipFile(outer, "w") as z:
                z.writestr("in.zip", inner)
            inner = outer.read_bytes()
        self.checked(self.folder / "2.zip", "archive in an archive")

    def test_spreadsheet_bomb(self):
        path = self.folder / "a.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
            z.writestr("[Content_Types].xml", "<Types/>")
            z.writestr("_rels/.rels", "<Relationships/>")
            z.writestr("xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>')
            z.writestr("xl/workbook.xml", '<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>')
            z.writestr("xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + " " * 100_000_000)
        self.checked(path, "zip bomb")

    def test_entity_bomb(self):
        levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
        self.checked(self.file("a.xml", f'<!DOCTYPE l [<!ENTITY l0 "ha">{levels}]><l><i>&l9;</i></l>'.encode()), "declares the entity")
        self.checked(self.file("a.kml", f'<!DOCTYPE kml [<!ENTITY l0 "ha">{levels}]><kml>&l9;</kml>'.encode()), "declares the entity")
        outside = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l><i>&a;</i></l>'
        self.assertNotIn("root:", self.checked(self.file("b.xml", outside), "declares the entity").out)

    def test_ten_thousand_columns(self):
        row = ",".join(str(i) for i in range(10_000)) + "\n"
        self.checked(self.file("a.csv", ("c" + row.replace(",", ",c") + row * 300).encode()), '"rows":300')

    def test_one_cell_of_500_mb(self):
        path = self.folder / "a.csv"
        with open(path, "wb") as f:
            f.write(b'a,b\n1,"')
            for _ in range(500):
                f.write(b"x" * (1 << 20))
        self.checked(path, "longer than 32 MB")

    def rows(self, blocks):
        """A table of so many times 100,000 rows, about 3 MB each time."""
        path, block = self.folder / "a.csv", b"".join(b"%d,name %d,%d.%d,2024-01-%02d\n" % (i, i % 7919, i % 97, i % 10, i % 28 + 1) for i in range(100_000))
        with open(path, "wb") as f:
            f.write("編號,名稱,值,日期\n".encode())
            for _ in range(blocks):
                f.write(block)
        return path

    def test_300_mb(self):
        path = self.rows(100)
        self.assertGreater(path.stat().st_size, 290_000_000)
        self.checked(path, '"rows":10000000')

    def test_gigabytes(self):
        gigabytes = int(os.environ.get("GIGABYTES", "0"))
        if gigabytes == 0:
            self.skipTest("GIGABYTES says how many: script/soak")
        blocks = gigabytes * 330
        self.checked(self.rows(blocks), f'"rows":{blocks * 100_000}', seconds=gigabytes * 120)

    def test_sparse_10_gb(self):
        path = self.file("a.csv", b"a,b\n1,2\n")
        os.truncate(path, 10 << 30)
        self.checked(path, "no format that is known")

    def test_a_file_that_changes(self):
        path = self.file("a.csv", b"a,b\n" + b"1,2\n" * 5_000_000)
        over = threading.Event()

        def change():
            with open(path, "r+b") as f:
                while not over.wait(0.005):
                    f.seek(4)
                    f.write(b"9")
                    f.flush()

        writer = threading.Thread(target=change)
        writer.start()
        try:
            self.checked(path, "changed while it was read")
        finally:
            over.set()
            writer.join()

    def test_deep_and_endless(self):
        self.checked(self.file("a.json", b"[" * 1_000_000), "deep")
        self.checked(self.file("b.json", b'[{"a":"' + b"x" * 40_000_000), "more than")
        self.checked(self.file("a.xml", b"<a>" * 1_000_000), "deep")
        self.checked(self.file("c.json", b"[" + b",".join(b'{"k%d":1}' % i for i in range(300_000)) + b"]"), "different names")


class Server(unittest.TestCase):
    """The same by a running server: the job fails with its reason, the server answers, its memory stays small."""

    def test_the_server_goes_on(self):
        before = os.environ.get("OPENSHELF")
        os.environ["OPENSHELF"] = plain_program()
        try:
            with Site() as site:
                self.walk(site)
        finally:
            os.environ.pop("OPENSHELF")
            if before is not None:
                os.environ["OPENSHELF"] = before

    def walk(self, site):
        dataset = site.get("/api/3/action/package_list").json()["result"][0]
        files = {"empty.csv": b"", "bomb.csv.gz": gzip.compress(b"a\n" * 50_000_000, 9), "deep.json": b"[" * 1_000_000,
                 "entity.xml": b'<!DOCTYPE l [<!ENTITY a "ha">]><l>&a;</l>'}
        for name, content in files.items():
            path = pathlib.Path(site.folder, name)
            path.write_bytes(content)
            put = site.run("put", str(path), "--dataset", dataset, "--file", "1", "--no-wait", "--json")
            self.assertEqual(put.returncode, 0, put.stderr)
            job, end = str(json.loads(put.stdout)["job_id"]), time.monotonic() + 60
            while (state := site.get(f"/jobs/{job}.json").json())["state"] in ("waiting", "running", "queued"):
                self.assertLess(time.monotonic(), end, state)
                time.sleep(0.05)
            self.assertEqual(site.get("/health").status, 200)
        if not sanitized(plain_program()):
            peak = next(line for line in pathlib.Path(f"/proc/{site.process.pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
            self.assertLess(int(peak.split()[1]) / 1024, MEMORY_MB + 64)        # with the demonstration's index and caches


if __name__ == "__main__":
    unittest.main()
