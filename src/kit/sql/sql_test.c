/* SQL of strangers: what is refused (every statement that could write, reach out or take too much), and the same answers as
 * SQLite gives on the same values in tables of its own, whatever is handed down. */
#include "base.h"

#include "kit/export/export.h"
#include "kit/sql/sql.h"
#include "kit/table/column_make_test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLS = 7 };
static const struct { const char *name, *title, *declared; column_type type; } columns[COLS] = {
    { "n", "數量", "INT8", COLUMN_integer }, { "d", "比率", "NUMERIC", COLUMN_decimal }, { "day", "日期", "TEXT", COLUMN_date },
    { "few", "縣市", "TEXT", COLUMN_text }, { "many", "名稱", "TEXT", COLUMN_text }, { "yes", "有無", "INT", COLUMN_boolean },
    { "at", "時間", "TEXT", COLUMN_datetime },
};

typedef struct { ctx c; test_table made; query_table *t; size_t rows; sqlite3 *plain; } world;

static uint64_t seed = 1234567890123456789u;
static size_t any(size_t below)
{
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return (size_t)(seed % below);
}

static void no_error(ctx *c, bool ok)
{
    if (!ok)
        fail_msg("%s: %.*s", err_name(c->err.code), S_ARG(c->err.message));
}

/* --- the two tables --- */

static str make_value(arena *a, size_t col)
{
    static const char *const towns[] = { "臺北市", "新北市", "Taipei", "taipei city", "高雄市", "100%" };
    if (any(9) == 0)
        return S("");
    switch (col) {
    case 0: return str_fmt(a, "%d", (int)any(60) - 20);
    case 1: return str_fmt(a, "%d.%02d", (int)any(20), (int)any(100));
    case 2: return str_fmt(a, "%d/%02d/%02d", 103 + (int)any(3), 1 + (int)any(12), 1 + (int)any(28));
    case 3: return str_of(towns[any(array_len(towns))]);
    case 4: return str_fmt(a, "%s%zu%s", towns[any(array_len(towns))], any(500), any(3) == 0 ? "號" : "");
    case 5: return any(2) != 0 ? S("是") : S("否");
    default: return str_fmt(a, "2024-%02d-%02d %02d:%02d:00", 1 + (int)any(3), 1 + (int)any(28), (int)any(24), (int)any(60));
    }
}

static void bind(sqlite3_stmt *s, int at, column_type type, str value)
{
    export_kind k = export_kind_of(type);
    char *text = NULL;
    if (value.p == NULL) {
        sqlite3_bind_null(s, at);
    } else if (k == EXPORT_INTEGER || k == EXPORT_BOOLEAN) {
        sqlite3_bind_int64(s, at, k == EXPORT_BOOLEAN ? str_eq(value, S("true")) : strtoll(value.p, NULL, 10));
    } else if (k == EXPORT_NUMBER) {
        sqlite3_bind_double(s, at, strtod(value.p, &text));
    } else {
        sqlite3_bind_text(s, at, value.p, (int)value.n, SQLITE_TRANSIENT);
    }
}

