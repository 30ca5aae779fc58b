/* Tests of the border where drafts become rows: what is recognised, and what is refused by which field (G4). */
#include "support/support.h"

#include "app/dataset/dataset_check.h"

static ctx *const c = &test_bare;
static dataset_row row;
static distribution_row_list files;

static dataset_draft draft(void)
{
    dataset_draft d = dataset_draft_new();
    d.source = S("test");
    d.source_key = S("1");
    d.title = S("空氣品質");
    return d;
}

static distribution_draft file(const char *format, const char *url)
{
    return (distribution_draft){ .format = str_of(format), .url = str_of(url), .updated_at = DAY_NONE, .record_count = -1, .byte_count = -1 };
}

static void take(const dataset_draft *d)
{
    err_clear(c);
    assert_ok(c, dataset_check(c, d, &row, &files));
}

static void refuse(const dataset_draft *d, err_code code, const char *field)
{
    err_clear(c);
    assert_false(dataset_check(c, d, &row, &files));
    assert_int_equal(c->err.code, code);
    assert_str(c->err.field, str_of(field));
    assert_true(c->err.message.n > 10);
}

static str repeated(const char *s, size_t n)
{
    buf b = buf_in(c->a);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, str_of(s));
    return buf_str(&b);
}

static void what_sources_write_is_recognised(void **state)
{
    (void)state;
    dataset_draft d = draft();
    d.licence = S("政府資料開放授權條款－第1版");
    d.category = S("交通及通訊");
    d.frequency = S("每1月");
    d.cost = S("免費");
    d.type = S("原始資料");
    d.temporal_from = S("104/01/02");
    d.temporal_to = S("不明");
    list_add(c->a, &d.distributions, file("csv", "https://example.gov.tw/a.csv"));
    take(&d);
    assert_str(row.licence, S("OGDL-Taiwan-1.0"));
    assert_str(row.category, S("A00"));
    assert_str(row.cost, S("free"));
    assert_str(row.type, S("rawData"));
    assert_true(row.frequency.n > 0);
    assert_str(row.temporal_from, S("2015-01-02"));
    assert_str(row.temporal_to, S("不明"));        /* as said, where it is no date */
    assert_str(row.state, S("published"));
    assert_str(row.class, S("open"));
    assert_true(row.issued_at_null && row.record_count_null);
    assert_str(files.v[0].format, S("CSV"));
    assert_str(files.v[0].media_type, S("text/csv"));
    assert_str(files.v[0].url_kind, S("download"));
    assert_true(files.v[0].byte_count_null);
}

static void identifiers_are_permanent(void **state)
{
    (void)state;
    dataset_draft d = draft();
    list_add(c->a, &d.distributions, file("CSV", "https://example.gov.tw/a"));
    list_add(c->a, &d.distributions, file("JSON", "https://example.gov.tw/a"));
    take(&d);
    str uid = row.uid, first = files.v[0].uid, second = files.v[1].uid;
    assert_false(str_eq(first, second));            /* the same address twice is two files */
    d.title = S("另一題名");
    take(&d);
    assert_str(row.uid, uid);
    assert_str(files.v[0].uid, first);
    d.source_key = S("2");
    take(&d);
    assert_false(str_eq(row.uid, uid));
}

static void keywords_are_cleaned(void **state)
{
    (void)state;
    dataset_draft d = draft();
    str words[] = { S(" 空氣 "), S(""), S("空氣"), S("a\"b") };
    d.keywords = (str_list){ words, array_len(words), array_len(words) };
    take(&d);
    assert_str(row.keywords, S("[\"空氣\",\"a\\\"b\"]"));
}

static void refusals_name_the_field(void **state)
{
    (void)state;
    dataset_draft d = draft();
    d.title = S("  \t ");
    refuse(&d, ERR_INVALID, "title");
    d = draft();
    d.source_key = S("");
    refuse(&d, ERR_INVALID, "identifier");
    d = draft();
    d.description = S("a\x01" "b");
    refuse(&d, ERR_INVALID, "description");
    d.description = S("\xff");
    refuse(&d, ERR_INVALID, "description");
    d = draft();
    d.state = S("gone");
    refuse(&d, ERR_INVALID, "state");
    d = draft();
    d.class_ = S("甲");
    refuse(&d, ERR_INVALID, "class");
    d = draft();
    distribution_draft bad = file("CSV", "https://example.gov.tw/a\x02");
    list_add(c->a, &d.distributions, bad);
    refuse(&d, ERR_INVALID, "downloadURL");
}

static void limits_hold_to_the_byte(void **state)
{
    (void)state;
    dataset_draft d = draft();
    d.title = repeated("題", 1000);
    take(&d);
    d.title = repeated("題", 1001);
    refuse(&d, ERR_TOO_LARGE, "title");
    d = draft();
    d.description = repeated("x", 65536);
    take(&d);
    d.description = repeated("x", 65537);
    refuse(&d, ERR_TOO_LARGE, "description");
    d = draft();
    for (int i = 0; i < 1000; i++)
        list_add(c->a, &d.distributions, file("CSV", "https://example.gov.tw/a"));
    take(&d);
    list_add(c->a, &d.distributions, file("CSV", "https://example.gov.tw/a"));
    refuse(&d, ERR_TOO_LARGE, "distribution");
    d = draft();
    for (int i = 0; i < 201; i++)
        list_add(c->a, &d.keywords, str_fmt(c->a, "詞%d", i));
    refuse(&d, ERR_TOO_LARGE, "keyword");
    d.keywords.n = 200;
    take(&d);
}

static void stars_and_verdict_come_from_the_whole(void **state)
{
    (void)state;
    dataset_draft d = draft();
    d.licence = S("CC BY 4.0");
    list_add(c->a, &d.distributions, file("PDF", "https://example.gov.tw/a.pdf"));
    list_add(c->a, &d.distributions, file("CSV", "https://example.gov.tw/a.csv"));
    take(&d);
    dataset_finish(&row, &files);
    assert_int_equal(row.star, 3);
    assert_int_equal(files.v[0].star, 1);
    assert_str(row.open_verdict, S("open"));
    assert_in_range(row.completeness, 1, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_sources_write_is_recognised, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(identifiers_are_permanent, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(keywords_are_cleaned, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(refusals_name_the_field, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(limits_hold_to_the_byte, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(stars_and_verdict_come_from_the_whole, test_bare_setup, test_bare_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
