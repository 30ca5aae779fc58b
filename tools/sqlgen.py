#!/usr/bin/env python3
"""Compiles .sql files to typed C functions (CONTRIBUTING.md has the syntax).

  sqlgen.py --root ROOT --out DIR [--depfile FILE] FILE.sql …

Applies db/migrations to an empty SQLite database in memory, prepares every
statement against it, learns the columns from the prepared statement itself,
and writes queries.h and queries.c. A misspelt table, a parameter without a
value, a result whose columns differ from its struct stop the build.
"""
import argparse
import ctypes
import ctypes.util
import pathlib
import re
import sys

SIGNATURE = re.compile(r"^--\s*([a-z_][a-z0-9_]*)\s*\((.*?)\)\s*->\s*(.+?)\s*$")
RESULTS_WITH_ROWS = ("one", "maybe", "list", "each")
RESULTS_PLAIN = ("int", "text", "run", "send", "changed")
PARAMS = {
    "text": ("str", "db_text({0})", "text"),
    "int": ("int64_t", "db_int({0})", "bigint"),
    "real": ("double", "db_real({0})", "double precision"),
    "blob": ("str", "db_blob({0})", "bytea"),
    "text?": ("str", "((db_value){{ .type = DB_TEXT, .null = ({0}).p == NULL, .s = ({0}) }})", "text"),
    "int?": ("int64_t", "db_int_or_null({0}, ({0}) == q_null_int)", "bigint"),
    "ints": ("q_ints", "((db_value){{ .type = DB_INTS, .ints = {{ ({0}).v, ({0}).n }} }})", "bigint[]"),
}
# Made by app/site/migrate.c itself, before any migration.
SCHEMA_VERSION = ("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
                  "applied_at BIGINT NOT NULL)")
C_TYPE = {"int": "int64_t", "real": "double", "text": "str"}


class Sqlite:
    """The few calls of libsqlite3 that Python's own module does not offer."""

    def __init__(self):
        self.lib = ctypes.CDLL(ctypes.util.find_library("sqlite3") or "libsqlite3.so.0")
        for name in ("column_name", "column_decltype", "column_table_name", "column_origin_name"):
            f = getattr(self.lib, "sqlite3_" + name)
            f.restype, f.argtypes = ctypes.c_char_p, [ctypes.c_void_p, ctypes.c_int]
        self.lib.sqlite3_errmsg.restype = ctypes.c_char_p
        self.lib.sqlite3_errmsg.argtypes = [ctypes.c_void_p]
        self.lib.sqlite3_exec.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p,
                                          ctypes.c_void_p]
        self.lib.sqlite3_prepare_v2.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p,
                                                ctypes.c_void_p]
        for name in ("column_count", "stmt_readonly", "finalize", "bind_parameter_count", "step"):
            getattr(self.lib, "sqlite3_" + name).argtypes = [ctypes.c_void_p]
        self.lib.sqlite3_column_int.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self.lib.sqlite3_column_text.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self.lib.sqlite3_column_text.restype = ctypes.c_char_p
        self.db = ctypes.c_void_p()
        if self.lib.sqlite3_open(b":memory:", ctypes.byref(self.db)) != 0:
            sys.exit("sqlgen: cannot open SQLite")
        self.not_null = {}

    def script(self, sql, where):
        if self.lib.sqlite3_exec(self.db, sql.encode(), None, None, None) != 0:
            sys.exit(f"{where}: {self.lib.sqlite3_errmsg(self.db).decode()}")

    def prepare(self, sql):
        stmt = ctypes.c_void_p()
        if self.lib.sqlite3_prepare_v2(self.db, sql.encode(), -1, ctypes.byref(stmt), None) != 0:
            raise ValueError(self.lib.sqlite3_errmsg(self.db).decode())
        return stmt

    def is_not_null(self, table, column):
        if table not in self.not_null:
            s = self.prepare(f'PRAGMA table_info("{table}")')
            found = {}
            while self.lib.sqlite3_step(s) == 100:
                found[self.lib.sqlite3_column_text(s, 1).decode()] = bool(self.lib.sqlite3_column_int(s, 3))
            self.lib.sqlite3_finalize(s)
            self.not_null[table] = found
        return self.not_null[table].get(column, True)

    def describe(self, sql):
        """[(name, type, nullable)], whether it writes."""
        s = self.prepare(sql)
        columns = []
        for i in range(self.lib.sqlite3_column_count(s)):
            name = self.lib.sqlite3_column_name(s, i).decode()
            decl = self.lib.sqlite3_column_decltype(s, i)
            nullable = False
            if ":" in name:
                name, kind = name.split(":", 1)
                nullable = kind.endswith("?")
                kind = kind.rstrip("?")
            elif decl is None:
                raise ValueError(f'column {name} is an expression: say its type, AS "{name}:int"')
            else:
                kind = kind_of(decl.decode())
                table = self.lib.sqlite3_column_table_name(s, i)
                origin = self.lib.sqlite3_column_origin_name(s, i)
                if table and origin:
                    nullable = not self.is_not_null(table.decode(), origin.decode())
            if kind not in C_TYPE:
                raise ValueError(f"column {name}: no such type as {kind}")
            columns.append((name, kind, nullable))
        writes = not self.lib.sqlite3_stmt_readonly(s)
        self.lib.sqlite3_finalize(s)
        return columns, writes


