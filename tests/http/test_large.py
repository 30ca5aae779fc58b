"""Large bodies in constant memory, files by sendfile, streams, TLS, Unix sockets, and a stop that loses nothing."""
import hashlib
import os
import re
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from small_server import SANITIZED, Reader, Server, get, read_all

MB = 1 << 20


class Large(unittest.TestCase):
    def test_upload_of_200_mb_in_constant_memory(self):
        n = 200 * MB
        with Server() as server, server.dial(60) as s:
            s.sendall(get("/hello"))
            Reader(s).answer()
            before, peak = server.resident_kb(), 0
            s.sendall(f"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: {n}\r\n\r\n".encode())
            piece = b"\1" * MB
            for i in range(200):
                s.sendall(piece)
                if i % 10 == 0:
                    peak = max(peak, server.resident_kb())
            status, _, body = Reader(s).answer()
            peak = max(peak, server.resident_kb())
            self.assertEqual((status, body), (200, f"{n} bytes, sum {n}, file\n".encode()))
            self.assertLess(peak - before, 8000, "the body is held in memory")

    def test_download_of_100_mb_by_sendfile(self):
        with Server() as server, server.dial(60) as s:
            s.sendall(get("/hello"))
            Reader(s).answer()
            before, cpu = server.resident_kb(), server.cpu_seconds()
            s.sendall(get(f"/file?n={100 * MB}", "Connection: close"))
            total, got = 0, b""
            while piece := s.recv(MB):
                total += len(piece)
                got = (got + piece)[-8:]
            self.assertGreater(total, 100 * MB)
            self.assertTrue(got.endswith(b"end"))
            self.assertLess(server.resident_kb() - before, 3000)
            self.assertLess(server.cpu_seconds() - cpu, 1.5)

    def test_stream_is_whole_and_bounded(self):
        with Server() as server:
            for path in ("/stream?n=3000000", "/stream-worker?n=3000000"):
                with self.subTest(path):
                    before = server.resident_kb()
                    out = subprocess.run(["curl", "-sS", "--compressed", f"http://127.0.0.1:{server.port}{path}"], capture_output=True, check=True).stdout
                    want = "".join(f"{i}\n" for i in range(3000000)).encode()
                    self.assertEqual(hashlib.sha256(out).digest(), hashlib.sha256(want).digest())
                    self.assertLess(server.resident_kb() - before, 20000 if SANITIZED else 8000)

    def test_stream_that_fails_is_cut(self):
        with Server() as server:
            out = subprocess.run(["curl", "-sS", f"http://127.0.0.1:{server.port}/stream?n=1000000&fail_at=500000"], capture_output=True)
            self.assertNotEqual(out.returncode, 0, "the client took a part for the whole")


class Tls(unittest.TestCase):
    def test_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            cert, key = folder + "/cert.pem", folder + "/key.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                            "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert], check=True, capture_output=True)
            with Server("--tls", cert, key) as server:
                with server.dial_tls(cert) as s:
                    r = Reader(s)
                    for path, size in [("/hello", None), ("/bytes?n=5000000", 5000000), ("/file?n=20000000", 20000000), ("/bytes?n=15", 15)] * 2:
                        s.sendall(get(path))
                        status, head, body = r.answer()
                        self.assertEqual(status, 200)
                        self.assertIn(b"Strict-Transport-Security:", head)
                        if size:
                            self.assertEqual(len(body), size)
                    body = os.urandom(700000)
                    s.sendall(b"POST /echo-worker HTTP/1.1\r\nHost: x\r\nContent-Length: 700000\r\n\r\n" + body)
                    self.assertEqual(r.answer()[::2], (200, body))
                    s.sendall(get("/stream?n=100000", "Connection: close"))
                    self.assertTrue(read_all(s).endswith(b"99999\n\r\n0\r\n\r\n"))
                with server.dial() as s:  # plain HTTP on a TLS port
                    s.sendall(get("/hello"))
                    try:
                        self.assertNotIn(b"HTTP/1.1 200", s.recv(4096))
                    except ConnectionError:
                        pass
                with server.dial() as s:  # half a handshake
                    s.sendall(b"\x16\x03\x01\x02\x00\x01")
                with server.dial_tls(cert) as s:
                    s.sendall(get("/hello"))
                    self.assertEqual(Reader(s).answer()[0], 200)


