/* What columns of real files were taken for, wrongly: zeros for dates, village codes for telephones, codes of townships for
 * numbers of businesses, measures for keys; each beside its neighbour that is one. */
#include "kit/table/column_make_test.h"

#define ROWS 60

static int setup(void **state)
{
    ctx *c = mem_get(sizeof *c);
    c->a = arena_new(65536);
    *state = c;
    return 0;
}

static int teardown(void **state)
{
    ctx *c = *state;
    arena_free(c->a);
    mem_free(c);
    return 0;
}

/* A column of `rows` texts: `often`, but the last `n` of `rare`. */
typedef struct { const char *title, *often, *rare[8]; size_t n, rows; } column_case;

static void build(ctx *c, test_table *t, const column_case *k)
{
    str title = str_of(k->title), *cells = new_n(c->a, str, k->rows);
    for (size_t r = 0; r < k->rows; r++)
        cells[r] = str_of(r + k->n < k->rows ? k->often : k->rare[r + k->n - k->rows]);
    test_open(t, c);
    test_build(t, &title, 1, cells, k->rows);
    test_same(t, cells, 1, k->rows);
}

static column_type type_of(ctx *c, const column_case *k)
{
    test_table t;
    build(c, &t, k);
    column_type type = column_file_about(t.file, 0)->type;
    test_close(&t);
    return type;
}

/* How often a finding is told of a column whose texts all differ: `before`, then a number of `digits` digits that rises. */
static uint64_t count_of(ctx *c, const char *code, const char *title, const char *before, int digits, size_t from, size_t rows)
{
    test_table t;
    str *cells = new_n(c->a, str, rows), name = str_of(title);
    uint64_t n = 0;
    for (size_t r = 0; r < rows; r++)
        cells[r] = str_fmt(c->a, "%s%0*zu", before, digits, from + r);
    test_open(&t, c);
    test_build(&t, &name, 1, cells, rows);
    for (size_t i = 0; i < t.findings.n; i++)
        n += strcmp(t.findings.v[i].code, code) == 0 ? t.findings.v[i].count : 0;
    test_close(&t);
    return n;
}

static void zeros_are_no_dates(void **state)
{
    ctx *c = *state;
    assert_int_equal(type_of(c, &(column_case){ "車位總價元", "0", { "650000" }, 1, 496 }), COLUMN_integer);
    assert_int_equal(type_of(c, &(column_case){ "金額", "0", { "x" }, 1, ROWS }), COLUMN_integer);
    assert_int_equal(type_of(c, &(column_case){ "拆除日期", "0", { "1040724", "1040725" }, 2, ROWS }), COLUMN_date);
    assert_int_equal(type_of(c, &(column_case){ "代碼", "0000000", { "0000001" }, 1, ROWS }), COLUMN_code);
}

static void no_is_an_answer_beside_yes(void **state)
{
    ctx *c = *state;
    assert_int_equal(type_of(c, &(column_case){ "有無管理組織", "無", { "有", "有" }, 2, ROWS }), COLUMN_boolean);
    assert_int_equal(type_of(c, &(column_case){ "備註", "無", { 0 }, 0, ROWS }), COLUMN_text);
    assert_int_equal(type_of(c, &(column_case){ "說明網址", "無", { "無 " }, 1, 500 }), COLUMN_text);
    assert_int_equal(type_of(c, &(column_case){ "等級", "V", { "X", "X" }, 2, ROWS }), COLUMN_text);
}

static void months_of_two_digit_years(void **state)
{
    ctx *c = *state;
    assert_int_equal(type_of(c, &(column_case){ "交易年月", "10103", { "9811", "9812" }, 2, ROWS }), COLUMN_month);
    assert_int_equal(type_of(c, &(column_case){ "年月", "2012", { "2011", "2010" }, 2, ROWS }), COLUMN_integer);
}

