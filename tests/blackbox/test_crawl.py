"""Walks every page of the demonstration site in both languages, as a crawler, a parser and a screen reader would."""
import collections
import json
import re
import unittest
import urllib.parse
import xml.etree.ElementTree as xml

import html_check
from demo_site import Site, encode

A_SHAPE = 12      # pages that differ only in the values of their query or path
MOST = 3000


def shape(target):
    """/datasets/air?page=2 → /datasets/*?page: pages made by the same code."""
    parts = urllib.parse.urlsplit(target)
    path = [p for p in parts.path.split("/")]
    path = path[:3 if path[1:2] == ["en"] else 2] + ["*" for _ in path[3 if path[1:2] == ["en"] else 2:]]
    names = sorted({k for k, _ in urllib.parse.parse_qsl(parts.query, keep_blank_values=True)})
    suffix = re.search(r"\.(json|atom|xml|csv)$", parts.path)
    return "/".join(path) + (suffix[0] if suffix else "") + "?" + "&".join(names)


class Crawl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site()
        cls.site.__enter__()
        cls.pages, cls.answers, cls.bad = {}, {}, collections.defaultdict(list)
        cls.walk()

    @classmethod
    def tearDownClass(cls):
        cls.site.__exit__(None, None, None)

    @classmethod
    def walk(cls):
        todo = collections.deque([("/", "start"), ("/en/", "start"), ("/sitemap.xml", "start"), ("/robots.txt", "start")])
        seen, shapes = {t for t, _ in todo}, collections.Counter()
        while todo and len(cls.answers) < MOST:
            target, source = todo.popleft()
            shapes[shape(target)] += 1
            if shapes[shape(target)] > A_SHAPE:
                continue
            answer = cls.site.get(target)
            hops = 0
            while answer.status in (301, 302, 303, 307, 308) and hops < 4:
                answer = cls.site.get(urllib.parse.urljoin(target, answer["location"]))
                hops += 1
            cls.answers[target] = answer
            if answer.status != 200:
                cls.bad["status"].append(f"{answer.status} {target} (linked from {source})")
                continue
            for link in cls.links_of(target, answer):
                if link not in seen:
                    seen.add(link)
                    todo.append((link, target))

    @classmethod
    def links_of(cls, target, answer):
        kind = answer["content-type"].split(";")[0]
        links = []
        if kind == "text/html":
            page = cls.pages[target] = html_check.Page(answer.text)
            links = page.links + page.loads
        elif kind in ("application/xml", "text/xml") and "<loc>" in answer.text:
            links = re.findall(r"<loc>([^<]+)</loc>", answer.text)[:200]
        for link in links:
            full = urllib.parse.urljoin(cls.site.url + target, link.replace("&amp;", "&"))
            if full.startswith(cls.site.url + "/") and not link.startswith("#"):
                yield encode(urllib.parse.urldefrag(full)[0][len(cls.site.url):])

    def none(self, found, what):
        self.assertEqual([], found[:25], f"{len(found)} {what}")

    def test_every_link_resolves(self):
        self.assertGreater(len(self.pages), 60, "too few pages were found")
        self.none(self.bad["status"], "links lead nowhere")

    def test_markup_is_sound(self):
        self.none([f"{t}: {p}" for t, page in self.pages.items() for p in page.problems], "faults of markup")

    def test_language_is_said(self):
        wrong = [t for t, p in self.pages.items() if p.lang != ("en" if t.startswith("/en") else "zh-Hant")
                 and p.lang != ("en" if t.startswith("/en") else "zh-Hant-TW")]
        self.none(wrong, "pages say the wrong language")

    def test_nothing_is_loaded_from_elsewhere(self):
        found = [f"{t}: {u}" for t, p in self.pages.items() for u in p.loads
                 if not urllib.parse.urljoin(self.site.url + t, u).startswith((self.site.url + "/", "data:"))]
        self.none(found, "loads from other hosts")

    def test_no_remains_of_templates(self):
        found = []
        for target, page in self.pages.items():
            if "api" not in target and "help" not in target:
                found += [f"{target}: {r}" for r in html_check.looks_untranslated(" ".join(page.text))]
        self.none(found, "remains of templates")

    def test_titles_differ(self):
        titles = collections.defaultdict(list)
        for target, page in self.pages.items():
            if "?" not in target and target.rstrip("/") != "/en":
                titles[(page.lang, page.title)].append(target)
        self.none([f"{k[1]}: {v}" for k, v in titles.items() if len(v) > 2], "titles shared by pages")

    def test_every_page_is_json_too(self):
        found = []
        done = set()
        for target, page in self.pages.items():
            twin = page.alternates.get("application/json")
            if not twin:
                found.append(f"{target}: names no JSON")
                continue
            twin = encode(urllib.parse.urljoin(self.site.url + target, twin)[len(self.site.url):])
            if shape(twin) in done:
                continue
            done.add(shape(twin))
            answer = self.site.get(twin)
            if answer.status != 200 or "json" not in answer["content-type"]:
                found.append(f"{twin}: {answer.status} {answer['content-type']}")
                continue
            json.loads(answer.text)
            asked = self.site.get(target, {"Accept": "application/json"})
            if asked.status == 302:
                asked = self.site.get(asked["location"])
            if "json" not in asked["content-type"]:
                found.append(f"{target}: Accept: application/json gets {asked['content-type']}")
        self.none(found, "pages without their JSON")

    def test_chinese_pages_read_chinese(self):
        found = []
        for target, page in self.pages.items():
            text = "".join(page.text)
            han = len(re.findall(r"[\u4e00-\u9fff]", text))
            if not target.startswith("/en") and han < 60:
                found.append(f"{target}: {han} Chinese characters")
        self.none(found, "Chinese pages without Chinese")

    def test_feeds_and_machine_pages_parse(self):
        seen = collections.Counter()
        for target, answer in self.answers.items():
            kind = answer["content-type"].split(";")[0]
            if answer.status == 200 and kind.endswith("xml"):
                xml.fromstring(answer.body)
                seen["xml"] += 1
            if answer.status == 200 and kind.endswith("json"):
                json.loads(answer.text)
                seen["json"] += 1
        self.assertGreater(seen["xml"], 2)
        self.assertGreater(seen["json"], 20)

    def test_json_ld_parses(self):
        found = 0
        for target, answer in self.answers.items():
            if answer["content-type"].startswith("text/html"):
                for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.S):
                    data = json.loads(block)
                    found += "Dataset" in json.dumps(data)
        self.assertGreater(found, 5, "dataset pages carry schema.org Dataset")

    def test_canonical_and_other_language(self):
        found = []
        for target, page in self.pages.items():
            for name in ("en", "zh-Hant"):
                if not any(k.startswith(name) for k in page.alternates):
                    found.append(f"{target}: no hreflang {name}")
        self.none(found, "pages do not name the other language")


if __name__ == "__main__":
    unittest.main()
