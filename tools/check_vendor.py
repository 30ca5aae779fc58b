#!/usr/bin/env python3
"""Each vendor library is included in the one file that wraps it; memory, shell and jumps are where they may be."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WRAPPERS = {  # header → the files that may include it
    "jansson.h": ["kit/text/json_read.c"],
    "sqlite3.h": ["kit/db/db_sqlite.c", "kit/sql/sql.c", "kit/sql/sql_table.c", "kit/geo/sqlite_source.c", "kit/export/export_sqlite.c"],
    "libpq-fe.h": ["kit/db/db_postgres.c"],
    "openssl/": ["kit/http/tls.c", "kit/blob/blob.c"],
    "zlib.h": ["kit/http/compress.c", "kit/text/input.c", "kit/text/output.c", "kit/source/zip.c", "kit/source/zip_write.c"],
    "expat.h": ["kit/source/xml.c"],
    "archive.h": ["kit/source/unpack.c", "kit/ingest/archive_test.c"],
    "archive_entry.h": ["kit/source/unpack.c", "kit/ingest/archive_test.c"],
    "zstd.h": ["kit/http/compress.c"],
    "utf8proc.h": ["kit/search/norm.c"],
    "curl/": ["kit/fetch/fetch.c"],
    "iconv.h": ["kit/text/charset_decode.c"],
    "pcre2.h": ["kit/table/pattern.c"],
    "uchardet.h": ["kit/text/charset_guess.c"],
    "libintl.h": ["kit/text/lang.c"],
    "cmocka.h": ["*_test.c", "*_test.h"],
    "sanitizer/": ["base/arena.c"],
}
LIBC = set("""arpa/inet assert ctype dirent errno fcntl fnmatch float inttypes limits locale malloc math netdb netinet/in
netinet/tcp poll pthread sched signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string
strings sys/epoll sys/eventfd sys/file sys/mman sys/random sys/resource sys/sendfile sys/socket sys/stat sys/statvfs
sys/syscall sys/time sys/timerfd sys/types sys/uio sys/un sys/wait termios time unistd setjmp sys/ioctl ftw glob
sys/signalfd sys/prctl getopt linux/filter linux/seccomp linux/audit linux/landlock spawn linux/sockios emmintrin immintrin x86intrin arm_neon""".split())
WORDS = [  # what, where it may stand, why
    (r"\b(malloc|calloc|realloc|reallocarray|free|strdup|strndup|asprintf|vasprintf|alloca)\s*\(", ["base/arena.c"],
     "memory comes from an arena or mem_get"),
    (r"\b(system|popen|execl|execlp|execvp)\s*\(", [], "no shell"),
    (r"\bgoto\b", ["base/", "kit/"], "no goto in the product"),
    (r"\bBANNED_OFF\b", ["base/banned.h", "kit/text/lang.c"], "banned functions stay banned"),
    (r"\b(rand|srand|drand48|random)\s*\(", [], "use getrandom, or a seeded generator of your own in tests"),
]
COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def without_comments(text):
    return COMMENT.sub(lambda m: '""' if m[0][0] == '"' else " " * 1 + "\n" * m[0].count("\n"), text)


def may(path, places):
    return any(path == p or path.startswith(p) if not p.startswith("*") else path.endswith(p[1:]) for p in places)


def check_includes(path, text):
    found = []
    for inc in re.findall(r"^\s*#\s*include\s*<([^>]+)>", text, re.M):
        if inc.removesuffix(".h") in LIBC:
            continue
        key = next((k for k in WRAPPERS if inc == k or (k.endswith("/") and inc.startswith(k))), None)
        if key is None:
            found.append(f"src/{path}: <{inc}> is no header that the project knows; wrap it once and add it to tools/check_vendor.py")
        elif not may(path, WRAPPERS[key]) and not path.endswith("_test.c"):
            found.append(f"src/{path}: <{inc}> belongs in {', '.join(WRAPPERS[key])} alone")
    return found


def main():
    found, count = [], 0
    for file in sorted(f for p in ("*.c", "*.h") for f in (ROOT / "src").rglob(p)):
        path = file.relative_to(ROOT / "src").as_posix()
        text = file.read_text(encoding="utf-8")
        count += 1
        found += check_includes(path, text)
        if path.endswith("_test.c"):
            continue
        bare = without_comments(text)
        for pattern, places, why in WORDS:
            for m in re.finditer(pattern, bare):
                if not may(path, places):
                    found.append(f"src/{path}:{bare[:m.start()].count(chr(10)) + 1}: {m[0].strip('( ')}: {why}")
    print("\n".join(found) if found else f"vendor: {count} files, each library in its one place")
    return 1 if found else 0


sys.exit(main())
