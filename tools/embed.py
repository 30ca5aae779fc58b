#!/usr/bin/env python3
"""Builds files into the program: web assets, vocabularies, migrations, phrases.

  embed.py --root ROOT --out DIR FILE …

Writes embedded.h and embedded.c. The bytes come in through the assembler
(.incbin), so that even large files cost no compile time. Paths are relative
to ROOT; a built file (zh_Hant.mo) goes by its name alone. embedded_find is a
binary search, so the table is sorted by path.
"""
import argparse
import hashlib
import pathlib

TYPES = {
    ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
    ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2", ".json": "application/json",
    ".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json",
}

HEADER = """/* Made by tools/embed.py: files built into the program. */
#ifndef EMBEDDED_H
#define EMBEDDED_H
#include "base.h"

typedef struct {
    const char *path;
    const unsigned char *bytes;
    size_t n;
    const char *etag;            /* first 16 hex digits of the SHA-256 */
    const char *type;            /* media type, or "application/octet-stream" */
} embedded_file;

extern const embedded_file embedded_files[];
extern const size_t embedded_count;
const embedded_file *embedded_find(str path);    /* NULL when absent */
#endif
"""

FIND = """
const embedded_file *embedded_find(str path)
{
    size_t lo = 0, hi = embedded_count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int d = str_cmp(str_of(embedded_files[mid].path), path);
        if (d == 0)
            return &embedded_files[mid];
        if (d < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}
"""


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--root", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("files", nargs="*")
    a = args.parse_args()
    root = pathlib.Path(a.root).resolve()
    rows = []
    for name in a.files:
        path = pathlib.Path(name).resolve()
        built = not path.is_relative_to(root) or path.suffix == ".mo"
        shown = path.name if built else path.relative_to(root).as_posix()
        rows.append((shown.encode(), path))
    rows.sort()
    c = ['#include "embedded.h"\n']
    table = []
    for i, (shown, path) in enumerate(rows):
        data = path.read_bytes()
        c.append(f'__asm__(".section .rodata\\n.balign 16\\nembedded_{i}:\\n.incbin {quote(str(path))[1:-1].join([chr(92) + chr(34)] * 2)}\\n'
                 f'.byte 0\\n.previous\\n");\nextern const unsigned char embedded_{i}[];\n')
        etag = hashlib.sha256(data).hexdigest()[:16]
        kind = TYPES.get(path.suffix, "application/octet-stream")
        table.append(f"    {{ {quote(shown.decode())}, embedded_{i}, {len(data)}, \"{etag}\", \"{kind}\" }},\n")
    c.append("\nconst embedded_file embedded_files[] = {\n" + "".join(table) + "    { 0 },\n};\n")
    c.append(f"const size_t embedded_count = {len(rows)};\n" + FIND)
    out = pathlib.Path(a.out)
    (out / "embedded.h").write_text(HEADER)
    (out / "embedded.c").write_text("".join(c))


main()
