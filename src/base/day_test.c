/* Tests of day: both calendars, every form that metadata holds, 1900–2100 there and back. */
#include "base.h"

#include <setjmp.h>
#include <cmocka.h>

static arena *a;

static int setup(void **state)
{
    (void)state;
    a = arena_new(1 << 16);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static int64_t utc(int y, int m, int d, int h, int mi, int s, int ms)
{
    return day_join(&(day_parts){ y, m, d, h, mi, s, ms });
}

static void every_day_of_two_centuries(void **state)
{
    (void)state;
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t expected = -25567; /* 1900-01-01 */
    for (int y = 1900; y <= 2100; y++) {
        bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
        for (int m = 1; m <= 12; m++) {
            int last = days[m - 1] + (m == 2 && leap);
            assert_false(day_valid(y, m, last + 1));
            for (int d = 1; d <= last; d++, expected++) {
                arena_mark mark = arena_here(a);
                assert_true(day_valid(y, m, d));
                assert_int_equal(day_from_civil(y, m, d), expected);
                day_parts p = day_split(expected * DAY_MS + 12345678);
                assert_true(p.year == y && p.month == m && p.day == d);
                assert_true(p.hour == 3 && p.minute == 25 && p.second == 45 && p.ms == 678);
                assert_int_equal(day_join(&p), expected * DAY_MS + 12345678);
                int64_t noon = expected * DAY_MS + DAY_MS / 2 - DAY_TAIPEI_MS, midnight = noon - DAY_MS / 2, back = 0;
                assert_true(day_read(day_iso_date(a, noon), &back) && back == midnight);
                assert_true(day_read(day_iso(a, noon), &back) && back == noon);
                assert_true(day_read(day_iso_utc(a, noon), &back) && back == noon);
                assert_true(day_read(day_local(a, noon), &back) && back == noon);
                if (y >= 1912)
                    assert_true(day_read(day_roc(a, noon), &back) && back == midnight);
                arena_back(a, mark);
            }
        }
    }
}

static void reads_each_form(void **state)
{
    (void)state;
    const int64_t day = utc(2015, 7, 23, 16, 0, 0, 0); /* 2015-07-24 0:00 in Taiwan */
    static const char *const form[] = {
        "2015-07-24", "2015/7/24", "2015/07/24", "2015.07.24", "20150724", "104/07/24", "104.07.24", "104-7-24",
        "1040724", "民國104年7月24日", "104年7月24日", "民國104年07月24日", "民國1040724", " 2015-07-24 ",
        "　2015-07-24", "2015年7月24日", "2015-07-24T00:00", "2015-07-24 00:00:00", "2015-07-24T00:00:00+08:00",
        "2015-07-24T00:00:00+0800", "2015-07-24T00:00:00+08", "2015-07-23T16:00:00Z", "2015-07-23t16:00:00z",
        "2015-07-23T11:00:00-05:00", "2015-07-23T21:30:00+05:30", "2015-07-24 00:00:00.000000", "民國 104/7/24",
    };
    for (size_t i = 0; i < array_len(form); i++) {
        int64_t got = 0;
        if (!day_read(str_of(form[i]), &got) || got != day)
            fail_msg("“%s” read as %s", form[i], str_z(a, day_iso_utc(a, got)));
    }
    int64_t got = 0;
    assert_true(day_read(S("2015-07-24 08:15:30.25"), &got));
    assert_int_equal(got, utc(2015, 7, 24, 0, 15, 30, 250));
    assert_true(day_read(S("2015-07-24T08:15:30.123456789Z"), &got));
    assert_int_equal(got, utc(2015, 7, 24, 8, 15, 30, 123));
    assert_true(day_read(S("99/12/31"), &got));      /* 民國99年 */
    assert_int_equal(got, utc(2010, 12, 30, 16, 0, 0, 0));
    assert_true(day_read(S("1/1/1"), &got));         /* 民國元年 */
    assert_int_equal(got, utc(1911, 12, 31, 16, 0, 0, 0));
    assert_true(day_read(S("0991231"), &got));
    assert_int_equal(got, utc(2010, 12, 30, 16, 0, 0, 0));
    assert_true(day_read(S("民國991231"), &got));
    assert_int_equal(got, utc(2010, 12, 30, 16, 0, 0, 0));
}

static void refuses_what_is_no_date(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", " ", "-", "2015", "2015-07", "201507", "2015-13-01", "2015-00-10", "2015-02-29", "1900-02-29", "2100-02-29",
        "2015-07-32", "2015-07-00", "2015-07/24", "2015-07-24x", "x2015-07-24", "2015-07-24T", "2015-07-24T24:00",
        "2015-07-24T23:60", "2015-07-24T23:59:61", "2015-07-24T1", "2015-07-24T10:0", "2015-07-24T10:00:00.",
        "2015-07-24T10:00:00+", "2015-07-24T10:00:00+25:00", "2015-07-24T10:00:00+08:60", "2015-07-24+08:00",
        "2015年7月24", "2015年7-24日", "104年13月1日", "民國", "民國年月日", "１０４/7/24", "0/1/1x", "12345-01-01",
        "9999999999", "0000-01-01", "每日", "2015-7-24T08:00:00 GMT", "1040230", "2015--07-24",
    };
    for (size_t i = 0; i < array_len(bad); i++) {
        int64_t got = 42;
        if (day_read(str_of(bad[i]), &got))
            fail_msg("“%s” was taken for %s", bad[i], str_z(a, day_iso(a, got)));
        assert_int_equal(got, 42); /* untouched */
    }
}

