#!/usr/bin/env python3
"""Writes the table by which CP950 becomes UTF-8: cp950.py OUT.h

Sources: the codecs of Python. In this order for each pair of bytes:
  1. C6A1 to C8D3: the ETEN extensions (circled numbers, kana, Cyrillic), which all Taiwanese systems show there; read
     from big5hkscs, which took them over. Microsoft's own table has private characters there, Python's cp950 an
     arrangement that nobody uses.
  2. cp950, Microsoft's table.
  3. The four ranges of user-defined characters (造字) go to the private use area as Microsoft's converter sends them,
     so that no two of them become one; they are marked, to be counted.
An entry holds the UTF-8 bytes in its low 24 bits, the first byte lowest, its length above, and bit 31 for private
characters; 0 is no character.
"""
import sys

TRAILS = list(range(0x40, 0x7F)) + list(range(0xA1, 0xFF))
USER = [(0xFA40, 0xFEFE, 0xE000), (0x8E40, 0xA0FE, 0xE311), (0x8140, 0x8DFE, 0xEEB8), (0xC6A1, 0xC8FE, 0xF6B1)]


def place(code):
    return (code >> 8) * len(TRAILS) + TRAILS.index(code & 255)


def decoded(code, codec):
    try:
        text = code.to_bytes(2, "big").decode(codec)
    except UnicodeDecodeError:
        return None
    return ord(text) if len(text) == 1 and ord(text) < 0x10000 else None


def user(code):
    for first, last, to in USER:
        if first <= code <= last:
            return to + place(code) - place(first)
    return None


def entry(code):
    char = decoded(code, "big5hkscs" if 0xC6A1 <= code <= 0xC8D3 else "cp950") if not 0xC8D3 < code < 0xC940 else None
    private = 0
    if char is None:
        char, private = user(code), 1 << 31
    if char is None:
        return 0
    text = chr(char).encode()
    return int.from_bytes(text, "little") | len(text) << 24 | private


def main():
    rows = []
    for lead in range(0x80, 0x100):
        rows.append([entry(lead << 8 | t) if t in TRAILS and 0x81 <= lead <= 0xFE else 0 for t in range(0x100)])
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write("/* Made by tools/cp950.py. */\nstatic const uint32_t cp950_table[128][256] = {\n")
        for row in rows:
            out.write("{" + ",".join(f"0x{e:x}u" if e else "0" for e in row) + "},\n")
        out.write("};\n")


if __name__ == "__main__":
    main()
