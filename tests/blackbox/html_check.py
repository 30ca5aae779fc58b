"""Checks one HTML page as a person with a screen reader and a strict parser would meet it."""
import html.parser
import re

VOID = set("area base br col embed hr img input link meta source track wbr".split())
BLOCK = set("address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul".split())
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "embed": "src",
         "object": "data", "input": "src", "track": "src", "image": "href", "use": "href"}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.stack, self.problems, self.ids, self.links, self.loads = [], [], [], [], []
        self.h1, self.headings, self.labels, self.controls = 0, [], set(), []
        self.lang, self.title, self.refs, self.text = None, "", [], []
        self.alternates, self.inline = {}, []
        if not re.match(r"<!doctype html>", text, re.I):
            self.problems.append("no doctype")
        self.feed(text)
        self.close()
        self.finish()

    def problem(self, what):
        self.problems.append(f"line {self.getpos()[0]}: {what}")

    def handle_starttag(self, tag, attrs):
        names = [n for n, _ in attrs]
        if len(names) != len(set(names)):
            self.problem(f"<{tag}> has an attribute twice")
        a = {n: v or "" for n, v in attrs}
        if tag in BLOCK and "p" in self.stack:
            self.problem(f"<{tag}> inside <p>")
        if tag in ("a", "button") and ("a" in self.stack or "button" in self.stack):
            self.problem(f"<{tag}> inside a link or button")
        if tag == "li" and (not self.stack or self.stack[-1] not in ("ul", "ol", "menu")):
            self.problem("<li> outside a list")
        if "id" in a:
            if a["id"] in self.ids:
                self.problem(f"id {a['id']} twice")
            if not a["id"] or re.search(r"\s", a["id"]):
                self.problem("an empty id, or one with blanks")
            self.ids.append(a["id"])
        if "style" in a or any(n.startswith("on") for n in names):
            self.inline.append(f"<{tag}> has an inline style or handler, which the CSP forbids")
        for ref in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "headers"):
            self.refs += [(ref, v) for v in a.get(ref, "").split()]
        self.note(tag, a)
        if tag not in VOID:
            self.stack.append(tag)

    def note(self, tag, a):
        if tag == "html":
            self.lang = a.get("lang")
        elif tag == "label" and "for" in a:
            self.labels.add(a["for"])
        elif tag in ("input", "select", "textarea") and a.get("type") not in ("hidden", "submit", "button", "image"):
            self.controls.append((a, "label" in self.stack))
        elif re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
            self.h1 += tag == "h1"
        elif tag == "img" and "alt" not in a:
            self.problem("an image without alt")
        if tag == "a" and "href" in a:
            self.links.append(a["href"])
        if tag == "form":
            self.links.append(a.get("action", "") if a.get("method", "get").lower() == "get" else "")
        if tag == "link":
            rel = a.get("rel", "").split()
            if {"stylesheet", "icon", "preload", "modulepreload", "manifest", "preconnect", "dns-prefetch"} & set(rel):
                self.loads.append(a.get("href", ""))
            else:
                self.links.append(a.get("href", ""))
            if "alternate" in rel or "canonical" in rel:
                self.alternates[a.get("type") or a.get("hreflang") or "canonical"] = a.get("href", "")
        if tag in LOADS and a.get(LOADS[tag]):
            self.loads.append(a[LOADS[tag]])
        if tag == "script" and "src" not in a and a.get("type") not in ("application/ld+json",):
            self.inline.append("an inline script")
        if tag == "style":
            self.inline.append("an inline style sheet")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            self.problem(f"</{tag}> of a void element")
        elif not self.stack or self.stack[-1] != tag:
            self.problem(f"</{tag}> where <{self.stack[-1] if self.stack else ''}> is open")
            if tag in self.stack:
                while self.stack.pop() != tag:
                    pass
        else:
            self.stack.pop()

    def handle_data(self, data):
        if self.stack and self.stack[-1] == "title" and "svg" not in self.stack:
            self.title += data
        if not {"script", "style"} & set(self.stack):
            self.text.append(data)

    def finish(self):
        if self.stack:
            self.problems.append(f"never closed: {' '.join(self.stack)}")
        if self.h1 != 1:
            self.problems.append(f"{self.h1} h1 instead of one")
        for before, after in zip(self.headings, self.headings[1:]):
            if after > before + 1:
                self.problems.append(f"h{after} after h{before}: a level is left out")
        if not self.title.strip():
            self.problems.append("no title")
        if not self.lang:
            self.problems.append("no lang")
        for ref, name in self.refs:
            if name not in self.ids:
                self.problems.append(f"{ref} names the id {name}, which is not there")
        for a, inside in self.controls:
            if not inside and a.get("id") not in self.labels and not a.get("aria-label") and not a.get("aria-labelledby"):
                self.problems.append(f"the control {a.get('name')} has no label")
        self.problems += self.inline


def looks_untranslated(text):
    """Template or format remains that no reader should meet."""
    return re.findall(r"\{\{|\}\}|%\.\*s|\(null\)|\bNaN\b|\{[a-z_]+\}", text)