static void few_numbers_of_eight_digits_are_no_businesses(void **state)
{
    ctx *c = *state;
    assert_int_equal(type_of(c, &(column_case){ "TOWNCODE", "10013280", { 0 }, 0, 1 }), COLUMN_integer);
    assert_int_equal(type_of(c, &(column_case){ "統一編號", "04595257", { 0 }, 0, 1 }), COLUMN_business_id);
    assert_int_equal(type_of(c, &(column_case){ "買受人", "22099131", { "04595257", "11768704", "70759028", "84149961" }, 4, ROWS }),
                     COLUMN_business_id);
}

static void codes_are_no_personal_data(void **state)
{
    ctx *c = *state;
    assert_int_equal(count_of(c, "mobile_number", "村里", "0900701-", 3, 1, ROWS), 0);
    assert_int_equal(count_of(c, "mobile_number", "聯絡電話", "0912-345-", 3, 1, ROWS), ROWS);
    assert_int_equal(count_of(c, "mobile_number", "聯絡", "0912345", 3, 1, ROWS), ROWS);
    assert_int_equal(count_of(c, "mobile_number", "聯絡", "+886 912 345 ", 3, 1, ROWS), ROWS);
    assert_int_equal(count_of(c, "national_id", "案件編號", "A1", 8, 10610000, 200), 0);
    assert_int_equal(count_of(c, "national_id", "備註", "A", 9, 123456789, 1), 1);
}

static void keys_name_rows(void **state)
{
    ctx *c = *state;
    assert_int_equal(count_of(c, "key_column", "站名", "站", 1, 1, ROWS), 1);
    assert_int_equal(count_of(c, "key_column", "站名", "站", 1, 1, 5), 0);
    assert_int_equal(count_of(c, "key_column", "序", "", 1, 1, ROWS), 1);
    assert_int_equal(count_of(c, "key_column", "人口數", "", 3, 100, ROWS), 1);     /* a series of numbers */
    assert_int_equal(count_of(c, "key_column", "人口數", "1e", 1, 0, 10), 0);       /* 1, 10, 100 … */
    assert_int_equal(count_of(c, "key_column", "機關代碼", "7", 3, 1, ROWS), 1);
    assert_int_equal(count_of(c, "key_column", "發生率", "0.", 3, 100, ROWS), 0);
}

static void cells_that_are_not_there_are_blank(void **state)
{
    ctx *c = *state;
    str title = S("網址"), cells[ROWS];
    test_table t;
    for (size_t r = 0; r < ROWS; r++)
        cells[r] = r < 20 ? (str){ 0 } : r < 30 ? S("") : S("一");
    test_open(&t, c);
    test_build(&t, &title, 1, cells, ROWS);
    const table_finding *f = test_found(&t, "blank_cells", 1);
    assert_true(f != NULL && f->count == 30);
    test_close(&t);
}

static void rows_without_values_are_not_repeated(void **state)
{
    ctx *c = *state;
    static const str titles[] = { S_INIT("甲"), S_INIT("乙") };
    str cells[12] = { S("一"), S("1"), S(""), S(""), S("一"), S("1"), S(""), S(""), S(""), S(""), S("二"), S("2") };
    test_table t;
    test_open(&t, c);
    test_build(&t, titles, 2, cells, 6);
    const table_finding *f = test_found(&t, "repeated_row", 0);
    assert_true(f != NULL && f->row == 3 && f->count == 1);
    test_close(&t);
    test_open(&t, c);
    test_build(&t, titles, 2, cells + 2, 1);
    assert_true(test_found(&t, "repeated_row", 0) == NULL);
    test_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(zeros_are_no_dates, setup, teardown),
        cmocka_unit_test_setup_teardown(no_is_an_answer_beside_yes, setup, teardown),
        cmocka_unit_test_setup_teardown(months_of_two_digit_years, setup, teardown),
        cmocka_unit_test_setup_teardown(few_numbers_of_eight_digits_are_no_businesses, setup, teardown),
        cmocka_unit_test_setup_teardown(codes_are_no_personal_data, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_name_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_without_values_are_not_repeated, setup, teardown),
        cmocka_unit_test_setup_teardown(cells_that_are_not_there_are_blank, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
