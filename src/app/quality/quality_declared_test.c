/* Metadata against content: names in free text, and what differs from the columns. */
#include "base.h"

#include <setjmp.h>
#include <stdarg.h>
#undef fail
#include <cmocka.h>

#include "app/quality/quality_declared.h"

static ctx c;

static int setup(void **state)
{
    (void)state;
    c = (ctx){ .a = arena_new(65536) };
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(c.a);
    return 0;
}

static str names(const char *text)
{
    quality_fields f;
    str_list l = { 0 };
    quality_fields_read(&c, str_of(text), &f);
    for (size_t i = 0; i < f.n; i++)
        list_add(c.a, &l, f.v[i].also.n > 0 ? str_fmt(c.a, "%.*s<%.*s>", S_ARG(f.v[i].name), S_ARG(f.v[i].also)) : f.v[i].name);
    return str_join(c.a, &l, S("|"));
}

static void expect(str got, const char *want)
{
    if (!str_eq(got, str_of(want)))
        fail_msg("got  %.*s\nwant %s", S_ARG(got), want);
}

static void names_are_read_from_text(void **state)
{
    (void)state;
    expect(names("縣市、鄉鎮市區、人口數"), "縣市|鄉鎮市區|人口數");
    expect(names("1.序號,2.名稱；3.地址"), "序號|名稱|地址");
    expect(names("站名(StationName)、經度（WGS84、度）、緯度"), "站名<StationName>|經度<WGS84、度>|緯度");
    expect(names("編號：流水號\n名稱：公廁的名稱"), "編號|名稱");
    expect(names("本資料集收錄各縣市每月之交通事故件數，資料每月更新一次。詳細內容請參閱本局網站之說明文件，如有疑問請洽承辦人員，謝謝您的使用與支持。"), "");
    expect(names("PM2.5、O3"), "PM2.5|O3");
    expect(names(""), "");
}

typedef struct { quality_heading h[8]; quality_content is; quality_declared said; } pair;

static pair of(const char *said, const char *const *titles, size_t n)
{
    pair p = { .said = quality_declared_none(), .is = { .count = n, .rows = 10, .first_day = DAY_NONE, .last_day = DAY_NONE } };
    quality_fields_read(&c, str_of(said), &p.said.fields);
    for (size_t i = 0; i < n; i++)
        p.h[i].title = str_of(titles[i]);
    return p;
}

static str compared(pair *p)
{
    quality_findings found = { 0 };
    str_list l = { 0 };
    p->is.headings = p->h;
    quality_compare(&c, &p->said, &p->is, &found);
    for (size_t i = 0; i < found.n; i++)
        list_add(c.a, &l, str_fmt(c.a, "%s %zu %.*s", found.v[i].code, found.v[i].col, S_ARG(found.v[i].sample)));
    return str_join(c.a, &l, S("|"));
}

static void columns_are_compared(void **state)
{
    (void)state;
    pair p = of("縣市、人口數", (const char *const[]){ "縣市", "人口數" }, 2);
    expect(compared(&p), "");
    p = of("縣市、人口數、戶數", (const char *const[]){ "縣市", "人口數", "備註" }, 3);
    expect(compared(&p), "field_missing 0 戶數|field_extra 3 備註");
    p = of("人口數、縣市", (const char *const[]){ "縣市", "人口數" }, 2);
    expect(compared(&p), "field_order 1 縣市");
    p = of("台北市（人）、ＡＱＩ", (const char *const[]){ "臺北市(人)", "AQI" }, 2);
    expect(compared(&p), "field_spelling 1 台北市（人） ≠ 臺北市(人)|field_spelling 2 ＡＱＩ ≠ AQI");
    p = of("經度(lng)、緯度(lat)", (const char *const[]){ "lng", "lat" }, 2);
    expect(compared(&p), "");
    p = of("甲、甲", (const char *const[]){ "甲" }, 1);
    expect(compared(&p), "field_missing 0 甲");
}

static void numbers_and_periods_are_compared(void **state)
{
    (void)state;
    pair p = of("", NULL, 0);
    p.said.rows = 12;
    expect(compared(&p), "count_differs 0 12 ≠ 10");
    p.said.rows = 10;
    quality_period_read(S("2020-01-01"), S("2020-12-31"), &p.said);
    p.is.first_day = day_from_civil(2021, 1, 1);
    p.is.last_day = day_from_civil(2021, 6, 1);
    expect(compared(&p), "period_differs 0 2021-01-01 – 2021-06-01");
    p.is.first_day = day_from_civil(2020, 12, 31);
    expect(compared(&p), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_are_read_from_text, setup, teardown),
        cmocka_unit_test_setup_teardown(columns_are_compared, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_and_periods_are_compared, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
