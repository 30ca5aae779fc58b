/* Random questions to random tables, small ones (codes), large ones (numbers, heaps), of one segment or three, against SQLite on the same values: the same rows in the same
 * order, the same groups. Each type of column in turn stands at the centre of its questions: most filters, orders and groups are by it.
 * QUERIES in the environment: how many for each (20,000 by hand, fewer in script/test). */
#include "base.h"

#include "kit/query/query.h"
#include "kit/query/query_made_test.h"
#include "kit/table/column_build.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#undef fail
#include <cmocka.h>

typedef struct { ctx c; sqlite3 *sql; query_table *t; column_file *files[3]; size_t n, rows; value *v; size_t focus; } world;      /* focus: the column that is asked about most */

/* --- the two tables --- */

static void no_error(ctx *c, bool ok)
{
    if (!ok)
        fail_msg("%s: %.*s (%.*s)", err_name(c->err.code), S_ARG(c->err.message), S_ARG(c->err.detail));
}

static column_file *file_of(world *w, size_t from, size_t past)
{
    ctx *c = &w->c;
    table_field fields[COLS] = { 0 };
    table_column_head heads[COLS] = { 0 };
    column_file *f = NULL;
    int out = memfd_create("out", MFD_CLOEXEC), spill = memfd_create("spill", MFD_CLOEXEC);
    for (int i = 0; i < COLS; i++) {
        heads[i].title = fields[i].name = str_of(cols[i].name);
        fields[i].has_type = true;
        fields[i].type = cols[i].type;
    }
    table_schema schema = { .fields = fields, .n = COLS, .own_marks = true };
    column_build *b = column_build_new(c, &(column_build_plan){ .out_fd = out, .spill_fd = spill, .schema = &schema });
    table_sink sink = column_build_sink(b);
    str *cells = new_n(c->a, str, (past - from + 1) * COLS);
    for (size_t i = 0; i < (past - from) * COLS; i++)
        cells[i] = w->v[from * COLS + i].text;
    no_error(c, sink.begin(c, sink.to, &(table_head){ .cols = heads, .col_count = COLS, .header_rows = 1 }));
    for (size_t i = 0; i < past - from; i += TABLE_BLOCK_ROWS) {
        size_t n = past - from - i < TABLE_BLOCK_ROWS ? past - from - i : TABLE_BLOCK_ROWS;
        no_error(c, sink.block(c, sink.to, &(table_block){ .rows = n, .cols = COLS, .cells = cells + i * COLS, .first_row = i + 1 }));
    }
    no_error(c, sink.end(c, sink.to));
    column_build_free(b);
    no_error(c, column_file_open_fd(c, out, &f));
    close(out);
    close(spill);
    return f;
}

/* median(x), which SQLite lacks. */
typedef struct { int64_t *v; size_t n, cap; } sqlite_keys;

static void sqlite_median_step(sqlite3_context *of, int n, sqlite3_value **key)
{
    sqlite_keys *k = sqlite3_aggregate_context(of, sizeof *k);
    (void)n;
    if (sqlite3_value_type(*key) == SQLITE_NULL)
        return;
    if (k->n == k->cap)
        k->v = mem_resize(k->v, (k->cap = k->cap * 2 + 64) * sizeof *k->v);
    k->v[k->n++] = sqlite3_value_int64(*key);
}

