/* Tests of the vocabularies: every row of the data files is whole and found again by each of its spellings, and what
 * publishers write is recognised (A1, C11, E2). */
#include "support/support.h"

#include "app/vocabulary/vocabulary.h"

static bool web_address(str s)
{
    return str_starts(s, S("https://")) || str_starts(s, S("http://"));
}

static void licences(void **state)
{
    (void)state;
    const vocabulary *v = vocabulary_get();
    assert_true(v->licences.n >= 10);
    list_each (const licence, l, &v->licences) {
        assert_ptr_equal(licence_by_code(l->code), l);
        assert_ptr_equal(licence_recognise(l->code, S("")), l);
        assert_ptr_equal(licence_recognise(l->title, S("")), l);
        assert_true(l->title.n > 0 && l->title_en.n > 0 && l->open_reason.n > 0 && l->open_reason_en.n > 0);
        assert_true(l->url.n == 0 || web_address(l->url));
        str rest = l->compatible_with, code;
        while (str_next(&rest, ' ', &code))
            assert_true(code.n == 0 || licence_by_code(code) != NULL);
    }
    static const char *const said[][3] = {
        { "政府資料開放授權條款-第1版", "", "OGDL-Taiwan-1.0" }, { "政府資料開放授權條款－第１版", "", "OGDL-Taiwan-1.0" },
        { "", "https://data.gov.tw/license", "OGDL-Taiwan-1.0" }, { "cc-by-4.0", "", "CC-BY-4.0" },
        { "", "https://creativecommons.org/licenses/by/4.0/deed.zh_TW", "CC-BY-4.0" },
        { "", "http://creativecommons.org/licenses/by-sa/4.0", "CC-BY-SA-4.0" },
    };
    for (size_t i = 0; i < array_len(said); i++) {
        const licence *l = licence_recognise(str_of(said[i][0]), str_of(said[i][1]));
        assert_non_null(l);
        assert_str(l->code, str_of(said[i][2]));
    }
    assert_null(licence_recognise(S("洽詢本機關"), S("https://example.tw/terms")));
    assert_null(licence_recognise(S(""), S("")));
}

static void formats(void **state)
{
    (void)state;
    const vocabulary *v = vocabulary_get();
    list_each (const format, f, &v->formats) {
        assert_ptr_equal(format_by_code(f->code), f);
        assert_ptr_equal(format_recognise(f->code, S("")), f);
        assert_true(f->star >= 0 && f->star <= 5 && f->title.n > 0);
        assert_true(f->star < 3 || f->open);
    }
    static const char *const said[][3] = {
        { "csv", "", "CSV" }, { " ＣＳＶ ", "", "CSV" }, { "text/csv", "", "CSV" }, { ".xlsx", "", "XLSX" },
        { "", "https://a.example/data/%E4%B8%AD.CSV?x=1.pdf#y", "CSV" }, { "其他", "https://a.example/a.json", "JSON" },
        { "JSON", "https://a.example/a.csv", "JSON" }, { "geojson", "", "GeoJSON" }, { "ODS", "", "ODS" }, { "PDF", "", "PDF" },
    };
    for (size_t i = 0; i < array_len(said); i++) {
        const format *f = format_recognise(str_of(said[i][0]), str_of(said[i][1]));
        if (f == NULL)
            print_error("not recognised: “%s” “%s”\n", said[i][0], said[i][1]);
        assert_non_null(f);
        assert_true(str_ieq(f->code, str_of(said[i][2])));
    }
    assert_null(format_recognise(S("神秘格式"), S("https://a.example/no-dot")));
}

static void frequencies(void **state)
{
    (void)state;
    arena *a = arena_new(4096);
    const vocabulary *v = vocabulary_get();
    list_each (const frequency, f, &v->frequencies) {
        assert_ptr_equal(frequency_by_code(f->code), f);
        assert_ptr_equal(frequency_recognise(a, f->code), f);
        assert_true(f->title.n > 0 && f->title_en.n > 0 && f->days_x100 >= 0);
        list_each (const str, s, &f->spellings)
            assert_ptr_equal(frequency_recognise(a, *s), f);
    }
    static const char *const said[][2] = {
        { "每日", "day" }, { "每天", "day" }, { "每月", "month" }, { "每年", "year" }, { "不定期", "irregular" },
        { "即時", "continuous" }, { "每 10 分", "minute:10" }, { "每１０分", "minute:10" }, { "每3月", "quarter" }, { "每4月", "month:4" },
        { "每2個月", "month:2" }, { "每6小時", "hour:6" }, { "每2週", "week:2" }, { "每2周", "week:2" },
    };
    for (size_t i = 0; i < array_len(said); i++) {
        const frequency *f = frequency_recognise(a, str_of(said[i][0]));
        assert_non_null(f);
        assert_str(f->code, str_of(said[i][1]));
    }
    static const char *const unknown[] = { "", "每", "每0日", "每99999日", "每3世紀", "有空再更新" };
    for (size_t i = 0; i < array_len(unknown); i++)
        assert_null(frequency_recognise(a, str_of(unknown[i])));
    assert_str(frequency_recognise(a, S("每10分"))->iso8601, S("PT10M"));
    assert_str(frequency_recognise(a, S("每4月"))->iso8601, S("P4M"));
    arena_free(a);
}

static void categories_and_themes(void **state)
{
    (void)state;
    const vocabulary *v = vocabulary_get();
    assert_int_equal(v->categories.n, 18);
    list_each (const category, g, &v->categories) {
        assert_ptr_equal(category_by_code(g->code), g);
        assert_ptr_equal(category_recognise(g->code), g);
        assert_ptr_equal(category_recognise(g->title), g);
        assert_true(g->title_en.n > 0);
    }
    list_each (const theme, t, &v->themes) {
        assert_ptr_equal(theme_by_code(t->code), t);
        assert_true(t->title.n > 0 && t->title_en.n > 0);
        list_each (const str, g, &t->categories)
            assert_non_null(category_by_code(*g));
    }
    assert_str(theme_of(S(""), S("公車站牌位置"), S(""))->code, S("transport"));
    assert_null(theme_of(S(""), S("zzz"), S("")));
}

static void agencies_and_targets(void **state)
{
    (void)state;
    const vocabulary *v = vocabulary_get();
    assert_int_equal(v->agencies.n, 32);
    list_each (const agency, g, &v->agencies) {
        assert_ptr_equal(agency_by_code(g->code), g);
        assert_ptr_equal(agency_by_name(g->name), g);
        assert_true(str_eq(g->grade, S("A")) || str_eq(g->grade, S("B")) || str_eq(g->grade, S("C")));
        assert_true(g->name_en.n > 0 && g->short_name.n > 0 && (g->homepage.n == 0 || web_address(g->homepage)));
    }
    assert_int_equal(v->targets.n, 15); /* three grades, five years */
    list_each (const target_seed, t, &v->targets)
        assert_true(t->year >= 2016 && t->year <= 2020 && t->least > 0);
    assert_null(agency_by_name(S("不存在的機關")));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(licences), cmocka_unit_test(formats), cmocka_unit_test(frequencies),
                                        cmocka_unit_test(categories_and_themes), cmocka_unit_test(agencies_and_targets) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
