#include "kit/sheet/ods.h"
#include "kit/sheet/xlsx.h"
#include "kit/source/zip_write.h"
#include "kit/table/collect_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

typedef bool reader(ctx *c, const source *s, const reader_options *o, const table_sink *sink);

static bool to_buf(ctx *c, void *to, str s)
{
    (void)c;
    buf_add(to, s);
    return buf_fits(to);
}

/* members: name, text, name, text …, NULL */
static str zipped(ctx *c, const char *const *members)
{
    buf b = buf_in(c->a);
    zip_writer *w = zip_write_new((byte_out){ &b, to_buf }, 1);
    for (; members[0] != NULL; members += 2) {
        assert_true(zip_write_begin(c, w, str_of(members[0])));
        assert_true(zip_write_add(c, w, str_of(members[1])));
        assert_true(zip_write_end(c, w));
    }
    assert_true(zip_write_finish(c, w));
    zip_write_free(w);
    return buf_str(&b);
}

static bool read_bytes(ctx *c, reader *read, str bytes, collected *k, uint64_t shown)
{
    auto_fd fd = collect_file(bytes), scratch = collect_file((str){ 0 });
    source s;
    table_sink sink = collect_into(k, c->a, shown);
    assert_true(source_open(c, fd, S("t"), &s));
    return read(c, &s, &(reader_options){ .scratch = scratch }, &sink);
}

static void reads(reader *read, const char *const *members, const char *expected)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    if (!read_bytes(&c, read, zipped(&c, members), &k, 100))
        fail_msg("%.*s", S_ARG(c.err.message));
    assert_string_equal(str_z(c.a, buf_str(&k.out)), expected);
    arena_free(c.a);
}

static void refuses(reader *read, const char *const *members, err_code code, const char *part)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    assert_false(read_bytes(&c, read, zipped(&c, members), &k, 100));
    assert_int_equal(c.err.code, code);
    if (!str_has(c.err.message, str_of(part)))
        fail_msg("%.*s", S_ARG(c.err.message));
    arena_free(c.a);
}

#define RELS(x) "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" x "</Relationships>"
#define REL(id, type, target) "<Relationship Id='" id "' Type='http://x/relationships/" type "' Target='" target "'/>"
#define BOOK(sheets) "<workbook xmlns:r='r'><workbookPr/><sheets>" sheets "</sheets></workbook>"
#define BOOK_RELS RELS(REL("a", "worksheet", "worksheets/s1.xml") REL("b", "worksheet", "/xl/worksheets/s2.xml") \
                       REL("t", "sharedStrings", "texts.xml") REL("s", "styles", "styles.xml"))
#define STYLES "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='[$-404]e/m/d'/><numFmt numFmtId='165' formatCode='yyyy/m/d h:mm'/>" \
               "</numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/>" \
               "<xf numFmtId='165'/><xf numFmtId='20'/><xf numFmtId='10'/></cellXfs></styleSheet>"

