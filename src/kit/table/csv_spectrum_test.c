#include <setjmp.h>
#include <stdarg.h>

#include "kit/table/csv.h"
#include "kit/text/json_read.h"

#include <cmocka.h>

/* csv-spectrum: each table is given as CSV and as the JSON that must come of it. */
#define SPECTRUM "../shared/corpus/csv-conformance/csv-spectrum/"

typedef struct {
    const json *want;
    str    *titles;
    size_t  rows;
    bool    has_cr;            /* newlines_crlf.csv lost its carriage returns in the copy; its JSON kept them */
} expected;

static bool on_begin(ctx *c, void *to, const table_head *h)
{
    expected *e = to;
    e->titles = new_n(c->a, str, h->col_count);
    for (size_t k = 0; k < h->col_count; k++)
        e->titles[k] = str_dup(c->a, h->cols[k].title);
    return true;
}

static bool on_block(ctx *c, void *to, const table_block *b)
{
    expected *e = to;
    for (size_t i = 0; i < b->rows; i++) {
        assert_true(e->rows < e->want->arr.n);
        const json *row = &e->want->arr.v[e->rows++];
        assert_int_equal(row->obj.n, b->cols);
        for (size_t k = 0; k < b->cols; k++) {
            const json *v = json_get_s(row, e->titles[k]);
            assert_non_null(v);
            str want = e->has_cr ? v->s : str_replace(c->a, v->s, S("\r"), S(""));
            assert_true(str_eq(want, b->cells[i * b->cols + k]));
        }
    }
    return true;
}

static bool on_finding(ctx *c, void *to, const table_finding *f)
{
    (void)c;
    (void)to;
    print_message("finding: %s\n", f->code);
    return false;
}

static bool on_end(ctx *c, void *to)
{
    (void)c;
    return to != NULL;
}

static void each_table_gives_its_json(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(1 << 16) };
    if (!file_is_dir(&c, S(SPECTRUM "csvs"))) {
        print_message("no ../shared/corpus: skipped\n");
        arena_free(c.a);
        skip();
    }
    str_list names = { 0 };
    assert_true(file_list(&c, S(SPECTRUM "csvs"), &names));
    assert_true(names.n >= 11);
    list_each(str, name, &names) {
        str stem = str_sub(*name, 0, str_find_byte(*name, '.')), text, csv;
        json want;
        assert_true(file_read(&c, str_fmt(c.a, SPECTRUM "json/%.*s.json", S_ARG(stem)), 65536, &text));
        assert_true(json_parse(&c, text, &want));
        assert_true(file_read(&c, str_cat(c.a, S(SPECTRUM "csvs/"), *name), 65536, &csv));
        expected e = { .want = &want, .has_cr = str_find_byte(csv, '\r') < csv.n };
        table_sink sink = { .to = &e, .begin = on_begin, .block = on_block, .finding = on_finding, .end = on_end };
        source s = source_memory(csv, *name);
        csv_found f;
        assert_true(csv_read(&c, &s, &(csv_declared){ 0 }, &sink, &f));
        assert_int_equal(e.rows, want.arr.n);
    }
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_table_gives_its_json) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
