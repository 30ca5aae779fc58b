/* What rules decide: findings with their places, given schemas, names of columns,
 * words of places; numbers, dates and numbers with check digits as texts. */
#include "support/support.h"

#include "kit/table/column_make_test.h"
#include "kit/table/date_text.h"
#include "kit/table/id_text.h"
#include "kit/table/number_text.h"

static lexicon *words_of(ctx *c)
{
    str places = { 0 }, terms = { 0 };
    assert_true(file_read(c, S("data/places.tsv"), 1 << 20, &places) && file_read(c, S("data/column_terms.tsv"), 1 << 20, &terms));
    return lexicon_new(places, terms);
}

static void expect_finding(const test_table *t, const char *code, size_t col, uint64_t row, uint64_t count, const char *sample)
{
    const table_finding *f = test_found(t, code, col);
    if (f == NULL) {
        fail_msg("no finding %s in column %zu", code, col);
        return;
    }
    if (f->row != row || f->count != count || !str_eq(f->sample, str_of(sample)))
        fail_msg("%s: row %" PRIu64 ", %" PRIu64 " times, “%.*s”", code, f->row, f->count, S_ARG(f->sample));
    if (row > 0)
        assert_true(f->byte == 100 + 10 * (row - 1) && f->line == row + 1);
}

static void findings_name_their_places(void **state)
{
    static const str titles[] = { S_INIT("說明"), S_INIT("數量") };
    for (int raw = 0; raw < 2; raw++) {     /* as a dictionary, then row by row */
        ctx *c = *state;
        size_t rows = raw ? 20000 : 200;
        str *cells = new_n(c->a, str, rows * 2);
        for (size_t r = 0; r < rows; r++) {
            cells[r * 2] = str_fmt(c->a, "文字%zu", r);
            cells[r * 2 + 1] = str_fmt(c->a, "%zu", r + 5);
        }
        size_t at = rows - 150;
        cells[at * 2] = S(" 前");
        cells[(at + 1) * 2] = S("後　");
        cells[(at + 2) * 2] = S("=1+2");
        cells[(at + 3) * 2] = S("a\x01z");
        cells[(at + 4) * 2] = S("Ａ");
        cells[(at + 5) * 2] = S("\xef\xbf\xbd?");
        cells[(at + 6) * 2] = S("A123456789");
        cells[(at + 7) * 2] = S("0912-345-678");
        cells[(at + 8) * 2] = S("a@b.gov.tw");
        cells[(at + 9) * 2] = S("…");
        cells[(at + 9) * 2 + 1] = S("約30");
        cells[(at + 10) * 2 + 1] = S("-99");
        cells[(at + 12) * 2] = cells[(at + 11) * 2];
        cells[(at + 12) * 2 + 1] = cells[(at + 11) * 2 + 1];
        test_table t;
        test_open(&t, c);
        test_build(&t, titles, 2, cells, rows);
        test_same(&t, cells, 2, rows);
        assert_int_equal(column_file_about(t.file, 1)->type, COLUMN_integer);
        static const struct { const char *code, *sample; } text[] = {
            { "leading_blank", " 前" }, { "trailing_blank", "後　" }, { "formula_start", "=1+2" }, { "control_character", "a\x01z" },
            { "full_width", "Ａ" }, { "replacement_character", "\xef\xbf\xbd?" }, { "national_id", "A123456789" },
            { "mobile_number", "0912-345-678" }, { "email_address", "a@b.gov.tw" }, { "missing_mark", "…" },
        };
        for (size_t i = 0; i < array_len(text); i++)
            expect_finding(&t, text[i].code, 1, at + i + 1, 1, text[i].sample);
        expect_finding(&t, "bad_value", 2, at + 10, 1, "約30");
        expect_finding(&t, "missing_mark", 2, at + 11, 1, "-99");
        expect_finding(&t, "repeated_row", 0, at + 13, 1, str_z(c->a, str_fmt(c->a, "= row %zu", at + 12)));
        test_close(&t);
    }
}

