#!/usr/bin/env python3
"""Lengths, headers, names, white space, and no hidden state.

  check_style.py [BUILD]    BUILD: a build folder whose objects are searched for mutable globals
                            (default: build or build-gcc, whichever is there)
"""
import ast
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FUNCTION_LINES, FILE_LINES = 80, 600
TEXT = {".c", ".h", ".py", ".html", ".css", ".sql", ".def", ".sh", ".mjs", ".js", ".ts", ".md", ".po", ".build", ".txt", ".conf"}
COUNTED = {".c", ".h", ".py", ".html", ".css", ".sql", ".sh", ".mjs", ".js", ".ts"}
SQL = re.compile(r'"\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b', re.S)
SQL_MAY = ("src/kit/db/", "src/kit/sql/", "src/kit/geo/gpkg.c", "src/kit/export/export_sqlite.c", "src/app/site/", "_test.c", "tests/", "bench/", "fuzz/")
# What C calls an int though it means a bool: json_kv would write 0 or 1.
TRUTH = re.compile(r"[=!]=|[<>]=|(?<![-<])<(?![<])|(?<![->])>(?![>])|&&|\|\||^!|^(true|false)$")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
# State that outlives a unit of work, each with its reason. NAME or FILE:NAME.
GLOBALS = {
    "log.c:least": "the log level: set once at start",
    "map.c:key": "hash key of the process, drawn once",
    "vocabulary.c:all": "the embedded vocabularies, read once",
    "vocabulary.c:lookup": "their index, made with them",
    "vocabulary.c:once": "guards both",
    "ckan_group.c:once": "guards the ids of the themes",
    "ckan_group.c:theme_ids": "made once of the vocabulary",
    "sqlite_source.c:vfs": "a file system as SQLite wants it, registered once",
    "sqlite_source.c:once": "guards that",
    "table_words.c:once": "guards the lexicon",
    "table_words.c:words": "the embedded lexicon, read once",
    "table_area.c:all": "the embedded areas, read once",
    "table_area.c:once": "guards them",
    "job_worker.c:bell": "the bell that says a job was added in this process",
    "fetch.c:once": "guards the start of the library",
    "blob.c:sha256": "the hash as the library gives it, looked up once",
    "blob.c:sha256_once": "guards it",
    "group_sum.c:keys": "room for the keys of a block, one a thread, filled anew for each",
    "lang.c:catalogues": "the embedded phrases, read once at start",
}
# Functions whose name does not start with their file's or folder's name, as their header says so.
NAMES = {"arena.c": ("mem_",), "buf.c": ("str_fmt",), "health.c": ("metrics_",), "shell": ("page_", "link_", "paging_"),
         "ledger": ("change_",), "vocabulary": ("licence_", "category_", "format_", "frequency_", "theme_", "agency_"),
         "bin": ("cli_", "cmd_"), "reader": ("intake_",)}


def tracked():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [f for f in sorted(set(out.stdout.splitlines())) if (ROOT / f).is_file()]


def c_functions(lines):
    """(name, static, first line, length) of each function: its body opens and closes in column 0."""
    start = None
    for n, line in enumerate(lines):
        if line.startswith("{") and start is None:
            head = n - 1
            while head > 0 and lines[head - 1].strip() and not re.search(r"[;}]\s*$|\*/\s*$|^#", lines[head - 1]):
                head -= 1
            start = head
        elif line.startswith("}") and start is not None:
            text = " ".join(lines[start:n])
            text = re.sub(r"\b(printf_like|__attribute__)\s*\((?:[^()]|\([^()]*\))*\)\)?", "", text.split("{")[0])
            name = re.search(r"(\w+)\s*\(", text)
            if name and not line.startswith("};") and "=" not in text.split("(")[0]:
                yield name[1], bool(re.search(r"\bstatic\b", text)), start + 1, n - start + 1
            start = None


def own_name(path, name):
    stem, folder = path.stem, path.parent.name
    prefixes = {stem.split("_")[0] + "_", stem + "_", folder + "_", folder.split("_")[0] + "_"}
    prefixes |= set(NAMES.get(path.name, ())) | set(NAMES.get(folder, ()))
    return name in (stem, folder, "main", "LLVMFuzzerTestOneInput") or any(name.startswith(p) for p in prefixes)