static int sqlite_by_key(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static void sqlite_median_end(sqlite3_context *of)
{
    sqlite_keys *k = sqlite3_aggregate_context(of, sizeof *k);
    if (k->n == 0)
        return;
    qsort(k->v, k->n, sizeof *k->v, sqlite_by_key);
    sqlite3_result_double(of, ((double)k->v[(k->n - 1) / 2] + (double)k->v[k->n / 2]) / 2);
    mem_free(k->v);
}

static bool sqlite_median(sqlite3 *db)
{
    return sqlite3_create_function(db, "median", 1, SQLITE_UTF8, NULL, NULL, sqlite_median_step, sqlite_median_end) == SQLITE_OK;
}

static void fill_sqlite(world *w)
{
    sqlite3_stmt *s;
    assert_int_equal(sqlite3_open(":memory:", &w->sql), SQLITE_OK);
    assert_true(sqlite_median(w->sql));
    buf make = buf_in(w->c.a), put = buf_in(w->c.a);
    for (int i = 0; i < COLS; i++) {
        buf_fmt(&make, "%sk%d,t%d", i > 0 ? "," : "CREATE TABLE t (id INTEGER PRIMARY KEY,", i, i);
        buf_add(&put, i > 0 ? S(",?,?") : S("INSERT INTO t VALUES (?,?,?"));
    }
    sqlite3_exec(w->sql, str_z(w->c.a, str_cat(w->c.a, buf_str(&make), S(")"))), NULL, NULL, NULL);
    assert_int_equal(sqlite3_prepare_v2(w->sql, str_z(w->c.a, str_cat(w->c.a, buf_str(&put), S(")"))), -1, &s, NULL), SQLITE_OK);
    sqlite3_exec(w->sql, "BEGIN", NULL, NULL, NULL);
    for (size_t r = 0; r < w->rows; r++) {
        sqlite3_bind_int64(s, 1, (sqlite3_int64)r);
        for (int i = 0; i < COLS; i++) {
            const value *v = &w->v[r * COLS + (size_t)i];
            if (v->null || !v->keyed)
                sqlite3_bind_null(s, 2 + 2 * i);
            else
                sqlite3_bind_int64(s, 2 + 2 * i, v->key);
            if (v->null)
                sqlite3_bind_null(s, 3 + 2 * i);
            else
                sqlite3_bind_text(s, 3 + 2 * i, v->text.p, (int)v->text.n, SQLITE_TRANSIENT);
        }
        assert_int_equal(sqlite3_step(s), SQLITE_DONE);
        sqlite3_reset(s);
    }
    sqlite3_exec(w->sql, "COMMIT", NULL, NULL, NULL);
    sqlite3_finalize(s);
}

static world *world_new(size_t rows, bool wide, bool parts)
{
    arena *a = arena_new(1 << 20);
    world *w = new(a, world);
    w->c.a = a;
    w->rows = rows;
    w->v = new_n(a, value, rows * COLS);
    for (size_t i = 0; i < rows * COLS; i++)
        w->v[i] = make(a, (int)(i % COLS), wide);
    w->n = parts ? 3 : 1;
    size_t cut[4] = { 0, parts ? rows / 3 + 5 : rows, rows - rows / 5, rows };
    for (size_t i = 0; i < w->n; i++)
        w->files[i] = file_of(w, cut[i], parts ? cut[i + 1] : rows);
    no_error(&w->c, query_table_new(&w->c, w->files, w->n, &w->t));
    for (int i = 0; i < COLS; i++)
        assert_int_equal(query_table_about(w->t, (size_t)i)->type, cols[i].type);
    fill_sqlite(w);
    return w;
}

static void world_free(world *w)
{
    query_table_free(w->t);
    for (size_t i = 0; i < w->n; i++)
        column_file_close(w->files[i]);
    sqlite3_close(w->sql);
    arena_free(w->c.a);
}

/* --- questions in both languages --- */

static size_t column(const world *w)
{
    return any(3) != 0 ? w->focus : any(COLS);
}

static void quoted(buf *b, str s)
{
    buf_byte(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'')
            buf_byte(b, '\'');
        buf_byte(b, s.p[i]);
    }
    buf_byte(b, '\'');
}

static value some(world *w, int col)
{
    value v = { .null = true };
    for (int i = 0; i < 50 && (v.null || any(20) == 0); i++)
        v = any(15) == 0 ? make(w->c.a, col, any(2) != 0) : w->v[any(w->rows) * COLS + (size_t)col];
    return v.null ? (value){ .keyed = !is_text(col), .key = 1, .text = cols[col].type == COLUMN_integer ? S("1") : S("路") } : v;
}

static void literal(buf *sql, const value *v)
{
    if (v->keyed)
        buf_i64(sql, v->key);
    else
        quoted(sql, v->text);
}