static void one_bad_cell_is_null_but_many_make_text(void **state)
{
    ctx *c = *state;
    for (size_t bad = 1; bad <= 2; bad++) {
        str cells[500], title = S("數量");
        for (size_t r = 0; r < 500; r++)
            cells[r] = r < bad ? str_fmt(c->a, "約%zu", r) : str_fmt(c->a, "%zu", r);
        test_table t;
        test_open(&t, c);
        test_build(&t, &title, 1, cells, 500);
        test_same(&t, cells, 1, 500);
        const column_about *a = column_file_about(t.file, 0);
        assert_int_equal(a->type, bad == 1 ? COLUMN_integer : COLUMN_text);
        assert_int_equal(a->stats.nulls[COLUMN_NULL_BAD], bad == 1 ? 1 : 0);
        test_close(&t);
    }
}

static void a_given_schema_wins(void **state)
{
    static const str titles[] = { S_INIT("編號"), S_INIT("數量"), S_INIT("等級") };
    for (int raw = 0; raw < 2; raw++) {
        ctx *c = *state;
        size_t rows = raw ? 20000 : 100;
        str *cells = new_n(c->a, str, rows * 3), marks[] = { S("無值") }, allowed[] = { S("甲"), S("乙") };
        for (size_t r = 0; r < rows; r++) {
            cells[r * 3] = str_fmt(c->a, "%zu", r);
            cells[r * 3 + 1] = r == 3 ? S("無值") : r == 4 ? S("很多") : r == 5 ? S("100001") : str_fmt(c->a, "%zu", r * 2);
            cells[r * 3 + 2] = r == 7 ? S("丙") : S("甲");
        }
        table_field fields[] = {
            { .title = S("編號"), .name = S("case_id"), .has_type = true, .type = COLUMN_text },
            { .title = S("數量"), .has_type = true, .type = COLUMN_integer, .missing = { marks, 1, 1 }, .has_max = true, .max = S("100000") },
            { .title = S("等級"), .allowed = { allowed, 2, 2 } },
        };
        table_schema schema = { .fields = fields, .n = 3 };
        test_table t;
        test_open(&t, c);
        t.plan.schema = &schema;
        test_build(&t, titles, 3, cells, rows);
        test_same(&t, cells, 3, rows);
        const column_about *a = column_file_about(t.file, 0), *q = column_file_about(t.file, 1);
        assert_true(a->type == COLUMN_text && a->declared && str_eq(a->name, S("case_id")));
        assert_true(q->type == COLUMN_integer && q->stats.nulls[COLUMN_NULL_MARK] == 1 && q->stats.nulls[COLUMN_NULL_BAD] == 1);
        expect_finding(&t, "bad_value", 2, 5, 1, "很多");
        expect_finding(&t, "out_of_range", 2, 6, 1, "100001");
        expect_finding(&t, "not_allowed", 3, 8, 1, "丙");
        test_close(&t);
    }
}

static void names_are_stable(void **state)
{
    ctx *c = *state;
    static const str titles[] = { S_INIT("縣市"), S_INIT("StationName"), S_INIT("奇怪的欄位"), S_INIT("縣市"), S_INIT("台數（台）"), S_INIT("9 lives") };
    static const char *const names[] = { "county", "station_name", "c3", "county_2", "c5", "c6" };
    str cells[6] = { S("a"), S("b"), S("c"), S("d"), S("e"), S("f") };
    lexicon *l = words_of(c);
    str_list old_titles = { 0 }, old_names = { 0 };
    for (int version = 0; version < 2; version++) {
        test_table t;
        test_open(&t, c);
        t.plan.words = l;
        t.plan.old_titles = version > 0 ? &old_titles : NULL;
        t.plan.old_names = version > 0 ? &old_names : NULL;
        test_build(&t, titles + version * 2, 6 - version * 2, cells, 1);
        for (size_t i = 0; i < column_file_count(t.file); i++) {
            str name = column_file_about(t.file, i)->name;
            if (version == 0) {
                assert_true(str_eq(name, str_of(names[i])));
                list_add(c->a, &old_titles, titles[i]);
                list_add(c->a, &old_names, str_dup(c->a, name));
            }
        }
        if (version > 0) {      /* two columns are gone: what stays keeps its name */
            assert_true(str_eq(column_file_about(t.file, 0)->name, S("c3")) && str_eq(column_file_about(t.file, 2)->name, S("c5")));
            assert_true(str_eq(column_file_about(t.file, 1)->name, S("county")));
        }
        test_close(&t);
    }
    lexicon_free(l);
}

