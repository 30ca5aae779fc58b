"""Requests that two programs could read in two ways are refused, and nothing behind them is run."""
import random
import re
import unittest

from small_server import Reader, Server, get

HOST = b"Host: x\r\n"
AFTER = b"POST /bump HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"  # changes the version if it is taken for a request


def post(*headers, body=b""):
    return b"POST /echo HTTP/1.1\r\n" + HOST + b"".join(h + b"\r\n" for h in headers) + b"\r\n" + body


SMUGGLING = {
    "length and chunked": post(b"Content-Length: 6", b"Transfer-Encoding: chunked", body=b"0\r\n\r\nX"),
    "chunked and length": post(b"Transfer-Encoding: chunked", b"Content-Length: 6", body=b"0\r\n\r\nX"),
    "two lengths": post(b"Content-Length: 0", b"Content-Length: 50"),
    "equal lengths": post(b"Content-Length: 0", b"Content-Length: 0"),
    "length list": post(b"Content-Length: 0, 0"),
    "signed length": post(b"Content-Length: +0"),
    "length in hex": post(b"Content-Length: 0x0"),
    "length with blanks inside": post(b"Content-Length: 0 0"),
    "huge length": post(b"Content-Length: 18446744073709551616"),
    "blank before colon": post(b"Content-Length : 0"),
    "tab before colon": post(b"Transfer-Encoding\t: chunked"),
    "folded coding": post(b"Transfer-Encoding:\r\n chunked"),
    "coding list": post(b"Transfer-Encoding: chunked, identity"),
    "coding twice": post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
    "coding with quote": post(b'Transfer-Encoding: "chunked"'),
    "coding with tail": post(b"Transfer-Encoding: chunked\x0b"),
    "coding in front": post(b"Transfer-Encoding: x, chunked"),
    "bare LF": b"POST /echo HTTP/1.1\nHost: x\nContent-Length: 0\n\n",
    "bare LF within": post(b"A: b\nContent-Length: 50"),
    "bare CR within": post(b"A: b\rContent-Length: 50"),
    "NUL": post(b"A: b\0c"),
    "line without colon": post(b"Content-Length 0"),
    "blank line with blank": post(b" "),
    "no host": b"GET /hello HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "HTTP/1.0 chunked": b"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/0.9": b"GET /hello\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "chunk size with plus": post(b"Transfer-Encoding: chunked", body=b"+5\r\nhello\r\n0\r\n\r\n"),
    "chunk size with 0x": post(b"Transfer-Encoding: chunked", body=b"0x5\r\nhello\r\n0\r\n\r\n"),
    "chunk size with blank": post(b"Transfer-Encoding: chunked", body=b"5 \r\nhello\r\n0\r\n\r\n"),
    "chunk size too long": post(b"Transfer-Encoding: chunked", body=b"10000000000000005\r\nhello\r\n0\r\n\r\n"),
    "chunk longer than said": post(b"Transfer-Encoding: chunked", body=b"4\r\nhello\r\n0\r\n\r\n"),
    "chunk ended by LF": post(b"Transfer-Encoding: chunked", body=b"5\r\nhello\n0\r\n\r\n"),
    "chunk size ended by LF": post(b"Transfer-Encoding: chunked", body=b"5\nhello\r\n0\r\n\r\n"),
    "trailer with blank before colon": post(b"Transfer-Encoding: chunked", body=b"0\r\nA : b\r\n\r\n"),
}