static void fill_plain(world *w)
{
    sqlite3_stmt *s;
    char room[EXPORT_ROOM + 1];
    assert_int_equal(sqlite3_open(":memory:", &w->plain), SQLITE_OK);
    assert_int_equal(sqlite3_exec(w->plain, "CREATE TABLE t (_id INTEGER PRIMARY KEY, n INT8, d REAL, day TEXT, few TEXT, many TEXT, yes INT, at TEXT)",
                                  NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(w->plain, "INSERT INTO t VALUES (?,?,?,?,?,?,?,?)", -1, &s, NULL), SQLITE_OK);
    for (size_t r = 0; r < w->rows; r++) {
        sqlite3_bind_int64(s, 1, (sqlite3_int64)r + 1);
        for (size_t i = 0; i < COLS; i++) {
            query_column q;
            uint64_t at;
            no_error(&w->c, query_column_use(&w->c, w->t, i, &q));
            const column_view *v = query_at(&q, (uint32_t)r, &at);
            bind(s, (int)i + 2, columns[i].type, str_dup(w->c.a, export_value(export_kind_of(columns[i].type), v, at, room)));
            if (column_is_null(v, at))
                sqlite3_bind_null(s, (int)i + 2);
        }
        assert_int_equal(sqlite3_step(s), SQLITE_DONE);
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
}

static world *world_new(size_t rows)
{
    world *w = mem_get(sizeof *w);
    w->c.a = arena_new(1 << 20);
    w->rows = rows;
    str titles[COLS], *cells = new_n(w->c.a, str, rows * COLS);
    table_field fields[COLS] = { 0 };
    for (size_t i = 0; i < COLS; i++) {
        titles[i] = str_of(columns[i].title);
        fields[i] = (table_field){ .name = str_of(columns[i].name), .title = titles[i], .has_type = true, .type = columns[i].type };
    }
    for (size_t i = 0; i < rows * COLS; i++)
        cells[i] = make_value(w->c.a, i % COLS);
    table_schema schema = { .fields = fields, .n = COLS };
    test_open(&w->made, &w->c);
    w->made.plan.schema = &schema;
    test_build(&w->made, titles, COLS, cells, rows);
    no_error(&w->c, query_table_new(&w->c, &w->made.file, 1, &w->t));
    fill_plain(w);
    return w;
}

static void world_free(world *w)
{
    sqlite3_close(w->plain);
    query_table_free(w->t);
    test_close(&w->made);
    arena_free(w->c.a);
    mem_free(w);
}

/* --- asking --- */

typedef struct { world *w; buf rows; } heard;

static bool find(ctx *c, void *from, str name, query_table **out)
{
    heard *h = from;
    (void)c;
    if (str_eq(name, S("t")) || str_eq(name, S("u")))
        *out = h->w->t;
    return true;
}

static bool hear(ctx *c, void *to, const str *names, const sql_value *v, size_t n)
{
    heard *h = to;
    (void)c;
    (void)names;
    for (size_t i = 0; i < n; i++) {
        if (v[i].kind == SQL_NULL)
            buf_byte(&h->rows, '-');
        else if (v[i].kind == SQL_REAL)
            buf_fmt(&h->rows, "%.9g", v[i].r);
        else if (v[i].kind == SQL_TEXT)
            buf_add(&h->rows, v[i].s);
        else
            buf_i64(&h->rows, v[i].i);
        buf_byte(&h->rows, '|');
    }
    buf_byte(&h->rows, '\n');
    return true;
}

static bool ask(world *w, const char *sql, uint64_t rows, int64_t ms, sql_answer *out, str *text)
{
    heard h = { w, buf_in(w->c.a) };
    sql_question q = { .text = str_of(sql), .rows = rows, .ms = ms, .memory = (size_t)12 << 20, .from = &h, .table = find, .to = &h, .row = hear };
    bool ok = sql_ask(&w->c, &q, out);
    *text = buf_str(&h.rows);
    return ok;
}

static str plain(world *w, const char *sql)
{
    sqlite3_stmt *s;
    buf b = buf_in(w->c.a);
    if (sqlite3_prepare_v2(w->plain, sql, -1, &s, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(w->plain), sql);
    while (sqlite3_step(s) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(s); i++) {
            int type = sqlite3_column_type(s, i);
            if (type == SQLITE_NULL)
                buf_byte(&b, '-');
            else if (type == SQLITE_FLOAT)
                buf_fmt(&b, "%.9g", sqlite3_column_double(s, i));
            else
                buf_add(&b, str_of((const char *)sqlite3_column_text(s, i)));
            buf_byte(&b, '|');
        }
        buf_byte(&b, '\n');
    }
    sqlite3_finalize(s);
    return buf_str(&b);
}

static void same(world *w, const char *sql)
{
    sql_answer a;
    str got;
    no_error(&w->c, ask(w, sql, UINT64_MAX, 20000, &a, &got));
    str want = plain(w, sql);
    if (!str_eq(got, want))
        fail_msg("%s\ngives\n%.*s\nnot\n%.*s", sql, S_ARG(utf8_cut(got, 600)), S_ARG(utf8_cut(want, 600)));
}

/* --- the same answers --- */

static str literal(world *w, size_t col)
{
    arena *a = w->c.a;
    switch (col) {
    case 0: return any(6) == 0 ? S("3.5") : any(6) == 0 ? S("'7'") : str_fmt(a, "%d", (int)any(60) - 20);
    case 1: return any(5) == 0 ? str_fmt(a, "%d", (int)any(20)) : any(5) == 0 ? S("5.123") : str_fmt(a, "%d.%02d", (int)any(20), (int)any(100));
    case 2: return any(4) == 0 ? S("'2015'") : any(6) == 0 ? S("'104/07/01'") : str_fmt(a, "'2015-%02d-%02d'", 1 + (int)any(12), 1 + (int)any(28));
    case 3: return any(5) == 0 ? S("'nope'") : any(7) == 0 ? S("5") : str_fmt(a, "'%s'", (const char *[]){ "臺北市", "Taipei", "100%" }[any(3)]);
    case 4: return str_fmt(a, "'%s%zu'", (const char *[]){ "臺北市", "Taipei" }[any(2)], any(500));
    case 5: return any(2) != 0 ? S("1") : any(3) == 0 ? S("true") : S("0");
    default: return any(3) == 0 ? S("'2024-02-01'") : str_fmt(a, "'2024-02-%02dT%02d:00:00'", 1 + (int)any(28), (int)any(24));
    }
}

static void condition(world *w, buf *b, int depth)
{
    static const char *const ops[] = { "=", "<", "<=", ">", ">=", "<>" };
    static const char *const patterns[] = { "'%taipei%'", "'臺北%'", "'%1_'", "'%號'", "'TAIPEI'", "'%'", "'10_!%' ESCAPE '!'" };
    size_t col = any(COLS);
    const char *name = columns[col].name;
    str one = literal(w, col), two = literal(w, col), town = literal(w, 3);
    if (depth < 2 && any(3) == 0) {
        buf_add(b, any(4) == 0 ? S("NOT (") : S("("));
        condition(w, b, depth + 1);
        buf_add(b, any(2) != 0 ? S(" AND ") : S(" OR "));
        condition(w, b, depth + 1);
        buf_byte(b, ')');
        return;
    }
    switch (any(8)) {
    case 0: buf_fmt(b, "%s IS %sNULL", name, any(2) != 0 ? "NOT " : ""); break;
    case 1: buf_fmt(b, "%s %sIN (%.*s, %.*s, NULL)", name, any(4) == 0 ? "NOT " : "", S_ARG(one), S_ARG(two)); break;
    case 2: buf_fmt(b, "%s LIKE %s", columns[any(4) == 0 ? col : 3 + any(2)].name, patterns[any(array_len(patterns))]); break;
    case 3: buf_fmt(b, "%s BETWEEN %.*s AND %.*s", name, S_ARG(one), S_ARG(two)); break;
    case 4: buf_fmt(b, "_id %s %zu", ops[any(5)], any(w->rows + 5)); break;
    case 5: buf_fmt(b, "%s = %.*s COLLATE NOCASE", columns[3].name, S_ARG(town)); break;
    default: buf_fmt(b, "%s %s %.*s", name, ops[any(6)], S_ARG(one));
    }
}

static const char *statement(world *w)
{
    buf b = buf_in(w->c.a), where = buf_in(w->c.a);
    size_t x = any(COLS), y = any(COLS);
    const char *cx = columns[x].name, *cy = columns[y].name;
    condition(w, &where, 0);
    str if_so = buf_str(&where);
    switch (any(6)) {
    case 0: buf_fmt(&b, "SELECT * FROM t WHERE %.*s ORDER BY _id", S_ARG(if_so)); break;
    case 1: buf_fmt(&b, "SELECT _id, %s FROM t WHERE %.*s ORDER BY %s %s, %s %s, _id LIMIT 20 OFFSET %zu", cx, S_ARG(if_so), cx, any(2) != 0 ? "DESC" : "ASC", cy,
                    any(2) != 0 ? "DESC" : any(2) != 0 ? "NULLS LAST" : "", any(9)); break;
    case 2: buf_fmt(&b, "SELECT %s, count(*), sum(n), min(day), max(d) FROM t WHERE %.*s GROUP BY %s ORDER BY 1", cx, S_ARG(if_so), cx); break;
    case 3: buf_fmt(&b, "SELECT DISTINCT %s, %s FROM t WHERE %.*s ORDER BY 1, 2 DESC", cx, cy, S_ARG(if_so)); break;
    case 4: buf_fmt(&b, "WITH x AS (SELECT * FROM t WHERE %.*s) SELECT a._id, b._id FROM x a JOIN t b ON a.%s = b.%s AND b._id < 40 ORDER BY 1, 2 LIMIT 300",
                    S_ARG(if_so), cx, cx); break;
    default: buf_fmt(&b, "SELECT count(*), count(%s), round(avg(d), 4) FROM t WHERE %.*s", cx, S_ARG(if_so));
    }
    return str_z(w->c.a, buf_str(&b));
}

static void the_same_as_sqlite(void **state)
{
    (void)state;
    const char *said = getenv("QUERIES");
    int n = said != NULL ? (int)strtol(said, NULL, 10) : 1200;
    world *w = world_new(300);
    for (int i = 0; i < n; i++) {
        arena_mark m = arena_here(w->c.a);
        same(w, statement(w));
        arena_back(w->c.a, m);
    }
    world_free(w);
}

/* --- what is refused --- */

static void only_reading(void **state)
{
    (void)state;
    static const struct { const char *sql; err_code code; } t[] = {
        { "INSERT INTO t VALUES (1)", ERR_FORBIDDEN }, { "UPDATE t SET n = 1", ERR_INVALID }, { "DELETE FROM t", ERR_INVALID },
        { "DROP TABLE t", ERR_FORBIDDEN }, { "CREATE TABLE x (a)", ERR_FORBIDDEN }, { "CREATE TEMP TABLE x AS SELECT * FROM t", ERR_FORBIDDEN },
        { "CREATE VIEW v AS SELECT 1", ERR_FORBIDDEN }, { "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END", ERR_NOT_FOUND },
        { "CREATE INDEX i ON t(n)", ERR_NOT_FOUND }, { "CREATE VIRTUAL TABLE v USING rows(0)", ERR_FORBIDDEN }, { "ALTER TABLE t RENAME TO x", ERR_FORBIDDEN },
        { "ATTACH '/etc/passwd' AS p", ERR_FORBIDDEN }, { "DETACH main", ERR_FORBIDDEN }, { "VACUUM", ERR_FORBIDDEN }, { "VACUUM INTO '/tmp/x'", ERR_FORBIDDEN },
        { "PRAGMA database_list", ERR_FORBIDDEN }, { "PRAGMA writable_schema=1", ERR_FORBIDDEN }, { "BEGIN", ERR_FORBIDDEN }, { "COMMIT", ERR_FORBIDDEN },
        { "SAVEPOINT a", ERR_FORBIDDEN }, { "ANALYZE", ERR_FORBIDDEN }, { "REINDEX", ERR_FORBIDDEN }, { "EXPLAIN SELECT 1", ERR_FORBIDDEN },
        { "EXPLAIN QUERY PLAN SELECT * FROM t", ERR_FORBIDDEN }, { "SELECT * FROM sqlite_master", ERR_FORBIDDEN },
        { "SELECT count(*) FROM sqlite_schema", ERR_FORBIDDEN }, { "SELECT * FROM sqlite_temp_master", ERR_FORBIDDEN },
        { "SELECT * FROM pragma_database_list", ERR_FORBIDDEN }, { "SELECT * FROM pragma_table_info('t')", ERR_FORBIDDEN },
        { "SELECT load_extension('x')", ERR_FORBIDDEN }, { "SELECT randomblob(1000000000)", ERR_FORBIDDEN }, { "SELECT zeroblob(1000000000)", ERR_FORBIDDEN },
        { "SELECT sqlite_version()", ERR_FORBIDDEN }, { "SELECT random()", ERR_FORBIDDEN }, { "SELECT last_insert_rowid()", ERR_FORBIDDEN },
        { "SELECT * FROM json_each('[1,2]')", ERR_NOT_FOUND }, { "SELECT count(*) FROM json_tree('[1]')", ERR_NOT_FOUND }, { "SELECT * FROM rows(0)", ERR_NOT_FOUND },
        { "SELECT * FROM dbstat", ERR_NOT_FOUND }, { "SELECT * FROM fts3tokenize", ERR_NOT_FOUND }, { "SELECT * FROM nope", ERR_NOT_FOUND },
        { "WITH RECURSIVE x(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM x) SELECT * FROM x", ERR_FORBIDDEN },
        { "SELECT 1; SELECT 2", ERR_INVALID }, { "SELECT 1; DROP TABLE t", ERR_INVALID }, { "SELECT 1; x", ERR_INVALID }, { "", ERR_INVALID }, { "-- x", ERR_INVALID },
        { "SELECT ?", ERR_INVALID }, { "SELECT $a", ERR_INVALID }, { "SELECT", ERR_INVALID }, { "SELECT nope FROM t", ERR_INVALID }, { "SELECT nope(1)", ERR_INVALID },
        { "SELECT 'x' UNION SELECT sql FROM sqlite_master", ERR_FORBIDDEN }, { "SELECT (SELECT name FROM sqlite_master)", ERR_FORBIDDEN },
    };
    world *w = world_new(50);
    for (size_t i = 0; i < array_len(t); i++) {
        sql_answer a;
        str got;
        if (ask(w, t[i].sql, 100, 5000, &a, &got))
            fail_msg("%s was answered: %.*s", t[i].sql, S_ARG(got));
        if (w->c.err.code != t[i].code)
            fail_msg("%s: %s %.*s", t[i].sql, err_name(w->c.err.code), S_ARG(w->c.err.message));
        assert_true(w->c.err.message.n > 0);
        err_clear(&w->c);
    }
    sql_answer a;
    str got;
    no_error(&w->c, ask(w, " SELECT count(*) AS c, max(\"數量\") IS NOT NULL AS k FROM \"t\" ; -- end", 100, 5000, &a, &got));
    assert_true(str_eq(got, S("50|1|\n")) && str_eq(a.names[0], S("c")));
    world_free(w);
}

static void limits_hold(void **state)
{
    (void)state;
    world *w = world_new(300);
    sql_answer a;
    str got;
    no_error(&w->c, ask(w, "SELECT _id FROM t", 300, 5000, &a, &got));
    assert_true(a.rows == 300 && !a.truncated);
    no_error(&w->c, ask(w, "SELECT _id, d, yes, day, n + 0.5, 'x' FROM t", 299, 5000, &a, &got));
    assert_true(a.rows == 299 && a.truncated);
    static const char *const types[] = { "int", "numeric", "bool", "date", "float8", "text" };
    for (size_t i = 0; i < a.n; i++)
        assert_string_equal(a.types[i], types[i]);
    int64_t before = day_now_mono_ms();
    assert_false(ask(w, "SELECT count(*) FROM t a, t b, t c, t d, t e", 10, 200, &a, &got));
    assert_int_equal(w->c.err.code, ERR_TIMEOUT);
    assert_true(day_now_mono_ms() - before < 3000);
    err_clear(&w->c);
    /* Of long parts: growing a text by short ones takes a sanitized program half a minute. */
    assert_false(ask(w, "SELECT group_concat(printf('%0500000d', _id), '') FROM t", 10, 20000, &a, &got));
    if (w->c.err.code != ERR_INVALID && w->c.err.code != ERR_TOO_LARGE)
        fail_msg("%s: %.*s", err_name(w->c.err.code), S_ARG(w->c.err.message));
    err_clear(&w->c);
    assert_false(ask(w, "SELECT DISTINCT a.many || b.many || c.many || d.many FROM t a, t b, t c, t d ORDER BY 1", 10, 30000, &a, &got));
    assert_int_equal(w->c.err.code, ERR_TOO_LARGE);
    err_clear(&w->c);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(only_reading), cmocka_unit_test(the_same_as_sqlite), cmocka_unit_test(limits_hold) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
