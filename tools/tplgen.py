#!/usr/bin/env python3
"""Compiles .html templates to C functions (CONTRIBUTING.md has the syntax).

  tplgen.py --root ROOT --out DIR FILE.html …

Escaping follows from the type of the value (_Generic in kit/text/html.h) and
from the place, which a small HTML scanner knows: text, quoted attribute, or an
attribute that holds an address. Values in <script>, <style>, comments and
unquoted attributes are refused. `#line` makes the C compiler speak of the
template when an expression is wrong.
"""
import argparse
import pathlib
import re
import sys

ADDRESS = {"href", "src", "action", "formaction", "cite", "poster"}
TOKEN = re.compile(r"\{\{(.*?)\}\}", re.S)


class Scan:
    """Where in the HTML we are: text, tag, attr (quoted), bare (unquoted value), raw (script, style), comment."""

    def __init__(self):
        self.state, self.quote, self.attr, self.raw = "text", "", "", ""
        self.tag, self.name = "", ""
        self.fresh = False      # nothing has been written into the attribute yet: a value would choose the scheme

    def feed(self, html):
        i = 0
        while i < len(html):
            c = html[i]
            if self.state == "text":
                if html.startswith("<!--", i):
                    self.state = "comment"
                    i += 3
                elif c == "<" and i + 1 < len(html) and (html[i + 1].isalpha() or html[i + 1] in "/!"):
                    self.state, self.tag = "tag", re.match(r"</?[a-zA-Z0-9]*", html[i:]).group(0).lower()
                    self.name = ""
                    i += max(len(self.tag) - 1, 0)
            elif self.state == "comment":
                if html.startswith("-->", i):
                    self.state = "text"
                    i += 2
            elif self.state == "raw":
                if html[i:].lower().startswith("</" + self.raw):
                    self.state, self.tag = "tag", "</" + self.raw
                    i += len(self.tag) - 1
            elif self.state == "attr":
                self.fresh = False
                if c == self.quote:
                    self.state = "tag"
            elif self.state == "tag":
                if c == ">":
                    name = self.tag.lstrip("<")
                    self.state = "raw" if name in ("script", "style") else "text"
                    self.raw = name
                elif c == "=":
                    self.attr, self.name, self.state = self.name.lower(), "", "bare"
                else:
                    self.name = "" if c.isspace() or c == "/" else self.name + c
            elif self.state == "bare":
                if c in "\"'":
                    self.state, self.quote, self.fresh = "attr", c, True
                elif c.isspace():
                    pass
                else:
                    self.state = "tag"
                    if c == ">":
                        continue
            i += 1

    def key(self):
        return (self.state, self.quote if self.state == "attr" else "", self.attr if self.state == "attr" else "")


