#!/usr/bin/env python3
"""Every phrase that people see has its Chinese, and no Chinese is left over.

  check_po.py        ROOT/po/zh_Hant.*.po against the sources

Phrases stand in templates ({{ t "…" }}), in C (T, lang_with, fail_said and what TABLES names), in base/err.def and in the
summaries of app/routes.def. Placeholders {x} of a phrase and of its Chinese must be the same.
"""
import ast
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
STRING = r'"(?:[^"\\\n]|\\.)*"'
LITERAL = rf"{STRING}(?:\s*{STRING})*"
CALLS = [
    re.compile(rf"\bT\(\s*[\w&>.-]+\s*,\s*({LITERAL})\s*\)"),
    re.compile(rf"\blang_with\(\s*[\w&>.-]+\s*,\s*({LITERAL})"),
    re.compile(rf"\bfail_said\(\s*[^,()]+,\s*[A-Z_]+,\s*(?:[^,()]|\([^()]*\))+,\s*({LITERAL})"),
]
# Summaries of these are shown to people on /api (app/help/help_page.c).
FOR_MACHINES = r"/(?:api/|feeds/|statistics/|openapi|apis\.json|sitemap|opensearch|robots|targets\.csv|data\.json|catalog)"
# Phrases that are chosen by code: where they stand, and how they look there.
TABLES = {
    "src/app/dataset/verdict.c": [re.compile(r'("[A-Z][^"]* [^"]*\.")'), re.compile(rf'\{{ "\w+", ("[A-Z][^"]*"), ')],
    "src/app/find/words.c": [re.compile(rf'\{{ FIND_\w+, {STRING}, ("[ -~]+") \}},')],
    "src/kit/http/conn.c": [re.compile(rf"\bfail_now\(k, ERR_\w+, ({LITERAL})"), re.compile(rf"\brun_fail\([^;\"]*({LITERAL})")],
    "src/kit/http/request.c": [re.compile(rf"\bbad\(w, ({LITERAL})")],
    "src/kit/http/loopback.c": [re.compile(rf"\brun_fail\([^;\"]*({LITERAL})")],
    "src/kit/ingest/refusal.def": [re.compile(rf"^REFUSAL\(({STRING})\)", re.M)],
    "src/kit/ingest/kind.def": [re.compile(rf'^KIND\(.*?("[^"]+")\)$', re.M)],
    "src/base/err.def": [re.compile(rf"^ERR\(.*?({STRING})\)", re.M)],
    "src/app/routes.def": [re.compile(rf'^ROUTE\(M\(GET\).*?, "{FOR_MACHINES}.*({STRING})\)\s*$', re.M)],
}


def value(literals):
    return "".join(ast.literal_eval(s) for s in re.findall(STRING, literals))


def sources():
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in (".c", ".h", ".def", ".html") and not path.name.endswith("_test.c"):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def phrases():
    """What must be translated: phrase → where it stands first; and every literal there is, for what is left over."""
    wanted, literals = {}, set()
    for name, text in sources():
        if name.endswith(".html"):
            found = [(m.start(), value(m[1])) for m in re.finditer(rf"\{{\{{\s*t\s+({STRING})", text)]
        else:
            patterns = TABLES.get(name, []) + ([] if name.endswith((".def", ".h")) else CALLS)
            found = [(m.start(1), value(m[1])) for p in patterns for m in p.finditer(text)]
        for at, phrase in found:
            wanted.setdefault(phrase, f"{name}:{text.count(chr(10), 0, at) + 1}")
        bare = re.sub(r"/\*.*?\*/|'(?:\\.|[^'\\])'", "", text, flags=re.S)
        literals.update(value(m[0]) for m in re.finditer(LITERAL, bare))
    return wanted, literals


def catalogue(path):
    """[(line, msgid, msgstr)] of a .po file, without its head."""
    text = path.read_text(encoding="utf-8")
    for m in re.finditer(rf"^msgid ({LITERAL})\s*\nmsgstr ({LITERAL})", text, re.M):
        if value(m[1]):
            yield text.count("\n", 0, m.start()) + 1, value(m[1]), value(m[2])


def places(text):
    return sorted(set(re.findall(r"\{[a-z_]+\}", text)))


def main():
    wanted, literals = phrases()
    faults, known = [], {}
    for path in sorted(ROOT.glob("po/zh_Hant.*.po")):
        name = path.relative_to(ROOT).as_posix()
        for line, msgid, msgstr in catalogue(path):
            if not msgstr:
                faults.append(f"{name}:{line}: “{msgid}” has no Chinese")
            elif places(msgid) != places(msgstr) and msgid in wanted and "{" in msgid:
                faults.append(f"{name}:{line}: “{msgid}” and its Chinese have different {{places}}: {places(msgid)}, {places(msgstr)}")
            if known.setdefault(msgid, msgstr) != msgstr:
                faults.append(f"{name}:{line}: “{msgid}” has another Chinese elsewhere: {known[msgid]}")
            if msgid not in wanted and msgid not in literals:
                faults.append(f"{name}:{line}: “{msgid}” is left over: nothing says it")
    faults += [f"{where}: “{phrase}” has no Chinese in po/" for phrase, where in wanted.items() if phrase not in known]
    print("\n".join(faults) if faults else f"phrases: {len(wanted)}, all of them in Chinese")
    return 1 if faults else 0


sys.exit(main())
