"""Clients of CKAN, as they are published, read a demonstration site: ckanapi as a library and in the shell, the npm
client `ckan`, and the addresses that the QGIS plugin and ckanext-harvest make. Runs tables.py and schemas.py too. Ends with `N passed, N failed`."""
import gzip
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import urllib.request

import ckanapi
from demo_site import Site, shared

HERE = pathlib.Path(__file__).resolve().parent
SITE = None


def setUpModule():
    global SITE
    SITE = Site().__enter__()


def tearDownModule():
    SITE.__exit__(None, None, None)


def remote():
    return ckanapi.RemoteCKAN(SITE.url, user_agent="openshelf-tests/1.0 (+https://example.org)")


def in_index(*words):
    return int(SITE.run("search", "--count", *words).stdout)


class Library(unittest.TestCase):
    """ckanapi.RemoteCKAN, which asks with POST and JSON, or with GET."""

    def setUp(self):
        self.ckan = remote()

    def tearDown(self):
        self.ckan.close()

    def test_status(self):
        status = self.ckan.action.status_show()
        self.assertEqual(status["site_url"], SITE.url)
        self.assertRegex(status["ckan_version"], r"^2\.\d+\.\d+$")
        self.assertIs(self.ckan.action.site_read(), True)

    def test_list_and_show(self):
        names = self.ckan.action.package_list()
        self.assertEqual(names, sorted(names))
        self.assertEqual(len(names), in_index(""))
        self.assertEqual(self.ckan.action.package_list(limit=3, offset=2), names[2:5])
        one = self.ckan.action.package_show(id=names[0])
        self.assertEqual(one["name"], names[0])
        self.assertEqual(self.ckan.action.package_show(id=one["id"]), one)
        self.assertEqual(self.ckan.call_action("package_show", {"id": one["id"]}), one)
        self.assertEqual(one["num_resources"], len(one["resources"]))
        self.assertIsInstance(one["private"], bool)
        for r in one["resources"]:
            self.assertEqual(self.ckan.action.resource_show(id=r["id"]), r)
            self.assertEqual(self.ckan.action.resource_view_list(id=r["id"]), [])

    def test_get_only(self):
        with ckanapi.RemoteCKAN(SITE.url, get_only=True) as ckan:
            found = ckan.action.package_search(q="", rows=2, sort="name asc")
            self.assertEqual(len(found["results"]), 2)
            self.assertEqual(found, self.ckan.action.package_search(q="", rows=2, sort="name asc"))

    def test_search_with_facets_to_the_end(self):
        facets = ["organization", "groups", "tags", "res_format", "license_id"]
        seen, start = [], 0
        while True:
            page = self.ckan.action.package_search(q="*:*", rows=50, start=start, sort="metadata_modified desc",
                                                   **{"facet.field": facets, "facet.limit": -1})
            if not page["results"]:
                break
            seen += [p["id"] for p in page["results"]]
            start += len(page["results"])
        self.assertEqual(len(seen), page["count"])
        self.assertEqual(len(set(seen)), page["count"])
        self.assertEqual(sorted(page["facets"]), sorted(facets))
        self.assertEqual(sum(page["facets"]["organization"].values()), page["count"])
        for field in facets:
            items = page["search_facets"][field]["items"]
            self.assertEqual({i["name"]: i["count"] for i in items}, page["facets"][field])
            shown = [i["display_name"] for i in items]
            self.assertEqual(shown, sorted(shown, reverse=True))
        for name, count in page["facets"]["res_format"].items():
            self.assertEqual(self.ckan.action.package_search(fq=f'res_format:"{name}"', rows=0)["count"], count)

    def test_results_are_whole_packages(self):
        for p in self.ckan.action.package_search(rows=20)["results"]:
            self.assertEqual(p, self.ckan.action.package_show(id=p["id"]))

    def test_words_are_the_sites_own_search(self):
        for words in ("預算", "公車", "空氣品質"):
            self.assertEqual(self.ckan.action.package_search(q=words, rows=0)["count"], in_index(words))

    def test_organizations_and_groups(self):
        names, start = [], 0
        while True:
            page = self.ckan.action.organization_list(all_fields=True, limit=25, offset=start)
            if not page:
                break
            names += [o["name"] for o in page]
            start += len(page)
            for o in page:
                found = self.ckan.action.package_search(fq=f"organization:{o['name']}", rows=0)
                self.assertEqual(found["count"], o["package_count"])
        self.assertEqual(names, self.ckan.action.organization_list())
        for name in self.ckan.action.group_list():
            group = self.ckan.action.group_show(id=name, include_datasets=True)
            self.assertEqual(len(group["packages"]), group["package_count"])

    def test_errors(self):
        with self.assertRaises(ckanapi.NotFound):
            self.ckan.action.package_show(id="there-is-no-such-thing")
        with self.assertRaises(ckanapi.ValidationError) as e:
            self.ckan.action.package_search(rows=-1)
        self.assertIn("rows", e.exception.error_dict)
        with self.assertRaises(ckanapi.SearchQueryError):
            self.ckan.action.package_search(fq="(title:x")
        with self.assertRaises(ckanapi.SearchQueryError):
            self.ckan.action.package_search(nonsense=1)
        with self.assertRaises(ckanapi.SearchError):
            self.ckan.action.package_search(q="{!func}x")
        with self.assertRaises(ckanapi.NotAuthorized):
            self.ckan.action.package_create(name="x")
        with self.assertRaises(ckanapi.CKANAPIError):
            self.ckan.action.there_is_no_such_action()