static void leap_years(void **state)
{
    (void)state;
    assert_true(day_valid(2000, 2, 29) && day_valid(2024, 2, 29) && day_valid(1912, 2, 29));
    assert_false(day_valid(1900, 2, 29) || day_valid(2100, 2, 29) || day_valid(2023, 2, 29));
    assert_false(day_valid(0, 1, 1) || day_valid(10000, 1, 1) || day_valid(2000, 0, 1) || day_valid(2000, 1, 0));
    int64_t got = 0;
    assert_true(day_read(S("113/2/29"), &got)); /* 2024 */
    assert_false(day_read(S("112/2/29"), &got));
    assert_int_equal(day_from_civil(1970, 1, 1), 0);
    assert_int_equal(day_from_civil(2000, 3, 1) - day_from_civil(2000, 2, 28), 2);
}

static void writes_each_form(void **state)
{
    (void)state;
    int64_t t = utc(2015, 7, 23, 16, 5, 9, 42);
    assert_string_equal(str_z(a, day_iso_date(a, t)), "2015-07-24");
    assert_string_equal(str_z(a, day_iso(a, t)), "2015-07-24T00:05:09+08:00");
    assert_string_equal(str_z(a, day_iso_utc(a, t)), "2015-07-23T16:05:09Z");
    assert_string_equal(str_z(a, day_ckan(a, t)), "2015-07-23T16:05:09.042000");
    assert_string_equal(str_z(a, day_local(a, t)), "2015-07-24 00:05:09");
    assert_string_equal(str_z(a, day_roc(a, t)), "民國104年7月24日");
    assert_string_equal(str_z(a, day_http(a, t)), "Thu, 23 Jul 2015 16:05:09 GMT");
    assert_string_equal(str_z(a, day_iso_utc(a, utc(9, 12, 31, 23, 59, 58, 0))), "0009-12-31T23:59:58Z");
    assert_string_equal(str_z(a, day_iso_date(a, utc(12345, 1, 2, 0, 0, 0, 0))), "12345-01-02");
    assert_string_equal(str_z(a, day_iso_utc(a, utc(-5, 1, 2, 0, 0, 0, 0))), "-005-01-02T00:00:00Z");
    assert_string_equal(str_z(a, day_roc(a, utc(1911, 10, 10, 0, 0, 0, 0))), "民國前1年10月10日");
    assert_string_equal(str_z(a, day_http(a, 0)), "Thu, 01 Jan 1970 00:00:00 GMT");
    assert_string_equal(str_z(a, day_http(a, -1000)), "Wed, 31 Dec 1969 23:59:59 GMT");
    assert_int_equal(day_iso_date(a, DAY_NONE).n + day_iso(a, DAY_NONE).n + day_iso_utc(a, DAY_NONE).n
                         + day_ckan(a, DAY_NONE).n + day_local(a, DAY_NONE).n + day_roc(a, DAY_NONE).n, 0);
    assert_int_equal(day_year_taipei(utc(2015, 12, 31, 16, 0, 0, 0)), 2016);
    assert_int_equal(day_month_taipei(utc(2015, 12, 31, 15, 59, 59, 999)), 12);
    assert_int_equal(day_month_taipei(utc(2015, 12, 31, 16, 0, 0, 0)), 1);
}

static void clocks(void **state)
{
    (void)state;
    assert_true(day_now_ms() > utc(2024, 1, 1, 0, 0, 0, 0));
    int64_t t = day_now_mono_ns();
    assert_true(day_now_mono_ns() >= t && day_now_mono_ms() >= t / 1000000);
    ctx c = { .a = a };
    assert_true(ctx_in_time(&c));
    c.deadline_ms = day_now_mono_ms() - 1;
    assert_false(ctx_in_time(&c));
    assert_int_equal(c.err.code, ERR_TIMEOUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_two_centuries), cmocka_unit_test(reads_each_form),
        cmocka_unit_test(refuses_what_is_no_date), cmocka_unit_test(leap_years), cmocka_unit_test(writes_each_form), cmocka_unit_test(clocks),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
