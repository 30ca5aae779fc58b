/* Rows that share their values, against a plain comparison of all pairs; with room for so few keys that turns are taken. */
#include "kit/table/row_match.h"

#include "kit/table/column_make_test.h"

#include <stdlib.h>

enum { ROWS = 700, COLS = 2, MOST = 9 };

static uint32_t dice(uint32_t *state)
{
    return (*state = *state * 1664525u + 1013904223u) >> 16;
}

static int setup(void **state)
{
    ctx *c = calloc(1, sizeof *c);
    c->a = arena_new(65536);
    *state = c;
    return 0;
}

static int teardown(void **state)
{
    ctx *c = *state;
    arena_free(c->a);
    free(c);
    return 0;
}

/* Numbers and texts, some missing, spelled in two ways. */
static void make(ctx *c, test_table *t, uint32_t seed, uint32_t kinds, size_t rows, str *cells)
{
    static const str titles[COLS] = { S("數"), S("文") };
    for (size_t r = 0; r < rows; r++) {
        uint32_t n = dice(&seed) % kinds, w = dice(&seed) % 3;
        cells[r * COLS] = n == 0 ? S("") : str_fmt(c->a, dice(&seed) % 2 ? "%u.50" : "%u.5", n);
        cells[r * COLS + 1] = w == 0 ? S("甲") : w == 1 ? S("乙") : S("");
    }
    test_open(t, c);
    test_build(t, titles, COLS, cells, rows);
}

static bool same_row(const str *x, const str *y)
{
    return x[0].n > 0 && x[1].n > 0 && y[0].n > 0 && str_eq(x[1], y[1]) && strtod(x[0].p, NULL) == strtod(y[0].p, NULL);
}

static void expect(const row_found *got, const row_found *want)
{
    assert_int_equal(got->count, want->count);
    assert_int_equal(got->n, want->n);
    for (size_t i = 0; i < got->n; i++)
        assert_int_equal(got->rows[i], want->rows[i]);
}

static void add(row_found *f, uint64_t row)
{
    f->count++;
    if (f->n < MOST)
        f->rows[f->n++] = row;
}

static void rows_are_those_of_a_plain_comparison(void **state)
{
    ctx *c = *state;
    const size_t cols[COLS] = { 0, 1 }, rooms[] = { 3, 50, 100000 };
    str *x = new_n(c->a, str, ROWS * COLS), *y = new_n(c->a, str, ROWS * COLS);
    test_table a, b;
    make(c, &a, 1, 400, ROWS, x);
    make(c, &b, 2, 300, ROWS, y);
    uint64_t room[3][MOST], *without = new_n(c->a, uint64_t, ROWS / 64 + 1);
    for (size_t r = 0; r < ROWS; r += 5)
        without[r / 64] |= UINT64_C(1) << r % 64;
    row_found repeated = { .rows = room[0] }, there = { .rows = room[1] }, lacking = { .rows = room[2] };
    for (size_t r = 0; r < ROWS; r++) {
        bool before = false, other = false;
        for (size_t k = 0; k < r; k++)
            before = before || same_row(&x[r * COLS], &x[k * COLS]);
        for (size_t k = 0; k < ROWS; k++)
            other = other || (k % 5 != 0 && same_row(&x[r * COLS], &y[k * COLS]));
        bool known = x[r * COLS].n > 0 && x[r * COLS + 1].n > 0;
        if (before)
            add(&repeated, r);
        if (known)
            add(other ? &there : &lacking, r);
    }
    assert_true(repeated.count > MOST && there.count > MOST && lacking.count > MOST);
    const uint64_t *const left_out[] = { without };
    const row_side side = { .files = &a.file, .n = 1, .cols = cols }, among = { .files = &b.file, .n = 1, .cols = cols, .without = left_out };
    for (size_t i = 0; i < array_len(rooms); i++) {
        row_found got;
        assert_true(row_match_repeated_in(c, rooms[i], &side, COLS, MOST, &got));
        expect(&got, &repeated);
        assert_true(row_match_among_in(c, rooms[i], &side, &among, COLS, true, MOST, &got));
        expect(&got, &there);
        assert_true(row_match_among_in(c, rooms[i], &side, &among, COLS, false, MOST, &got));
        expect(&got, &lacking);
    }
    test_close(&a);
    test_close(&b);
}

static void build(ctx *c, test_table *t, const char *title, const char *const *cells, size_t n)
{
    str head = str_of(title), *values = new_n(c->a, str, n);
    for (size_t i = 0; i < n; i++)
        values[i] = str_of(cells[i]);
    test_open(t, c);
    test_build(t, &head, 1, values, n);
}

static void expect_lacking(ctx *c, const char *const *asked, size_t n, const char *const *among, size_t m, uint64_t count)
{
    const size_t col = 0;
    test_table a, b;
    row_found got;
    build(c, &a, "x", asked, n);
    build(c, &b, "x", among, m);
    assert_true(row_match_among(c, &(row_side){ .files = &a.file, .n = 1, .cols = &col }, &(row_side){ .files = &b.file, .n = 1, .cols = &col }, 1, false,
                                MOST, &got));
    assert_int_equal(got.count, count);
    test_close(&a);
    test_close(&b);
}

static void columns_of_other_types_compare_as_text(void **state)
{
    ctx *c = *state;
    const char *const numbers[] = { "1", "22", "30" }, *const codes[] = { "01", "22", "1", "30" }, *const words[] = { "1", "x", "22" };
    const char *const dates[] = { "104/07/24", "104/07/25" }, *const iso[] = { "2015-07-24", "2015-07-25" }, *const later[] = { "2020-01-01", "2020-01-02" };
    expect_lacking(c, numbers, 3, codes, 4, 0);     /* a number beside codes with zeros in front */
    expect_lacking(c, numbers, 3, words, 3, 1);
    expect_lacking(c, dates, 2, iso, 2, 0);         /* days are days */
    expect_lacking(c, dates, 2, later, 2, 2);       /* apart: not even read */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_are_those_of_a_plain_comparison, setup, teardown),
        cmocka_unit_test_setup_teardown(columns_of_other_types_compare_as_text, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
