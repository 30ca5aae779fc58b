"""Every address of routes.def is reachable, documented and sends what it should: nothing may stand only on paper."""
import json
import re
import unittest

from demo_site import ROOT, Site

ROUTE = re.compile(r'^ROUTE\(([^"]+), "([^"]+)", \w+, \w+, \w+, \w+, "([^"]*)", "([^"]*)"\)$', re.M)


class Routes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site()
        cls.site.__enter__()
        listed = cls.site.run("routes", "--json", data=False)
        if listed.returncode != 0:
            raise AssertionError(listed.stderr)
        data = json.loads(listed.stdout)
        cls.routes = data["routes"] if isinstance(data, dict) else data
        names = json.loads(cls.site.get("/api/3/action/package_list?limit=1").text)["result"]
        dataset = json.loads(cls.site.get("/api/3/action/package_show?id=" + names[0]).text)["result"]
        cls.values = {
            "dataset": dataset["name"], "id": dataset["name"], "slug": dataset["organization"]["name"],
            "organization": dataset["organization"]["name"], "n": "1", "resource": dataset["resources"][0]["id"],
            "identifier": dataset["name"], "action": "status_show", "rest": "x",
        }
        cls.dataset = dataset

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__(None, None, None)

    def filled(self, path):
        return re.sub(r"\{(\w+)\*?\}", lambda m: self.values.get(m[1], "x"), path)

    def test_every_route_answers(self):
        self.assertGreater(len(self.routes), 25)
        bad = []
        for route in self.routes:
            if "GET" not in str(route.get("methods", "GET")):
                continue
            answer = self.site.get(self.filled(route["path"]))
            parametric = "{" in route["path"]
            if answer.status >= 500 or answer.status == 405 or (answer.status >= 400 and not parametric and answer.status not in (400, 409, 422)):
                bad.append(f"{answer.status} {route['path']}")
        self.assertEqual([], bad)

    def operations(self):
        """{(METHOD, path): operation} of openapi.json."""
        api = self.site.get("/openapi.json").json()
        self.assertRegex(api["openapi"], r"^3\.1\.\d+$")
        self.assertTrue(api["info"]["title"] and api["info"]["version"])
        self.assertEqual([s["url"] for s in api["servers"]], [self.site.url])
        return {(method.upper(), path): entry for path, methods in api["paths"].items() for method, entry in methods.items()}

    def test_openapi_is_routes_def(self):
        """Every route with its summary and parameters stands in the description, and nothing else does."""
        wanted = {}
        for methods, path, params, summary in ROUTE.findall((ROOT / "src/app/routes.def").read_text(encoding="utf-8")):
            for method in re.findall(r"M\((\w+)\)", methods):
                names = [("path", n, "string", None) for n in re.findall(r"\{(\w+)\*?\}", path)]
                for param in filter(None, params.split("|")):
                    name, kind, what = param.split(":", 2)
                    names.append(("query", name, {"int": "integer", "bool": "boolean", "text": "string"}[kind], what))
                wanted[method, path.replace("*}", "}")] = (summary, names)
        self.assertGreater(len(wanted), 50)
        given = {k: (o["summary"], [(p["in"], p["name"], p["schema"]["type"], p.get("description")) for p in o["parameters"]])
                 for k, o in self.operations().items()}
        self.assertEqual(set(wanted), set(given))
        for key in wanted:
            self.assertEqual(wanted[key], given[key], key)

    def test_openapi_keeps_its_rules(self):
        operations = self.operations()
        names = [o["operationId"] for o in operations.values()]
        self.assertEqual(sorted(set(names)), sorted(names), "an operationId is said once")
        shapes = {re.sub(r"\{\w+\}", "{}", path) for _, path in operations}
        self.assertEqual(len(shapes), len({path for _, path in operations}), "two paths differ in the names of their parameters alone")
        for (method, path), entry in operations.items():
            with self.subTest(f"{method} {path}"):
                self.assertIn(method, ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"))
                self.assertTrue(path.startswith("/") and entry["summary"])
                self.assertTrue(entry["responses"] and all(r["description"] for r in entry["responses"].values()))
                said = [(p["in"], p["name"]) for p in entry["parameters"]]
                self.assertEqual(len(said), len(set(said)))
                self.assertEqual({n for where, n in said if where == "path"}, set(re.findall(r"\{(\w+)\}", path)))
                for p in entry["parameters"]:
                    self.assertIs(p["required"], p["in"] == "path")

    def test_apis_and_machine_pages(self):
        json.loads(self.site.get("/apis.json").text)
        robots = self.site.get("/robots.txt").text
        self.assertIn("Sitemap:", robots)
        self.assertIn("<loc>", self.site.get("/sitemap.xml").text)

    def test_old_names_redirect(self):
        by_uid = self.site.get("/datasets/" + self.dataset["id"])
        self.assertIn(by_uid.status, (200, 301, 302, 308))

    def test_errors_speak_the_readers_language(self):
        def main(path):
            return re.search(r"<main.*</main>", self.site.get(path).text, re.S)[0]

        for path, said in {"/datasets/no-such": "沒有「no-such」這個資料集", "/datasets?page=99999": "沒有第 99999 頁",
                           "/datasets?sort=up": "「sort」須為", "/datasets?page=x": "「page」須為", "/themes/none": "沒有「none」這個主題",
                           "/no-such-page": "此網址沒有任何內容", "/licences?combine=none": "不在授權條款清單中"}.items():
            chinese, english = main(path), main("/en" + path)
            self.assertIn(said, chinese, path)
            self.assertNotIn('lang="en"', chinese, path)
            self.assertNotRegex(english, "[\u4e00-\u9fff]", path)
        answer = json.loads(self.site.get("/datasets/no-such.json").text)["error"]
        self.assertEqual(answer["message"], "there is no dataset “no-such”; /datasets finds them")


if __name__ == "__main__":
    unittest.main()
