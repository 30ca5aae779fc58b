"""Files that are broken, foreign or hostile: each is read, or refused with a reason; nothing crashes, hangs or swells."""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import unittest

from demo_site import program, shared

FOLDERS = ("catalog-intl", "json-conformance", "encodings")
SECONDS = 10
SUMMARY = re.compile(r"\d[\d,]* created, \d[\d,]* updated, \d[\d,]* unchanged, \d[\d,]* refused")


class Import:
    """One run of `openshelf import` with its time and memory."""

    def __init__(self, data, *words):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        env = {**os.environ, "ASAN_OPTIONS": "exitcode=99:detect_leaks=1", "UBSAN_OPTIONS": "halt_on_error=1:exitcode=99"}
        try:
            done = subprocess.run([program(), "import", "--data", data, *words], capture_output=True, env=env, timeout=600,
                                  stdin=subprocess.DEVNULL)
            self.code, self.out, self.err = done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            self.code, self.out, self.err = -99, "", "still running after 10 minutes"
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime  # of work: the machine may be busy
        self.grown_mb = (after.ru_maxrss - before.ru_maxrss) / 1024

    def faults(self):
        if self.code < 0 or self.code == 99 or "Sanitizer" in self.err or "runtime error" in self.err:
            yield f"ended with {self.code}: {self.err[-1500:]}"
        elif self.code not in (0, 1, 2):
            yield f"exit {self.code}: {self.err[-300:]}"
        elif self.code != 0 and not (self.err.strip() or "refused" in self.out):
            yield f"exit {self.code} without a reason"
        elif self.code in (0, 1) and not SUMMARY.search(self.out):
            yield f"exit {self.code} without the summary line: {self.out[-200:]!r}"
        if self.seconds > SECONDS:
            yield f"took {self.seconds:.1f} s"
        if self.grown_mb > 1500:  # under the sanitizer; the plain program is held to 256 MB by bench/
            yield f"took {self.grown_mb:.0f} MB more than any run before"


class Malformed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="openshelf-malformed-")
        cls.data = os.path.join(cls.folder, "data")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def tell(self, faults):
        self.assertEqual([], faults[:10], f"{len(faults)} faults")

    def files(self, folder):
        path = shared(folder)
        if path is None:
            self.skipTest("../shared/corpus is absent")
        return sorted(p for p in path.rglob("*") if p.is_file())

    def walk(self, folder, *words):
        faults, read = [], 0
        for file in self.files(folder):
            run = Import(self.data, str(file), *words)
            faults += [f"{file.name}: {f}" for f in run.faults()]
            read += run.code == 0
        self.tell(faults)
        return read

    def test_catalogues_dry(self):
        self.walk("catalog-intl", "--dry-run")

    def test_catalogues(self):
        self.walk("catalog-intl")
        self.still_whole()

    def test_encodings(self):
        self.walk("encodings")
        self.still_whole()

    def test_json_as_the_standard_says(self):
        """Files that must be refused as JSON (n_*) never count as read without a refusal; none is taken for a catalogue."""
        faults = []
        for file in self.files("json-conformance"):
            run = Import(self.data, str(file))
            faults += [f"{file.name}: {f}" for f in run.faults()]
            if file.name.startswith("n_") and run.code == 0 and re.search(r"[1-9]\d* created", run.out):
                faults.append(f"{file.name}: not JSON, and records were made of it")
        self.tell(faults)
        self.still_whole()

    def still_whole(self):
        done = subprocess.run([program(), "verify", "--data", self.data], capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout[-500:] + done.stderr[-1500:])


class Made(unittest.TestCase):
    """Files made here, so that something is tested where the corpus is absent."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="openshelf-malformed-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def given(self, name, content, *words):
        file = self.folder / name
        file.write_bytes(content)
        run = Import(str(self.folder / "data"), str(file), *words)
        self.assertEqual([], list(run.faults()))
        return run

    def test_empty_and_tiny(self):
        for name, content in [("empty.json", b""), ("blank.json", b" \n"), ("bom.json", b"\xef\xbb\xbf"), ("nul.json", b"\0" * 100),
                              ("one.csv", b"\n"), ("x", b"x"), ("null.json", b"null"), ("array.json", b"[]"), ("number.json", b"1e999")]:
            with self.subTest(name):
                run = self.given(name, content)
                self.assertNotRegex(run.out, r"[1-9]\d* created")

    def test_deep_nesting(self):
        for opener in (b"[", b'{"a":', b'[{"dataset":'):
            self.given("deep.json", opener * 200_000)
        self.given("closed.json", b"[" * 100_000 + b"]" * 100_000)

    def test_long_lines_and_values(self):
        self.given("long.json", b'{"title":"' + b"x" * 20_000_000 + b'"}')
        self.given("long.ndjson", b'{"title":"' + b"x" * 20_000_000)
        self.given("long.csv", b'"' + b"x" * 5_000_000)

    def test_gzip_that_lies(self):
        import gzip
        whole = gzip.compress(b'{"title":"x"}\n' * 1000)
        for name, content in [("cut.ndjson.gz", whole[:-20]), ("tail.ndjson.gz", whole + b"garbage"), ("head.ndjson.gz", whole[:4]),
                              ("flipped.ndjson.gz", whole[:30] + bytes([whole[30] ^ 255]) + whole[31:]),
                              ("bomb.json.gz", gzip.compress(b" " * 300_000_000, 9))]:
            with self.subTest(name):
                self.given(name, content)

    def test_bytes_that_are_no_text(self):
        import random
        r = random.Random(2015)
        for i in range(30):
            self.given(f"r{i}.{r.choice(['json', 'csv', 'ndjson', 'bin', 'gz'])}", r.randbytes(r.randrange(1, 4000)))

    def test_absent_and_strange_paths(self):
        run = Import(str(self.folder / "data"), str(self.folder / "absent.json"))
        self.assertEqual(run.code, 4)
        os.mkfifo(self.folder / "unused")
        run = Import(str(self.folder / "data"), str(self.folder / "data-absent"))
        self.assertIn(run.code, (2, 4))
        (self.folder / "dir").mkdir()
        run = Import(str(self.folder / "data"), str(self.folder / "dir"))
        self.assertIn(run.code, (0, 1, 2))


if __name__ == "__main__":
    unittest.main()
