/* Columns that cannot be right: told where they are, and only there. */
#include "support/support.h"

#include "kit/load/load.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PLACES "code\tname\n63000\t臺北市\n64000\t高雄市\n65000\t新北市\n"

/* Findings of the codes that are judged, as "code row column sample count". */
static void expect(const char *csv, const char *want)
{
    ctx c = { .a = arena_new(65536) };
    load_result r;
    lexicon *words = lexicon_new(S(PLACES), S(""));
    char *dir = test_folder(c.a);
    int fd = memfd_create("in", MFD_CLOEXEC);
    assert_int_equal(write(fd, csv, strlen(csv)), (ssize_t)strlen(csv));
    str_list lines = { 0 };
    assert_true(load_file(&c, fd, S("in.csv"), &(load_options){ .folder = str_of(dir), .format = S("CSV"), .unboxed = true,
                                                                           .words = words }, &r));
    static const char *const judged[] = { "coordinate_range", "coordinates_swapped", "calendar_range", "future_date", "dates_reversed",
                                          "identifier_repeated", "unknown_county", "mojibake", "personal_columns",
                                          "mixed_values", "no_rows", "number_rounded", "serial_date", "total_row", "formula_start", "unit_in_values", "lost_character" };
    for (size_t i = 0; i < r.tables.v[0].findings.n; i++) {
        const table_finding *f = &r.tables.v[0].findings.v[i].at;
        for (size_t k = 0; k < array_len(judged); k++)
            if (strcmp(f->code, judged[k]) == 0)
                list_add(c.a, &lines, str_fmt(c.a, "%s %d %zu %.*s %d", f->code, (int)f->row, f->col, S_ARG(f->sample), (int)f->count));
    }
    str got = str_join(c.a, &lines, S("|"));
    if (!str_eq(got, str_of(want)))
        fail_msg("got  %.*s\nwant %s", S_ARG(got), want);
    load_free(&c, &r);
    close(fd);
    rmdir(dir);
    lexicon_free(words);
    arena_free(c.a);
}

static void coordinates(void **state)
{
    (void)state;
    expect("站名,緯度,經度\n甲,25.04,121.56\n乙,251.05,121.52\n丙,25.01,121.50\n", "coordinate_range 2 2 251.05 1");
    expect("站名,緯度,經度\n甲,121.56,25.04\n乙,121.52,25.05\n", "coordinates_swapped 0 2 121.56 2");
    expect("站名,緯度,經度\n甲,25.04,121.56\n乙,25.05,121.52\n", "");
}

static void months_and_days(void **state)
{
    (void)state;
    expect("年度,月份,件數\n113,1,5\n113,13,6\n", "calendar_range 2 2 13 1");
    expect("月份,件數\n11301,5\n11302,6\n", "");                /* a year with its month */
    expect("件數,備註\n99,a\n13,b\n", "");
}

static void dates(void **state)
{
    (void)state;
    expect("活動,開始日期,結束日期\n甲,2024-01-05,2024-01-09\n乙,2024-02-05,2024-02-01\n丙,2024-03-01,2024-03-01\n",
           "dates_reversed 2 2 2024-02-05 > 2024-02-01 1");
    expect("案件,發生日期\n甲,2024-01-05\n乙,2924-01-06\n", "future_date 2 2 2924-01-06 1");
    expect("計畫,預計完成日期\n甲,2924-01-05\n乙,2924-01-06\n", "");
}

static void people_and_text(void **state)
{
    (void)state;
    expect("姓名,出生日期,金額\n王甲,2001-01-05,5\n李乙,2002-01-06,6\n", "personal_columns 0 1 姓名 + 出生日期 1");
    expect("公司名稱,代表人姓名,公司地址\n甲公司,王甲,臺北市\n乙公司,李乙,高雄市\n", "");
    expect("名稱,數量\nå°åŒ—å¸‚,5\n新北市,6\n", "mojibake 0 1 å°åŒ—å¸‚ 1");
    expect("目別,數量\n嚙齒目,5\n食肉目,6\n", "");
}

static void counties(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(65536) };
    buf b = buf_in(c.a);
    buf_add(&b, S("縣市,數量\n"));
    for (int i = 0; i < 30; i++)
        buf_fmt(&b, "%s,%d\n", i == 7 ? "新北是" : i == 29 ? "總計" : i % 2 ? "臺北市" : "台北市", i);
    expect(str_z(c.a, buf_str(&b)), "unknown_county 8 1 新北是 1|total_row 30 1 總計 1");
    expect("縣市,數量\n東部,1\n西部,2\n臺北市,3\n", "");     /* no column of counties */
    arena_free(c.a);
}

