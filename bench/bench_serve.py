#!/usr/bin/env python3
"""Requests a second over HTTP against nginx serving the same bytes from files, in the same run.

The whole national catalogue is loaded; wrk asks 64 connections, keep-alive, over many different addresses by turns. Prints a Markdown
table; exits with 1 when a ratio or the latency is missed. SECONDS: of one measurement (8).
"""
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/support"))
from demo_site import Site, free_port, shared  # noqa: E402

SECONDS = int(os.environ.get("SECONDS", "8"))
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


def wrk(folder, port, paths, headers=()):
    """Requests a second, p99 in ms."""
    listed = f"{folder}/paths"
    pathlib.Path(listed).write_text("\n".join(paths) + "\n")
    script = f"{folder}/ask.lua"
    pathlib.Path(script).write_text(LUA)
    command = ["wrk", "-t2", "-c64", f"-d{SECONDS}s", "--latency", "-s", script]
    for h in headers:
        command += ["-H", h]
    out = subprocess.run([*command, f"http://127.0.0.1:{port}"], env={**os.environ, "PATHS": listed}, capture_output=True, text=True, check=True).stdout
    if (errors := re.search(r"Socket errors.*|Non-2xx.*", out)) and "Non-2xx" in errors[0]:
        sys.exit(f"{errors[0]} for {paths[0]}")
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def compare(site, nginx, folder, what, paths, least, headers=()):
    files = []
    for i, path in enumerate(paths):
        answer = site.get(path)
        assert answer.status == 200, (path, answer.status)
        files.append(f"/f{len(os.listdir(folder + '/nginx/www'))}-{i}.json")
        nginx.put(files[-1][1:], answer.body)
    size = sum(os.path.getsize(f"{folder}/nginx/www{f}") for f in files) / len(files)
    wrk_warm = wrk(folder, site.port, paths[:200], headers)
    ours, p99 = wrk(folder, site.port, paths, headers)
    theirs, their_p99 = wrk(folder, nginx.port, files, headers)
    del wrk_warm
    fine = ours >= least * theirs and p99 < 10
    line = (f"| {what} ({len(paths):,} addresses, {size / 1000:.1f} kB) | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.2f}× | {least:g}× "
            f"| {p99:.1f} ms | {their_p99:.1f} ms | {'yes' if fine else '**no**'} |")
    print(line, file=sys.stderr)
    return line, fine


def not_modified(site, nginx, folder, least):
    path = "/api/3/action/package_list?limit=10"
    answer = site.get(path)
    nginx.put("n.json", answer.body)
    tag = re.search(rb'ETag: ("[^"]+")', subprocess.run(["curl", "-si", f"http://127.0.0.1:{nginx.port}/n.json"], capture_output=True).stdout)[1].decode()
    ours, p99 = wrk(folder, site.port, [path], [f"If-None-Match: {answer['etag']}"])
    theirs, their_p99 = wrk(folder, nginx.port, ["/n.json"], [f"If-None-Match: {tag}"])
    assert site.get(path, {"If-None-Match": answer["etag"]}).status == 304
    fine = ours >= least * theirs and p99 < 10
    line = (f"| 304, not modified | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.2f}× | {least:g}× | {p99:.1f} ms | {their_p99:.1f} ms "
            f"| {'yes' if fine else '**no**'} |")
    print(line, file=sys.stderr)
    return line, fine


def main():
    full = shared("catalog-tw", "dgtw-full.ndjson.gz")
    if full is None:
        sys.exit("../shared/corpus is absent: nothing to measure")
    site = Site(demo=False)
    folder, nginx = site.folder, None
    try:
        done = site.run("import", str(full))
        assert done.returncode in (0, 1), done.stderr[-1000:]
        site.start()
        nginx = Nginx(folder + "/nginx")
        import json
        names = json.loads(site.get("/api/3/action/package_list").text)["result"]
        some = [urllib.parse.quote(n) for n in random.Random(1).sample(names, 2000)]
        facets = urllib.parse.quote('["organization","tags","res_format","license_id","groups"]')
        found = [compare(site, nginx, folder, "package_show", [f"/api/3/action/package_show?id={n}" for n in some], 0.5),
                 compare(site, nginx, folder, "dataset page", [f"/datasets/{n}" for n in some], 0.5),
                 compare(site, nginx, folder, "package_search, 5 facets, 20 best", [
                     f"/api/3/action/package_search?q={urllib.parse.quote(w)}&rows=20&facet.field={facets}" for w in WORDS], 0.2),
                 not_modified(site, nginx, folder, 0.7)]
    finally:
        if nginx:
            nginx.stop()
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("| What | Openshelf, requests/s | nginx, same bytes | Ratio | Wanted | p99 | nginx p99 | Reached |\n|---|---|---|---|---|---|---|---|")
    print("\n".join(line for line, _ in found))
    return 0 if all(fine for _, fine in found) else 1


if __name__ == "__main__":
    sys.exit(main())