static void places_are_known(void **state)
{
    ctx *c = *state;
    lexicon *l = words_of(c);
    assert_true(lexicon_place(l, S("台北市")) == PLACE_COUNTY && lexicon_place(l, S("臺北市")) == PLACE_COUNTY);
    assert_true(lexicon_place(l, S("板橋區")) == PLACE_TOWN && lexicon_place(l, S("新北市板橋區")) == PLACE_TOWN);
    assert_true(lexicon_place(l, S("板橋")) == PLACE_NONE && lexicon_place(l, S("")) == PLACE_NONE);
    assert_true(lexicon_area_code(l, S("63000")) && lexicon_area_code(l, S("65000010")) && lexicon_area_code(l, S("65000010001")));
    assert_false(lexicon_area_code(l, S("63001")));
    static const char *const terms[][2] = {
        { "人口數(人)", "population" }, { "甲乙丙", "" }, { "", "" }, { "-", "" }, { "人口數-男", "population_male" }, { "0歲-女", "age_0_female" },
        { "100歲以上-男", "age_100_and_over_male" }, { "65歲以上", "age_65_and_over" }, { "人口數-甲", "" }, { "歲-男", "" }, { "5歲以下", "" },
        { "速限-第1當事者", "speed_limit_party_1" }, { "建物現況格局-房", "layout_rooms" }, { "監測時間", "monitored_at" },
    };
    for (size_t i = 0; i < array_len(terms); i++) {
        str name = lexicon_term(l, c->a, str_of(terms[i][0]));
        if (!str_eq(name, str_of(terms[i][1])))
            fail_msg("%s: %.*s", terms[i][0], S_ARG(name));
    }
    lexicon_free(l);
}

static void numbers_print_as_they_were_read(void **state)
{
    (void)state;
    static const char *const same[] = { "0", "7", "-3", "1.50", "0.05", "-0.1", "1,234", "12,345,678.90", "+5", ".5", "-.25", "999999999999999999" };
    static const char *const odd[] = { "-0", "5.", "1e3", " 7", "007", "1.5E-3" };
    static const char *const none[] = { "", "-", ".", "1,23", "1,2345", "1.2.3", "--5", "0x10", "1234567890123456789", "12a", "1e99", ",123", "1,,000" };
    char room[COLUMN_NUMBER_ROOM];
    number_text n;
    for (size_t i = 0; i < array_len(same); i++) {
        assert_true(number_read(str_of(same[i]), &n) && n.exact);
        int64_t key;
        assert_true(number_rescale(n.mantissa, n.decimals, n.decimals, &key));
        assert_true(str_eq(number_print(key, n.decimals, n.style, 0, room), str_of(same[i])));
    }
    for (size_t i = 0; i < array_len(odd); i++)
        assert_true(number_read(str_of(odd[i]), &n) && !n.exact);
    for (size_t i = 0; i < array_len(none); i++)
        if (number_read(str_of(none[i]), &n))
            fail_msg("“%s” is read as a number", none[i]);
    assert_true(number_digits(0) == 1 && number_digits(9) == 1 && number_digits(10) == 2 && number_digits(999) == 3 && number_digits(1000) == 4
                && number_digits(UINT64_C(999999999999999999)) == 18 && number_digits(UINT64_C(1000000000000000000)) == 19);
}

