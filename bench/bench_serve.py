#!/usr/bin/env python3
"""Requests a second over HTTP against nginx serving the same bytes from files, in the same run.

The whole national catalogue is loaded; wrk asks over 64 connections, keep-alive, many different addresses in a row. Both servers are
measured by turns; medians. The last rows ask for more answers than the cache holds, in a circle, so that nearly every one is made anew.
Prints a Markdown table; exits with 1 when a ratio or the latency is missed. SECONDS: of one measurement (3); ROUNDS: of each (5).
"""
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/support"))
from demo_site import Site, free_port, shared  # noqa: E402

SECONDS, ROUNDS = int(os.environ.get("SECONDS", "3")), int(os.environ.get("ROUNDS", "5"))
COLD = 12000
WORDS = """預算 公車 空氣 品質 交通 人口 學校 停車 臺北 統計 環境 水質 醫院 補助 地圖 農業 觀光 土地 公司 名冊 選舉 衛生 能源 氣象 圖書
漁業 勞動 就業 警察 消防 戶政 稅務 高雄 臺中 新北 桃園 臺南 花蓮 澎湖 金門 道路 橋梁 河川 水庫 森林 古蹟 博物 音樂 運動 文化""".split()
LUA = """
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local i = math.random(#paths)
function request()
  i = i % #paths + 1
  return wrk.format("GET", paths[i])
end
"""


class Nginx:
    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        for name in ("www", "tmp"):
            os.makedirs(f"{folder}/{name}")
        pathlib.Path(f"{folder}/nginx.conf").write_text(f"""
worker_processes 2; daemon off; pid {folder}/pid; error_log {folder}/error.log; user root;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=20000 inactive=1h; open_file_cache_valid 1h;
  client_body_temp_path {folder}/tmp/a; proxy_temp_path {folder}/tmp/b; fastcgi_temp_path {folder}/tmp/c;
  uwsgi_temp_path {folder}/tmp/d; scgi_temp_path {folder}/tmp/e; default_type application/json; etag on;
  server {{ listen 127.0.0.1:{self.port}; root {folder}/www; }}
}}""")
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-c", f"{folder}/nginx.conf", "-p", folder], stderr=subprocess.DEVNULL)

    def put(self, name, body):
        pathlib.Path(f"{self.folder}/www/{name}").write_bytes(body)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


class Target:
    """One of the two servers: how many requests a second it answers, how late, at what cost."""

    def __init__(self, folder, port, pids, paths, headers):
        self.folder, self.port, self.pids, self.paths, self.headers = folder, port, pids, paths, headers
        self.rates, self.late, self.costs = [], [], []

    def ask(self, seconds):
        """Requests a second, p99 in ms, CPU µs of the server for one."""
        listed, script = f"{self.folder}/paths", f"{self.folder}/ask.lua"
        pathlib.Path(listed).write_text("\n".join(self.paths) + "\n")
        pathlib.Path(script).write_text(LUA)
        command = ["wrk", "-t2", "-c64", f"-d{seconds}s", "--latency", "-s", script]
        for h in self.headers:
            command += ["-H", h]
        before = sum(cpu_seconds(p) for p in self.pids())
        out = subprocess.run([*command, f"http://127.0.0.1:{self.port}"], env={**os.environ, "PATHS": listed}, capture_output=True,
                             text=True, check=True).stdout
        spent = sum(cpu_seconds(p) for p in self.pids()) - before
        if errors := re.search(r"Non-2xx.*", out):
            sys.exit(f"{errors[0]} for {self.paths[0]}")
        number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
        asked = int(re.search(r"(\d+) requests in", out)[1])
        return (float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit],
                spent * 1e6 / asked)

    def round(self, seconds):
        rate, late, cost = self.ask(seconds)
        self.rates.append(rate)
        self.late.append(late)
        self.costs.append(cost)

    def numbers(self):
        return [statistics.median(x) for x in (self.rates, self.late, self.costs)]


