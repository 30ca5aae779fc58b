"""The quality of the catalogue (C10, C12, A2): a record is imported, its file fetched from a real address, measured, shown."""
import functools
import http.server
import json
import os
import threading
import time
import unittest

from demo_site import Site


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


class Quality(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site()
        cls.site.__enter__()
        folder = os.path.join(cls.site.folder, "files")
        os.makedirs(folder)
        files = {"good.csv": "名稱,座數\n甲,3\n乙,5\n", "false.csv": "%PDF-1.4\n%\xe2\xe3\n1 0 obj\n", "page.csv": "<!doctype html><html><body>login</body></html>"}
        for name, text in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=folder))
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{cls.server.server_port}/"
        cls.names = {}
        records = []
        for i, name in enumerate(["good.csv", "false.csv", "page.csv", "away.csv"], 1):
            key = f"A41000000G-9000{i:02}"
            cls.names[name] = key.lower()
            records.append({"identifier": key, "title": f"品質示例{'甲乙丙丁'[i - 1]}", "categoryCode": "I00", "publisher": "臺北市政府",
                            "fieldDescription": "名稱、座數", "accrualPeriodicity": "每年", "modified": time.strftime("%Y-%m-%d"),
                            "license": "政府資料開放授權條款-第1版",
                            "distribution": [{"resourceID": f"{key}-001", "format": "CSV", "characterSetCode": "UTF-8", "downloadURL": base + name}]})
        done = cls.site.run("import", cls.site.write("records.json", json.dumps(records)))
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        for name in cls.names.values():
            cls.site.run("table", "fetch", name, "--allow-private")
        cls.report = json.loads(cls.site.run("quality", "--json").stdout)

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.site.__exit__(None, None, None)

    def quality(self, name):
        return self.site.get(f"/en/datasets/{self.names[name]}.json").json()["quality"]

    def results(self, name):
        return {code: i["result"] for code, i in self.quality(name)["indicators"].items()}

    def test_evidence_gives_a_badge(self):
        q = self.quality("good.csv")
        self.assertEqual(q["badge"], "platinum")
        self.assertEqual(self.results("good.csv")["reply"], "unknown")

    def test_bytes_speak(self):
        self.assertEqual(self.results("false.csv")["structure"], "failed")
        self.assertEqual(self.results("page.csv")["direct"], "failed")
        self.assertEqual(self.quality("page.csv")["badge"], "none")

    def test_one_truth_of_stars(self):
        """C10: what the bytes say is what every face says; what was not read is as declared, and said so."""
        want = {"good.csv": (3, "bytes"), "false.csv": (1, "bytes"), "page.csv": (1, "bytes"), "away.csv": (3, "declared")}
        total = self.site.get("/datasets.json").json()["total"]
        until = time.monotonic() + 10                                   # the index follows another process
        ours = "&".join(f"name={self.names[n]}" for n in want)
        while self.site.get(f"/datasets.json?star_by=bytes&{ours}").json()["total"] < 3 and time.monotonic() < until:
            time.sleep(0.05)
        proven = self.site.get("/datasets.json?star_by=bytes").json()["total"]              # with those of the demonstration
        for name, (stars, by) in want.items():
            slug = self.names[name]
            whole = self.site.get(f"/en/datasets/{slug}.json").json()
            self.assertEqual((whole["star"]["stars"], whole["star"]["by"]), (stars, by), name)
            self.assertEqual(whole["openness"]["verdict"], "open" if stars == 3 else "not_open", name)      # a PDF is no open format, whatever it is called
            self.assertEqual(self.site.get(f"/datasets.json?name={slug}").json()["results"][0]["openness"], whole["openness"]["verdict"], name)
            self.assertEqual((whole["distributions"][0]["star"], whole["distributions"][0]["star_by"]), (stars, by), name)
            row = next(r for r in self.site.get(f"/datasets.json?name={slug}").json()["results"])
            self.assertEqual((row["star"], row["star_by"]), (stars, by), name)
            package = self.site.get(f"/api/3/action/package_show?id={slug}").json()["result"]
            extras = {e["key"]: e["value"] for e in package["extras"]}
            self.assertEqual((extras["star"], extras.get("star_by", "declared")), (str(stars), by), name)
            self.assertEqual((package["resources"][0]["star"], package["resources"][0].get("star_by", "declared")), (stars, by), name)
            found = self.site.get(f"/api/3/action/package_search?fq=star:{stars}+star_by:{by}+name:{slug}").json()["result"]
            self.assertEqual(found["count"], 1, name)
            page = self.site.get(f"/en/datasets/{slug}").text
            self.assertIn(f"{stars} of 5 stars, by " + ("the bytes of the file" if by == "bytes" else "what is declared"), page)
        numbers = self.site.get("/statistics.json").json()
        self.assertEqual(numbers["stars_by_bytes"], proven)
        by_star = {s["value"]: s["datasets"] for s in numbers["stars"]}
        self.assertEqual(sum(by_star.values()), total)
        for stars, n in by_star.items():
            self.assertEqual(self.site.get(f"/datasets.json?star={stars}").json()["total"], n)
        facet = {f["value"]: f["count"] for f in self.site.get("/datasets.json").json()["facets"]["star_by"]}
        self.assertEqual(facet, {"bytes": proven, "declared": total - proven})
        self.assertIn("Dataset rated by its files", self.site.get(f"/en/datasets/{self.names['false.csv']}").text)
        self.assertEqual(self.site.run("verify").returncode, 0)

    def test_an_address_that_does_not_answer(self):
        r = self.results("away.csv")
        self.assertEqual((r["link"], r["structure"], r["fields"]), ("failed", "unknown", "unknown"))

    def test_what_has_no_evidence_is_not_known(self):
        whole = self.site.get("/quality.json").json()
        self.assertEqual(whole["datasets"], self.report["datasets"])
        link = whole["indicators"]["link"]
        self.assertEqual((link["passed"], link["failed"]), (3, 1))
        self.assertEqual(sum(link.values()), whole["datasets"])
        self.assertEqual(sum(whole["badges"].values()), whole["datasets"])
        self.assertEqual(len(whole["history"]), 1)

    def test_pages_and_files(self):
        self.assertIn("可直接下載", self.site.get("/quality").text)
        self.assertIn('id="quality"', self.site.get(f"/datasets/{self.names['good.csv']}").text)
        for name in ("indicators", "organizations", "history", "findings"):
            answer = self.site.get(f"/quality/{name}.csv")
            self.assertEqual((answer.status, answer["content-type"].split(";")[0]), (200, "text/csv"))
        slug = self.site.get(f"/api/3/action/package_show?id={self.names['page.csv']}").json()["result"]["organization"]["name"]
        page = self.site.get(f"/en/quality/organizations/{slug}")
        self.assertEqual(page.status, 200)
        self.assertIn("Files come directly", page.text)
        self.assertEqual(self.site.get("/quality/organizations/nobody").status, 404)
        self.assertEqual(self.site.get("/quality/nothing.csv").status, 404)

    def test_nothing_new_changes_nothing(self):
        before = self.site.get("/api/3/action/status_show")["etag"], json.loads(self.site.run("ledger", "verify", "--json").stdout)
        again = json.loads(self.site.run("quality", "--json").stdout)
        self.assertEqual(again["changed"], 0)
        self.assertEqual(json.loads(self.site.run("ledger", "verify", "--json").stdout), before[1])


if __name__ == "__main__":
    unittest.main()