static void leaf_values(world *w, query_filter *f, buf *sql, bool text)
{
    f->value_count = 1 + any(any(3) == 0 ? 9 : 2);
    str *v = new_n(w->c.a, str, f->value_count);
    buf_fmt(sql, "coalesce(%c%zu IN (", text ? 't' : 'k', f->col);
    for (size_t i = 0; i < f->value_count; i++) {
        value x = some(w, (int)f->col);
        v[i] = x.text;
        buf_add(sql, i > 0 ? S(",") : S(""));
        literal(sql, &x);
    }
    buf_add(sql, S("),0)"));
    f->values = v;
}

static void leaf_range(world *w, query_filter *f, buf *sql, bool text)
{
    value lo = some(w, (int)f->col), hi = some(w, (int)f->col);
    f->has_from = any(3) != 0;
    f->has_to = !f->has_from || any(2) != 0;
    f->from_open = any(2) != 0;
    f->to_open = any(2) != 0;
    f->from = lo.text;
    f->to = hi.text;
    buf_fmt(sql, "coalesce((%c%zu IS NOT NULL", text ? 't' : 'k', f->col);
    if (f->has_from) {
        buf_fmt(sql, " AND %c%zu %s ", text ? 't' : 'k', f->col, f->from_open ? ">" : ">=");
        literal(sql, &lo);
    }
    if (f->has_to) {
        buf_fmt(sql, " AND %c%zu %s ", text ? 't' : 'k', f->col, f->to_open ? "<" : "<=");
        literal(sql, &hi);
    }
    buf_add(sql, S("),0)"));
}

static str piece_of(world *w, int col, bool prefix)
{
    str s = some(w, col).text;
    size_t from = prefix ? 0 : any(s.n), n = 1 + any(9);
    s = str_sub(s, from, from + n);
    return s.n > 0 ? s : S("a");
}

static void has(buf *sql, size_t col, str needle, arena *a)
{
    buf_fmt(sql, "instr(CAST(lower(t%zu) AS BLOB), CAST(", col);
    quoted(sql, str_lower(a, needle));
    buf_add(sql, S(" AS BLOB)) > 0"));
}

static void leaf_text(world *w, query_filter *f, buf *sql)
{
    str *v = new_n(w->c.a, str, 2);
    f->values = v;
    f->value_count = f->op == QUERY_WORDS ? 1 + any(2) : 1;
    for (size_t i = 0; i < f->value_count; i++)
        v[i] = piece_of(w, f->op == QUERY_WORDS ? (int)any(COLS) : (int)f->col, f->op == QUERY_PREFIX);
    if (f->op == QUERY_PREFIX) {
        buf_fmt(sql, "coalesce(substr(CAST(t%zu AS BLOB), 1, %zu) = CAST(", f->col, v[0].n);
        quoted(sql, v[0]);
        buf_add(sql, S(" AS BLOB),0)"));
    } else if (f->op == QUERY_HAS) {
        buf_add(sql, S("coalesce("));
        has(sql, f->col, v[0], w->c.a);
        buf_add(sql, S(",0)"));
    } else {
        buf_add(sql, S("(1"));
        for (size_t i = 0; i < f->value_count; i++) {
            buf_add(sql, S(" AND (0"));
            for (size_t col = 0; col < COLS; col++) {
                buf_add(sql, S(" OR coalesce("));
                has(sql, col, v[i], w->c.a);
                buf_add(sql, S(",0)"));
            }
            buf_add(sql, S(")"));
        }
        buf_add(sql, S(")"));
    }
}