class Unix(unittest.TestCase):
    def test_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = folder + "/http"
            for _ in range(2):
                with Server(listen="unix:" + path):
                    for _ in range(20):
                        with socket.socket(socket.AF_UNIX) as s:
                            s.connect(path)
                            s.sendall(get("/hello"))
                            self.assertEqual(Reader(s).answer()[0], 200)
                self.assertFalse(os.path.exists(path))
            with socket.socket(socket.AF_UNIX) as stale:  # left by a server that was killed
                stale.bind(path)
            with Server(listen="unix:" + path), socket.socket(socket.AF_UNIX) as s:
                s.connect(path)
                s.sendall(get("/hello"))
                self.assertEqual(Reader(s).answer()[0], 200)


class Stop(unittest.TestCase):
    def run_load(self, keep_alive, path, expect_end):
        """Clients ask without pause while the server stops. Every request that was sent on a connection that
        the server had not said it would close must be answered in full."""
        server, lost, done, stopped = Server(), [], [], threading.Event()

        def ask():
            s, reader = None, None
            while True:
                try:
                    if s is None:
                        s = server.dial()
                        reader = Reader(s)
                except OSError:
                    if stopped.is_set():
                        return
                    lost.append("refused before the stop")
                    return
                try:
                    s.sendall(get(path) if keep_alive else get(path, "Connection: close"))
                    status, head, body = reader.answer()
                    if status != 200 or not body.endswith(expect_end):
                        lost.append((status, body[-20:]))
                    done.append(1)
                    if b"\r\nConnection: close" in head:
                        s.close()
                        s = None
                except (OSError, EOFError) as e:
                    lost.append(repr(e))
                    return

        threads = [threading.Thread(target=ask) for _ in range(12)]
        for t in threads:
            t.start()
        time.sleep(0.7)
        stopped.set()
        began = time.monotonic()
        code = server.stop()
        took = time.monotonic() - began
        for t in threads:
            t.join()
        self.assertEqual(lost, [])
        self.assertEqual(code, 0, server.log()[-2000:])
        server.log_file.close()
        self.assertGreater(len(done), 20)
        self.assertLess(took, 5)

    def test_under_load_nothing_is_lost(self):
        for _ in range(3):
            for keep_alive in (True, False):
                for path, end in [("/hello", b"\n"), ("/slow?ms=50", b"ms\n"), ("/bytes?n=300000", b"i")]:
                    with self.subTest(path=path, keep_alive=keep_alive):
                        end = end if path != "/bytes?n=300000" else bytes([ord("a") + 299999 % 23])
                        self.run_load(keep_alive, path, end)

    def test_open_requests_finish_and_idle_ones_do_not_hold_it(self):
        server = Server()
        idle = [server.dial() for _ in range(50)]
        with server.dial() as s:
            s.sendall(get("/slow?ms=1500"))
            time.sleep(0.3)
            server.process.terminate()
            status, _, body = Reader(s).answer()
            self.assertEqual((status, body), (200, b"worker slept 1500 ms\n"))
        self.assertEqual(server.stop(), 0)
        for s in idle:
            s.close()

    def test_log_is_complete_and_holds_no_query(self):
        server = Server("--access-log", 1)
        with server.dial() as s:
            r = Reader(s)
            for i in range(300):
                s.sendall(get(f"/hello?secret={i}", "X-Forwarded-For: 9.9.9.9"))
                r.answer()
        server.ask(b"GET /bad\r\n\r\n")
        self.assertEqual(server.stop(), 0)
        lines = [line for line in server.log().splitlines() if 'msg="request"' in line]
        self.assertEqual(len([line for line in lines if 'path="/hello" status=200' in line]), 300)
        self.assertNotIn("secret", server.log())
        for line in lines:
            self.assertRegex(line, re.compile(r'^time=\S+Z level=info msg="request" request="\w{16}" remote="127\.0\.0\.1"( method=\w+ path=".*")? status=\d+ bytes=\d+ us=\d+( cached=1)?$'))


if __name__ == "__main__":
    unittest.main()