class Datastore(unittest.TestCase):
    """ckanapi reads a table that was put into the site."""

    @classmethod
    def setUpClass(cls):
        cls.ckan = remote()
        package = cls.ckan.action.package_show(id=cls.ckan.action.package_list(limit=1)[0])
        cls.id = package["resources"][0]["id"]
        towns = ["臺北市", "新北市", "高雄市"]
        cls.rows = [(towns[i % 3], f"站名{i}", i * 7 % 1000) for i in range(2500)]
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "stations.csv"
            file.write_text("縣市,站名,數量\n" + "".join(f"{a},{b},{n}\n" for a, b, n in cls.rows), encoding="utf-8")
            put = SITE.run("put", str(file), "--dataset", package["name"], "--file", "1")
        if put.returncode != 0:
            raise RuntimeError(put.stderr)
        cls.fields = [f["id"] for f in cls.ckan.action.datastore_search(resource_id=cls.id, limit=0)["fields"]]

    @classmethod
    def tearDownClass(cls):
        cls.ckan.close()

    def test_pages_to_the_end(self):
        _, town, name, amount = self.fields
        got, offset = [], 0
        while True:
            page = self.ckan.action.datastore_search(resource_id=self.id, limit=700, offset=offset)
            if not page["records"]:
                break
            got += [(r[town], r[name], r[amount]) for r in page["records"]]
            offset += len(page["records"])
        self.assertEqual(got, self.rows)
        self.assertEqual(page["total"], len(self.rows))
        following, after = [], 0
        while after is not None:
            page = self.ckan.action.datastore_search(resource_id=self.id, limit=700, filters={"_id": {"gt": after}})
            following += [r["_id"] for r in page["records"]]
            after = page.get("next_page", {"_id": {"gt": None}})["_id"]["gt"]
        self.assertEqual(following, list(range(1, len(self.rows) + 1)))

    def test_filters_and_words(self):
        _, town, name, amount = self.fields
        want = [r for r in self.rows if r[0] == "臺北市" and 100 <= r[2] < 500]
        found = self.ckan.action.datastore_search(resource_id=self.id, filters={town: ["臺北市"], amount: {"gte": 100, "lt": 500}},
                                                  limit=32000, sort=f"{amount} desc, _id", fields=[amount])
        self.assertEqual([r[amount] for r in found["records"]], sorted((r[2] for r in want), reverse=True))
        found = self.ckan.action.datastore_search(resource_id=self.id, q={name: "站名77"}, limit=1)
        self.assertEqual((found["total"], found["records"][0][name]), (sum("站名77" in r[1] for r in self.rows), "站名77"))
        with self.assertRaises(ckanapi.ValidationError):
            self.ckan.action.datastore_search(resource_id=self.id, filters={"nope": 1})
        with self.assertRaises(ckanapi.NotFound):
            self.ckan.action.datastore_search(resource_id="nope")

    def test_sql(self):
        _, town, _, amount = self.fields
        got = self.ckan.action.datastore_search_sql(sql=f'SELECT "{town}" AS t, count(*) AS n, sum("{amount}") AS s FROM "{self.id}" GROUP BY 1 ORDER BY 1')
        want = sorted({t: (t, sum(r[0] == t for r in self.rows), sum(r[2] for r in self.rows if r[0] == t)) for t, _, _ in self.rows}.values())
        self.assertEqual([(r["t"], r["n"], r["s"]) for r in got["records"]], want)
        with self.assertRaises(ckanapi.ValidationError) as refused:
            self.ckan.action.datastore_search_sql(sql="SELECT 1; SELECT 2")
        self.assertTrue(refused.exception.error_dict["info"]["orig"])
        with self.assertRaises(ckanapi.NotAuthorized):
            self.ckan.action.datastore_search_sql(sql="SELECT load_extension('x')")

    def test_dump(self):
        with urllib.request.urlopen(f"{SITE.url}/datastore/dump/{self.id}?bom=true") as answer:
            lines = answer.read().decode("utf-8-sig").split("\r\n")
        self.assertEqual(lines[0].split(","), self.fields)
        self.assertEqual(lines[1:-1], [f"{i + 1},{a},{b},{n}" for i, (a, b, n) in enumerate(self.rows)])
        self.assertEqual(self.ckan.action.datastore_info(id=self.id)["meta"]["count"], len(self.rows))