static void xlsx_values(void **state)
{
    (void)state;
    const char *const m[] = {
        "_rels/.rels", RELS(REL("x", "officeDocument", "xl/workbook.xml")), "xl/_rels/workbook.xml.rels", BOOK_RELS,
        "xl/workbook.xml", BOOK("<sheet name='甲' r:id='a'/><sheet name='乙' state='hidden' r:id='b'/>"), "xl/styles.xml", STYLES,
        "xl/texts.xml", "<sst><si><t>名稱</t></si><si><r><t>值</t></r><r><t>_x0041_</t></r><rPh><t>よみ</t></rPh></si><si><t>日期</t></si></sst>",
        "xl/worksheets/s1.xml",
        "<x:worksheet xmlns:x='y'><x:sheetData><x:row r='1'><x:c r='A1' t='s'><x:v>0</x:v></x:c><x:c r='B1' t='s'><x:v>1</x:v></x:c>"
        "<x:c r='C1' t='s'><x:v>2</x:v></x:c></x:row>"
        "<x:row r='2'><x:c r='A2' t='inlineStr'><x:is><x:t>a&amp;b</x:t></x:is></x:c><x:c r='B2'><x:v>0.30000000000000004</x:v></x:c>"
        "<x:c r='C2' s='1'><x:v>42209</x:v></x:c></x:row>"
        "<x:row r='4'><x:c r='A4' t='b'><x:v>1</x:v></x:c><x:c r='C4' s='2'><x:v>42209.5</x:v></x:c></x:row>"
        "<x:row r='5'><x:c r='A5' t='e'><x:v>#N/A</x:v></x:c><x:c r='B5'><x:v>12345678901234567</x:v></x:c><x:c r='C5' s='3'>"
        "<x:v>42209.25</x:v></x:c></x:row>"
        "<x:row><x:c><x:f>1+1</x:f><x:v>1.5E-3</x:v></x:c><x:c t='str'><x:v>r</x:v></x:c><x:c s='4'><x:v>0.5</x:v></x:c></x:row>"
        "<x:row><x:c s='1'/><x:c s='5'><x:v>0.125</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>",
        "xl/worksheets/s2.xml", "<worksheet><sheetData><row r='3'><c r='B3' t='s'><v>0</v></c></row></sheetData></worksheet>", NULL };
    reads(xlsx_read, m,
          "table 甲 cols=3 header=1 notes=0\n= 名稱 | 值A | 日期:date\n1@2 a&b | 0.3 | 2015-07-24\n2@4 true | ∅ | 2015-07-24T12:00:00\n"
          "3@5 #N/A | 12345678901234600 | 2015-07-24T06:00:00\n4@6 0.0015 | r | 12:00:00\n5@7 ∅ | 0.125 | ∅\n"
          "! rows_empty line=4 count=1 \n! cell_error line=5 col=1 count=1 #N/A\n! number_long line=5 col=2 count=1 12345678901234567\n"
          "end rows=5\ntable 乙 cols=2 header=1 notes=0\n=  | 名稱\n! empty_name col=1 count=1 \n! sheet_hidden count=1 乙\nend rows=0\n");
}

static void xlsx_heads(void **state)
{
    (void)state;
#define T(ref, text) "<c r='" ref "' t='inlineStr'><is><t>" text "</t></is></c>"
    const char *const m[] = {
        "xl/_rels/workbook.xml.rels", RELS(REL("a", "worksheet", "worksheets/s1.xml")), "xl/workbook.xml", BOOK("<sheet name='s' r:id='a'/>"),
        "xl/worksheets/s1.xml",
        "<worksheet><sheetData><row r='1'>" T("A1", "人口統計") "</row><row r='2'>" T("A2", "單位：人") "</row>"
        "<row r='3'>" T("A3", "鄉鎮") T("B3", "人口") "</row><row r='4'>" T("B4", "男") T("C4", "女") "</row>"
        "<row r='5'>" T("A5", "中正") "<c r='B5'><v>1</v></c><c r='C5'><v>2</v></c></row>"
        "<row r='6'>" T("A6", "大同") "<c r='B6'><v>3</v></c><c r='C6'><v>4</v></c></row></sheetData>"
        "<mergeCells><mergeCell ref='A1:C1'/><mergeCell ref='A3:A4'/><mergeCell ref='B3:C3'/></mergeCells></worksheet>", NULL };
    reads(xlsx_read, m,
          "table s cols=3 header=2 notes=2\n# 人口統計\n# 單位：人\n= 鄉鎮:text | 人口 男:number | 人口 女:number\n"
          "! notes_above line=1 count=2 人口統計\n! merged_header count=1 \n1@5 中正 | 1 | 2\n2@6 大同 | 3 | 4\n! cells_merged line=1 col=1 count=3 A1:C1\nend rows=2\n");
}

static void xlsx_refusals(void **state)
{
    (void)state;
    refuses(xlsx_read, (const char *const[]){ "a", "b", NULL }, ERR_INVALID, "no workbook");
    refuses(xlsx_read, (const char *const[]){ "_rels/.rels", RELS(REL("x", "officeDocument", "xl/workbook.bin")), NULL }, ERR_INVALID, "XLSB");
    refuses(xlsx_read, (const char *const[]){ "xl/workbook.xml", "<workbook>", NULL }, ERR_INVALID, "no well-formed XML at line 1");
    refuses(xlsx_read, (const char *const[]){ "xl/workbook.xml",
            "<!DOCTYPE w [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><workbook>&b;</workbook>", NULL }, ERR_INVALID, "declares the entity “a”");
    const char *const lost[] = { "xl/_rels/workbook.xml.rels", RELS(REL("a", "worksheet", "s.xml")), "xl/workbook.xml",
                                 BOOK("<sheet name='s' r:id='a'/>"), "xl/s.xml",
                                 "<worksheet><sheetData><row><c t='s'><v>7</v></c></row></sheetData></worksheet>", NULL };
    refuses(xlsx_read, lost, ERR_INVALID, "refers to text 7");
}

