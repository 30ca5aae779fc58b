/* Tables of all kinds through the builder and back: types, nulls, texts. */
#include "support/support.h"

#include "kit/table/column_make_test.h"

/* One column of the given texts ("~" is absent), as often as asked. */
static void build_column(test_table *t, ctx *c, const char *title, const char *const *texts, size_t n, size_t times)
{
    str *cells = new_n(c->a, str, n * times), name = str_of(title);
    for (size_t i = 0; i < n * times; i++)
        cells[i] = strcmp(texts[i % n], "~") == 0 ? (str){ 0 } : str_of(texts[i % n]);
    test_build(t, &name, 1, cells, n * times);
    test_same(t, cells, 1, n * times);
}

typedef struct { const char *title; const char *texts[8]; column_type type; column_form form; uint64_t nulls; } type_case;

static const type_case type_cases[] = {
    { "數量", { "1", "20", "-3", "0" }, COLUMN_integer, COLUMN_NUMBERS, 0 },
    { "數量", { "1", "", "~", "-", "N/A", "7" }, COLUMN_integer, COLUMN_NUMBERS, 4 },
    { "數量", { "1,234", "12", "1,234,567" }, COLUMN_integer, COLUMN_NUMBERS, 0 },
    { "數量", { "-99", "3", "4", "5" }, COLUMN_integer, COLUMN_NUMBERS, 1 },
    { "數量", { "-99", "3", "4", "-5" }, COLUMN_integer, COLUMN_NUMBERS, 0 },
    { "數量", { "0", "0", "0" }, COLUMN_integer, COLUMN_NUMBERS, 0 },
    { "數量", { "0", "5", "0" }, COLUMN_integer, COLUMN_NUMBERS, 0 },
    { "雨量", { "0.5", "1.25", "T", "12" }, COLUMN_decimal, COLUMN_NUMBERS, 1 },
    { "雨量", { "1.2E3", "4.5", "+7" }, COLUMN_decimal, COLUMN_CODES, 0 },
    { "編號", { "007", "123", "456" }, COLUMN_code, COLUMN_CODES, 0 },
    { "名稱", { "甲", "乙", "丙" }, COLUMN_text, COLUMN_CODES, 0 },
    { "名稱", { "V", "X", "", "V" }, COLUMN_text, COLUMN_CODES, 1 },
    { "是否", { "是", "否", "是" }, COLUMN_boolean, COLUMN_CODES, 0 },
    { "是否", { "Y", "N", "n" }, COLUMN_boolean, COLUMN_CODES, 0 },
    { "日期", { "2024-01-05", "2024/1/6", "113/01/07" }, COLUMN_date, COLUMN_CODES, 0 },
    { "日期", { "1040724", "0990101", "0" }, COLUMN_date, COLUMN_CODES, 1 },
    { "日期", { "民國104年7月24日", "104年7月25日" }, COLUMN_date, COLUMN_CODES, 0 },
    { "日", { "115.05.12", "115.05.15" }, COLUMN_date, COLUMN_CODES, 0 },
    { "時間", { "2024-01-05 12:30", "2024-01-05T12:31:05+08:00", "113/1/5 下午 3:04:05" }, COLUMN_datetime, COLUMN_CODES, 0 },
    { "時", { "12:30", "24:00", "上午 9:05" }, COLUMN_time, COLUMN_CODES, 0 },
    { "年月", { "11306", "11307" }, COLUMN_month, COLUMN_CODES, 0 },
    { "月份", { "2024-01", "104年7月" }, COLUMN_month, COLUMN_CODES, 0 },
    { "季", { "113Q1", "2024年第3季", "113年第二季" }, COLUMN_quarter, COLUMN_CODES, 0 },
    { "年度", { "104", "105", "106" }, COLUMN_year, COLUMN_NUMBERS, 0 },
    { "學年度", { "104學年度", "105學年度" }, COLUMN_year, COLUMN_CODES, 0 },
    { "經度", { "121.5", "120.25" }, COLUMN_longitude, COLUMN_NUMBERS, 0 },
    { "緯度", { "25.03", "22.6" }, COLUMN_latitude, COLUMN_NUMBERS, 0 },
    { "TWD97X", { "300470.4", "250000" }, COLUMN_easting, COLUMN_NUMBERS, 0 },
    { "統一編號", { "04595257", "22099131", "12345675" }, COLUMN_business_id, COLUMN_CODES, 0 },
    { "身分", { "A123456789", "F131104093", "A800000014" }, COLUMN_national_id, COLUMN_CODES, 0 },
    { "電話", { "02-27208889", "(04)2228-9111", "0912-345-678" }, COLUMN_phone, COLUMN_CODES, 0 },
    { "信箱", { "a@b.gov.tw", "service@mail.example" }, COLUMN_email, COLUMN_CODES, 0 },
    { "網址", { "https://example.gov.tw/a", "http://b.example" }, COLUMN_url, COLUMN_CODES, 0 },
    { "空", { "", "~", " " }, COLUMN_text, COLUMN_CODES, 3 },
};

