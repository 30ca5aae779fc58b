#include <setjmp.h>
#include <stdarg.h>

#include "kit/table/csv.h"

#include <cmocka.h>

/* What a sink was told, as one text: heads, rows with line and byte, findings. */
typedef struct {
    buf out, findings;
    bool with_places;
} heard;

static void quote(buf *b, str s)
{
    if (s.p == NULL) {
        buf_byte(b, '-');
        return;
    }
    buf_byte(b, '<');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == 0)
            buf_fmt(b, "\\%c", s.p[i] == '\n' ? 'n' : s.p[i] == '\r' ? 'r' : '0');
        else
            buf_byte(b, s.p[i]);
    }
    buf_byte(b, '>');
}

static bool on_begin(ctx *c, void *to, const table_head *h)
{
    (void)c;
    heard *x = to;
    for (size_t i = 0; i < h->notes_rows; i++)
        buf_fmt(&x->out, "note %.*s\n", S_ARG(h->notes[i]));
    buf_add(&x->out, S("head"));
    for (size_t k = 0; k < h->col_count; k++) {
        buf_byte(&x->out, ' ');
        quote(&x->out, h->cols[k].title);
        if (h->cols[k].second.n > 0)
            quote(&x->out, h->cols[k].second);
    }
    buf_byte(&x->out, '\n');
    return true;
}

static bool on_block(ctx *c, void *to, const table_block *b)
{
    (void)c;
    heard *x = to;
    for (size_t i = 0; i < b->rows; i++) {
        if (x->with_places)
            buf_fmt(&x->out, "%" PRIu64 "@%" PRIu64 ":%" PRIu64, b->first_row + i, b->lines[i], b->bytes[i]);
        else
            buf_add(&x->out, S("row"));
        for (size_t k = 0; k < b->cols; k++) {
            buf_byte(&x->out, ' ');
            quote(&x->out, b->cells[i * b->cols + k]);
        }
        buf_byte(&x->out, '\n');
    }
    return true;
}

static bool on_finding(ctx *c, void *to, const table_finding *f)
{
    (void)c;
    heard *x = to;
    if (x->with_places)
        buf_fmt(&x->findings, "! %s row %" PRIu64 " line %" PRIu64 " byte %" PRIu64 " col %zu ×%" PRIu64 "\n", f->code, f->row, f->line, f->byte, f->col, f->count);
    return true;
}

static bool on_end(ctx *c, void *to)
{
    (void)c;
    heard *x = to;
    buf_add(&x->out, S("end\n"));
    return true;
}

static str read_with(ctx *c, str text, const csv_declared *said, bool with_places)
{
    heard x = { .out = buf_in(c->a), .findings = buf_in(c->a), .with_places = with_places };
    table_sink sink = { .to = &x, .begin = on_begin, .block = on_block, .finding = on_finding, .end = on_end };
    source s = source_memory(text, S("text"));
    csv_found f;
    if (!csv_read(c, &s, said, &sink, &f))
        return c->err.message;
    return str_cat(c->a, buf_str(&x.findings), buf_str(&x.out));
}

/* All ways must agree: plain, SIMD, and whatever window the text comes through. */
static str read_text(ctx *c, str text, csv_declared said, bool with_places)
{
    str first = read_with(c, text, &said, with_places);
    for (int plain = 0; plain < 2; plain++)
        for (size_t window = 1; window < 70; window += window < 8 ? 1 : 13) {
            csv_declared d = said;
            d.window = window;
            d.plain = plain;
            str again = read_with(c, text, &d, with_places);
            if (!str_eq(first, again))
                print_message("window %zu plain %d:\n%.*sinstead of:\n%.*s", window, plain, S_ARG(again), S_ARG(first));
            assert_true(str_eq(first, again));
        }
    return first;
}

