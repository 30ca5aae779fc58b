"""Slow and stuck clients: deadlines for heads, bodies, idleness and readers that do not read."""
import time
import unittest

from small_server import Reader, Server, get, read_all


def closed_after(s, limit):
    """Seconds until the server closes; the answer before that."""
    began = time.monotonic()
    s.settimeout(limit)
    got = read_all(s)
    return time.monotonic() - began, got


class Slow(unittest.TestCase):
    def test_one_byte_of_a_head_a_second(self):
        with Server("--head-ms", 3000) as server, server.dial() as s:
            began, got = time.monotonic(), b""
            s.settimeout(0.5)
            for byte in b"GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: yes\r\n":
                try:
                    s.sendall(bytes([byte]))
                    got += s.recv(4096)
                    if got:
                        break
                except TimeoutError:
                    pass
                except OSError:
                    break
                self.assertLess(time.monotonic() - began, 6, "never closed")
            self.assertTrue(got.startswith(b"HTTP/1.1 408 "), got)

    def test_half_a_body(self):
        with Server("--body-ms", 1000) as server, server.dial() as s:
            s.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
            took, got = closed_after(s, 6)
            self.assertTrue(got.startswith(b"HTTP/1.1 408 "), got)
            self.assertLess(took, 5)

    def test_a_body_that_drips(self):
        with Server("--body-ms", 1500) as server, server.dial() as s:
            s.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            began = time.monotonic()
            try:
                while time.monotonic() - began < 8:
                    s.sendall(b"1\r\na\r\n")
                    time.sleep(0.1)
                self.fail("never closed")
            except OSError:
                self.assertLess(time.monotonic() - began, 6)

    def test_a_fast_large_body_may_take_longer(self):
        with Server("--body-ms", 700) as server, server.dial() as s:
            n = 40 * 100000
            s.sendall(f"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: {n}\r\n\r\n".encode())
            for _ in range(40):
                s.sendall(b"\1" * 100000)
                time.sleep(0.05)
            status, _, body = Reader(s).answer()
            self.assertEqual((status, body), (200, f"{n} bytes, sum {n}, file\n".encode()))

    def test_idle(self):
        with Server("--idle-ms", 700) as server:
            with server.dial() as s:
                took, got = closed_after(s, 5)
                self.assertEqual(got, b"")
                self.assertLess(took, 3)
            with server.dial() as s:
                s.sendall(get("/hello"))
                Reader(s).answer()
                took, got = closed_after(s, 5)
                self.assertLess(took, 3)

    def test_a_reader_that_does_not_read(self):
        with Server("--write-ms", 1000) as server:
            for path in ("/bytes?n=8000000", "/file?n=500000000", "/stream?n=50000000", "/stream-worker?n=50000000"):
                with self.subTest(path), server.dial() as s:
                    before = server.resident_kb()
                    s.sendall(get(path))
                    time.sleep(4)
                    self.assertLess(server.resident_kb() - before, 30000, "what is not read is piled up")
                    s.settimeout(5)
                    try:
                        total = 0
                        while piece := s.recv(1 << 20):
                            total += len(piece)
                        self.assertLess(total, 450000000, "it was not cut")
                    except OSError:
                        pass

    def test_a_slow_reader_is_served(self):
        with Server("--write-ms", 1000) as server, server.dial() as s:
            s.setsockopt(1, 8, 8192)  # SO_RCVBUF
            s.sendall(get("/bytes?n=4000000", "Connection: close"))
            total, began = 0, time.monotonic()
            while piece := s.recv(65536):
                total += len(piece)
                if time.monotonic() - began < 4:
                    time.sleep(0.02)
            self.assertGreater(total, 4000000)


if __name__ == "__main__":
    unittest.main()
