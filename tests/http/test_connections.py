"""Many connections: the counts at which other servers stall, idle crowds, floods, limits."""
import os
import pathlib
import socket
import time
import unittest

from small_server import Reader, Server, get


def talk(sockets, rounds, path="/hello"):
    """Every socket asks before any answer is read, so that all are ready at once."""
    readers = [Reader(s) for s in sockets]
    for _ in range(rounds):
        for s in sockets:
            s.sendall(get(path))
        for r in readers:
            assert r.answer()[0] == 200


def sanitized():
    return b"__asan_init" in pathlib.Path(os.environ["SERVER_TEST"]).read_bytes()


class Connections(unittest.TestCase):
    def test_any_number_of_ready_sockets(self):
        """A library that we weighed stalls when a multiple of 128 sockets is ready."""
        with Server() as server:
            for n in (1, 127, 128, 129, 255, 256, 257, 500):
                with self.subTest(n):
                    sockets = [server.dial() for _ in range(n)]
                    began = time.monotonic()
                    talk(sockets, 20)
                    self.assertLess(time.monotonic() - began, 8)
                    for s in sockets:
                        s.close()

    def test_idle_crowd_costs_little_and_hinders_nobody(self):
        with Server("--connections", 3000) as server:
            with server.dial() as s:
                talk([s], 2000)
            before = server.resident_kb()
            crowd = [server.dial() for _ in range(1000)]
            talk(crowd, 1)
            grown = server.resident_kb() - before
            kb = 8 if sanitized() else 4  # AddressSanitizer puts guards around every block
            self.assertLess(grown, kb * 1000, f"an idle connection holds more than {kb} KB")
            active = [server.dial() for _ in range(16)]
            began = time.monotonic()
            talk(active, 200)
            self.assertLess(time.monotonic() - began, 8)
            talk(crowd, 1)
            for s in crowd + active:
                s.close()

    def test_too_many_connections_are_told(self):
        with Server("--connections", 20) as server:
            kept = [server.dial() for _ in range(20)]
            talk(kept, 1)
            with server.dial() as s:
                got = s.recv(4096)
                self.assertTrue(got.startswith(b"HTTP/1.1 503 "), got)
                self.assertIn(b"Retry-After:", got)
            talk(kept, 1)
            kept.pop().close()
            time.sleep(0.2)
            with server.dial() as s:
                talk([s], 1)
            for s in kept:
                s.close()

    def test_full_queue_answers_at_once(self):
        with Server("--queue", 4) as server:
            busy = [server.dial() for _ in range(8)]
            for part in (busy[:4], busy[4:]):  # four at the workers, then four in the queue
                for s in part:
                    s.sendall(get("/slow?ms=2500"))
                time.sleep(0.5)
            began = time.monotonic()
            with server.dial() as s:
                s.sendall(get("/slow?ms=1"))
                status, head, _ = Reader(s).answer()
                self.assertEqual(status, 503)
                self.assertIn(b"Retry-After:", head)
                s.sendall(get("/hello"))  # what needs no worker is answered all the same
                self.assertEqual(Reader(s).answer()[0], 200)
            self.assertLess(time.monotonic() - began, 1)
            for s in busy:
                self.assertEqual(Reader(s).answer()[0], 200)
                s.close()

    def test_rate_is_visible_and_held(self):
        with Server("--rate", 5, "--burst", 10) as server, server.dial() as s:
            r, statuses = Reader(s), []
            for i in range(12):
                s.sendall(get("/hello"))
                status, head, _ = r.answer()
                statuses.append(status)
                self.assertIn(b"X-RateLimit-Limit: 10\r\n", head)
                self.assertIn(b"X-RateLimit-Remaining: ", head)
                if status == 429:
                    self.assertIn(b"Retry-After: 1\r\n", head)
            self.assertEqual(statuses[:10], [200] * 10)
            self.assertIn(429, statuses[10:])
            time.sleep(1.1)
            s.sendall(get("/hello"))
            self.assertEqual(r.answer()[0], 200)

    def test_client_that_leaves_early(self):
        with Server() as server:
            for path in ("/slow?ms=300", "/stream?n=10000000", "/stream-worker?n=10000000", "/file?n=100000000", "/bytes?n=8000000"):
                for _ in range(20):
                    s = server.dial()
                    s.sendall(get(path))
                    s.close()
            for _ in range(20):
                s = server.dial()
                s.sendall(get("/stream-worker?n=10000000"))
                s.recv(1000)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                s.close()
            time.sleep(1)
            with server.dial() as s:
                talk([s], 1)
            spent = server.cpu_seconds()
            time.sleep(1)
            self.assertLess(server.cpu_seconds() - spent, 0.3, "the server works for clients that left")

    def test_half_closed_client_gets_its_answer(self):
        with Server() as server, server.dial() as s:
            s.sendall(get("/slow?ms=200", "Connection: close"))
            s.shutdown(socket.SHUT_WR)
            self.assertEqual(Reader(s).answer()[0], 200)

    def test_pipelined_flood_leaves_others_their_turn(self):
        with Server() as server, server.dial() as flood, server.dial() as other:
            flood.setblocking(False)
            data, sent = get("/bytes?n=2000") * 5000, 0
            began = time.monotonic()
            while time.monotonic() - began < 1 and sent < len(data):
                try:
                    sent += flood.send(data[sent:])
                except BlockingIOError:
                    break
            began = time.monotonic()
            talk([other], 50)
            self.assertLess(time.monotonic() - began, 5)


if __name__ == "__main__":
    unittest.main()
