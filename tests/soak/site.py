#!/usr/bin/env python3
"""A site under mixed use for a long time: readers of pages, programs, downloads that are broken off, rows that come all the while.

    tests/soak/site.py [MINUTES]        default 10

Judged at the end: no answer of the program's own fault (5xx but 503), memory of its own and open files no larger than when it was warm.
"""
import collections
import http.client
import json
import pathlib
import random
import re
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from demo_site import Site, encode

READERS = 6
SLACK_MB = 48


class Use:
    """What the site holds, and addresses that people and programs ask for."""

    def __init__(self, site):
        self.site = site
        self.token = site.run("token", "new", "--operator", "--name", "soak").stdout.splitlines()[-1]
        self.tables = json.loads(site.run("table", "list", "--json").stdout)
        self.columns = {t["uid"]: [c["name"] for c in site.get(f"/tables/{t['uid']}.json?rows=1").json()["columns"]] for t in self.tables}
        self.datasets = [d["name"] for d in site.get("/datasets.json").json()["results"]]
        self.small = min(self.tables, key=lambda t: t["rows"])["uid"]

    def address(self, rng):
        table = rng.choice(self.tables)
        uid, rows = table["uid"], table["rows"]
        column, other = rng.choice(self.columns[uid]), rng.choice(self.columns[uid])
        word = urllib.parse.quote(rng.choice(["臺北", "新北市", "1", "a", "公廁", "2024", "無此字"]))
        page = rng.randint(1, max(1, rows // 50))
        return rng.choice([
            f"/tables/{uid}?sort={column}&page={page}", f"/tables/{uid}?q={word}", f"/tables/{uid}?has.{column}={word}&sort={other} desc",
            f"/tables/{uid}.json?page={page}", f"/tables/{uid}/columns", f"/tables/{uid}/quality", f"/tables/{uid}/chart?x={column}",
            f"/tables/{uid}/chart?type=histogram&x={other}", f"/tables/{uid}/map", f"/en/tables/{uid}/rows/{rng.randint(1, rows)}",
            f"/tables/{uid}/download.{rng.choice(['csv', 'json', 'xlsx', 'ods', 'geojson', 'sqlite', 'xml'])}",
            f"/api/3/action/datastore_search?resource_id={uid}&limit=100&offset={rng.randint(0, rows)}&sort={column}",
            f"/api/3/action/datastore_search?resource_id={uid}&q={word}&limit=20",
            "/api/3/action/datastore_search_sql?sql=" + urllib.parse.quote(f'SELECT "{column}", count(*) n FROM "{uid}" GROUP BY 1 ORDER BY n DESC LIMIT 20'),
            f"/api/v1/rest/datastore/{uid}?limit=50&offset={rng.randint(0, rows)}",
            f"/datasets?q={word}", f"/datasets/{rng.choice(self.datasets)}", "/quality", "/statistics", f"/datasets.json?q={word}",
        ])


class Soak:
    def __init__(self, site):
        self.site, self.use = site, Use(site)
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.answers, self.times, self.faults = collections.Counter(), [], []

    def note(self, status, target, began):
        with self.lock:
            self.answers[status] += 1
            self.times.append(time.monotonic() - began)
            if status >= 500 and status != 503 and len(self.faults) < 20:
                self.faults.append(f"{status} {target}")

    def read(self, seed):
        rng = random.Random(seed)
        while not self.over.is_set():
            target, began = encode(self.use.address(rng)), time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=120)
            try:
                connection.request("GET", target, headers={"Accept-Encoding": rng.choice(["gzip", "zstd", "identity"])})
                answer = connection.getresponse()
                left = rng.random() < 0.1               # somebody goes away in the middle
                while answer.read(1 << 16) and not left:
                    pass
                self.note(answer.status, target, began)
            except OSError as e:
                self.note(599, f"{target}: {e}", began)
            finally:
                connection.close()

    def write(self):
        rng, n = random.Random(0), 0
        names = self.use.columns[self.use.small]
        while not self.over.is_set():
            n += 1
            body = json.dumps([{names[0]: f"soak {rng.randint(1, 500)}"} for _ in range(rng.randint(1, 50))])
            path = f"/tables/{self.use.small}/rows" + (f"?key={names[0]}" if n % 3 == 0 else "")
            began = time.monotonic()
            self.note(self.site.request("POST", path, {"Authorization": "Bearer " + self.use.token, "Content-Type": "application/json"}, body).status, path, began)
            time.sleep(0.2)

    def taken(self):
        """(MB of its own, open files)"""
        pid = self.site.process.pid
        own = re.search(r"RssAnon:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
        return int(own[1]) / 1024, len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))

    def tell(self, minute):
        mb, files = self.taken()
        with self.lock:
            times, self.times = sorted(self.times), []
            statuses = dict(sorted(self.answers.items()))
        late = f", p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms" if times else ""
        print(f"minute {minute}: {len(times)} answers{late}; {mb:.0f} MB of its own, {files} files open; so far {statuses}", flush=True)
        return mb, files

    def run(self, minutes):
        threads = [threading.Thread(target=self.read, args=(i,)) for i in range(READERS)] + [threading.Thread(target=self.write)]
        for t in threads:
            t.start()
        told = []
        for minute in range(1, minutes + 1):
            time.sleep(60)
            told.append(self.tell(minute))
        self.over.set()
        for t in threads:
            t.join()
        return told


def main():
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with Site(demo="--large") as site:
        soak = Soak(site)
        told = soak.run(minutes)
        time.sleep(2)
        after = soak.taken()
    warm = told[max(0, len(told) // 4)]
    most = (max(m for m, _ in told[len(told) // 4:]), max(f for _, f in told[len(told) // 4:]))
    problems = [f"answered with a fault: {f}" for f in soak.faults]
    if most[0] > warm[0] * 1.25 + SLACK_MB:
        problems.append(f"memory grew from {warm[0]:.0f} to {most[0]:.0f} MB")
    if after[1] > warm[1] + 8:
        problems.append(f"{after[1]} files are open after all have gone, {warm[1]} while it was warm")
    print("\n".join(problems) or f"nothing wrong in {minutes} minutes: {sum(soak.answers.values())} answers")
    print(f"{0 if problems else 1} passed, {len(problems)} failed")
    return 1 if problems else 0


sys.exit(main())