static void what_spreadsheets_do(void **state)
{
    (void)state;
    expect("卡別,卡號\n甲,1.23457E+15\n乙,1.23458E+15\n", "number_rounded 1 2 1.23457E+15 1|number_rounded 2 2 1.23458E+15 1");
    expect("項目,值\n甲,1.5E+03\n乙,2.5E+05\n", "");
    expect("案件,日期\n甲,45123\n乙,45124\n", "serial_date 0 2 45124 2");
    expect("案件,件數\n甲,45123\n乙,45124\n", "");
    expect("項目,成長率\n甲,-2.1%\n乙,5%\n丙,-2.1%+1\n", "formula_start 3 2 -2.1%+1 1");
}

static void units(void **state)
{
    (void)state;
    expect("項目,成長率\n甲,5.3%\n乙,-2.1%\n丙,12%\n丁,0\n戊,7%\n己,8%\n", "unit_in_values 0 2 5.3% 5");
    expect("項目,金額\n甲,\"NT$1,234\"\n乙,NT$7\n丙,NT$9\n丁,NT$5\n戊,NT$0\n", "unit_in_values 0 2 NT$1,234 5");
    expect("站,地址\n甲,70 Whitehall\n乙,70 Whitehall\n丙,70 Whitehall\n丁,70 Whitehall\n戊,70 Whitehall\n", "");
    expect("項目,樓層\n甲,3樓\n乙,2樓\n丙,1樓\n丁,5樓\n戊,9樓\n", "");                 /* of an address */
    expect("項目,規格\n甲,3公斤\n乙,2包\n丙,1盒\n丁,5罐\n戊,9公升\n己,8瓶\n", "");         /* of many kinds: words */
}

static void lost_characters(void **state)
{
    (void)state;
    expect("村里,人口\n瓦?里,5\n南門里,6\n?拔里,7\n三■村,8\n", "lost_character 1 1 瓦?里 1|lost_character 3 1 ?拔里 1|lost_character 4 1 三■村 1");
    expect("問題,人數\n什麼是開放資料?,5\n■有,6\n□無,7\n為何不來? 因為遠,8\nhttp://a.tw/?甲,9\n", "");
}

static void totals(void **state)
{
    (void)state;
    expect("區別,人口\n中正區,1\n大同區,2\n總　計,3\n", "total_row 3 1 總　計 1");
    expect("項目,人口\n合計,1\n合計,2\n男,3\n", "");
}

static void identifiers(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(65536) };
    buf b = buf_in(c.a);
    buf_add(&b, S("案件編號,數量\n"));
    for (int i = 0; i < 200; i++)
        buf_fmt(&b, "A%04d,%d\n", i == 150 ? 3 : i, i);
    expect(str_z(c.a, buf_str(&b)), "identifier_repeated 0 1  1");
    arena_free(c.a);
}

static void a_few_remarks_among_numbers(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(65536) };
    expect("站名,數量\n甲,5\n乙,約30\n丙,700\n丁,8\n戊,-\n己,9\n庚,無\n辛,12\n壬,5\n", "mixed_values 2 2 約30 1");
    expect("站名,日期\n甲,113/1/5\n乙,113/1/6\n丙,113/2/30\n丁,113/2/1\n戊,113/3/1\n己,113/3/2\n庚,113/3/3\n", "mixed_values 3 2 113/2/30 1");
    expect("站名,數量\n甲,5\n乙,約30\n丙,多\n丁,8\n戊,12\n己,9\n", "");                       /* one in three: words */
    expect("站名,代碼\n甲,5\n乙,5A\n丙,700\n丁,8\n戊,12\n己,9\n庚,1\n辛,2\n", "");            /* by its title */
    expect("站名,郵遞\n甲,40001\n乙,4000A\n丙,70001\n丁,80001\n戊,12001\n己,90001\n庚,10001\n", "");   /* by its form */
    expect("站名,時刻\n甲,22:10\n乙,22:20\n丙,23:10\n丁,23:50\n戊,24:10\n己,23:30\n庚,23:40\n", "");    /* of a timetable */
    expect("站名,數量\n甲,0.5\n乙,4.7394e-23\n丙,7.25\n丁,8\n戊,12\n己,9\n庚,1\n辛,2\n", "");
    expect("站名,數量\n", "no_rows 0 0  1");
    buf b = buf_in(c.a);                                                    /* not among the rows that are looked at first */
    buf_add(&b, S("數量\n"));
    for (int i = 0; i < 5000; i++)
        buf_fmt(&b, i % 500 == 123 ? "%d人\n" : "%d\n", i);
    expect(str_z(c.a, buf_str(&b)), "mixed_values 124 1 123人 1|mixed_values 624 1 623人 1|mixed_values 1124 1 1123人 1|"
                                    "mixed_values 1624 1 1623人 1|mixed_values 2124 1 2123人 6");
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coordinates), cmocka_unit_test(months_and_days), cmocka_unit_test(dates),
        cmocka_unit_test(people_and_text), cmocka_unit_test(identifiers), cmocka_unit_test(counties),
        cmocka_unit_test(a_few_remarks_among_numbers), cmocka_unit_test(what_spreadsheets_do), cmocka_unit_test(totals), cmocka_unit_test(units), cmocka_unit_test(lost_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
