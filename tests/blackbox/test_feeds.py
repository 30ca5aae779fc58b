"""Atom feeds by the rules of RFC 4287 and their paging by RFC 5005: all, an organisation, any search, in both languages."""
import datetime
import re
import unittest
import urllib.parse
import xml.etree.ElementTree as xml

from demo_site import Site

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# RFC 4287, sections 4.1.1 and 4.1.2: how often a child may stand in its parent (least, most).
FEED = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "subtitle": (0, 1), "generator": (0, 1), "icon": (0, 1), "logo": (0, 1),
        "rights": (0, 1), "author": (0, 99), "category": (0, 99), "contributor": (0, 99), "link": (0, 99), "entry": (0, 999)}
ENTRY = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "published": (0, 1), "summary": (0, 1), "content": (0, 1), "source": (0, 1),
         "rights": (0, 1), "author": (0, 99), "category": (0, 99), "contributor": (0, 99), "link": (0, 99)}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def moment(text):
    if not MOMENT.fullmatch(text):
        raise AssertionError(f"“{text}” is no date of RFC 3339")
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def links(element, rel):
    return [e.get("href") for e in element.findall(ATOM + "link") if e.get("rel") == rel]


class Feeds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site()
        cls.site.__enter__()
        cls.addClassCleanup(cls.site.__exit__, None, None, None)

    def path(self, address):
        self.assertTrue(address.startswith(self.site.url + "/"), address)
        return address[len(self.site.url):]

    def children(self, parent, rules):
        names = [e.tag.removeprefix(ATOM) for e in parent]
        self.assertEqual(set(names) - set(rules), set(), "elements that RFC 4287 does not have here")
        for name, (least, most) in rules.items():
            self.assertTrue(least <= names.count(name) <= most, f"{names.count(name)} × {name} in {parent.tag}")

    def check_links(self, parent):
        seen = set()
        for link in parent.findall(ATOM + "link"):
            self.assertTrue(urllib.parse.urlsplit(link.get("href", "")).scheme, "addresses are absolute")
            self.assertRegex(link.get("type", ""), r"^[\w.+-]+/[\w.+-]+$")
            if link.get("rel") == "alternate":
                kind = (link.get("type"), link.get("hreflang"))
                self.assertNotIn(kind, seen, "two alternates of one type and language")
                seen.add(kind)

    def check_entry(self, entry):
        self.children(entry, ENTRY)
        self.check_links(entry)
        self.assertTrue(urllib.parse.urlsplit(entry.findtext(ATOM + "id")).scheme, "an id is an absolute IRI")
        self.assertTrue(entry.find(ATOM + "content") is not None or links(entry, "alternate"), "neither content nor alternate")
        self.assertTrue(entry.findtext(ATOM + "title").strip())
        for author in entry.findall(ATOM + "author"):
            self.assertEqual([e.tag for e in author], [ATOM + "name"])
            self.assertTrue(author.findtext(ATOM + "name").strip())
        published = entry.findtext(ATOM + "published")
        if published:
            moment(published)
        return entry.findtext(ATOM + "id"), moment(entry.findtext(ATOM + "updated"))

    def feed(self, target):
        answer = self.site.get(target)
        self.assertEqual(answer.status, 200, target)
        self.assertEqual(answer["content-type"], "application/atom+xml; charset=utf-8")
        root = xml.fromstring(answer.body)
        self.assertEqual(root.tag, ATOM + "feed")
        self.assertIn(root.get(LANG), ("zh-Hant", "en"))
        self.children(root, FEED)
        self.check_links(root)
        self.assertTrue(urllib.parse.urlsplit(root.findtext(ATOM + "id")).scheme)
        entries = root.findall(ATOM + "entry")
        checked = [self.check_entry(e) for e in entries]
        self.assertTrue(root.find(ATOM + "author") is not None or all(e.find(ATOM + "author") is not None for e in entries), "an author is missing")
        moments = [m for _, m in checked]
        self.assertEqual(moments, sorted(moments, reverse=True), "newest first")
        if moments:
            self.assertEqual(moment(root.findtext(ATOM + "updated")), moments[0])
        self.assertEqual(self.path(links(root, "self")[0]), target)
        self.assertEqual(self.site.get(self.path(links(root, "alternate")[0])).status, 200)
        return root, [i for i, _ in checked]

    def walk(self, target):
        """From the first page by `next` to the end: ids of all entries. Each page names the one before it and the first."""
        ids, before, name, first = [], None, None, target
        while target:
            root, here = self.feed(target)
            name = name or root.findtext(ATOM + "id")
            self.assertEqual(root.findtext(ATOM + "id"), name, "pages of one feed have its id")
            self.assertEqual([self.path(p) for p in links(root, "previous")], [before] if before else [])
            self.assertEqual([self.path(p) for p in links(root, "first")], [first])
            ids += here
            following = links(root, "next")
            self.assertLessEqual(len(following), 1)
            before, target = target, self.path(following[0]) if following else None
        self.assertEqual(len(ids), len(set(ids)), "an entry stands on two pages")
        return name, ids

    def count(self, **query):
        return self.site.get("/api/3/action/package_search?rows=0&" + urllib.parse.urlencode(query)).json()["result"]["count"]

    def test_all(self):
        chinese, ids = self.walk("/feeds/dataset.atom")
        self.assertEqual(len(ids), self.count(q="*:*"))
        self.assertGreater(len(ids), 100)
        english, same = self.walk("/en/feeds/dataset.atom")
        self.assertEqual(sorted(ids), sorted(same))
        self.assertNotEqual(chinese, english, "two feeds, two ids")

    def test_an_organisation(self):
        organizations = self.site.get("/api/3/action/organization_list?all_fields=true&limit=25").json()["result"]
        names = set()
        for org in [o for o in organizations if o["package_count"] > 0][:3]:
            name, ids = self.walk(f"/feeds/organization/{org['name']}.atom")
            self.assertGreaterEqual(len(ids), org["package_count"])
            names.add(name)
        self.assertEqual(len(names), 3)
        for wrong in ("/feeds/organization/no-such.atom", f"/feeds/organization/{organizations[0]['name']}"):
            self.assertEqual(self.site.get(wrong).status, 404, wrong)

    def test_a_search(self):
        target = "/feeds/custom.atom?q=" + urllib.parse.quote("資料") + "&format=CSV"
        _, ids = self.walk(target)
        listed = self.site.get(target.replace("/feeds/custom.atom", "/datasets.json")).json()
        self.assertEqual(len(ids), listed["total"])
        self.assertGreater(len(ids), 20)
        _, none = self.walk("/feeds/custom.atom?q=zzzzzz")
        self.assertEqual(none, [])

    def test_strange_words_stay_text(self):
        root, _ = self.feed("/feeds/custom.atom?q=" + urllib.parse.quote("<b>&\"']]>"))
        self.assertIn("<b>&\"']]>", root.findtext(ATOM + "title"))

    def test_pages_that_are_none(self):
        for page in ("0", "-1", "x", "99999999999999999999"):
            self.assertIn(self.site.get(f"/feeds/dataset.atom?page={page}").status, (400, 404, 422), page)
        root, ids = self.feed("/feeds/dataset.atom?page=400")
        self.assertEqual((ids, links(root, "next")), ([], []))

    def test_pages_lead_to_their_feed(self):
        for page in ("/datasets", "/en/datasets", "/datasets?q=" + urllib.parse.quote("公車")):
            told = re.search(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', self.site.get(page).text)
            self.assertIsNotNone(told, page)
            self.feed(urllib.parse.urljoin(page, told[1].replace("&amp;", "&")))

    def test_unchanged(self):
        first = self.site.get("/feeds/dataset.atom")
        again = self.site.request("GET", "/feeds/dataset.atom", {"If-None-Match": first["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))


if __name__ == "__main__":
    unittest.main()
