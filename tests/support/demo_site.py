"""A private demonstration site for tests: made in a temporary folder, served on a free port, stopped at the end.

    with Site() as site:
        answer = site.get("/datasets", {"Accept-Language": "en"})

OPENSHELF names the program; OPENSHELF_TEST_DATABASE a PostgreSQL address to keep the record in.
Run as a program it serves a demo site while a command runs, which finds the address in SITE_URL:

    demo_site.py [--large] COMMAND [ARGUMENT …]        --large: with the table of a million rows
"""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def program():
    named = os.environ.get("OPENSHELF")
    for candidate in [named] if named else ["build-gcc/openshelf", "build/openshelf"]:
        path = (ROOT / candidate).resolve()
        if path.exists():
            return str(path)
    raise FileNotFoundError("openshelf is not built: run make, or name it in OPENSHELF")


def shared(*parts):
    """A path in ../shared/corpus, or None where that folder is absent."""
    path = ROOT.parent.joinpath("shared", "corpus", *parts)
    return path if path.exists() else None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8")

    def json(self):
        return json.loads(self.body)

    def __getitem__(self, name):
        return self.headers.get(name.lower(), "")


class Site:
    """Options: demo (fill it; "--large": with the large table), env (further settings), args (of serve)."""

    def __init__(self, demo=True, env=None, args=()):
        self.folder = tempfile.mkdtemp(prefix="openshelf-site-")
        self.data = os.path.join(self.folder, "data")
        self.env = {**os.environ, "OPENSHELF_RATE_PER_SECOND": "0", **(env or {})}
        self.demo, self.args = demo, list(args)
        self.process = None
        self.log_path = os.path.join(self.folder, "log")

    def run(self, *words, data=True, **options):
        command = [program(), words[0], *(["--data", self.data] if data else []), *words[1:]]
        options.setdefault("timeout", 300)
        return subprocess.run(command, env=self.env, capture_output=True, text=True, **options)

    def write(self, name, text):
        """A file beside the site's folder; its path."""
        path = pathlib.Path(self.folder, name)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def __enter__(self):
        if self.demo:
            made = self.run("demo", *(["--large"] if self.demo == "--large" else []))
            if made.returncode != 0:
                raise RuntimeError(f"openshelf demo: {made.returncode}\n{made.stderr[-3000:]}")
        self.start()
        return self

    def start(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [program(), "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", *self.args],
                env=self.env, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while True:
            try:
                if self.get("/health").status == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("openshelf serve did not start:\n" + self.log()[-3000:])
            time.sleep(0.02)

    def stop(self, how=signal.SIGTERM):
        """Returns the exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            code = self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process = None
        return code

    def __exit__(self, *_):
        code = self.stop()
        log = self.log()
        shutil.rmtree(self.folder, ignore_errors=True)
        faults = [line for line in log.splitlines() if "Sanitizer" in line or "runtime error" in line or "level=fatal" in line]
        if faults or code not in (0, None):
            raise AssertionError(f"the server ended with {code}\n" + "\n".join(faults) + "\n" + log[-4000:])

    def log(self):
        try:
            return pathlib.Path(self.log_path).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def request(self, method, target, headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, encode(target), body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, target, headers=None):
        return self.request("GET", target, headers)


def encode(target):
    """Characters beyond ASCII as UTF-8, what is encoded already as it is."""
    return urllib.parse.quote(target, safe="%/?#[]@!$&'()*+,;=:~-._")


def main():
    command = sys.argv[1:]
    demo = command.pop(0) if command[:1] == ["--large"] else True
    with Site(demo=demo) as site:
        code = subprocess.run(command, env={**os.environ, "SITE_URL": site.url, "SITE_DATA": site.data}).returncode
    sys.exit(code)


if __name__ == "__main__":
    main()
