"""Rows that programs add (C10): by the shell and by tokens over HTTP, seen by the readers of a running server within a second."""
import http.client
import json
import os
import threading
import time
import unittest
import urllib.parse

from demo_site import Site


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