class Template:
    def __init__(self, path, shown):
        self.path, self.shown = path, shown
        self.text = path.read_text()
        self.includes, self.functions = [], []
        self.body, self.scan, self.stack, self.fn = [], Scan(), [], None

    def stop(self, at, why):
        sys.exit(f"{self.shown}:{self.text.count(chr(10), 0, at) + 1}: {why}")

    def line(self, at):
        return self.text.count("\n", 0, at) + 1

    def literal(self, html, at):
        if self.fn is None:
            if html.strip():
                self.stop(at, "markup before the first {{# name: type }}")
            return
        self.scan.feed(html)
        html = re.sub(r"\s*\n\s*", "\n", html)
        html = re.sub(r"^\s+(?=<!doctype)", "", html)   # a page begins with it
        if html:
            for piece in re.findall(r"(?s).{1,4000}", html):
                text = piece.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
                self.body.append(f'    buf_add(o, S("{text}"));\n')

    def mark(self, at):
        self.body.append(f'#line {self.line(at)} "{self.shown}"\n')

    def put(self, expr, at):
        state = self.scan.state
        if state == "text":
            call = f"html_put(o, ({expr}))"
        elif state == "attr":
            call = f"html_url(o, ({expr}))" if self.scan.attr in ADDRESS and self.scan.fresh else f"html_attr(o, ({expr}))"
            self.scan.fresh = False
        elif state == "bare":
            self.stop(at, "a value in an attribute without quotes")
        elif state == "raw":
            self.stop(at, f"a value inside <{self.scan.raw}>")
        else:
            self.stop(at, f"a value inside a {state}: only text and quoted attribute values take one")
        self.mark(at)
        self.body.append(f"    {call};\n")

    def phrase(self, rest, at):
        found = re.match(r'\s*"((?:[^"\\]|\\.)*)"\s*(.*)$', rest, re.S)
        if not found:
            self.stop(at, 'want {{ t "English text" }}')
        msgid, args = found.group(1), found.group(2).strip()
        if not args:
            return f'T(c, "{msgid}")'
        parts = re.split(r"\s*\b([a-z_]+)=(?!=)", " " + args)
        if parts[0].strip():
            self.stop(at, f"cannot read “{parts[0].strip()}”: want name=expression")
        items = ", ".join('{ "%s", (%s) }' % (parts[i], parts[i + 1].strip()) for i in range(1, len(parts), 2))
        return f'lang_with(c, "{msgid}", {items})'

    def directive(self, code, at):
        word = code.split(None, 1)[0] if code.split() else ""
        rest = code[len(word):].strip()
        if code.startswith("#"):
            self.close(at)
            found = re.match(r"#\s*([a-z_0-9]+)\s*(?::\s*([a-z_0-9]+))?$", code)
            if not found:
                self.stop(at, "want {{# name: type }}")
            self.fn = (found.group(1), found.group(2), self.line(at))
            self.body, self.scan, self.stack = [], Scan(), []
            return
        if word == "include":
            self.includes.append(rest.strip('"'))
            return
        if self.fn is None:
            self.stop(at, "a directive before the first {{# name: type }}")
        if word == "t":
            self.put(self.phrase(rest, at), at)
        elif word == "if":
            self.mark(at)
            self.body.append(f"    if ({rest}) {{\n")
            self.stack.append(["if", self.scan.key(), self.scan.fresh, False])
        elif word == "else":
            if not self.stack or self.stack[-1][0] != "if":   # an else after the last one, too
                self.stop(at, "else without if")
            if self.scan.key() != self.stack[-1][1]:
                self.stop(at, "the branch does not end where it began (tag or quote left open)")
            self.mark(at)
            again = re.match(r"if\b(.*)$", rest, re.S)
            branch = self.stack[-1]
            branch[3] = branch[3] or self.scan.fresh
            self.scan.fresh = branch[2]
            branch[0] = "if" if again else "else"
            self.body.append(f"    }} else if ({again.group(1).strip()}) {{\n" if again else "    } else {\n")
        elif word == "each":
            found = re.match(r"([A-Za-z_0-9]+)\s+([a-z_0-9]+)\s+in\s+(.+)$", rest, re.S)
            if not found:
                self.stop(at, "want {{ each TYPE name in list }}")
            kind, name, items = found.groups()
            self.mark(at)
            self.body.append(f"    for (const {kind} *{name} = ({items}).v, *{name}_end = {name} == NULL ? NULL : {name} + ({items}).n; "
                             f"{name} != {name}_end; {name}++) {{\n")
            self.stack.append(["each", self.scan.key(), self.scan.fresh, self.scan.fresh])
        elif word == "let":
            found = re.match(r"(.+?)\s*=(?!=)\s*(.+)$", rest, re.S)
            if not found:
                self.stop(at, "want {{ let TYPE name = expression }}")
            self.mark(at)
            self.body.append(f"    {found.group(1)} = {found.group(2)};\n")
        elif word == "end":
            if not self.stack:
                self.stop(at, "end without if or each")
            kind, key, before, left = self.stack.pop()
            if self.scan.key() != key:
                self.stop(at, f"the {kind} does not end where it began (tag or quote left open)")
            # still unwritten when one way through leaves it so; without an else there is such a way
            self.scan.fresh = left or self.scan.fresh or (kind == "if" and before)
            self.body.append("    }\n")
        else:
            self.put(code, at)

    def close(self, at):
        if self.fn is None:
            return
        if self.stack:
            self.stop(at, f"{self.stack[-1][0]} without end")
        if self.scan.state != "text":
            self.stop(at, f"the template ends inside a {self.scan.state}")
        self.functions.append((self.fn, "".join(self.body)))

    def run(self):
        at = 0
        for m in TOKEN.finditer(self.text):
            self.literal(self.text[at:m.start()], at)
            self.directive(m.group(1).strip(), m.start())
            at = m.end()
        self.literal(self.text[at:], at)
        self.close(len(self.text) - 1)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--root", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("files", nargs="+")
    a = args.parse_args()
    root, out = pathlib.Path(a.root).resolve(), pathlib.Path(a.out)
    h = ["/* Made by tools/tplgen.py from the .html files: do not edit. */\n#ifndef VIEWS_H\n#define VIEWS_H\n"
         "#include \"base.h\"\n#include \"kit/text/html.h\"\n"]
    c = ["#include \"views.h\"\n\n#include \"kit/text/lang.h\"\n\n"]
    includes, prototypes = [], []
    for name in sorted(a.files):
        path = pathlib.Path(name).resolve()
        t = Template(path, path.relative_to(root).as_posix() if path.is_relative_to(root) else name)
        t.run()
        includes += [i for i in t.includes if i not in includes]
        for (fn, kind, line), body in t.functions:
            proto = f"html {fn}(ctx *c{', const ' + kind + ' *v' if kind else ''})"
            prototypes.append(proto + ";\n")
            c.append(f'#line {line} "{t.shown}"\n{proto}\n{{\n    buf out_ = buf_in(c->a), *o = &out_;\n    (void)buf_room(o, 4096);\n'
                     f"{'    (void)v;' + chr(10) if kind else ''}{body}    return (html){{ buf_str(o) }};\n}}\n\n")
    h += [f'#include "{i}"\n' for i in includes]
    h += ["\n"] + prototypes + ["#endif\n"]
    (out / "views.h").write_text("".join(h))
    (out / "views.c").write_text("".join(c))


main()