def kind_of(decl):
    decl = decl.upper()
    if "INT" in decl:
        return "int"
    if "REAL" in decl or "DOUBLE" in decl:
        return "real"
    return "text"


class Statement:
    def __init__(self, path, line, name, params, result, lines):
        self.path, self.line, self.name = path, line, name
        self.params, self.result, self.struct = params, result, ""
        parts = result.split()
        if len(parts) == 2 and parts[0] in RESULTS_WITH_ROWS:
            self.result, self.struct = parts
        elif result not in RESULTS_PLAIN:
            self.stop(f"no such result as “{result}”")
        self.dialects = {}
        dialect = "both"
        for text in lines:
            found = re.match(r"^--\s*dialect:\s*(sqlite|postgres)\s*$", text)
            if found:
                dialect = found.group(1)
            elif not text.lstrip().startswith("--"):
                self.dialects.setdefault(dialect, []).append(text)
        if "both" in self.dialects and not "".join(self.dialects["both"]).strip():
            del self.dialects["both"]

    def stop(self, why):
        sys.exit(f"{self.path}:{self.line}: {self.name}: {why}")

    def text(self, dialect):
        lines = self.dialects.get(dialect) or self.dialects.get("both")
        if lines is None:
            self.stop(f"has no text for {dialect}")
        sql = " ".join(x.split("  --")[0].strip() for x in lines).strip().rstrip(";").strip()
        used = set()

        def put(match):
            if match.group(1) is None:
                return match.group(0)          # inside quotes
            name = match.group(1)
            for i, (n, kind) in enumerate(self.params):
                if n == name:
                    used.add(n)
                    if dialect == "sqlite":
                        return f"?{i + 1}"
                    return f"${i + 1}::{PARAMS[kind][2]}"
            return self.stop(f"uses ${name}, which is not in its signature")

        for name, kind in self.params:
            if kind == "ints":
                shape = re.compile(r"\bIN\s*\(\s*\$" + name + r"\s*\)", re.I)
                if dialect == "sqlite":
                    sql = shape.sub(f"IN (SELECT value FROM json_each(${name}))", sql)
                else:
                    sql = shape.sub(f"= ANY(${name})", sql)
        if dialect == "postgres":
            sql = re.sub(r'\bAS\s+"([A-Za-z0-9_]+):[a-z]+\??"', r'AS "\1"', sql)
        sql = re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"|\$([a-z_][a-z0-9_]*)", put, sql)
        for name, _ in self.params:
            if name not in used:
                self.stop(f"does not use its parameter {name}")
        return sql


def read_file(path, shown):
    statements, current, head = [], None, None
    for number, text in enumerate(path.read_text().splitlines(), 1):
        found = SIGNATURE.match(text)
        if found:
            if current is not None:
                statements.append(Statement(*head, current))
            params = []
            for part in filter(None, (x.strip() for x in found.group(2).split(","))):
                bits = part.split()
                if len(bits) != 2 or bits[1] not in PARAMS:
                    sys.exit(f"{shown}:{number}: parameter “{part}”: want NAME TYPE, of {', '.join(PARAMS)}")
                params.append((bits[0], bits[1]))
            head, current = (shown, number, found.group(1), params, found.group(3)), []
        elif current is not None:
            current.append(text)
        elif text.strip() and not text.startswith("--"):
            sys.exit(f"{shown}:{number}: SQL before the first signature line")
    if current is not None:
        statements.append(Statement(*head, current))
    return statements