#define READS(text, ...)                                                                             \
    do {                                                                                             \
        ctx c_ = { .a = arena_new(1 << 16) };                                                        \
        str got_ = read_text(&c_, S(text), (csv_declared){ 0 }, false), want_ = S(__VA_ARGS__);      \
        if (!str_eq(got_, want_))                                                                    \
            print_message("read:\n%.*sinstead of:\n%.*s", S_ARG(got_), S_ARG(want_));                \
        assert_true(str_eq(got_, want_));                                                            \
        arena_free(c_.a);                                                                            \
    } while (0)

#define TELLS(text, ...)                                                                             \
    do {                                                                                             \
        ctx c_ = { .a = arena_new(1 << 16) };                                                        \
        str got_ = read_text(&c_, S(text), (csv_declared){ 0 }, true), want_ = S(__VA_ARGS__);       \
        if (!str_has(got_, want_))                                                                   \
            print_message("read:\n%.*swithout:\n%.*s\n", S_ARG(got_), S_ARG(want_));                 \
        assert_true(str_has(got_, want_));                                                           \
        arena_free(c_.a);                                                                            \
    } while (0)

static void as_rfc_4180_says(void **state)
{
    (void)state;
    READS("a,b\r\n1,2\r\n\"x,\"\"y\"\"\",\"two\r\nlines\"\r\n", "head <a> <b>\nrow <1> <2>\nrow <x,\"y\"> <two\\r\\nlines>\nend\n");
    READS("a,b\n\"\",2", "head <a> <b>\nrow <> <2>\nend\n");
    READS("a,b\n,\n1,2\n", "head <a> <b>\nrow <> <>\nrow <1> <2>\nend\n");
    READS("a;b\n1,5;2\n2,5;3\n", "head <a> <b>\nrow <1,5> <2>\nrow <2,5> <3>\nend\n");
    READS("a\tb\n1\t2\n", "head <a> <b>\nrow <1> <2>\nend\n");
    READS("a|b\n1|2\n", "head <a> <b>\nrow <1> <2>\nend\n");
    READS("sep=;\na;b\n1;2\n", "head <a> <b>\nrow <1> <2>\nend\n");
    READS("a,b\n1,x\r\ry\n2,z\n3,z\n", "head <a> <b>\nrow <1> <x\\r\\ry>\nrow <2> <z>\nrow <3> <z>\nend\n");
    READS("a,b\r1,2\r3,4\r", "head <a> <b>\nrow <1> <2>\nrow <3> <4>\nend\n");
}

static void wrong_quotes_swallow_nothing(void **state)
{
    (void)state;
    READS("a,b\n5\" pipe,1\n", "head <a> <b>\nrow <5\" pipe> <1>\nend\n");
    READS("a,b\n\"ab\"c,1\n2,3\n", "head <a> <b>\nrow <\"ab\"c> <1>\nrow <2> <3>\nend\n");
    READS("a,b\n\"say \"so\" now\",1\n2,3\n", "head <a> <b>\nrow <say \"so\" now> <1>\nrow <2> <3>\nend\n");
    READS("a,b\n1,\"open\n2,3\n4,\"x\"\n", "head <a> <b>\nrow <1> <\"open>\nrow <2> <3>\nrow <4> <x>\nend\n");
    READS("a,b\n1,\"open\n2,3\n", "head <a> <b>\nrow <1> <\"open>\nrow <2> <3>\nend\n");
    READS("a,b\n\"1\" , \"2, 3\"\n", "head <a> <b>\nrow <1> <2, 3>\nend\n");
    READS("a,b\n\"x \\\"y\\\" z\",1\n\"u \\\"v\\\"w\",2\n", "head <a> <b>\nrow <x \"y\" z> <1>\nrow <u \"v\"w> <2>\nend\n");
}