def outermost(text):
    """The text until a parenthesis closes that it did not open; strings and what stands in parentheses are blanks."""
    seen, depth = "", 0
    for token in re.finditer(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|.', text, re.S):
        c = token[0]
        depth -= c in ")]}"
        if depth < 0:
            break
        seen += c if depth == 0 and len(c) == 1 else " " * len(c)
        depth += c in "([{"
    return seen


def check_truths(text):
    """json_kv(j, key, a == b): a comparison is an int in C."""
    found = []
    for call in re.finditer(r"(?<!define )\bjson_kv\(", text):
        seen = outermost(text[call.end():call.end() + 2000])
        if seen.count(",") < 2:
            continue
        value = text[call.end() + seen.index(",", seen.index(",") + 1) + 1:call.end() + len(seen)].strip()
        while re.fullmatch(r"\( *\)", outermost(value)):
            value = value[1:-1].strip()
        arms = [arm.split("?")[-1].strip() for arm in outermost(value).split(":")]
        if any(TRUTH.search(arm) for arm in arms):
            found.append(f"{text.count(chr(10), 0, call.start()) + 1}: json_kv writes this truth as 0 or 1: say (bool)(…)")
    return found


def check_c(path, text, lines):
    found = []
    first = text.lstrip()
    if path.suffix == ".h" and not first.startswith("/*"):
        found.append("starts with a comment that says what it is for")
    if path.suffix == ".c" and not first.startswith(("/*", "//", "#")):
        found.append("starts with a comment or its include")
    for name, static, at, length in c_functions(lines):
        if length > FUNCTION_LINES:
            found.append(f"{at}: {name} has {length} lines (at most {FUNCTION_LINES})")
        if path.as_posix().startswith("src/") and not static and not path.stem.endswith("_test") and not own_name(path, name):
            found.append(f"{at}: {name} should start with the name of its file or folder")
    if path.suffix == ".c" and not any(m in path.as_posix() for m in SQL_MAY) and SQL.search(text):
        found.append("SQL stands in .sql files only")
    return found + check_truths(text)


def check_py(text):
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LINES:
                found.append(f"{node.lineno}: {node.name} has {length} lines (at most {FUNCTION_LINES})")
    if not ast.get_docstring(ast.parse(text)):
        found.append("starts with a docstring that says what it is for")
    return found


def check_js(lines):
    """Functions and callbacks of more than one line: they end where a line begins with } at their own indentation."""
    found, open_at = [], []
    for n, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if open_at and indent == open_at[-1][0] and line.lstrip().startswith("}"):
            start = open_at.pop()[1]
            if n - start + 1 > FUNCTION_LINES:
                found.append(f"{start}: a function has {n - start + 1} lines (at most {FUNCTION_LINES})")
        if re.search(r"(\bfunction\b.*|=>\s*)\{$", line):
            open_at.append((indent, n))
    return found


def check_text(name, text, lines):
    found = []
    if text and not text.endswith("\n"):
        found.append("ends without a line feed")
    if "\r" in text:
        found.append("has carriage returns")
    for n, line in enumerate(lines, 1):
        if line != line.rstrip():
            found.append(f"{n}: blanks at the end of the line")
        if "\t" in line and not name.startswith("Makefile"):
            found.append(f"{n}: a tab")
        if line.startswith(("<" * 7 + " ", ">" * 7 + " ")):
            found.append(f"{n}: a conflict of two changes was never resolved")
        if UNFINISHED.search(line) and name != "tools/check_style.py":
            found.append(f"{n}: unfinished work belongs in an issue, not in the code")
    return found


def check_file(name):
    path = pathlib.PurePosixPath(name)
    raw = (ROOT / name).read_bytes()
    program = path.suffix == "" and raw.startswith(b"#!")
    if not program and path.suffix not in TEXT and path.name != "Makefile":
        return []
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as e:
        return [f"is not UTF-8: {e}"]
    if name.startswith(("tests/golden/", "tests/data/", "fuzz/seeds/", "LICENSE")) or "/fixtures/" in name:
        return []
    lines = text.splitlines()
    found = check_text(name, text, lines)
    if (path.suffix in COUNTED or program) and len(lines) > FILE_LINES:
        found.append(f"has {len(lines)} lines (at most {FILE_LINES})")
    if path.suffix in (".c", ".h"):
        found += check_c(path, text, lines)
    elif path.suffix == ".py" or (program and b"python" in raw[:60]):
        found += check_py(text)
    elif path.suffix in (".mjs", ".js", ".ts"):
        found += check_js(lines)
    elif path.suffix == ".sql" and not text.startswith("--"):
        found.append("starts with a comment")
    elif program and not text.split("\n", 2)[1].startswith("#"):
        found.append("says in its second line what it is for")
    return found


def globals_of(build):
    """Names in writable sections of our objects; .data.rel.ro is constant after start."""
    objects = [str(p) for p in build.glob("*.a.p/src_*.o")] + [str(p) for p in build.glob("openshelf.p/*.o")]
    if not objects:
        return None
    out = subprocess.run(["nm", "-A", "-f", "sysv", *objects], capture_output=True, text=True, check=True).stdout
    found = []
    for line in out.splitlines():
        cells = [c.strip() for c in line.split("|")]
        if len(cells) < 7 or not re.match(r"\.(data|bss|tdata|tbss|lbss)\b(?!\.rel\.ro)", cells[6]) or ".rel.ro" in cells[6]:
            continue
        file, name = cells[0].rsplit(":", 1)
        file = re.sub(r"^.*/src_", "", file).removesuffix(".o")
        name = re.sub(r"\.\d+$", "", name)
        base = file.split("_")[-1]
        if name.startswith(("__", "completed", ".")) or f"{base}:{name}" in GLOBALS or any(
                file.endswith(k.split(":")[0]) and k.endswith(":" + name) for k in GLOBALS):
            continue
        found.append(f"{file}: mutable global “{name}”: keep state in a struct, or name it with its reason in tools/check_style.py")
    return found


def main():
    found = []
    files = tracked()
    for name in files:
        found += [f"{name}: {f}" if not f[:1].isdigit() else f"{name}:{f}" for f in check_file(name)]
    builds = sys.argv[1:2] or [b for b in ("build", "build-gcc") if (ROOT / b).is_dir()] or ["build"]
    state = globals_of(ROOT / builds[0])
    found += state or []
    if found:
        print("\n".join(found))
    else:
        print(f"style: {len(files)} files" + ("" if state is not None else " (not built: globals not searched)"))
    return 1 if found else 0


sys.exit(main())