class Bench:
    def __init__(self, site):
        self.site, self.folder = site, site.folder
        self.nginx = Nginx(site.folder + "/nginx")
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        self.files, self.rows, self.missed = 0, [], 0

    def copy(self, path):
        """Asks ours, and gives nginx the same bytes under a name of its own."""
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        self.files += 1
        self.nginx.put(f"{self.files}.json", body)
        return f"/{self.files}.json", len(body), answer.getheader("ETag")

    def measure(self, what, paths, files, least, our_headers=(), their_headers=()):
        site, nginx = self.site.process, self.nginx.process
        ours = Target(self.folder, self.site.port, lambda: [site.pid], paths, our_headers)
        theirs = Target(self.folder, self.nginx.port, lambda: children(nginx.pid), files, their_headers)
        ours.ask(1)
        theirs.ask(1)
        for _ in range(ROUNDS):  # by turns: what disturbs the machine disturbs both
            ours.round(SECONDS)
            theirs.round(SECONDS)
        rate, late, cost = ours.numbers()
        their_rate, their_late, their_cost = theirs.numbers()
        ratio = statistics.median(a / b for a, b in zip(ours.rates, theirs.rates))
        late_fine = late < 10 or late < their_late  # a machine that makes nginx late as well says nothing about us
        fine = least is None or (ratio >= least and late_fine)
        self.missed += not fine
        reached = "–" if least is None else "yes" if fine else "**no**"
        self.rows.append(f"| {what} | {rate:,.0f} | {their_rate:,.0f} | {ratio:.2f}× | {f'{least:g}×' if least else '–'} | {late:.1f} ms "
                         f"| {their_late:.1f} ms | {cost:.0f} µs | {their_cost:.0f} µs | {reached} |")
        print(self.rows[-1], file=sys.stderr)

    def compare(self, what, paths, least):
        copies = [self.copy(p) for p in paths]
        size = sum(n for _, n, _ in copies)
        self.measure(f"{what} ({len(paths):,} addresses, {size / len(paths) / 1000:.1f} kB each, {size / 1e6:,.0f} MB)", paths,
                     [f for f, _, _ in copies], least)
        return copies[0]

    def not_modified(self, path, least):
        file, _, tag = self.copy(path)
        theirs = subprocess.run(["curl", "-si", f"http://127.0.0.1:{self.nginx.port}{file}"], capture_output=True, check=True).stdout
        their_tag = re.search(rb'ETag: ("[^"]+")', theirs)[1].decode()
        assert self.site.get(path, {"If-None-Match": tag}).status == 304
        self.measure("304, not modified", [path], [file], least, [f"If-None-Match: {tag}"], [f"If-None-Match: {their_tag}"])

    def stop(self):
        self.connection.close()
        self.nginx.stop()


def search_paths():
    facets = urllib.parse.quote('["organization","tags","res_format","license_id","groups"]')
    ask = "/api/3/action/package_search?q={}&rows=20&facet.field=" + facets
    pairs = [f"{a} {b}" for a in WORDS for b in WORDS if a != b]
    random.Random(2).shuffle(pairs)
    return ([ask.format(urllib.parse.quote(w)) for w in WORDS], [ask.format(urllib.parse.quote(w)) for w in pairs[:2000]])


def main():
    full = shared("catalog-tw", "dgtw-full.ndjson.gz")
    if full is None:
        print("../shared/corpus is absent: nothing to measure")
        return 0
    site, bench = Site(demo=False), None
    try:
        done = site.run("import", str(full))
        assert done.returncode in (0, 1), done.stderr[-1000:]
        site.start()
        bench = Bench(site)
        names = json.loads(site.get("/api/3/action/package_list").text)["result"]
        some = [urllib.parse.quote(n) for n in random.Random(1).sample(names, COLD)]
        few, many = search_paths()
        bench.compare("package_show", [f"/api/3/action/package_show?id={n}" for n in some[:2000]], 0.5)
        bench.compare("dataset page", [f"/datasets/{n}" for n in some[:500]], 0.5)
        bench.compare("package_search, 5 facets, 20 best", few, 0.2)
        bench.not_modified(f"/api/3/action/package_show?id={some[0]}", 0.7)
        bench.compare("package_show, more than the cache holds", [f"/api/3/action/package_show?id={n}" for n in some], None)
        bench.compare("dataset page, more than the cache holds", [f"/datasets/{n}" for n in some[:COLD // 4]], None)
        bench.compare("package_search, more than the cache holds", many, None)
    finally:
        if bench:
            bench.stop()
        site.stop()
        shutil.rmtree(site.folder, ignore_errors=True)
    print("| What | Openshelf, requests/s | nginx, same bytes | Ratio | Wanted | p99 | nginx p99 | CPU a request | nginx's | Reached |\n"
          "|---|---|---|---|---|---|---|---|---|---|")
    print("\n".join(bench.rows))
    return 1 if bench.missed else 0


if __name__ == "__main__":
    sys.exit(main())