static void heads_notes_and_feet(void **state)
{
    (void)state;
    READS("某某統計表,,\n,,\n縣市,人口,面積\n臺北市,1,2\n新北市,3,4\n", "note 某某統計表\nnote \nhead <縣市> <人口> <面積>\nrow <臺北市> <1> <2>\nrow <新北市> <3> <4>\nend\n");
    READS("縣市,人口,面積\ncounty,population,area\n臺北市,1,2\n新北市,3,4\n", "head <縣市><county> <人口><population> <面積><area>\nrow <臺北市> <1> <2>\nrow <新北市> <3> <4>\nend\n");
    READS("01,臺北市,1\n02,新北市,3\n", "head - - -\nrow <01> <臺北市> <1>\nrow <02> <新北市> <3>\nend\n");
    READS("時間,地點,死傷\n1,臺北,2\n2,新北,3\n資料提供日期：108年,,\n事故類別：A1類,,\n", "head <時間> <地點> <死傷>\nrow <1> <臺北> <2>\nrow <2> <新北> <3>\nend\n");
    READS("a,b\n1,2\na,b\n3,4\n", "head <a> <b>\nrow <1> <2>\nrow <3> <4>\nend\n");
    READS("a,b\n1,2\n\n\n3\n4,5,6\n", "head <a> <b>\nrow <1> <2>\nrow <3> -\nrow <4> <5>\nend\n");
}

static void places_are_those_of_the_source(void **state)
{
    (void)state;
    TELLS("\xef\xbb\xbf" "a,b\n1,\"x\ny\"\n\n2,3,4\n5,\"q\"z\n", "1@2:7 <1> <x\\ny>\n2@5:16 <2> <3>\n3@6:22 <5> <\"q\"z>\n");
    TELLS("a,b\n1,2\n3\n", "! ragged_short row 2 line 3 byte 8 col 2 ×1\n");
    TELLS("a,b\n1,2\n3,4,5\n", "! ragged_long row 2 line 3 byte 12 col 3 ×1\n");
    TELLS("a,b\n1,x\"y\n", "! stray_quote row 1 line 2 byte 7 col 0 ×1\n");
}

static void encodings_keep_places_and_tell_what_is_lost(void **state)
{
    (void)state;
    /* CP950: 姓名,地址 / 王\xfa\x40明,臺北市 / \xff,x : a private character and a byte that is none. */
    TELLS("\xa9\x6d\xa6\x57,\xa6\x61\xa7\x7d\n\xa4\xfd\xfa\x40\xa9\xfa,\xbb\x4f\xa5\x5f\xa5\xab\n\xff,\xa4\x40\n",
          "! private_character row 1 line 2 byte 12 col 1 ×1\n! undecodable row 2 line 3 byte 24 col 1 ×1\n"
          "head <姓名> <地址>\n1@2:10 <王\xee\x80\x80明> <臺北市>\n2@3:24 <\xef\xbf\xbd> <一>\n");
    ctx c = { .a = arena_new(1 << 16) };
    str wide = { "\xff\xfe" "a\0,\0b\0\n\0" "1\0,\0\x20\x4e\n\0", 2 + 8 + 8 };
    str got = read_text(&c, wide, (csv_declared){ .window = 64 }, true);
    assert_true(str_has(got, S("1@2:10 <1> <丠>\n")));
    arena_free(c.a);
}

static void what_is_no_table_is_refused(void **state)
{
    (void)state;
    READS("", "the file is empty: it has no bytes");
    READS("\n\n", "there is no table: the file holds nothing but empty lines");
    READS("PK\003\004 and so on", "this is a ZIP archive or a spreadsheet (XLSX, ODS), not a table in text");
    READS("<!DOCTYPE html><title>404</title>", "this is an HTML page, not a table with separators");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_rfc_4180_says),
        cmocka_unit_test(wrong_quotes_swallow_nothing),
        cmocka_unit_test(heads_notes_and_feet),
        cmocka_unit_test(places_are_those_of_the_source),
        cmocka_unit_test(encodings_keep_places_and_tell_what_is_lost),
        cmocka_unit_test(what_is_no_table_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
