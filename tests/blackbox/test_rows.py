"""Rows that programs add (C10): by the shell and by tokens over HTTP, seen by the readers of a running server within a second."""
import contextlib
import html
import http.client
import http.server
import json
import os
import pathlib
import re
import signal
import threading
import time
import unittest
import urllib.parse

from demo_site import ROOT, Site

WRITES = re.compile(r'^ROUTE\(M\((\w+)\), "([^"]+)", \w+, WRITE, ', re.M)


def box_of(pid, seconds=20):
    """The child in which the server reads a file."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                for child in (task / "children").read_text().split():
                    if b"box" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                        return int(child)
    raise AssertionError("the file is not being read")


class OneFile(http.server.BaseHTTPRequestHandler):
    """A publisher's server with one file."""
    body = b""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


class Rows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site()
        cls.site.__enter__()
        cls.token = cls.run_words("token", "new", "--operator", "--name", "tests").stdout.splitlines()[-1]
        cls.tables = json.loads(cls.run_words("table", "list", "--json").stdout)
        cls.table = next(t["uid"] for t in cls.tables if t["rows"] == 4032)

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__(None, None, None)

    @classmethod
    def run_words(cls, *words, code=0, **options):
        done = cls.site.run(*words, **options)
        if done.returncode != code:
            raise AssertionError(f"{words}: {done.returncode} {done.stderr}")
        return done

    def send(self, method, path, body=b"", headers=None, token=None):
        where = urllib.parse.urlsplit(self.site.url)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
        given = {"Authorization": "Bearer " + token} if token else {}
        connection.request(method, path, body, {**given, **(headers or {})})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, json.loads(text)

    def total(self, **filters):
        address = "/api/3/action/datastore_search?limit=1&resource_id=" + self.table + "&filters=" + urllib.parse.quote(json.dumps(filters))
        return self.site.get(address).json()["result"]["total"]

    def test_rows_of_the_shell_are_seen_within_a_second(self):
        self.assertEqual(self.total(station_code="shell"), 0)
        file = os.path.join(self.site.folder, "new.csv")
        with open(file, "w", encoding="utf-8") as f:
            f.write("AQI,測站代碼\n50,shell\n51,shell\n")
        self.run_words("table", "append", self.table, file)
        began = time.monotonic()
        while self.total(station_code="shell") != 2:
            self.assertLess(time.monotonic() - began, 1.0, "readers do not see what was added")
            time.sleep(0.02)
        page = self.site.get(f"/tables/{self.table}?f.station_code=shell").text
        self.assertIn("51", page)

    def test_rows_that_are_there_already_are_not_sent_again(self):
        addresses = [f"/tables/{self.table}/download.csv?f.station_code=003", f"/tables/{self.table}/download.xlsx", f"/datastore/dump/{self.table}",
                     f"/dump/datastore/{self.table}?format=xml", f"/dump/datastore/{self.table}?format=csv&compress=zip", f"/api/v1/rest/datastore/{self.table}?limit=5"]
        tags = {}
        for address in addresses:
            first = self.site.get(address, {"Accept-Encoding": "gzip"})
            tags[address] = first["ETag"]
            self.assertTrue(tags[address], address)
            again = self.site.get(address, {"If-None-Match": tags[address]})
            self.assertEqual((again.status, again.body), (304, b""), address)
        self.assertEqual(len(set(tags.values())), len(addresses))
        self.run_words("table", "append", self.table, input="測站代碼,AQI\n003,9\n")
        for address, tag in tags.items():
            self.assertEqual(self.site.get(address, {"If-None-Match": tag}).status, 200, address)
        old = self.site.get(addresses[0] + "&version=1")
        self.assertEqual(self.site.get(addresses[0] + "&version=1", {"If-None-Match": old["ETag"]}).status, 304)

    def test_the_page_of_interfaces_shows_each_by_a_table_that_answers(self):
        page = self.site.get("/api", {"Accept": "text/html"}).text
        part = page[page.index('id="tables"'):page.index('id="limits-h"')]
        links = [html.unescape(link) for link in re.findall(r'<a href="([^"]+)"', part)]
        self.assertEqual(len(links), 6)
        for link in links:
            self.assertEqual(self.site.get(link).status, 200, link)

    def test_rows_by_token(self):
        body = json.dumps([{"測站代碼": "http", "監測時間": "2025-04-01T00:00", "AQI": 1}])
        json_type = {"Content-Type": "application/json"}
        path = f"/tables/{self.table}/rows"
        self.assertEqual(self.send("POST", path, body, json_type)[0], 403)
        self.assertEqual(self.send("POST", path, body, json_type, "osk_" + "0" * 64)[0], 403)
        status, answer = self.send("POST", path, body, json_type, self.token)
        self.assertEqual((status, answer["added"]), (200, 1))
        self.assertEqual(self.total(station_code="http"), 1)
        status, answer = self.send("POST", path + "?key=station_code,%E7%9B%A3%E6%B8%AC%E6%99%82%E9%96%93", body.replace(": 1", ": 2"), json_type, self.token)
        self.assertEqual((status, answer["replaced"]), (200, 1), answer)
        self.assertEqual((self.total(station_code="http", aqi=2), self.total(station_code="http")), (1, 1))
        status, answer = self.send("POST", path + "?strict=true", body.replace(": 1", ': "many"'), json_type, self.token)
        self.assertEqual(status, 422)
        self.assertIn("row 1, “AQI”", json.dumps(answer, ensure_ascii=False))
        status, answer = self.send("POST", path, '[{"none": 1}]', json_type, self.token)
        self.assertEqual(status, 422)
        self.assertIn("none", json.dumps(answer, ensure_ascii=False))
        self.assertEqual(self.send("POST", "/tables/none/rows", body, json_type, self.token)[0], 404)

    def test_a_token_covers_what_it_says(self):
        others = [t for t in self.tables if t["uid"] != self.table]
        dataset = self.site.get("/api/3/action/resource_show?id=" + self.table).json()["result"]["package_id"]
        made = self.run_words("token", "new", "--scope", "dataset:" + dataset, "--json")
        token = json.loads(made.stdout)
        body, kind = '[{"測站代碼":"scope"}]'.encode(), {"Content-Type": "application/json"}
        self.assertEqual(self.send("POST", f"/tables/{self.table}/rows", body, kind, token["token"])[0], 200)
        self.assertEqual(self.send("POST", f"/tables/{others[0]['uid']}/rows", body, kind, token["token"])[0], 403)
        self.assertEqual(self.send("PUT", f"/files/{others[0]['uid']}/x.csv", b"a\n1\n", {}, token["token"])[0], 403)
        self.run_words("token", "end", str(token["id"]))
        self.assertEqual(self.send("POST", f"/tables/{self.table}/rows", body, kind, token["token"])[0], 403)
        self.assertNotIn(token["token"], self.run_words("ledger", "show", "--values").stdout)
        self.run_words("token", "end", "999", code=4)

    def test_ckan_clients_write(self):
        call = {"resource_id": self.table, "method": "insert", "records": [{"station_code": "ckan", "aqi": 7}]}
        kind = {"Content-Type": "application/json"}
        status, answer = self.send("POST", "/api/3/action/datastore_upsert", json.dumps(call), kind)
        self.assertEqual((status, answer["error"]["__type"]), (403, "Authorization Error"))
        status, answer = self.send("POST", "/api/3/action/datastore_upsert", json.dumps(call), {**kind, "Authorization": self.token})
        self.assertEqual((status, answer["success"]), (200, True), answer)
        self.assertEqual(self.total(station_code="ckan"), 1)
        call["records"] = [{"nowhere": 1}]
        status, answer = self.send("POST", "/api/3/action/datastore_upsert", json.dumps(call), {**kind, "X-CKAN-API-Key": self.token})
        self.assertEqual((status, answer["error"]["__type"]), (409, "Validation Error"))

    def test_rows_are_judged_by_the_schema(self):
        """A publisher's schema wins for rows that come later, too: they are found on the quality page, or refused where that is wished."""
        with Site() as site:
            file, given = os.path.join(site.folder, "levels.csv"), os.path.join(site.folder, "levels.schema.json")
            with open(file, "w", encoding="utf-8") as f:
                f.write("代號,水位\nA1,1.5\nA2,2.5\n")
            with open(given, "w", encoding="utf-8") as f:
                json.dump({"fields": [{"name": "code", "title": "代號", "type": "string", "constraints": {"pattern": "A[0-9]"}},
                                      {"name": "level", "title": "水位", "type": "number", "constraints": {"maximum": 10}}], "primaryKey": "code"}, f)
            dataset = json.loads(site.get("/api/3/action/package_list").text)["result"][0]
            site.run("put", file, "--dataset", dataset, "--file", "1")
            table = next(t["uid"] for t in json.loads(site.run("table", "list", "--json").stdout) if t["rows"] == 2)
            job = json.loads(site.run("schema", "set", table, given, "--json").stdout)["job"]
            until = time.monotonic() + 20
            while json.loads(site.run("job", "show", str(job), "--json").stdout)["state"] in ("waiting", "running") and time.monotonic() < until:
                time.sleep(0.05)
            done = site.run("table", "append", table, "--strict", input="code,level\nA3,11\n")
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("row 1, “水位”", done.stderr)
            tried = json.loads(site.run("table", "append", table, "--dry-run", "--json", input="code,level\nA1,1\n").stdout)
            self.assertEqual((tried["wrong_values"], tried["findings"][0]["code"], tried["rows"]), (1, "key_repeated", 2))
            before = site.get(f"/tables/{table}/quality.json").json()
            self.assertEqual(site.run("table", "append", table, input="code,level\nA3,11\nA1,1\n").returncode, 0)
            after, until = before, time.monotonic() + 5
            while after["score"] == before["score"] and time.monotonic() < until:
                after = site.get(f"/tables/{table}/quality.json").json()
            self.assertLess(after["score"], before["score"])
            found = {r["code"]: r["findings"][0]["row"] for r in after["rules"] if r["group"] == "SCHEMA"}
            self.assertEqual(found, {"out_of_range": 3, "key_repeated": 4})

    def test_two_writers_lose_nothing(self):
        each, writers = 15, 3

        def write(name):
            for i in range(each):
                status, _ = self.send("POST", f"/tables/{self.table}/rows", f"測站代碼,AQI\n{name},{i}\n".encode(), {"Content-Type": "text/csv"}, self.token)
                if status != 200:
                    failed.append(status)

        failed, threads = [], [threading.Thread(target=write, args=(f"writer{n}",)) for n in range(writers)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(failed, [])
        self.assertEqual([self.total(station_code=f"writer{n}") for n in range(writers)], [each] * writers)
        began = time.monotonic()
        while json.loads(self.run_words("table", "info", self.table, "--json").stdout)["segments"] > 9:     # put together by the server's worker
            self.assertLess(time.monotonic() - began, 30)
            time.sleep(0.2)
        self.assertEqual([self.total(station_code=f"writer{n}") for n in range(writers)], [each] * writers)
        self.run_words("verify")

    def test_a_file_by_token_and_its_job(self):
        uid = next(t["uid"] for t in self.tables if t["uid"] != self.table)
        status, answer = self.send("PUT", f"/files/{uid}/new.csv", "a,b\n1,2\n".encode(), {}, self.token)
        self.assertEqual(status, 202, answer)
        for _ in range(100):
            told = self.site.get(answer["job"]).json()
            if told["state"] not in ("waiting", "running"):
                break
            time.sleep(0.1)
        self.assertEqual(told["state"], "done", told)
        self.assertEqual(json.loads(self.run_words("table", "info", uid, "--json").stdout)["rows"], 1)
        self.assertEqual(self.send("PUT", f"/files/{uid}/new.csv", "a,b\n1,2\n".encode(), {}, self.token), (200, {"fresh": False, "job": None}))
        self.assertEqual(self.send("POST", answer["job"].replace(".json", "/cancel"), b"", {}, self.token)[0], 409)

    def test_every_route_that_writes_wants_its_token(self):
        """Without one, with a made-up one, with one of another dataset; and nothing has changed."""
        uid, other = (t["uid"] for t in [t for t in self.tables if t["uid"] != self.table][:2])
        dataset = self.site.get("/api/3/action/resource_show?id=" + other).json()["result"]["package_id"]
        elsewhere = self.run_words("token", "new", "--scope", "dataset:" + dataset).stdout.splitlines()[-1]
        past = self.run_words("token", "new", "--operator", "--expires", "2020-01-01").stdout.splitlines()[-1]
        job = json.loads(self.run_words("table", "fetch", self.site.get("/api/3/action/resource_show?id=" + uid).json()["result"]["package_id"],
                                        "--file", "1", "--no-wait", "--json").stdout)["job_id"]
        routes = WRITES.findall((ROOT / "src/app/routes.def").read_text(encoding="utf-8"))
        self.assertGreater(len(routes), 4)
        head = json.loads(self.run_words("ledger", "show", "--json", "--most", "1").stdout)
        for method, path in routes:
            address = path.format(uid=uid, name="x.csv", id=job)
            body = json.dumps({"resource_id": uid, "method": "insert", "records": [{"x": 1}]})
            for token in (None, "osk_" + "0" * 64, "osk_", past, elsewhere):
                with self.subTest(method=method, path=path, token=token and token[:6]):
                    status, _ = self.send(method, address, body, {"Content-Type": "application/json"}, token)
                    self.assertEqual(status, 403)
        self.assertEqual(json.loads(self.run_words("ledger", "show", "--json", "--most", "1").stdout), head)
        for token in (None, "osk_" + "0" * 64, elsewhere):                       # reading asks for nothing, whatever is shown
            given = {"Authorization": token} if token else {}
            self.assertEqual(self.site.get("/api/3/action/datastore_search?limit=1&resource_id=" + uid, given).status, 200)

    def test_a_load_says_how_far_it_is_and_can_be_ended(self):
        uid = self.tables[-1]["uid"]
        rows = json.loads(self.run_words("table", "info", uid, "--json").stdout)["rows"]
        body = ("a,b\n" + "".join(f"{i},a text of row {i}\n" for i in range(1500000))).encode()
        status, answer = self.send("PUT", f"/files/{uid}/large.csv", body, {}, self.token)
        self.assertEqual(status, 202, answer)
        box = box_of(self.site.process.pid)
        self.addCleanup(lambda: os.path.exists(f"/proc/{box}") and os.kill(box, signal.SIGKILL))
        told, end = {"bytes_done": 0, "seconds_left": None}, time.monotonic() + 60
        while told["bytes_done"] == 0 or told["seconds_left"] is None:           # however quick the machine is: it reads a little and stands still
            self.assertLess(time.monotonic(), end, told)
            for how, seconds in ((signal.SIGCONT, 0.02), (signal.SIGSTOP, 0.6)):
                os.kill(box, how)
                time.sleep(seconds)
            told = self.site.get(answer["job"]).json()
        self.assertEqual((told["kind"], told["state"], told["bytes_all"]), ("table.load", "running", len(body)))
        self.assertTrue(0 < told["bytes_done"] < len(body) and told["rows"] > 0, told)
        self.assertGreater(told["seconds_left"], 0)
        page = self.site.get(answer["job"].removesuffix(".json")).text
        self.assertIn("<progress", page)
        self.assertEqual(self.send("POST", answer["job"].replace(".json", "/cancel"), b"", {}, self.token), (200, {"id": told["id"], "cancelled": True}))
        end = time.monotonic() + 10
        while told["state"] == "running":
            self.assertLess(time.monotonic(), end, "the job goes on")
            time.sleep(0.05)
            told = self.site.get(answer["job"]).json()
        self.assertEqual(told["state"], "cancelled", told)
        self.assertEqual(json.loads(self.run_words("table", "info", uid, "--json").stdout)["rows"], rows)
        self.assertFalse(os.path.exists(f"/proc/{box}"), "the box outlives its job")

    def test_the_file_at_an_address(self):
        OneFile.body = "站名,數量\n甲,1\n乙,2\n".encode()
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), OneFile) as publisher:
            threading.Thread(target=publisher.serve_forever, daemon=True).start()
            record = {"id": "77001", "title": "取檔", "organization": "測試機關", "format": "csv",
                      "urls": [f"http://127.0.0.1:{publisher.server_port}/now.csv"]}
            self.run_words("import", self.site.write("one.ndjson", json.dumps(record, ensure_ascii=False) + "\n"))
            refused = self.run_words("table", "fetch", "77001", code=3)     # the guard of addresses
            self.assertIn("127.0.0.1", refused.stderr)
            told = json.loads(self.run_words("table", "fetch", "77001", "--allow-private", "--json").stdout)
            self.assertEqual((told["state"], told["result"]["rows"]), ("done", 2), told)
            self.assertEqual(self.run_words("table", "query", "77001", "站名=乙", "--format", "tsv", "--fields", "數量").stdout.split()[-1], "2")
            again = json.loads(self.run_words("table", "fetch", "77001", "--allow-private", "--json").stdout)
            self.assertNotIn("load_job", again["result"])                   # the same bytes load nothing
            OneFile.body += "丙,3\n".encode()
            later = json.loads(self.run_words("table", "fetch", "77001", "--allow-private", "--no-wait", "--json").stdout)
            end = time.monotonic() + 20                                     # the server's worker does it, and the load that follows
            while json.loads(self.run_words("table", "info", "77001", "--json").stdout)["rows"] != 3:
                self.assertLess(time.monotonic(), end, later)
                time.sleep(0.1)
            publisher.shutdown()

    def test_an_address_that_is_asked_again_and_again(self):
        """C10: what a publisher changes is served seconds later, and nobody does anything."""
        OneFile.body = "站名,數量\n甲,1\n".encode()
        rows = lambda: json.loads(self.run_words("table", "info", "77002", "--json").stdout)["rows"]
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), OneFile) as publisher:
            threading.Thread(target=publisher.serve_forever, daemon=True).start()
            record = {"id": "77002", "title": "輪詢", "organization": "測試機關", "format": "csv",
                      "urls": [f"http://127.0.0.1:{publisher.server_port}/now.csv"]}
            self.run_words("import", self.site.write("two.ndjson", json.dumps(record, ensure_ascii=False) + "\n"))
            self.run_words("table", "poll", "77002", "--every", "soon", code=2)
            self.run_words("table", "poll", "77002", "--every", "1s", code=2)
            self.run_words("table", "poll", "77002", "--every", "5s", "--allow-private")
            self.seen(lambda: self.site.run("table", "info", "77002").returncode == 0)
            self.assertEqual(rows(), 1)
            OneFile.body += "乙,2\n".encode()
            self.seen(lambda: rows() == 2)
            page = self.site.get("/en/tables/" + json.loads(self.run_words("table", "info", "77002", "--json").stdout)["uid"]).text
            self.assertIn("asked for anew every 5 seconds", page)
            polls = json.loads(self.run_words("table", "poll", "--json").stdout)
            self.assertEqual([(p["every_s"], p["works"], p["failures"], p["error"]) for p in polls], [(5, True, 0, "")])
            publisher.shutdown()
        self.seen(lambda: json.loads(self.run_words("table", "poll", "--json").stdout)[0]["failures"] > 0)
        self.assertIn("failed", self.run_words("table", "poll").stdout)
        self.assertEqual(rows(), 2)
        self.run_words("table", "poll", "77002", "--off")
        self.assertEqual(json.loads(self.run_words("table", "poll", "--json").stdout), [])
        self.run_words("verify")

    def seen(self, what, seconds=30):
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)

    def test_rows_are_asked_in_the_shell(self):
        def ask(*words):
            return self.run_words("table", "query", self.table, *words).stdout

        self.assertEqual(int(ask("--count", "縣市=臺北市")), self.total(county="臺北市"))
        got = json.loads(ask("縣市=臺北市", "AQI>=40", "--sort", "AQI desc", "--limit", "3", "--json"))
        self.assertEqual(len(got), 3)
        self.assertEqual([r["aqi"] for r in got], sorted((r["aqi"] for r in got), reverse=True))
        counted = json.loads(ask("--json", "--sql", "SELECT count(*) n FROM t WHERE county = '臺北市'"))
        self.assertEqual(counted, [{"n": self.total(county="臺北市")}])
        self.assertEqual(ask("測站代碼=001", "--limit", "1", "--format", "csv").splitlines()[0].split(",")[0], "station_code")
        self.run_words("table", "query", self.table, "none=1", code=2)
        self.run_words("table", "query", self.table, "what", code=2)
        self.run_words("table", "query", "none", code=4)
        self.run_words("table", "none", code=2)
        to = os.path.join(self.site.folder, "out.xlsx")
        self.run_words("table", "export", self.table, "縣市=臺北市", "--to", to)
        with open(to, "rb") as f:
            self.assertEqual(f.read(2), b"PK")
        self.run_words("table", "export", self.table, "--to", to, code=5)      # never over a file that is there


if __name__ == "__main__":
    unittest.main()