static void filter(world *w, query_filter *f, buf *sql, int depth)
{
    static const query_op leaves[] = { QUERY_EQUAL, QUERY_EQUAL, QUERY_RANGE, QUERY_RANGE, QUERY_NULL, QUERY_PREFIX, QUERY_HAS, QUERY_WORDS };
    *f = (query_filter){ .col = column(w) };
    bool text = is_text(f->col);
    if (depth < 3 && any(3) == 0) {
        f->op = (query_op[]){ QUERY_AND, QUERY_OR, QUERY_NOT }[any(3)];
        f->kid_count = f->op == QUERY_NOT ? 1 : any(4);
        query_filter *kids = new_n(w->c.a, query_filter, f->kid_count + 1);
        f->kids = kids;
        buf_add(sql, f->op == QUERY_NOT ? S("(NOT (0") : f->op == QUERY_AND ? S("((1") : S("((0"));
        for (size_t i = 0; i < f->kid_count; i++) {
            buf_add(sql, f->op == QUERY_AND ? S(" AND ") : S(" OR "));
            filter(w, &kids[i], sql, depth + 1);
        }
        buf_add(sql, S("))"));
        return;
    }
    f->op = leaves[any(array_len(leaves))];
    if (f->op == QUERY_EQUAL)
        leaf_values(w, f, sql, text);
    else if (f->op == QUERY_RANGE)
        leaf_range(w, f, sql, text);
    else if (f->op == QUERY_NULL)
        buf_fmt(sql, "(t%zu IS NULL)", f->col);
    else
        leaf_text(w, f, sql);
}

/* --- rows --- */

static void order(const query_sort *s, size_t n, buf *sql)
{
    buf_add(sql, S(" ORDER BY "));
    for (size_t i = 0; i < n; i++) {
        if (s[i].col == QUERY_ROW) {
            buf_add(sql, s[i].desc ? S("id DESC, ") : S("id, "));
            continue;
        }
        char k = is_text(s[i].col) ? 't' : 'k';
        buf_fmt(sql, "t%zu IS NULL%s, %c%zu %s, ", s[i].col, s[i].nulls_first ? " DESC" : "", k, s[i].col, s[i].desc ? "DESC" : "ASC");
    }
    buf_add(sql, n == 1 && s[0].desc ? S("id DESC") : S("id"));
}

