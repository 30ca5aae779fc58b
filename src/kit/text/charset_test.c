/* Tests of charset: which rule decides, what is refused and where. */
#include "support/support.h"

#include "kit/text/charset.h"

static ctx *const c = &test_bare;

static void reads(str bytes, const char *name, str text)
{
    charset_text t;
    err_clear(c);
    assert_ok(c, charset_read(c, bytes, &t));
    assert_string_equal(t.name, name);
    assert_str(t.text, text);
}

static void refuses(str bytes, const char *part)
{
    charset_text t;
    err_clear(c);
    assert_false(charset_read(c, bytes, &t));
    assert_int_equal(c->err.code, ERR_INVALID);
    assert_true(str_has(c->err.message, str_of(part)));
}

static void each_encoding(void **state)
{
    (void)state;
    reads(S(""), "UTF-8", S(""));
    reads(S("公車 bus"), "UTF-8", S("公車 bus"));
    reads(S("\xef\xbb\xbf""公車"), "UTF-8-BOM", S("公車"));
    reads(S("\xa4\xa4\xa4\xe5,1"), "CP950", S("中文,1"));
    reads(S("\xff\xfe\x2d\x4e\x87\x65"), "UTF-16LE", S("中文"));
    reads(S("\xfe\xff\x4e\x2d\x65\x87"), "UTF-16BE", S("中文"));
    reads(S("a\0,\0001\0\n\0b\0,\0"), "UTF-16LE", S("a,1\nb,"));
    reads(S("\0a\0,\0001\0\n\0b\0,"), "UTF-16BE", S("a,1\nb,"));
    reads(S("\xff\xfe"), "UTF-16LE", S(""));
}

static void utf8_with_a_nul_is_still_utf8(void **state)
{
    (void)state;
    reads(S("中\0文"), "UTF-8", S("中\0文"));
}

static void what_has_no_character_is_told_with_its_place(void **state)
{
    (void)state;
    refuses(S("\xef\xbb\xbf""ab\xff"), "byte 6");
    refuses(S("\xa4\xa4\xa4\xe5\xa4\xa4\xa4\xe5\xa4\xa4\xa4\xe5,\xff"), "CP950 but is not at byte 14");
    refuses(S("\xff\xfe\x00\xd8"), "UTF-16LE but is not at byte 3");
    refuses(S("\xff\xfe\x2d"), "UTF-16LE but is not at byte 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_encoding, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(utf8_with_a_nul_is_still_utf8, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(what_has_no_character_is_told_with_its_place, test_bare_setup, test_bare_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