class Writing(unittest.TestCase):
    """ckanapi adds to a table by datastore_upsert, with a token that covers its dataset."""

    @classmethod
    def setUpClass(cls):
        with remote() as ckan:
            package = ckan.action.package_show(id=ckan.action.package_list(limit=1, offset=1)[0])
        cls.id = package["resources"][0]["id"]
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "rain.csv"
            file.write_text("station,time,mm\n466920,2026-03-01T10:00:00,1.5\n466930,2026-03-01T10:00:00,0\n", encoding="utf-8")
            put = SITE.run("put", str(file), "--dataset", package["name"], "--file", "1")
        if put.returncode != 0:
            raise RuntimeError(put.stderr)
        cls.token = SITE.run("token", "new", "--scope", "dataset:" + package["name"]).stdout.splitlines()[-1]

    def setUp(self):
        self.ckan = ckanapi.RemoteCKAN(SITE.url, apikey=self.token)
        self.addCleanup(self.ckan.close)

    def rows(self):
        got = self.ckan.action.datastore_search(resource_id=self.id, sort="_id")
        return [(r["station"], r["time"], r["mm"]) for r in got["records"]]

    def test_insert_upsert_update(self):
        before, now = self.rows(), "2026-03-01T11:00:00"
        self.assertEqual([r[0] for r in before], [466920, 466930])
        self.ckan.action.datastore_upsert(resource_id=self.id, method="insert", records=[{"station": 466940, "time": now, "mm": 2}])
        self.assertEqual(self.rows(), before + [(466940, now, 2)])
        done = self.ckan.action.datastore_upsert(resource_id=self.id, primary_key=["station"], include_records=True,
                                                 records=[{"station": 466940, "mm": 2.5}, {"station": 466950, "mm": 9}])
        self.assertEqual(done["method"], "upsert")
        self.assertEqual(sorted(self.rows(), key=lambda r: r[0]), before + [(466940, now, 2.5), (466950, None, 9)])      # what a record leaves out stays
        self.ckan.action.datastore_upsert(resource_id=self.id, method="update", records=[{"station": 466950, "time": now}])
        self.assertIn((466950, now, 9), self.rows())
        kept = self.rows()
        for wrong in ({"method": "update", "records": [{"station": 1, "mm": 1}]}, {"records": [{"station": 466940, "none": 1}]}, {"records": [{"mm": 1}]},
                      {"records": [{"station": 466940, "mm": 1}], "method": "merge"}, {"records": "all"}):
            with self.subTest(wrong=wrong), self.assertRaises(ckanapi.ValidationError) as refused:
                self.ckan.action.datastore_upsert(resource_id=self.id, **wrong)
            self.assertTrue(refused.exception.error_dict)
        self.ckan.action.datastore_upsert(resource_id=self.id, method="insert", dry_run=True, records=[{"station": 7}])
        self.assertEqual(self.rows(), kept)

    def test_who_may(self):
        call = {"resource_id": self.id, "method": "insert", "records": [{"station": 1}]}
        for key in (None, "osk_" + "1" * 64):
            with ckanapi.RemoteCKAN(SITE.url, apikey=key) as stranger, self.assertRaises(ckanapi.NotAuthorized):
                stranger.action.datastore_upsert(**call)
        with self.assertRaises(ckanapi.NotFound):
            self.ckan.action.datastore_upsert(**{**call, "resource_id": "none"})
        with self.assertRaises(ckanapi.NotAuthorized):          # tables come by files: docs/api/ckan.md
            self.ckan.action.datastore_create(resource_id=self.id, records=call["records"])


