/* The reading side: what the arrays say, what dictionaries and statistics
 * answer, and that a file with any byte changed is refused or still right. */
#include "support/support.h"

#include "kit/table/column_make_test.h"

/* A small table in which every form, nulls of each kind and styles occur. */
static void build_sample(test_table *t, ctx *c, size_t rows, str **cells_out)
{
    static const str titles[] = { S_INIT("縣市"), S_INIT("數量"), S_INIT("比率"), S_INIT("日期"), S_INIT("說明"), S_INIT("編號") };
    static const char *const counties[] = { "臺北市", "高雄市", "", "花蓮縣" };
    size_t cols = array_len(titles);
    str *cells = new_n(c->a, str, rows * cols);
    for (size_t r = 0; r < rows; r++) {
        str *row = cells + r * cols;
        row[0] = str_of(counties[r % 4]);
        row[1] = r % 10 == 3 ? S("-99") : r % 10 == 4 ? (str){ 0 } : str_fmt(c->a, "%zu", r * 7);
        row[2] = r % 2 ? str_fmt(c->a, "%zu.5", r) : str_fmt(c->a, "%zu.25", r);
        row[3] = str_fmt(c->a, "1%02zu/%02zu/05", r % 14, r % 12 + 1);
        row[4] = r % 50 == 7 ? S("") : r % 50 == 8 ? (str){ 0 } : r % 50 == 9 ? S("…") : str_fmt(c->a, "第%zu號說明", r);
        row[5] = str_fmt(c->a, "%08zu", r * 31);
    }
    test_open(t, c);
    test_build(t, titles, cols, cells, rows);
    *cells_out = cells;
}

static void arrays_say_what_texts_say(void **state)
{
    ctx *c = *state;
    test_table t;
    str *cells;
    build_sample(&t, c, 20000, &cells);
    static const column_form forms[] = { COLUMN_CODES, COLUMN_NUMBERS, COLUMN_NUMBERS, COLUMN_CODES, COLUMN_HEAP, COLUMN_NUMBERS };
    static const column_type types[] = { COLUMN_text, COLUMN_integer, COLUMN_decimal, COLUMN_date, COLUMN_text, COLUMN_code };
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(column_file_about(t.file, i)->form, forms[i]);
        assert_int_equal(column_file_about(t.file, i)->type, types[i]);
    }
    test_same(&t, cells, 6, 20000);
    column_view v;
    double x;
    int64_t key;
    assert_true(column_use(c, t.file, 1, &v));
    assert_int_equal(v.nulls, 2);
    assert_true(column_is_null(&v, 3) && column_why_null(&v, 3) == COLUMN_NULL_MARK);
    assert_true(column_is_null(&v, 4) && column_why_null(&v, 4) == COLUMN_NULL_ABSENT);
    assert_true(column_key(&v, 5, &key) && key == 35);
    assert_true(column_use(c, t.file, 2, &v));
    assert_true(column_number(&v, 3, &x) && x == 3.5 && v.scale == 2 && v.styles != NULL);
    assert_true(column_use(c, t.file, 3, &v));
    assert_true(column_key(&v, 0, &key) && key == day_from_civil(2011, 1, 5));
    uint32_t code, from = column_entry_from(&v, day_from_civil(2013, 1, 1));
    assert_true(column_entry_find(&v, S("103/04/05"), &code) && code >= from && v.keys[code] == day_from_civil(2014, 4, 5));
    assert_false(column_entry_find(&v, S("103/4/5"), &code));
    assert_true(column_use(c, t.file, 4, &v));
    assert_true(column_is_null(&v, 7) && column_why_null(&v, 7) == COLUMN_NULL_BLANK);
    assert_true(column_why_null(&v, 8) == COLUMN_NULL_ABSENT && column_why_null(&v, 9) == COLUMN_NULL_MARK);
    assert_int_equal(v.prints[100], column_print(S("第100號說明")));
    assert_true(column_use(c, t.file, 5, &v));
    assert_true(v.digits == 8 && !column_key(&v, 1, &key));
    test_close(&t);
}