def quoted(sql):
    return '"' + sql.replace("\\", "\\\\").replace('"', '\\"') + '"'


def fill_function(struct, columns):
    out = [f"static void fill_{struct}(ctx *c, db_rows *r, {struct} *o)\n{{\n    *o = ({struct}){{ 0 }};\n"]
    if all(kind != "text" for _, kind, _ in columns):
        out.append("    (void)c;\n")
    for i, (name, kind, nullable) in enumerate(columns):
        get = {"int": f"db_get_int(r, {i})", "real": f"db_get_real(r, {i})", "text": f"db_get_text(c, r, {i})"}[kind]
        if nullable:
            out.append(f"    o->{name}_null = db_is_null(r, {i});\n")
            if kind == "int":
                get = f"o->{name}_null ? q_null_int : {get}"
        out.append(f"    o->{name} = {get};\n")
    out.append("}\n\n")
    return "".join(out)


def prototype(s):
    params = "".join(f", {PARAMS[kind][0]} {name}" for name, kind in s.params)
    tail = {
        "one": f", {s.struct} *out", "maybe": f", {s.struct} *out, bool *found", "list": f", {s.struct}_list *out",
        "each": f", bool (*fn)(ctx *c, const {s.struct} *row, void *data), void *data",
        "int": ", int64_t *out", "text": ", str *out", "changed": ", int64_t *out", "run": "", "send": "",
    }[s.result]
    return f"bool q_{s.name}(ctx *c{params}{tail})"


BODY = {
    "run": "    return db_run(c, &sql_{n}, {v}, NULL);\n",
    "send": "    return db_send(c, &sql_{n}, {v});\n",
    "changed": "    return db_run(c, &sql_{n}, {v}, out);\n",
    "one": "    auto_rows r = {{ 0 }};\n    bool row;\n"
           "    if (!db_start(c, &sql_{n}, {v}, &r) || !db_next(c, &r, &row))\n        return false;\n"
           "    if (!row)\n        return fail(c, NOT_FOUND, \"there is nothing here\");\n"
           "    fill_{t}(c, &r, out);\n    return true;\n",
    "maybe": "    auto_rows r = {{ 0 }};\n"
             "    if (!db_start(c, &sql_{n}, {v}, &r) || !db_next(c, &r, found))\n        return false;\n"
             "    if (*found)\n        fill_{t}(c, &r, out);\n    return true;\n",
    "list": "    auto_rows r = {{ 0 }};\n    bool row;\n"
            "    if (!db_start(c, &sql_{n}, {v}, &r))\n        return false;\n"
            "    *out = ({t}_list){{ 0 }};\n"
            "    for (;;) {{\n        if (!db_next(c, &r, &row))\n            return false;\n"
            "        if (!row)\n            return true;\n"
            "        fill_{t}(c, &r, list_push(c->a, out));\n    }}\n",
    "each": "    auto_rows r = {{ 0 }};\n    bool row = false, ok;\n    arena *keep = c->a;\n"
            "    if (!db_start(c, &sql_{n}, {v}, &r))\n        return false;\n"
            "    arena *rows = arena_new(16384); /* a row lives until the next one */\n"
            "    while ((ok = db_next(c, &r, &row)) && row) {{\n        {t} o;\n"
            "        c->a = rows;\n        fill_{t}(c, &r, &o);\n        c->a = keep;\n"
            "        if (!(ok = fn(c, &o, data)))\n            break;\n        arena_reset(rows);\n    }}\n"
            "    arena_free(rows);\n    return ok;\n",
    "int": "    auto_rows r = {{ 0 }};\n    bool row;\n"
           "    if (!db_start(c, &sql_{n}, {v}, &r) || !db_next(c, &r, &row))\n        return false;\n"
           "    if (!row)\n        return fail(c, NOT_FOUND, \"there is nothing here\");\n"
           "    *out = db_get_int(&r, 0);\n    return true;\n",
    "text": "    auto_rows r = {{ 0 }};\n    bool row;\n"
            "    if (!db_start(c, &sql_{n}, {v}, &r) || !db_next(c, &r, &row))\n        return false;\n"
            "    if (!row)\n        return fail(c, NOT_FOUND, \"there is nothing here\");\n"
            "    *out = db_get_text(c, &r, 0);\n    return true;\n",
}