class Shell(unittest.TestCase):
    """The `ckanapi` command."""

    def ckanapi(self, *words):
        done = subprocess.run([HERE / ".venv/bin/ckanapi", *words, "-r", SITE.url], capture_output=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr.decode()[-2000:])
        return done.stdout

    def lines(self, *words):
        return [json.loads(line) for line in self.ckanapi(*words).splitlines()]

    def test_action(self):
        self.assertEqual(json.loads(self.ckanapi("action", "package_search", "rows:0"))["count"], in_index(""))

    def test_dump_all_datasets(self):
        dumped = again = None
        for _ in range(5):              # the site may measure a dataset between two dumps
            dumped = self.lines("dump", "datasets", "--all")
            again = self.packed_dump()
            if sorted(again, key=lambda p: p["id"]) == sorted(dumped, key=lambda p: p["id"]):
                break
        self.assertEqual({p["id"]: p for p in again}, {p["id"]: p for p in dumped})
        self.assertEqual(sorted(p["name"] for p in dumped), remote().action.package_list())

    def packed_dump(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "all.jsonl.gz")
            self.ckanapi("dump", "datasets", "--all", "-z", "-O", str(path), "-p", "3")
            with gzip.open(path, "rt", encoding="utf-8") as f:
                return [json.loads(line) for line in f]

    def test_dump_organizations_and_groups(self):
        self.assertEqual(len(self.lines("dump", "organizations", "--all")), len(remote().action.organization_list()))
        self.assertEqual(len(self.lines("dump", "groups", "--all")), len(remote().action.group_list()))

    def test_search(self):
        self.assertEqual(len(self.lines("search", "datasets")), in_index(""))
        few = self.lines("search", "datasets", "fq=res_format:CSV", "sort=name asc")
        self.assertEqual(len(few), in_index("format:CSV"))
        self.assertEqual([p["name"] for p in few], sorted(p["name"] for p in few))


class Okfn(unittest.TestCase):
    """The npm client `ckan`, version 0.2.3."""

    def test_reads_the_site(self):
        done = subprocess.run(["node", HERE / "okfn.js", SITE.url], capture_output=True, timeout=120, cwd=HERE)
        self.assertEqual(done.returncode, 0, done.stderr.decode()[-2000:])
        seen = json.loads(done.stdout)
        self.assertEqual(seen["status"]["site_url"], SITE.url)
        self.assertEqual(len(seen["list"]), in_index(""))
        self.assertEqual(seen["paged"], seen["list"])
        self.assertEqual(seen["show"]["name"], seen["list"][0])
        self.assertEqual(sum(seen["search"]["facets"]["organization"].values()), seen["search"]["count"])
        self.assertEqual(len(seen["search"]["results"]), 5)
        self.assertEqual(len(seen["organizations"]), min(25, len(remote().action.organization_list())))
        self.assertEqual(seen["groups"], remote().action.group_list())
        self.assertEqual(seen["tags"], remote().action.tag_list())
        self.assertIn("HTTP code 404", seen["error"])


def fetch(path):
    with urllib.request.urlopen(SITE.url + path, timeout=30) as answer:
        return answer.read()