static void statistics_are_right(void **state)
{
    ctx *c = *state;
    test_table t;
    str *cells;
    build_sample(&t, c, 20000, &cells);
    const column_stats *s = &column_file_about(t.file, 1)->stats;
    int64_t sum = 0, n = 0;
    for (int64_t r = 0; r < 20000; r++)
        if (r % 10 != 3 && r % 10 != 4) {
            sum += r * 7;
            n++;
        }
    assert_true(s->sum_exact && s->sum_key == sum && s->min_key == 0 && s->max_key == 19999 * 7);
    assert_true(s->nulls[COLUMN_NULL_MARK] == 2000 && s->nulls[COLUMN_NULL_ABSENT] == 2000 && s->null_count == 4000);
    assert_true(s->distinct_exact && s->distinct == (uint64_t)n);
    assert_true(s->mean > (double)sum / (double)n - 1e-6 && s->mean < (double)sum / (double)n + 1e-6);
    uint64_t bins = 0;
    for (int i = 0; i < COLUMN_BINS; i++)
        bins += s->bins[i];
    assert_int_equal(bins, n);
    s = &column_file_about(t.file, 0)->stats;
    assert_true(s->top_count == 3 && s->top[0].count == 5000 && s->distinct == 3 && s->nulls[COLUMN_NULL_BLANK] == 5000);
    s = &column_file_about(t.file, 4)->stats;
    assert_true(s->distinct == 20000 - 1200 && s->distinct_exact && s->null_count == 1200);
    assert_true(str_eq(s->min_text, S("第0號說明")));
    test_close(&t);
}

static void rows_have_their_places(void **state)
{
    ctx *c = *state;
    test_table t;
    str *cells;
    build_sample(&t, c, 3000, &cells);
    uint64_t byte, line;
    bool known;
    for (uint64_t row = 0; row < 3000; row += 37) {
        assert_true(column_file_place(c, t.file, row, &byte, &line, &known) && known);
        assert_true(byte == 100 + 10 * row && line == 2 + row);
    }
    assert_true(column_file_place(c, t.file, 3000, &byte, &line, &known) && !known);
    test_close(&t);
}

static void segments_become_one(void **state)
{
    ctx *c = *state;
    test_table a, b, whole;
    str *cells, *more;
    build_sample(&a, c, 2500, &cells);
    build_sample(&b, c, 100, &more);
    test_open(&whole, c);
    column_build *build = column_build_new(c, &whole.plan);
    table_sink sink = column_build_sink(build);
    assert_true(column_file_feed(c, (column_file *[]){ a.file, b.file }, NULL, 2, &sink));
    column_build_free(build);
    assert_true(column_file_open_fd(c, whole.out, &whole.file));
    str *both = new_n(c->a, str, 2600 * 6);
    memcpy(both, cells, 2500 * 6 * sizeof *both);
    memcpy(both + 2500 * 6, more, 100 * 6 * sizeof *both);
    test_same(&whole, both, 6, 2600);
    test_close(&a);
    test_close(&b);
    test_close(&whole);
}

/* Opens the bytes and reads all of them: an error, or exactly the texts there were. */
static bool read_all(ctx *c, const char *bytes, size_t n, const str *cells, size_t cols, size_t rows)
{
    char room[COLUMN_NUMBER_ROOM];
    int fd = memfd_create("flipped", 0);
    column_file *f = NULL;
    assert_true(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    bool ok = column_file_open_fd(c, fd, &f);
    if (ok && column_file_check(c, f)) {
        for (size_t i = 0; i < cols; i++) {
            column_view v;
            assert_true(column_use(c, f, i, &v));
            for (size_t r = 0; r < rows; r++)
                assert_true(str_eq(column_text(&v, r, room), cells[r * cols + i]));
        }
    } else {
        ok = false;
        assert_int_equal(c->err.code, ERR_INVALID);
        err_clear(c);
    }
    column_file_close(f);
    close(fd);
    return ok;
}

static void no_flipped_byte_passes(void **state)
{
    ctx *c = *state;
    test_table t;
    str *cells;
    build_sample(&t, c, 40, &cells);
    size_t n = column_file_bytes(t.file);
    char *bytes = arena_get(c->a, n);
    assert_int_equal(pread(t.out, bytes, n, 0), n);
    assert_true(read_all(c, bytes, n, cells, 6, 40));
    for (size_t i = 0; i < n; i++) {
        arena_mark here = arena_here(c->a);
        char was = bytes[i];
        bytes[i] = (char)(was ^ (1 << (i % 8)));
        if (read_all(c, bytes, n, cells, 6, 40))
            fail_msg("byte %zu of %zu can be changed unseen", i, n);
        bytes[i] = was;
        arena_back(c->a, here);
    }
    for (size_t cut = 0; cut < n; cut += 97)
        assert_false(read_all(c, bytes, cut, cells, 6, 40));
    test_close(&t);
}

static void sums_are_xxh64(void **state)
{
    (void)state;
    assert_true(column_sum("", 0) == UINT64_C(0xEF46DB3751D8E999));
    assert_true(column_sum("abc", 3) == UINT64_C(0x44BC2CF5AD770999));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_say_what_texts_say), cmocka_unit_test(statistics_are_right), cmocka_unit_test(rows_have_their_places),
        cmocka_unit_test(segments_become_one), cmocka_unit_test(no_flipped_byte_passes), cmocka_unit_test(sums_are_xxh64),
    };
    return cmocka_run_group_tests(tests, test_bare_setup, test_bare_teardown);
}
