/* column_make_test — for tests: rows of text into a column file in memory, and
 * the findings made on the way. Needs cmocka and a ctx. */
#ifndef COLUMN_MAKE_TEST_H
#define COLUMN_MAKE_TEST_H
#include "kit/table/column_build.h"

#include <setjmp.h>
#include <sys/mman.h>
#include <unistd.h>
#ifndef CMOCKA_H_ /* tests with a site have it already */
#undef fail
#include <cmocka.h>
#endif

typedef struct { table_finding *v; size_t n, cap; } test_findings;

typedef struct {
    ctx *c;
    int out, spill;
    column_build_plan plan;
    test_findings findings;
    column_file *file;
} test_table;

static inline bool test_finding(ctx *c, void *to, const table_finding *f)
{
    test_findings *l = to;
    table_finding *mine = list_push(c->a, l);
    *mine = *f;
    mine->sample = str_dup(c->a, f->sample);
    return true;
}

static inline const table_finding *test_found(const test_table *t, const char *code, size_t col)
{
    for (size_t i = 0; i < t->findings.n; i++)
        if (strcmp(t->findings.v[i].code, code) == 0 && t->findings.v[i].col == col)
            return &t->findings.v[i];
    return NULL;
}

static inline void test_open(test_table *t, ctx *c)
{
    *t = (test_table){ .c = c, .out = memfd_create("column", 0), .spill = memfd_create("spill", 0) };
    assert_true(t->out >= 0 && t->spill >= 0);
    t->plan = (column_build_plan){ .out_fd = t->out, .spill_fd = t->spill, .findings_to = &t->findings, .finding = test_finding };
}

static inline void test_close(test_table *t)
{
    column_file_close(t->file);
    close(t->out);
    close(t->spill);
}

/* The cells of a block in one piece of memory, as a reader of text hands them on. */
static inline str test_joined(ctx *c, str *to, const str *cells, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += cells[i].n;
    char *all = arena_get(c->a, bytes + 1), *at = all;
    for (size_t i = 0; i < n; i++) {
        to[i] = cells[i].p != NULL ? (str){ at, cells[i].n } : (str){ 0 };
        if (cells[i].n > 0)
            memcpy(at, cells[i].p, cells[i].n);
        at += cells[i].n;
    }
    return (str){ all, bytes };
}

/* cells[row * cols + col]; row r begins at byte 100 + 10 r, line 2 + r. False: the builder failed. */
static inline bool test_feed(test_table *t, const str *titles, size_t cols, const str *cells, size_t rows)
{
    ctx *c = t->c;
    column_build *b = column_build_new(c, &t->plan);
    table_sink sink = column_build_sink(b);
    table_column_head *heads = new_n(c->a, table_column_head, cols);
    for (size_t i = 0; i < cols; i++)
        heads[i].title = titles[i];
    table_head h = { .cols = heads, .col_count = cols, .header_rows = 1 };
    bool ok = sink.begin(c, sink.to, &h);
    for (size_t from = 0; ok && from < rows; from += TABLE_BLOCK_ROWS) {
        size_t n = rows - from < TABLE_BLOCK_ROWS ? rows - from : TABLE_BLOCK_ROWS;
        uint64_t bytes[TABLE_BLOCK_ROWS], lines[TABLE_BLOCK_ROWS];
        for (size_t i = 0; i < n; i++) {
            bytes[i] = 100 + 10 * (from + i);
            lines[i] = 2 + from + i;
        }
        table_block block = { .rows = n, .cols = cols, .cells = cells + from * cols, .first_row = from + 1, .bytes = bytes, .lines = lines };
        if ((rows + from / TABLE_BLOCK_ROWS) % 2 == 0) {
            str *joined = new_n(c->a, str, n * cols);
            block.within = test_joined(c, joined, block.cells, n * cols);
            block.cells = joined;
        }
        ok = sink.block(c, sink.to, &block);
    }
    ok = ok && sink.end(c, sink.to);
    column_build_free(b);
    return ok;
}

static inline void test_build(test_table *t, const str *titles, size_t cols, const str *cells, size_t rows)
{
    if (!test_feed(t, titles, cols, cells, rows) || !column_file_open_fd(t->c, t->out, &t->file))
        fail_msg("%.*s", S_ARG(t->c->err.message));
}

/* Every text comes back as it was given, absent apart from empty. */
static inline void test_same(test_table *t, const str *cells, size_t cols, size_t rows)
{
    char room[COLUMN_NUMBER_ROOM];
    assert_int_equal(column_file_rows(t->file), rows);
    assert_int_equal(column_file_count(t->file), cols);
    for (size_t i = 0; i < cols; i++) {
        column_view v;
        if (!column_use(t->c, t->file, i, &v))
            fail_msg("%.*s", S_ARG(t->c->err.message));
        for (size_t r = 0; r < rows; r++) {
            str s = column_text(&v, r, room), was = cells[r * cols + i];
            if (!str_eq(s, was) || (s.p == NULL) != (was.p == NULL))
                fail_msg("row %zu, column %zu: “%.*s” became “%.*s”", r + 1, i + 1, S_ARG(was), S_ARG(s));
        }
    }
}
#endif