def function(s):
    out = [prototype(s) + "\n{\n"]
    values = "NULL"
    if s.params:
        items = ", ".join(PARAMS[kind][1].format(name) for name, kind in s.params)
        out.append(f"    const db_value v[] = {{ {items} }};\n")
        values = "v"
    out.append(BODY[s.result].format(n=s.name, t=s.struct, v=values))
    out.append("}\n\n")
    return "".join(out)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--root", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--depfile")
    args.add_argument("files", nargs="+")
    a = args.parse_args()
    root = pathlib.Path(a.root).resolve()
    db = Sqlite()
    db.script(SCHEMA_VERSION, "sqlgen")
    migrations = sorted((root / "db/migrations").glob("*.sql"))
    for m in migrations:
        db.script(m.read_text(), m)

    statements, seen = [], {}
    for f in sorted(pathlib.Path(x).resolve() for x in a.files):
        statements += read_file(f, f.relative_to(root).as_posix() if f.is_relative_to(root) else str(f))
    structs = {}
    h, c = [], []
    for i, s in enumerate(statements):
        if s.name in seen:
            s.stop(f"the name is taken by {seen[s.name]}")
        seen[s.name] = f"{s.path}:{s.line}"
        lite, post = s.text("sqlite"), s.text("postgres")
        try:
            columns, writes = db.describe(lite)
        except ValueError as e:
            s.stop(e)
        if s.result in ("int", "text") and [k for _, k, _ in columns] != [s.result]:
            s.stop(f"answers {columns}, not one {s.result}")
        if s.struct:
            if not columns:
                s.stop("has no columns")
            if structs.setdefault(s.struct, columns) != columns:
                s.stop(f"its columns {columns} are not those of {s.struct} elsewhere: {structs[s.struct]}")
        c.append(f"/* {s.path}:{s.line} */\nstatic const db_sql sql_{s.name} = {{\n    {quoted(s.name)},\n"
                 f"    {quoted(lite)},\n    {quoted(post)},\n    {i}, {len(s.params)}, {'true' if writes else 'false'},\n}};\n"
                 + function(s))
    types = []
    fills = []
    for name, columns in structs.items():
        fields = "".join(f"    {C_TYPE[kind]} {n};\n" + (f"    bool {n}_null;\n" if nullable else "")
                         for n, kind, nullable in columns)
        types.append(f"typedef struct {{\n{fields}}} {name};\ntypedef struct {{\n    {name} *v;\n    size_t n, cap;\n}} {name}_list;\n\n")
        fills.append(fill_function(name, columns))
    h = ["/* Made by tools/sqlgen.py from the .sql files: do not edit. */\n#ifndef QUERIES_H\n#define QUERIES_H\n"
         "#include \"base.h\"\n#include \"kit/db/db.h\"\n\n"
         "#define q_null_int INT64_MIN    /* a nullable number that is not there; DAY_NONE is the same */\n"
         "typedef struct {\n    const int64_t *v;\n    size_t n;\n} q_ints;\n\n"] + types
    h += [prototype(s) + " nodiscard;\n" for s in statements]
    h.append("\nextern const db_sql *const q_all[];    /* every statement, by id: tests prepare them all */\n"
             "extern const size_t q_count;\n#endif\n")
    table = "const db_sql *const q_all[] = {\n" + "".join(f"    &sql_{s.name},\n" for s in statements) + "    NULL,\n};\n"
    out = pathlib.Path(a.out)
    (out / "queries.h").write_text("".join(h))
    (out / "queries.c").write_text("#include \"queries.h\"\n\n" + "".join(fills) + "".join(c) + table
                                   + f"const size_t q_count = {len(statements)};\n")
    if a.depfile:
        deps = " ".join(str(p) for p in [*migrations, pathlib.Path(__file__).resolve()])
        pathlib.Path(a.depfile).write_text(f"{out / 'queries.c'} {out / 'queries.h'}: {deps}\n")


main()