class Framing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--body-ms", 3000)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def version(self):
        return self.server.ask(get("/page", "Connection: close")).split(b"version ")[1].split(b" ")[0]

    def test_smuggling_set(self):
        before = self.version()
        for name, data in SMUGGLING.items():
            with self.subTest(name):
                got = self.server.ask(data + AFTER)
                self.assertRegex(got[:14], rb"^HTTP/1\.1 (400|431|501|505) ")
                self.assertEqual(len(re.findall(rb"HTTP/1\.1 \d\d\d ", got)), 1, "the rest was taken for a request")
                self.assertIn(b"\r\nConnection: close\r\n", got)
        self.assertEqual(self.version(), before)

    def test_what_is_in_order_passes(self):
        for data, want in [(post(b"Content-Length: 5", body=b"hello"), b"hello"),
                           (post(b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n"), b"hello"),
                           (post(b"Transfer-Encoding: CHUNKED", body=b"5;a=b\r\nhello\r\n00\r\nX: y\r\n\r\n"), b"hello"),
                           (b"\r\n" + post(b"Content-Length: 0"), b"")]:
            with self.server.dial() as s:
                s.sendall(data + get("/hello", "Accept-Language: en"))
                r = Reader(s)
                self.assertEqual(r.answer()[::2], (200, want))
                self.assertEqual(r.answer()[::2], (200, b"hello\n"))

    def test_sizes(self):
        many = [f"X{i}: y" for i in range(101)]
        for name, data, want in [("target", get("/" + "a" * 9000), 414), ("head", get("/", "X: " + "a" * 20000), 431),
                                 ("headers", get("/", *many), 431), ("endless line", b"a" * 20000, 414),
                                 ("body", post(b"Content-Length: 2000000"), 413)]:
            with self.subTest(name):
                self.assertTrue(self.server.ask(data).startswith(f"HTTP/1.1 {want} ".encode()))

    def test_a_chunked_body_over_the_limit_is_cut(self):
        with self.server.dial() as s:
            s.sendall(post(b"Transfer-Encoding: chunked"))
            try:
                for _ in range(100):
                    s.sendall(b"10000\r\n" + b"a" * 65536 + b"\r\n")
            except OSError:
                pass
            self.assertTrue(s.recv(4096).startswith(b"HTTP/1.1 413 "))

    def test_cut_anywhere(self):
        """The same requests in two pieces, cut at every place, and byte by byte."""
        data = post(b"Transfer-Encoding: chunked", body=b"5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n") + get("/hello", "Connection: close")
        whole = self.server.ask(data)
        strip = lambda b: [line for line in b.split(b"\r\n") if not line.startswith((b"Date", b"X-Request-Id"))]
        for cut in range(1, len(data), 3):
            with self.server.dial() as s:
                s.sendall(data[:cut])
                s.sendall(data[cut:])
                got = b""
                while piece := s.recv(65536):
                    got += piece
                self.assertEqual(strip(got), strip(whole), cut)
        with self.server.dial() as s:
            for i in range(len(data)):
                s.sendall(data[i:i + 1])
            got = b""
            while piece := s.recv(65536):
                got += piece
            self.assertEqual(strip(got), strip(whole))

    def test_broken_bytes_never_hang_it(self):
        rng = random.Random(7)
        seeds = [*SMUGGLING.values(), get("/hello"), get("/page?q=%E8%87%BA", "Range: bytes=0-3"), post(b"Content-Length: 5", body=b"hello")]
        for i in range(400):
            data = bytearray(rng.choice(seeds) + rng.choice(seeds))
            for _ in range(rng.randrange(1, 8)):
                at = rng.randrange(len(data))
                data[at:at + rng.randrange(3)] = bytes(rng.randrange(256) for _ in range(rng.randrange(3)))
            with self.server.dial() as s:
                try:
                    s.sendall(bytes(data))
                    s.shutdown(1)
                    while s.recv(65536):
                        pass
                except ConnectionError:
                    pass
        self.assertIn(b" 200 OK", self.server.ask(get("/hello", "Connection: close")))

    def test_expect_continue(self):
        with self.server.dial() as s:
            s.sendall(post(b"Content-Length: 5", b"Expect: 100-continue"))
            self.assertEqual(s.recv(4096), b"HTTP/1.1 100 Continue\r\n\r\n")
            s.sendall(b"hello")
            self.assertEqual(Reader(s).answer()[::2], (200, b"hello"))
        with self.server.dial() as s:  # refused before the body is sent
            s.sendall(post(b"Content-Length: 5000000", b"Expect: 100-continue"))
            self.assertEqual(Reader(s).answer()[0], 413)


if __name__ == "__main__":
    unittest.main()