#define ODS(x) "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x' xmlns:style='s'>" \
    "<office:automatic-styles><style:style style:name='ta2'><style:table-properties table:display='false'/></style:style></office:automatic-styles>" \
    "<office:body><office:spreadsheet>" x "</office:spreadsheet></office:body></office:document-content>"
#define P(s) "<table:table-cell office:value-type='string'><text:p>" s "</text:p></table:table-cell>"
#define N(v) "<table:table-cell office:value-type='float' office:value='" v "'><text:p>shown</text:p></table:table-cell>"

static void ods_values(void **state)
{
    (void)state;
    const char *const m[] = { "content.xml", ODS(
        "<table:table table:name='甲'><table:table-row>" P("名稱") P("值") P("日期") "</table:table-row>"
        "<table:table-row table:number-rows-repeated='2'>" P("a<text:s text:c='2'/>b<text:line-break/>c") N("1.50")
        "<table:table-cell office:value-type='date' office:date-value='2015-07-24T00:00:00'/>"
        "<table:table-cell table:number-columns-repeated='16381'/></table:table-row>"
        "<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
        "<table:table-row><table:table-cell office:value-type='boolean' office:boolean-value='true'/>"
        "<table:table-cell office:value-type='percentage' office:value='0.15' table:number-columns-repeated='2'/></table:table-row>"
        "<table:table-row><table:table-cell office:value-type='time' office:time-value='PT08H30M05S'/>"
        "<table:table-cell office:value-type='string' office:string-value='x'><office:annotation><text:p>note</text:p></office:annotation>"
        "</table:table-cell></table:table-row>"
        "</table:table><table:table table:name='乙' table:style-name='ta2'><table:table-row>" P("k") "</table:table-row></table:table>"), NULL };
    reads(ods_read, m,
          "table 甲 cols=3 header=1 notes=0\n= 名稱 | 值 | 日期\n1@2 a  b\nc | 1.50 | 2015-07-24\n2@3 a  b\nc | 1.50 | 2015-07-24\n"
          "3@1048004 true | 0.15 | 0.15\n4@1048005 08:30:05 | x | ∅\n! rows_empty line=1048004 count=1 \nend rows=4\n"
          "table 乙 cols=1 header=1 notes=0\n= k\n! sheet_hidden count=1 乙\nend rows=0\n");
}

static void ods_refusals(void **state)
{
    (void)state;
    const char *const wide[] = { "content.xml", ODS("<table:table><table:table-row><table:table-cell office:value-type='float' office:value='1'"
                                                    " table:number-columns-repeated='99999999'/></table:table-row></table:table>"), NULL };
    refuses(ods_read, wide, ERR_TOO_LARGE, "16384 columns");
    const char *const tall[] = { "content.xml", ODS("<table:table><table:table-row table:number-rows-repeated='99999999'>" P("x")
                                                    "</table:table-row></table:table>"), NULL };
    refuses(ods_read, tall, ERR_TOO_LARGE, "rows");
    const char *const bomb[] = { "content.xml", ODS("<table:table><table:table-row table:number-rows-repeated='1000000'>"
        "<table:table-cell office:value-type='float' office:value='1' table:number-columns-repeated='16000'/></table:table-row></table:table>"),
        NULL };
    refuses(ods_read, bomb, ERR_TOO_LARGE, "repeats cells");
    refuses(ods_read, (const char *const[]){ "mimetype", "x", NULL }, ERR_INVALID, "content.xml");
    refuses(ods_read, (const char *const[]){ "content.xml", "x", "META-INF/manifest.xml", "<m:encryption-data/>", NULL }, ERR_INVALID, "password");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xlsx_values), cmocka_unit_test(xlsx_heads), cmocka_unit_test(xlsx_refusals),
        cmocka_unit_test(ods_values), cmocka_unit_test(ods_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
