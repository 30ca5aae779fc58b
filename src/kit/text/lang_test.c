/* Tests of lang: a catalogue in the .mo form is read or refused whole; phrases take their named values. */
#include "support/support.h"

#include "kit/text/lang.h"

static ctx c;

static int set_up(void **state)
{
    (void)state;
    c = (ctx){ .a = arena_new(4096), .lang = LANG_ZH_HANT };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(c.a);
    return 0;
}

static void number(buf *b, size_t v)
{
    uint32_t n = (uint32_t)v;
    buf_add(b, (str){ (const char *)&n, 4 });
}

/* A catalogue as msgfmt writes it: head, table of msgids, table of texts, the bytes. */
static str catalogue(const char *const (*pairs)[2], size_t n)
{
    buf b = buf_in(c.a), bytes = buf_in(c.a), tables[2] = { buf_in(c.a), buf_in(c.a) };
    size_t start = 28 + 16 * n;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 2; k++) {
            str s = str_of(pairs[i][k]);
            number(&tables[k], s.n);
            number(&tables[k], start + bytes.n);
            buf_add(&bytes, s);
            buf_byte(&bytes, 0);
        }
    number(&b, 0x950412de);
    number(&b, 0);
    number(&b, n);
    number(&b, 28);
    number(&b, 28 + 8 * n);
    number(&b, 0);
    number(&b, 0);
    buf_add(&b, buf_str(&tables[0]));
    buf_add(&b, buf_str(&tables[1]));
    buf_add(&b, buf_str(&bytes));
    return buf_str(&b);
}

static const char *const few[][2] = {
    { "", "Content-Type: text/plain; charset=UTF-8\n" }, { "Datasets", "資料集" }, { "Not yet", "" },
    { "{n} of {name}", "{name}的{n}個 {x}" },
};

static void phrases_and_values(void **state)
{
    (void)state;
    assert_true(lang_load(LANG_ZH_HANT, catalogue(few, array_len(few))));
    assert_str(T(&c, "Datasets"), S("資料集"));
    assert_str(T(&c, "Not yet"), S("Not yet"));
    assert_str(T(&c, "Unknown"), S("Unknown"));
    assert_str(lang_get(LANG_EN, "Datasets"), S("Datasets"));
    assert_str(lang_with(&c, "{n} of {name}", { "n", S("3") }, { "name", S("{n}") }), S("{n}的3個 {x}"));
    assert_str(lang_with(&c, "open { brace", { "n", S("3") }), S("open { brace"));
    assert_string_equal(lang_tag(LANG_ZH_HANT), "zh-Hant");
    assert_string_equal(lang_tag(LANG_EN), "en");
}

static void what_is_cut_is_refused(void **state)
{
    (void)state;
    str whole = catalogue(few, array_len(few));
    size_t tables_end = 28 + 16 * array_len(few);
    for (size_t n = 0; n < tables_end; n++)
        assert_false(lang_load(LANG_ZH_HANT, str_dup(c.a, str_sub(whole, 0, n))));
    char *other = str_z(c.a, whole);
    other[0] = 'x';
    assert_false(lang_load(LANG_ZH_HANT, (str){ other, whole.n }));
    assert_true(lang_load(LANG_ZH_HANT, whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(phrases_and_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_cut_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
