/* Tests of csv_read: quotes, line ends, ragged rows, lines that are told, separators that are found. */
#include "support/support.h"

#include "kit/text/csv_read.h"

static ctx c;

static int set_up(void **state)
{
    (void)state;
    c = (ctx){ .a = arena_new(4096) };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(c.a);
    return 0;
}

/* Cells joined by |, rows by /, each with its line in front. */
static str all(str text)
{
    csv_reader r = csv_open(text);
    buf b = buf_in(c.a);
    for (bool more = true;;) {
        str_list cells = { 0 };
        assert_ok(&c, csv_next(&c, &r, &cells, &more));
        if (!more)
            return buf_str(&b);
        buf_fmt(&b, "%s%d:%.*s", b.n > 0 ? "/" : "", (int)r.line, S_ARG(str_join(c.a, &cells, S("|"))));
    }
}

static void rows_and_quotes(void **state)
{
    (void)state;
    assert_str(all(S("")), S(""));
    assert_str(all(S("a,b\r\n1,2\r\n")), S("1:a|b/2:1|2"));
    assert_str(all(S("a,b\n1,\"x, \"\"y\"\"\"\n")), S("1:a|b/2:1|x, \"y\""));
    assert_str(all(S("a,b\n1\n1,2,3\n,\n")), S("1:a|b/2:1/3:1|2|3/4:|"));
    assert_str(all(S("\"a\"b,c")), S("1:ab|c"));
    assert_str(all(S("a,\"\",")), S("1:a||"));
}

static void every_line_end_counts(void **state)
{
    (void)state;
    assert_str(all(S("a\r\n\r\nb\rc\n\n\nd")), S("1:a/3:b/4:c/7:d"));
    assert_str(all(S("\"a\nb\rc\r\nd\"\ne")), S("1:a\nb\rc\r\nd/5:e"));
    assert_str(all(S("\r\r\na")), S("3:a"));
}

static void separators_are_found_outside_quotes(void **state)
{
    (void)state;
    assert_int_equal(csv_open(S("a;b;c,d\n1,2,3,4")).separator, ';');
    assert_int_equal(csv_open(S("a\tb")).separator, '\t');
    assert_int_equal(csv_open(S("a|b")).separator, '|');
    assert_int_equal(csv_open(S("a")).separator, ',');
    assert_int_equal(csv_open(S("\"a;b;c\",d")).separator, ',');
    assert_int_equal(csv_open(S("\"a\n;\n;\",b\n;;;;")).separator, ',');
    assert_int_equal(csv_open(S("5\" pipe,3;a\n;;;;")).separator, ',');
}

static void an_open_quote_names_its_line(void **state)
{
    (void)state;
    csv_reader r = csv_open(S("a,b\nc,\"d\ne"));
    str_list cells = { 0 };
    bool more;
    assert_ok(&c, csv_next(&c, &r, &cells, &more));
    assert_false(csv_next(&c, &r, &cells, &more));
    assert_int_equal(c.err.code, ERR_INVALID);
    assert_true(str_has(c.err.message, S("line 2")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_and_quotes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_line_end_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(separators_are_found_outside_quotes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_open_quote_names_its_line, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
