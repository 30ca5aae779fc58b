#include "kit/sheet/ods.h"
#include "kit/sheet/sheet_write.h"
#include "kit/sheet/xlsx.h"
#include "kit/table/collect_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

typedef bool reader(ctx *c, const source *s, const reader_options *o, const table_sink *sink);

static bool to_fd(ctx *c, void *to, str s)
{
    (void)c;
    return write(*(int *)to, s.p, s.n) == (ssize_t)s.n;
}

enum { COLS = 5 };
static const sheet_column cols[COLS] = {
    { S_INIT("名稱"), SHEET_TEXT, 20 }, { S_INIT("a<&\"b"), SHEET_NUMBER, 0 }, { S_INIT("日期"), SHEET_DATE, 12 }, { S_INIT("ok"), SHEET_BOOLEAN, 0 },
    { S_INIT("時間"), SHEET_MOMENT, 0 },
};
static const str cells[][COLS] = {
    { S_INIT("=1+1"), S_INIT("1.5"), S_INIT("2015-07-24"), S_INIT("true"), S_INIT("2015-07-24T08:30:59") },
    { S_INIT("@x  y \n-z\t\x01"), S_INIT("007"), S_INIT("2015-13-24"), S_INIT("x"), S_INIT("2015-07-24T24:00:00") },
    { { 0 }, S_INIT("-12345678901234567"), { 0 }, S_INIT("false"), S_INIT("1999-12-31T23:59:59") },
};

static int written(ctx *c, sheet_format f, size_t times)
{
    int fd = collect_file((str){ 0 });
    sheet_writer *w;
    assert_true(sheet_write_open(c, f, (byte_out){ &fd, to_fd }, S("表[1]"), cols, COLS, &w));
    for (size_t i = 0; i < times; i++)
        assert_true(sheet_write_row(c, w, cells[i % 3]));
    assert_true(sheet_write_close(c, w));
    sheet_write_free(w);
    return fd;
}

static void round_trip(sheet_format f, reader *read)
{
    ctx c = { .a = arena_new(4096) };
    auto_fd fd = written(&c, f, 3);
    collected k;
    source s;
    table_sink sink = collect_into(&k, c.a, 10);
    assert_true(source_open(&c, fd, S("t"), &s));
    if (!read(&c, &s, &(reader_options){ .scratch = -1 }, &sink))
        fail_msg("%.*s", S_ARG(c.err.message));
    assert_string_equal(str_z(c.a, buf_str(&k.out)),
                        "table 表_1_ cols=5 header=1 notes=0\n= 名稱:text | a<&\"b | 日期 | ok | 時間\n1@2 =1+1 | 1.5 | 2015-07-24 | true | 2015-07-24T08:30:59\n"
                        "2@3 @x  y \n-z\t\xef\xbf\xbd | 007 | 2015-13-24 | x | 2015-07-24T24:00:00\n"
                        "3@4 ∅ | -12345678901234567 | ∅ | false | 1999-12-31T23:59:59\nend rows=3\n");
    arena_free(c.a);
}

static void round_trips(void **state)
{
    (void)state;
    round_trip(SHEET_XLSX, xlsx_read);
    round_trip(SHEET_ODS, ods_read);
}

static void many_rows(sheet_format f, reader *read, size_t tables)
{
    ctx c = { .a = arena_new(4096) };
    size_t held = arena_bytes(c.a);
    auto_fd fd = written(&c, f, 1048576);
    assert_int_equal(arena_bytes(c.a), held);       /* constant memory */
    collected k;
    source s;
    table_sink sink = collect_into(&k, c.a, 0);
    assert_true(source_open(&c, fd, S("t"), &s));
    assert_true(read(&c, &s, &(reader_options){ .scratch = -1 }, &sink));
    assert_int_equal(k.tables, tables);
    arena_free(c.a);
}

static void further_sheets(void **state)
{
    (void)state;
    many_rows(SHEET_XLSX, xlsx_read, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(round_trips), cmocka_unit_test(further_sheets) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