class Qgis(unittest.TestCase):
    """The addresses that the QGIS CKAN browser makes by formatting strings."""

    def call(self, rest):
        answer = json.loads(fetch("/api/3/action/" + urllib.parse.quote(rest, safe="/?&=+():*_-")))
        self.assertIs(answer["success"], True)
        return answer["result"]

    def test_groups_then_datasets(self):
        groups = self.call("group_list?all_fields=true")
        self.assertTrue(all(g["display_name"] for g in groups))
        most = sorted(groups, key=lambda g: -g["package_count"])[:2]
        wanted = "+OR+".join("groups:" + g["name"] for g in most)
        seen = []
        while True:
            page = self.call(f"package_search?q=&fq=({wanted})&sort=name asc&rows=20&start={len(seen)}")
            if not page["results"]:
                break
            seen += [p["name"] for p in page["results"]]
        self.assertEqual(len(seen), sum(g["package_count"] for g in most))
        self.assertEqual(seen, sorted(seen))


class Harvest(unittest.TestCase):
    """As ckanext-harvest's CKAN harvester asks: full, then what has changed."""

    def harvest(self, fq):
        found, previous, start = [], None, 0
        while True:
            query = urllib.parse.urlencode({"fq": fq, "rows": "100", "start": str(start), "sort": "id asc"})
            content = fetch("/api/action/package_search?" + query)
            digest = hashlib.sha256(content).digest()
            self.assertNotEqual(digest, previous, "two pages that follow each other are the same")
            previous = digest
            results = json.loads(content)["result"]["results"]
            if not results:
                return found
            found += results
            start += 100

    def test_full(self):
        found = self.harvest("")
        ids = [p["id"] for p in found]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertEqual(len(ids), in_index(""))
        self.assertTrue(all("resources" in p and "extras" in p for p in found))

    def test_some_organizations(self):
        counts = remote().action.package_search(rows=0, **{"facet.field": ["organization"]})["facets"]["organization"]
        a, b = list(counts)[:2]
        self.assertEqual(len(self.harvest(f"organization:{a} OR organization:{b}")), counts[a] + counts[b])
        self.assertEqual(len(self.harvest(f"-organization:{a}")), in_index("") - counts[a])

    def test_what_has_changed(self):
        newest = remote().action.package_search(rows=1, sort="metadata_modified desc")["results"][0]["metadata_modified"]
        self.assertEqual(len(self.harvest("metadata_modified:[2000-01-01T00:00:00Z TO *]")), in_index(""))
        self.assertGreaterEqual(len(self.harvest(f"metadata_modified:[{newest}Z TO *]")), 1)
        self.assertEqual(self.harvest("metadata_modified:[NOW+1HOUR TO *]"), [])


@unittest.skipUnless(shared("catalog-tw", "dgtw-full.ndjson.gz"), "the shared corpus is not there")
class Catalogue(unittest.TestCase):
    """The real catalogue of 52,547 records, paged to its end by ckanapi."""

    def test_to_the_end(self):
        with Site(demo=False) as site:
            site.stop()
            done = site.run("import", str(shared("catalog-tw", "dgtw-full.ndjson.gz")), timeout=600)
            self.assertIn("created", done.stdout, done.stderr[-1000:])
            site.start()
            with ckanapi.RemoteCKAN(site.url) as ckan:
                names, ids = [], set()
                while True:
                    page = ckan.action.package_search(rows=1000, start=len(names), sort="name asc")
                    if not page["results"]:
                        break
                    names += [p["name"] for p in page["results"]]
                    ids |= {p["id"] for p in page["results"]}
                self.assertEqual(len(names), page["count"])
                self.assertEqual(len(ids), page["count"])
                self.assertEqual(names, ckan.action.package_list())
            self.assertEqual(len(names), int(site.run("search", "--count", "").stdout))


def main():
    done = unittest.main(module=None, verbosity=2, exit=False, argv=[sys.argv[0], *(sys.argv[1:] or ["clients", "tables", "schemas"])]).result
    failed = len(done.failures) + len(done.errors)
    skipped = len(done.skipped)
    print(f"{done.testsRun - failed - skipped} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or done.testsRun == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
