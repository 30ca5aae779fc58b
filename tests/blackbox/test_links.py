"""Addresses of files are asked whether they answer (C12): through the shell, against a real server, and shown."""
import csv
import http.server
import io
import json
import threading
import time
import unittest

from demo_site import Site


class Files(http.server.BaseHTTPRequestHandler):
    agents, paths = set(), []

    def answer(self, body):
        Files.agents.add(self.headers["User-Agent"])
        Files.paths.append((self.command, self.path))
        if self.path == "/gone.csv":
            self.send_response(404)
        elif self.path == "/get-only.csv" and self.command == "HEAD":
            self.send_response(501)
        elif self.path == "/login.csv":
            body = b"<!doctype html><html><body>login</body></html>" if body else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/csv")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_GET(self):
        self.answer(b"a,b\n1,2\n")

    def do_HEAD(self):
        self.answer(b"")

    def log_message(self, *words):
        pass


class Links(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site()
        cls.site.__enter__()
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.base = f"http://127.0.0.1:{cls.server.server_port}/"
        records = []
        for i, names in enumerate((["good.csv", "get-only.csv"], ["good.csv?2", "gone.csv"], ["login.csv"]), 1):
            key = f"A41000000G-9100{i:02}"
            records.append({"identifier": key, "title": f"連結示例{i}", "categoryCode": "I00", "publisher": "臺北市政府",
                            "license": "政府資料開放授權條款-第1版", "distribution": [
                                {"resourceID": f"{key}-{k:03}", "format": "CSV", "downloadURL": cls.base + n} for k, n in enumerate(names, 1)]})
        done = cls.site.run("import", cls.site.write("records.json", json.dumps(records)))
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        cls.names = [r["identifier"].lower() for r in records]
        cls.walks = [cls.site.run("link", "walk", "--dataset", n, "--allow-private", "--pause", "0", "--json") for n in cls.names]
        cls.asked = list(Files.paths)
        cls.site.run("quality")

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.site.__exit__(None, None, None)

    def result(self, i, indicator):
        quality = self.site.get(f"/en/datasets/{self.names[i]}.json").json().get("quality", {"indicators": {indicator: {"result": ""}}})
        return quality["indicators"][indicator]["result"]

    def test_walks_say_what_they_found(self):
        self.assertEqual([w.returncode for w in self.walks], [0, 1, 1], [w.stderr for w in self.walks])
        self.assertEqual([json.loads(w.stdout) for w in self.walks], [
            {"asked": 2, "failing": 0, "pages": 0, "left_alone": 0}, {"asked": 2, "failing": 1, "pages": 0, "left_alone": 0},
            {"asked": 1, "failing": 0, "pages": 1, "left_alone": 0}])
        self.assertEqual(len(Files.agents), 1)
        self.assertRegex(Files.agents.pop(), r"^Openshelf/\S+ \(open data platform; checks that links work.*\)$")
        self.assertEqual([c for c, p in self.asked if p == "/good.csv"], ["HEAD"])          # no more than is needed
        self.assertEqual([c for c, p in self.asked if p == "/get-only.csv"], ["HEAD", "GET"])

    def test_the_list_of_bad_ones(self):
        done = self.site.run("link", "list", "--bad", "--json")
        self.assertEqual(done.returncode, 1)
        bad = {b["url"]: b for b in json.loads(done.stdout)}
        self.assertEqual(set(bad), {self.base + "gone.csv", self.base + "login.csv"})
        gone = bad[self.base + "gone.csv"]
        self.assertEqual((gone["dataset"], gone["file"], gone["answers"], gone["status"], gone["times"]), (self.names[1], 2, False, 404, 1))
        self.assertTrue(bad[self.base + "login.csv"]["web_page"])
        self.assertIn("status 404", self.site.run("link", "list", "--bad").stdout)
        self.assertEqual(len(json.loads(self.site.run("link", "list", "--json").stdout)), 5)

    def test_the_quality_follows(self):
        want = [("passed", "passed"), ("failed", "passed"), ("passed", "failed")]
        shown = lambda: [(self.result(i, "link"), self.result(i, "direct")) for i in range(3)]
        until = time.monotonic() + 30                       # the pages follow another process, each for itself
        while shown() != want and time.monotonic() < until:
            time.sleep(0.05)
        self.assertEqual(shown(), want)

    def test_pages(self):
        page = self.site.get("/en/quality/links")
        self.assertEqual((page.status, page["cache-control"] != ""), (200, True))
        self.assertIn("nothing is there (status 404)", page.text)
        self.assertIn("a web page instead of the file", page.text)
        self.assertIn("失效連結", self.site.get("/quality/links").text)
        numbers = self.site.get("/quality/links.json").json()
        self.assertEqual((numbers["asked"], numbers["failing"], numbers["web_pages"], len(numbers["bad"])), (5, 1, 1, 2))
        slug = self.site.get(f"/datasets/{self.names[0]}.json").json()["organization"]["slug"]
        of_one = self.site.get(f"/quality/links.json?organization={slug}").json()
        self.assertEqual((of_one["asked"], of_one["addresses"] < numbers["addresses"]), (5, True))
        self.assertEqual(self.site.get("/quality/links?organization=nobody").status, 404)
        rows = list(csv.DictReader(io.StringIO(self.site.get("/quality/links.csv").text.lstrip("\ufeff"))))
        self.assertEqual({(r["dataset"], r["file"], r["status"]) for r in rows}, {(self.names[1], "2", "404"), (self.names[2], "1", "200")})
        files = self.site.get(f"/en/datasets/{self.names[1]}.json").json()["distributions"]
        self.assertEqual([(f["link"]["answers"], f["link"]["error"], f["link"]["times"]) for f in files], [(True, None, 1), (False, "not_found", 1)])
        self.assertIn("The address did not give the file on", self.site.get(f"/en/datasets/{self.names[1]}").text)
        self.assertIn("The address has answered since", self.site.get(f"/en/datasets/{self.names[0]}/1").text)
        until = time.monotonic() + 10                       # the page follows another process
        while "addresses have been asked" not in self.site.get("/en/quality").text and time.monotonic() < until:
            time.sleep(0.05)
        self.assertIn(f"5 of {numbers['addresses']} addresses have been asked: 1 do not give their file, 1 give a web page instead.",
                      self.site.get("/en/quality").text)

    def test_strangers_words(self):
        self.assertEqual(self.site.run("link", "walk", "--dataset", "nobody").returncode, 4)
        self.assertEqual(self.site.run("link", "walk", "--limit", "-1").returncode, 2)
        self.assertEqual(self.site.run("link", "list", "--limit", "0").returncode, 2)
        job = json.loads(self.site.run("link", "walk", "--dataset", self.names[0], "--allow-private", "--no-wait", "--json").stdout)["job"]
        until = time.monotonic() + 20
        while json.loads(self.site.run("job", "show", str(job)).stdout)["state"] != "done" and time.monotonic() < until:
            time.sleep(0.1)
        shown = json.loads(self.site.run("job", "show", str(job)).stdout)
        self.assertEqual((shown["kind"], shown["state"]), ("link.walk", "done"))          # the server did it


if __name__ == "__main__":
    unittest.main()
