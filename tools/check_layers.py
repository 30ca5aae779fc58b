#!/usr/bin/env python3
"""Holds the layers: who may include whom stands in ARCHITECTURE.md, block ```layers.

A line is `folder: what it may include besides itself and base`. `faces` is the line for
what shows the product to the outside: folders whose line says `=faces`, and in every
subject folder the files *_page.*, *_api.*, *_feed.*, *_face.* and the templates. What is
no face may not include a face, nor the generated views. A line names nothing that its
folder does not use: the table says how things are, not how they might be.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*(?:#\s*include|\{\{\s*include)\s*"([^"]+)"', re.M)
FACE = re.compile(r"_(page|api|feed|face)(_\w+)?\.(c|h|html)$")
GENERATED = {"queries.h", "views.h", "embedded.h", "cp950_table.h"}


def table():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = {}
    for line in text.split("```layers", 1)[1].split("```", 1)[0].splitlines():
        line = line.split("#")[0].strip()
        if line:
            folder, allowed = line.split(":", 1)
            rows[folder.strip()] = allowed.split()
    return rows


def folder_of(path):
    parts = path.split("/")
    if parts[0] in ("kit", "app") and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def is_face(path, rows):
    return rows.get(folder_of(path)) == ["=faces"] or folder_of(path) == "app" \
        or path.endswith(".html") or bool(FACE.search(path))


def covers(allowed, target):
    return any(target == a or target.startswith(a + "/") for a in allowed)


def cycles(rows):
    """Folders that reach themselves through the table."""
    def reach(name, seen):
        for a in rows.get(name, []):
            if a in rows and a not in seen:
                seen.add(a)
                reach(a, seen)
        return seen
    return [r for r in rows if r in reach(r, set())]


def check_file(file, rows, used):
    """What is wrong with its includes; what they need of the table is put into `used`."""
    path = file.relative_to(ROOT / "src").as_posix()
    folder, face = folder_of(path), is_face(path, rows)
    if path.startswith("app/") and path.endswith("_test.c"):
        return []
    if folder not in rows and folder != "app":
        return [f"src/{path}: the folder {folder} has no line in ARCHITECTURE.md"]
    allowed = rows["faces"] if face and folder.startswith("app") else rows[folder]
    found = []
    for inc in INCLUDE.findall(file.read_text(encoding="utf-8")):
        target = folder_of(inc)
        if inc.startswith("support/") and path.startswith("kit/") and path.endswith("_test.c"):
            continue
        used.add((folder, target))
        if inc in GENERATED or inc.endswith(".def"):
            if inc == "views.h" and not face:
                found.append(f"src/{path}: only pages include views.h")
            continue
        if "/" not in inc:
            if not (file.parent / inc).exists() and not (ROOT / "src/base" / inc).exists():
                found.append(f'src/{path}: "{inc}" is neither beside it nor in base; write the path from src')
            continue
        if target not in (folder, "base") and not covers(allowed, target):
            found.append(f"src/{path}: {folder} may not use {target} ({inc})")
        elif folder.startswith("app") and not face and is_face(inc, rows):
            found.append(f"src/{path}: only faces use faces ({inc})")
    return found


def main():
    rows = table()
    found = [f"ARCHITECTURE.md: {r} reaches itself" for r in cycles(rows)]
    files = [f for p in ("*.c", "*.h", "*.html") for f in (ROOT / "src").rglob(p)]
    used = set()
    for file in sorted(files):
        found += check_file(file, rows, used)
    found += [f"ARCHITECTURE.md: {r} does not use {a}: take it out of its line" for r in rows if r not in ("faces", "bin")
              for a in rows[r] if a != "=faces" and (r, a) not in used]
    print("\n".join(found) if found else f"layers: {len(files)} files keep to {len(rows)} rules")
    return 1 if found else 0


sys.exit(main())