/* All rows as SQLite has them. */
static uint32_t *ask_sqlite(world *w, const char *sql, size_t *n)
{
    uint32_t *rows = new_n(w->c.a, uint32_t, w->rows + 1);
    sqlite3_stmt *s;
    *n = 0;
    if (sqlite3_prepare_v2(w->sql, sql, -1, &s, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(w->sql), sql);
    while (sqlite3_step(s) == SQLITE_ROW)
        rows[(*n)++] = (uint32_t)sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return rows;
}

/* The walk from here on has these rows, and no others when it is to end there. */
static void same_rows(query_walk *walk, const uint32_t *want, size_t n, bool ends, const char *sql)
{
    uint32_t got[64];
    for (size_t at = 0; at < n;) {
        size_t most = 1 + any(array_len(got)), have = query_next(walk, got, most < n - at ? most : n - at);
        for (size_t i = 0; i < have; i++)
            if (got[i] != want[at + i])
                fail_msg("row %zu is %u, not %u: %s", at + i, got[i], want[at + i], sql);
        if (have == 0)
            fail_msg("%zu rows, not %zu: %s", at, n, sql);
        at += have;
    }
    if (ends)
        assert_int_equal(query_next(walk, got, 1), 0);
}

/* Pages of a table that has no orders yet, and of one that has made them. */
static void ask_page(world *w, const query_filter *f, const query_sort *sort, size_t n, const uint32_t *want, size_t total, const char *sql)
{
    ctx *c = &w->c;
    query_table *fresh;
    query_walk walk;
    no_error(c, query_table_new(c, w->files, w->n, &fresh));
    for (int i = 0; i < 3; i++) {
        uint64_t offset = (uint64_t[]){ 0, any(total + 3), total - any(total < 30 ? total + 1 : 30) }[i], limit = any(i == 1 ? 200 : 30);
        uint64_t from = offset < total ? offset : total, there = limit < total - from ? limit : total - from;
        query_table *t = any(4) == 0 ? w->t : fresh;
        no_error(c, query_page(c, t, f, sort, n, offset, limit, &walk));
        assert_int_equal(walk.total, total);
        same_rows(&walk, want + from, (size_t)there, from + there == total, sql);
    }
    query_table_free(fresh);
}

static void ask_rows(world *w, const query_filter *f, const buf *where)
{
    ctx *c = &w->c;
    query_sort sort[3];
    size_t n = any(4), all;
    uint64_t total, skip = any(3) == 0 ? any(w->rows + 3) : any(5);
    query_walk walk;
    buf sql = buf_in(c->a);
    for (size_t i = 0; i < n; i++)
        sort[i] = (query_sort){ any(8) == 0 ? QUERY_ROW : column(w), any(2) != 0, any(4) == 0 };
    buf_fmt(&sql, "SELECT id FROM t WHERE %.*s", S_ARG(f != NULL ? buf_str(where) : S("1")));
    order(sort, n, &sql);
    const char *text = str_z(c->a, buf_str(&sql));
    const uint32_t *want = ask_sqlite(w, text, &all);
    no_error(c, query_count(c, w->t, f, &total));
    assert_int_equal(total, all);
    no_error(c, query_select(c, w->t, f, sort, n, &walk));
    assert_int_equal(walk.total, total);
    query_skip(&walk, skip);
    skip = skip < total ? skip : total;
    same_rows(&walk, want + skip, (size_t)(total - skip), true, text);
    ask_page(w, f, sort, n, want, all, text);
}

/* --- groups --- */

static str key_sql(arena *a, const query_by *by)
{
    switch (by->kind) {
    case QUERY_BY_YEAR: return str_fmt(a, "CAST(strftime('%%Y', k%zu*86400, 'unixepoch') AS INTEGER)", by->col);
    case QUERY_BY_MONTH: return str_fmt(a, "strftime('%%Y-%%m', k%zu*86400, 'unixepoch')", by->col);
    case QUERY_BY_WEEKDAY: return str_fmt(a, "CAST(strftime('%%w', k%zu*86400-86400, 'unixepoch') AS INTEGER)+1", by->col);
    default: return str_fmt(a, "%c%zu", is_text(by->col) ? 't' : 'k', by->col);
    }
}

static void same_number(const query_value *v, sqlite3_stmt *s, int i, double by, const char *sql)
{
    bool null = sqlite3_column_type(s, i) == SQLITE_NULL;
    double want = sqlite3_column_double(s, i) / by;
    if (v->null != null || (!null && fabs(v->number - want) > 1e-9 * (1 + fabs(want))))
        fail_msg("%s: column %d is %f, not %f", sql, i, v->number, want);
}

static void same_key(const query_by *by, str key, sqlite3_stmt *s, int i, const char *sql)
{
    int64_t k;
    if (sqlite3_column_type(s, i) == SQLITE_NULL) {
        assert_null(key.p);
        return;
    }
    str want = { (const char *)sqlite3_column_text(s, i), (size_t)sqlite3_column_bytes(s, i) };
    if (by->kind == QUERY_BY_VALUE && !is_text(by->col)) {
        assert_true(column_type_read(cols[by->col].type, (unsigned)cols[by->col].scale, key, &k));
        if (k != sqlite3_column_int64(s, i))
            fail_msg("%s: key %" PRId64 ", not %lld", sql, k, sqlite3_column_int64(s, i));
    } else if (!str_eq(key, want)) {
        fail_msg("%s: key %.*s, not %.*s", sql, S_ARG(key), S_ARG(want));
    }
}

static const char *groups_sql(world *w, const query_by *by, size_t n, const char *values, const buf *where)
{
    arena *a = w->c.a;
    buf sql = buf_in(a), group = buf_in(a), sorted = buf_in(a);
    buf_add(&sql, S("SELECT "));
    for (size_t i = 0; i < n; i++) {
        str k = key_sql(a, &by[i]);
        buf_fmt(&sql, "%.*s, ", S_ARG(k));
        buf_fmt(&group, "%s%zu", i > 0 ? "," : " GROUP BY ", i + 1);
        buf_fmt(&sorted, "%s%.*s IS NULL, %.*s", i > 0 ? ", " : " ORDER BY ", S_ARG(k), S_ARG(k));
    }
    buf_fmt(&sql, "%s FROM t WHERE %.*s%.*s%.*s", values, S_ARG(buf_str(where)), S_ARG(buf_str(&group)), S_ARG(buf_str(&sorted)));
    return str_z(a, buf_str(&sql));
}

static void ask_groups(world *w, const query_filter *f, const buf *where)
{
    ctx *c = &w->c;
    query_by by[2] = { 0 };
    int n = (int)any(3), sum = any(2) != 0 ? INTEGER : DECIMAL, other = (int)column(w);
    double scale = sum == DECIMAL ? 100 : 1;
    query_aggregate a[] = { { QUERY_COUNT, 0 }, { QUERY_SUM, (size_t)sum }, { QUERY_AVG, (size_t)sum }, { QUERY_MIN, (size_t)sum },
                            { QUERY_MAX, (size_t)sum }, { QUERY_DISTINCT, (size_t)other }, { QUERY_MEDIAN, (size_t)sum } };
    for (int i = 0; i < n; i++) {
        by[i].col = column(w);
        if ((by[i].col == DATE || by[i].col == ROC_DATE) && any(2) != 0)
            by[i].kind = (query_by_kind[]){ QUERY_BY_YEAR, QUERY_BY_MONTH, QUERY_BY_WEEKDAY }[any(3)];
    }
    str values = str_fmt(c->a, "count(*), sum(k%d), avg(k%d), min(k%d), max(k%d), count(DISTINCT %c%d), median(k%d)", sum, sum, sum, sum,
                         is_text(other) ? 't' : 'k', other, sum);
    const char *sql = groups_sql(w, by, (size_t)n, str_z(c->a, values), where);
    sqlite3_stmt *s;
    query_groups got;
    no_error(c, query_group_by(c, w->t, &(query_grouping){ .filter = f, .by = by, .by_count = (size_t)n, .aggregates = a,
                                                           .aggregate_count = array_len(a), .order_by = SIZE_MAX }, &got));
    if (sqlite3_prepare_v2(w->sql, sql, -1, &s, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(w->sql), sql);
    size_t i = 0;
    for (; sqlite3_step(s) == SQLITE_ROW; i++) {
        if (i >= got.n)
            fail_msg("%s: fewer than %zu groups", sql, i + 1);
        for (int k = 0; k < n; k++)
            same_key(&by[k], got.v[i].keys[k], s, k, sql);
        for (int k = 0; k < (int)array_len(a); k++)
            same_number(&got.v[i].values[k], s, n + k, k == 0 || k == 5 ? 1 : scale, sql);
    }
    sqlite3_finalize(s);
    assert_int_equal(got.n, i);
}

static size_t how_many(void)
{
    const char *s = getenv("QUERIES");
    return s != NULL ? (size_t)atoll(s) : 100;
}

static void ask(world *w, size_t questions)
{
    for (size_t i = 0; i < questions; i++) {
        query_filter f;
        arena_mark m = arena_here(w->c.a);
        buf where = buf_in(w->c.a);
        filter(w, &f, &where, 0);
        if (i % 3 == 2)
            ask_groups(w, &f, &where);
        else
            ask_rows(w, any(4) == 0 ? NULL : &f, &where);
        arena_back(w->c.a, m);
    }
}

/* Of the questions about each type, a part each to six tables. */
static void the_same_as_sqlite(void **state)
{
    (void)state;
    for (int k = 0; k < 6; k++) {
        world *w = world_new(k % 3 == 0 ? 70 : 1200, k % 2 == 0, k >= 3);
        for (w->focus = 0; w->focus < COLS; w->focus++)
            ask(w, (how_many() + 5) / 6);
        world_free(w);
    }
}

static void large_ones_too(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        world *w = world_new(70000, true, k == 1);
        column_view v;
        bool numbers = false, heap = false;
        for (size_t i = 0; i < COLS; i++) {
            no_error(&w->c, column_use(&w->c, w->files[0], i, &v));
            numbers = numbers || v.form == COLUMN_NUMBERS;
            heap = heap || v.form == COLUMN_HEAP;
        }
        assert_true(k == 1 || (numbers && heap));
        for (w->focus = 0; w->focus < COLS; w->focus++)
            ask(w, 1 + how_many() / 100);
        world_free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_same_as_sqlite), cmocka_unit_test(large_ones_too) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