static void types_are_found(void **state)
{
    for (size_t i = 0; i < array_len(type_cases); i++) {
        const type_case *k = &type_cases[i];
        size_t n = 0;
        while (n < array_len(k->texts) && k->texts[n] != NULL)
            n++;
        test_table t;
        test_open(&t, *state);
        build_column(&t, *state, k->title, k->texts, n, 1);
        const column_about *a = column_file_about(t.file, 0);
        if (a->type != k->type || a->stats.null_count != k->nulls)
            fail_msg("case %zu (%s): %s with %" PRIu64 " nulls", i, k->title, column_type_name(a->type), a->stats.null_count);
        if (k->type != COLUMN_integer && a->form != k->form && a->form != COLUMN_CODES)
            fail_msg("case %zu (%s): form %d", i, k->title, a->form);
        test_close(&t);
    }
}

static uint64_t draw(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* A text of a kind; kinds of one column mostly agree, so that all forms and all changes of form are met. */
static str random_text(arena *a, uint64_t *seed, unsigned kind)
{
    uint64_t v = draw(seed);
    switch (kind) {
    case 0: return str_fmt(a, "%" PRIu64, v % 100000);
    case 1: return str_fmt(a, "%.*f", (int)(v >> 8 & 3), (double)(v % 1000000) / 1000.0);
    case 2: return str_fmt(a, "%08" PRIu64, v % 100000000);
    case 3: return str_fmt(a, "%" PRIu64 "/%02u/%02u", 80 + v % 40, (unsigned)(v >> 16) % 12 + 1, (unsigned)(v >> 24) % 28 + 1);
    case 4: return str_fmt(a, "臺北市%" PRIu64 "號之%u", v % 5000, (unsigned)(v >> 32) % 9);
    case 5: return str_fmt(a, "%s%" PRIu64, v & 1 ? "-" : "+", v >> 8 & 0xffff);
    case 6: return str_fmt(a, "2024-01-%02u %02u:%02u:%02u", (unsigned)(v % 28) + 1, (unsigned)(v >> 8) % 24, (unsigned)(v >> 16) % 60, (unsigned)(v >> 24) % 60);
    case 7: return v % 7 == 0 ? (str){ 0 } : v % 5 == 0 ? S("") : v % 3 == 0 ? S("-99") : S("…");
    case 8: return str_fmt(a, "%" PRIi64, (int64_t)v % INT64_C(1000000000000000000));
    case 9: return str_fmt(a, "%" PRIu64 ",%03u", v % 999 + 1, (unsigned)(v >> 32) % 1000);
    case 10: return str_fmt(a, ".%u", (unsigned)(v % 1000));
    case 11: return str_fmt(a, "%uE%d", (unsigned)(v % 100), (int)(v >> 32 & 7));
    default: {
        char raw[24];
        size_t n = v % sizeof raw;
        for (size_t i = 0; i < n; i++)
            raw[i] = (char)(draw(seed) % 96 + 32);
        return str_dup(a, (str){ raw, n });
    }
    }
}

static void random_tables(void **state, size_t tables, size_t max_rows, size_t memory)
{
    ctx *c = *state;
    uint64_t seed = UINT64_C(88172645463325252) + max_rows;
    for (size_t n = 0; n < tables; n++) {
        arena_mark here = arena_here(c->a);
        size_t cols = draw(&seed) % 6 + 1, rows = draw(&seed) % max_rows;
        str *cells = new_n(c->a, str, cols * rows + 1), titles[6];
        for (size_t i = 0; i < cols; i++) {
            unsigned usual = (unsigned)(draw(&seed) % 13), odd = (unsigned)(draw(&seed) % 13);
            uint64_t rare = draw(&seed) % 3 == 0 ? 20 : draw(&seed) % 2 == 0 ? 2000 : UINT64_MAX, from = draw(&seed) % (rows + 1);
            titles[i] = str_fmt(c->a, "%s%zu", usual % 2 ? "日期" : "x", i);
            for (size_t r = 0; r < rows; r++)
                cells[r * cols + i] = random_text(c->a, &seed, draw(&seed) % rare == 0 && r >= from ? odd : usual);
        }
        test_table t;
        test_open(&t, c);
        t.plan.memory = memory;
        test_build(&t, titles, cols, cells, rows);
        test_same(&t, cells, cols, rows);
        assert_true(column_file_check(c, t.file));
        test_close(&t);
        arena_back(c->a, here);
    }
}

static void texts_come_back(void **state)
{
    random_tables(state, 400, 300, 0);
    random_tables(state, 10, 40000, 0);
}

static void texts_come_back_through_the_spill_file(void **state)
{
    random_tables(state, 20, 20000, 1 << 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_found), cmocka_unit_test(texts_come_back), cmocka_unit_test(texts_come_back_through_the_spill_file),
    };
    return cmocka_run_group_tests(tests, test_bare_setup, test_bare_teardown);
}
