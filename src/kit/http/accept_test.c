/* Tests of accept: what clients say they would like, ranges, entity tags. */
#include "kit/http/accept.h"

#undef fail /* cmocka has one of its own */
#include <setjmp.h>
#include <cmocka.h>

static void test_json(void **state)
{
    (void)state;
    static const char *const yes[] = { "application/json", "Application/JSON", "application/json, text/plain, */*",
                                       "application/json;q=0.9, text/html;q=0.8", "text/csv, application/json",
                                       "application/json, */*;q=0.5", "application/ld+json" };
    static const char *const no[] = { "", "*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                                      "text/html, application/json", "application/json;q=0", "application/json;q=0.000",
                                      "application/json;q=0.5, text/*", "application/xml", ";;,,q=" };
    for (size_t i = 0; i < array_len(yes); i++)
        if (!accept_json(str_of(yes[i])))
            fail_msg("“%s” wants JSON", yes[i]);
    for (size_t i = 0; i < array_len(no); i++)
        if (accept_json(str_of(no[i])))
            fail_msg("“%s” does not want JSON", no[i]);
}

static void test_language(void **state)
{
    (void)state;
    static const char *const en[] = { "en", "en-US,en;q=0.9", "en-GB, zh;q=0.9", "zh-TW;q=0.8, EN;q=0.9", "fr, en;q=0.2", "en, *;q=0.5" };
    static const char *const zh[] = { "", "zh-TW", "zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "en;q=0", "ja", "en, zh", "*", "en;q=0.5, *", "x;q=, ;" };
    for (size_t i = 0; i < array_len(en); i++)
        assert_int_equal(accept_language(str_of(en[i])), LANG_EN);
    for (size_t i = 0; i < array_len(zh); i++)
        assert_int_equal(accept_language(str_of(zh[i])), LANG_ZH_HANT);
}

static void test_coding(void **state)
{
    (void)state;
    static const struct { const char *header; accept_encoding want; } t[] = {
        { "", ACCEPT_IDENTITY }, { "gzip", ACCEPT_GZIP }, { "gzip, deflate, br", ACCEPT_GZIP },
        { "gzip, deflate, br, zstd", ACCEPT_ZSTD }, { "zstd;q=0.5, gzip;q=0.9", ACCEPT_GZIP }, { "gzip;q=0", ACCEPT_IDENTITY },
        { "gzip;q=0, identity", ACCEPT_IDENTITY }, { "*", ACCEPT_GZIP }, { "*;q=0", ACCEPT_IDENTITY },
        { "zstd;q=0, *", ACCEPT_GZIP }, { "br", ACCEPT_IDENTITY }, { "gzip ; q=0.1", ACCEPT_GZIP },
    };
    for (size_t i = 0; i < array_len(t); i++)
        if (accept_coding(str_of(t[i].header)) != t[i].want)
            fail_msg("“%s”", t[i].header);
}

static void test_ranges(void **state)
{
    (void)state;
    static const struct { const char *header; int64_t size; accept_part want; int64_t from, bytes; } t[] = {
        { "bytes=0-0", 10, ACCEPT_PART, 0, 1 }, { "bytes=2-", 10, ACCEPT_PART, 2, 8 }, { "bytes=-3", 10, ACCEPT_PART, 7, 3 },
        { "bytes=-30", 10, ACCEPT_PART, 0, 10 }, { "bytes=5-100", 10, ACCEPT_PART, 5, 5 }, { "Bytes = 1-2", 10, ACCEPT_PART, 1, 2 },
        { "bytes=10-", 10, ACCEPT_NO_PART, 0, 0 }, { "bytes=-0", 10, ACCEPT_NO_PART, 0, 0 }, { "bytes=0-", 0, ACCEPT_NO_PART, 0, 0 },
        { "bytes=-1", 0, ACCEPT_NO_PART, 0, 0 }, { "bytes=5-2", 10, ACCEPT_WHOLE, 0, 0 }, { "bytes=0-1,3-4", 10, ACCEPT_WHOLE, 0, 0 },
        { "lines=1-2", 10, ACCEPT_WHOLE, 0, 0 }, { "bytes=", 10, ACCEPT_WHOLE, 0, 0 }, { "bytes=-", 10, ACCEPT_WHOLE, 0, 0 },
        { "bytes=a-b", 10, ACCEPT_WHOLE, 0, 0 }, { "bytes=+1-2", 10, ACCEPT_WHOLE, 0, 0 }, { "bytes=1--2", 10, ACCEPT_WHOLE, 0, 0 },
        { "bytes=99999999999999999999-", 10, ACCEPT_WHOLE, 0, 0 }, { "", 10, ACCEPT_WHOLE, 0, 0 },
    };
    for (size_t i = 0; i < array_len(t); i++) {
        int64_t from = 0, bytes = 0;
        accept_part got = accept_range(str_of(t[i].header), t[i].size, &from, &bytes);
        if (got != t[i].want || (got == ACCEPT_PART && (from != t[i].from || bytes != t[i].bytes)))
            fail_msg("“%s” of %d", t[i].header, (int)t[i].size);
    }
}

static void test_etags(void **state)
{
    (void)state;
    str tag = S("\"abc\"");
    assert_true(accept_etag(S("\"abc\""), tag, true));
    assert_true(accept_etag(S("\"x\", W/\"abc\""), tag, true));
    assert_true(accept_etag(S("\"x\",\"abc\""), tag, true));
    assert_true(accept_etag(S("*"), tag, true));
    assert_false(accept_etag(S("W/\"abc\""), tag, false));
    assert_false(accept_etag(S("*"), tag, false));
    assert_false(accept_etag(S("abc"), tag, true));
    assert_false(accept_etag(S("\"ab\", \"abcd\""), tag, true));
    assert_false(accept_etag(S("\"x, \"abc\""), tag, true));
    assert_false(accept_etag(S("\""), tag, true));
    assert_false(accept_etag(S(""), tag, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json), cmocka_unit_test(test_language), cmocka_unit_test(test_coding),
        cmocka_unit_test(test_ranges), cmocka_unit_test(test_etags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
