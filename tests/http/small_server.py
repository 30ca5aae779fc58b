"""The small server of server_test --serve, on a port of its own, and bare sockets to it."""
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile

SANITIZED = "asan" in os.environ.get("SERVER_TEST", "")


class Server:
    def __init__(self, *options, listen="127.0.0.1:0"):
        self.log_file = tempfile.TemporaryFile()
        self.process = subprocess.Popen([os.environ["SERVER_TEST"], "--serve", listen, *map(str, options)],
                                        stdout=subprocess.PIPE, stderr=self.log_file)
        line = self.process.stdout.readline().split()
        if not line:
            raise RuntimeError("the server did not start: " + self.log())
        self.port = int(line[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        code = self.stop()
        log = self.log()
        self.log_file.close()
        if code != 0:
            raise AssertionError(f"the server ended with {code}\n{log[-4000:]}")

    def log(self):
        self.log_file.seek(0)
        return self.log_file.read().decode("utf-8", "replace")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code

    def dial(self, timeout=15):
        s = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def dial_tls(self, certificate):
        context = ssl.create_default_context(cafile=certificate)
        return context.wrap_socket(self.dial(), server_hostname="localhost")

    def resident_kb(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0])

    def cpu_seconds(self):
        parts = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, data):
        """What comes back to these bytes, until the server closes."""
        with self.dial() as s:
            s.sendall(data)
            return read_all(s)


def read_all(s):
    got = bytearray()
    while piece := s.recv(1 << 20):
        got += piece
    return bytes(got)


class Reader:
    """Answers one after another from a connection that stays open."""

    def __init__(self, s):
        self.s, self.rest = s, b""

    def answer(self):
        while b"\r\n\r\n" not in self.rest:
            self.fill()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        length = next((int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")), 0)
        while len(self.rest) < length:
            self.fill()
        body, self.rest = self.rest[:length], self.rest[length:]
        return int(head.split(b" ")[1]), head, body

    def fill(self):
        piece = self.s.recv(65536)
        if not piece:
            raise EOFError(self.rest[:200])
        self.rest += piece


def get(path, *headers):
    return ("\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *headers]) + "\r\n\r\n").encode()
