"""HTTP as clients use it: validators, ranges, compression, methods, framing, headers, limits, an orderly stop."""
import gzip
import json
import re
import socket
import signal
import subprocess
import threading
import time
import unittest
import urllib.parse

from demo_site import Site

CANARY = "sekret-4f1d0c"
PAGES = ["/", "/datasets", "/en/datasets?q=%E4%BA%A4%E9%80%9A", "/organizations", "/statistics", "/api/3/action/package_list"]


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site()
        cls.site.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__(None, None, None)

    def raw(self, data, wait=5.0):
        """What the server answers to these bytes, until it closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.site.port), timeout=wait) as s:
            s.sendall(data)
            got = b""
            try:
                while True:
                    piece = s.recv(65536)
                    if not piece:
                        return got, True
                    got += piece
            except TimeoutError:
                return got, False

    def test_etag_and_not_modified(self):
        for path in PAGES:
            with self.subTest(path):
                first = self.site.get(path)
                self.assertEqual(first.status, 200)
                tag = first["etag"]
                self.assertRegex(tag, r'^"[^"]+"$')
                again = self.site.get(path, {"If-None-Match": tag})
                self.assertEqual((again.status, again.body), (304, b""))
                self.assertEqual(again["etag"], tag)
                self.assertEqual(self.site.get(path, {"If-None-Match": '"x", ' + tag}).status, 304)
                self.assertEqual(self.site.get(path, {"If-None-Match": '"other"'}).status, 200)

    def test_etag_differs_by_language_and_kind(self):
        tags = {self.site.get(p, h)["etag"] for p, h in [
            ("/datasets", {"Accept-Language": "zh-TW"}), ("/en/datasets", {}), ("/datasets.json", {}),
            ("/datasets", {"Accept-Encoding": "gzip"})]}
        self.assertGreaterEqual(len(tags), 3)
        self.assertIn("accept-encoding", self.site.get("/datasets")["vary"].lower())

    def test_head_is_get_without_body(self):
        for path in PAGES:
            with self.subTest(path):
                get, head = self.site.get(path), self.site.request("HEAD", path)
                self.assertEqual((head.status, head.body), (get.status, b""))
                for name in ("content-type", "etag", "content-length", "content-security-policy"):
                    self.assertEqual(head[name], get[name])

    def test_compression(self):
        plain = self.site.get("/datasets")
        zipped = self.site.get("/datasets", {"Accept-Encoding": "gzip"})
        self.assertEqual(zipped["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(zipped.body), plain.body)
        self.assertLess(len(zipped.body), len(plain.body) / 2)
        best = self.site.get("/datasets", {"Accept-Encoding": "gzip, zstd"})
        if best["content-encoding"] == "zstd":
            out = subprocess.run(["zstd", "-dc"], input=best.body, capture_output=True, check=True)
            self.assertEqual(out.stdout, plain.body)
        self.assertEqual(self.site.get("/datasets", {"Accept-Encoding": "gzip;q=0, identity"})["content-encoding"], "")

    def asset(self):
        text = self.site.get("/").text
        at = text.index('rel="stylesheet"')
        tag = text[text.rindex("<", 0, at):text.index(">", at)]
        return tag.split('href="')[1].split('"')[0]

    def test_assets_and_ranges(self):
        path = self.asset()
        whole = self.site.get(path)
        self.assertEqual(whole.status, 200)
        self.assertIn("immutable", whole["cache-control"])
        part = self.site.get(path, {"Range": "bytes=10-19"})
        self.assertEqual(part.status, 206)
        self.assertEqual(part.body, whole.body[10:20])
        self.assertEqual(part["content-range"], f"bytes 10-19/{len(whole.body)}")
        self.assertEqual(self.site.get(path, {"Range": "bytes=-5"}).body, whole.body[-5:])
        self.assertEqual(self.site.get(path, {"Range": f"bytes={len(whole.body)}-"}).status, 416)
        self.assertIn(self.site.get(path, {"Range": "lines=1-2"}).status, (200,))

    def test_security_headers(self):
        for path in PAGES[:5] + ["/no/such/page"]:
            with self.subTest(path):
                a = self.site.get(path)
                csp = a["content-security-policy"]
                self.assertIn("default-src 'none'", csp)
                self.assertNotIn("unsafe", csp)
                self.assertNotIn("http:", csp.replace("https:", ""))
                self.assertEqual(a["x-content-type-options"], "nosniff")
                self.assertIn(a["referrer-policy"], ("no-referrer", "same-origin", "strict-origin-when-cross-origin"))
                self.assertTrue("frame-ancestors" in csp or a["x-frame-options"])
                self.assertNotRegex(a["server"], r"\d")

    def test_reading_apis_are_open_to_any_origin(self):
        a = self.site.get("/api/3/action/status_show", {"Origin": "https://elsewhere.example"})
        self.assertEqual(a["access-control-allow-origin"], "*")
        self.assertEqual(a["access-control-allow-credentials"], "")

    def test_methods(self):
        a = self.site.request("DELETE", "/datasets")
        self.assertEqual(a.status, 405)
        self.assertIn("GET", a["allow"])
        self.assertIn(self.site.request("BREW", "/datasets").status, (400, 405, 501))

    def test_errors_in_both_kinds_and_languages(self):
        page = self.site.get("/no-such-page")
        self.assertEqual(page.status, 404)
        self.assertIn("text/html", page["content-type"])
        self.assertEqual(page.text.count("<h1"), 1)
        data = self.site.get("/no-such-page", {"Accept": "application/json"})
        self.assertEqual(data.status, 404)
        self.assertIsInstance(json.loads(data.text), dict)
        self.assertIn('lang="en"', self.site.get("/en/no-such-page").text)
        ckan = self.site.get("/api/3/action/package_show?id=no-such")
        self.assertEqual(ckan.status, 404)
        self.assertIs(json.loads(ckan.text)["success"], False)

    def test_hostile_targets_are_answered(self):
        for target in ["/datasets?q=" + "%00", "/datasets/%2e%2e/%2e%2e/etc/passwd", "/datasets/%ff", "/datasets?page=-1",
                       "/datasets?page=99999999999999999999", "/datasets?q=" + "a" * 4000, "/%", "/datasets?sort=nonsense",
                       "/datasets?q=%3Cscript%3Ealert(1)%3C/script%3E", "/datasets?" + "&".join(f"a{i}={i}" for i in range(500)),
                       "/api/3/action/package_search?fq=" + "(" * 500, "/api/3/action/package_search?rows=-5&q=%22",
                       "//elsewhere.example/x", "/en//elsewhere.example"]:
            with self.subTest(target[:60]):
                a = self.site.get(target)
                self.assertLess(a.status, 500, a.body[:300])
                self.assertNotIn(b"<script>alert", a.body)
                self.assertFalse(a["location"].startswith("//"), a["location"])

    def test_framing_is_strict(self):
        host = b"Host: x\r\n"
        for name, data in {
            "two lengths": b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            "length and chunked": b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "blank before colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
            "folded header": b"GET / HTTP/1.1\r\n" + host + b"X: a\r\n b\r\n\r\n",
            "no host": b"GET / HTTP/1.1\r\n\r\n",
            "two hosts": b"GET / HTTP/1.1\r\n" + host + host + b"\r\n",
            "bare LF": b"GET / HTTP/1.1\nHost: x\n\n",
            "NUL in a header": b"GET / HTTP/1.1\r\n" + host + b"X: a\0b\r\n\r\n",
            "no version": b"GET /\r\n\r\n",
            "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
            "negative length": b"POST / HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n",
            "plus length": b"POST / HTTP/1.1\r\n" + host + b"Content-Length: +1\r\n\r\nx",
        }.items():
            with self.subTest(name):
                got, closed = self.raw(data)
                self.assertTrue(closed, "the connection stays open")
                self.assertTrue(got == b"" or got.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5")), got[:80])
                self.assertLessEqual(got.count(b"HTTP/1.1 "), 1)

    def test_head_too_large(self):
        got, closed = self.raw(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100000 + b"\r\n\r\n")
        self.assertTrue(closed)
        self.assertRegex(got[:16], rb"^(HTTP/1.1 4(31|14|00|13)|$)")

    def test_pipelining_keeps_order(self):
        paths = ["/health", "/robots.txt", "/no-such", "/health"]
        data = b"".join(f"GET {p} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for p in paths[:-1])
        data += b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        got, closed = self.raw(data, 10)
        self.assertTrue(closed)
        statuses = re.findall(rb"HTTP/1\.1 (\d+) ", got)
        self.assertEqual(statuses, [b"200", b"200", b"404", b"200"])

    def test_health_and_metrics(self):
        self.assertEqual(self.site.get("/health").status, 200)
        text = self.site.get("/metrics").text
        self.assertIn("# TYPE", text)
        for line in text.splitlines():
            if line and not line.startswith("#"):
                self.assertRegex(line, r'^[a-z_:][a-z0-9_:]*(\{[^}]*\})? [-+0-9.eE]+$')

    def test_secrets_stay_out_of_the_log(self):
        for target in [f"/datasets?q={CANARY}", f"/api/3/action/package_search?q={CANARY}&apikey={CANARY}", f"/no?token={CANARY}"]:
            self.site.get(target, {"Authorization": f"Bearer {CANARY}", "Cookie": f"s={CANARY}", "X-Api-Key": CANARY})
        self.raw(f"GET /?k={CANARY} HTTP/1.1\r\nHost : x\r\n\r\n".encode())
        time.sleep(0.3)
        log = self.site.log()
        self.assertIn("path=", log)
        self.assertNotIn(CANARY, log)


class Stop(unittest.TestCase):
    def test_no_request_is_lost(self):
        with Site() as site:
            results, go = [], threading.Event()

            def ask():
                go.wait()
                while True:
                    try:
                        with socket.create_connection(("127.0.0.1", site.port), timeout=10) as s:
                            s.sendall(b"GET /datasets.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            got = b""
                            while piece := s.recv(65536):
                                got += piece
                    except ConnectionRefusedError:
                        return
                    except OSError as e:
                        results.append(repr(e))
                        return
                    head, _, body = got.partition(b"\r\n\r\n")
                    if got == b"":
                        continue  # accepted by the kernel, never read: no request was taken
                    length = [h for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")]
                    results.append("ok" if b" 200 " in head[:20] and length and int(length[0].split(b":")[1]) == len(body)
                                   else head[:60].decode() + f" {len(body)}")

            threads = [threading.Thread(target=ask) for _ in range(8)]
            for t in threads:
                t.start()
            go.set()
            time.sleep(0.7)
            code = site.stop(signal.SIGTERM)
            for t in threads:
                t.join()
            self.assertEqual(code, 0)
            self.assertGreater(len(results), 8)
            self.assertEqual([r for r in results if r != "ok" and "reset" not in r.lower()], [])


if __name__ == "__main__":
    unittest.main()