/* What programs with binary fractions write: 17 digits, too many beside larger numbers. Compared to nine decimals and more, shown as it came. */
static void noise_of_binary_fractions_is_rounded(void **state)
{
    ctx *c = *state;
    static const str titles[] = { S_INIT("面積") };
    for (int many = 0; many < 2; many++) {
        size_t rows = many ? 70000 : 300;
        str *cells = new_n(c->a, str, rows);
        column_view v;
        char room[COLUMN_NUMBER_ROOM];
        int64_t key, read;
        test_table t;
        for (size_t r = 0; r < rows; r++)
            cells[r] = str_fmt(c->a, "%zu.%02zu", r * 7 % 99991, r % 100);
        cells[5] = S("155.51999999999998");
        cells[6] = S("12345678.5");
        test_open(&t, c);
        test_build(&t, titles, 1, cells, rows);
        assert_int_equal(column_file_about(t.file, 0)->type, COLUMN_decimal);
        assert_true(column_file_about(t.file, 0)->scale >= COLUMN_SCALE_FINE);
        if (!column_use(c, t.file, 0, &v))
            fail_msg("%.*s", S_ARG(c->err.message));
        assert_true(column_key(&v, 5, &key));
        assert_true(str_eq(column_file_about(t.file, 0)->stats.max_text, S("12345678.5")));
        assert_true(str_eq(column_text(&v, 5, room), S("155.51999999999998")));
        assert_true(column_type_read(v.type, v.scale, S("155.51999999999998"), &read));
        assert_int_equal(key, read);
        assert_true(column_type_read(v.type, v.scale, S("155.52"), &read));
        assert_int_equal(key, read);
        test_close(&t);
    }
}

static void check_digits_are_counted(void **state)
{
    (void)state;
    assert_true(id_business(S("04595257")) == ID_RIGHT && id_business(S("04595252")) == ID_RIGHT && id_business(S("12345675")) == ID_RIGHT);
    assert_true(id_business(S("12345678")) == ID_WRONG && id_business(S("1234567")) == ID_NONE);
    assert_true(id_national(S("A123456789")) == ID_RIGHT && id_national(S("A800000014")) == ID_RIGHT);
    assert_true(id_national(S("A123456788")) == ID_WRONG && id_national(S("A323456789")) == ID_NONE);
    assert_true(id_phone(S("(02)2720-8889")) && id_phone(S("+886-2-27208889")) && id_phone(S("049-2332110#12")) && !id_phone(S("2024-01-05")));
    assert_true(id_mobile(S("0912345678")) && !id_mobile(S("0212345678")));
    assert_true(id_email(S("a.b@c.gov.tw")) && !id_email(S("@c.gov.tw")) && !id_email(S("a@b")));
}

static void wrong_dates_are_no_dates(void **state)
{
    (void)state;
    static const char *const none[] = { "2024-02-30", "113/13/01", "1.2.3", "2024-01-05 25:00", "民國年", "02-27208889", "1/2", "113Q5", "2024/1-5", "" };
    date_text d;
    for (size_t i = 0; i < array_len(none); i++)
        if (date_read(str_of(none[i]), &d))
            fail_msg("“%s” is read as %s", none[i], column_type_name(d.type));
    assert_true(date_read(S("104/07/24"), &d) && d.roc && d.key == day_from_civil(2015, 7, 24));
    assert_true(date_read(S("2015-07-24T08:00:00Z"), &d) && d.key == day_from_civil(2015, 7, 24) * DAY_MS + 8 * INT64_C(3600000));
    assert_true(date_read(S("113年第2季"), &d) && d.type == COLUMN_quarter && d.key == day_from_civil(2024, 4, 1));
    assert_true(date_read_digits(S("0760221"), COLUMN_date, &d) && d.key == day_from_civil(1987, 2, 21));
    assert_false(date_read_digits(S("1041324"), COLUMN_date, &d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_name_their_places), cmocka_unit_test(one_bad_cell_is_null_but_many_make_text),
        cmocka_unit_test(a_given_schema_wins), cmocka_unit_test(names_are_stable), cmocka_unit_test(places_are_known),
        cmocka_unit_test(numbers_print_as_they_were_read), cmocka_unit_test(check_digits_are_counted), cmocka_unit_test(wrong_dates_are_no_dates),
        cmocka_unit_test(noise_of_binary_fractions_is_rounded),
    };
    return cmocka_run_group_tests(tests, test_bare_setup, test_bare_teardown);
}
