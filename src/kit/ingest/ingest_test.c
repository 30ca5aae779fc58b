/* Whole files through the box; the test program is its own child. */
#include "kit/ingest/ingest.h"
#include "kit/source/zip_write.h"
#include "kit/table/collect_test.h"
#include "kit/text/charset_guess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static bool to_buf(ctx *c, void *to, str s)
{
    (void)c;
    buf_add(to, s);
    return buf_fits(to);
}

static str zipped(ctx *c, const char *const *names, const str *texts)
{
    buf b = buf_in(c->a);
    zip_writer *w = zip_write_new((byte_out){ &b, to_buf }, 9);
    for (size_t i = 0; names[i] != NULL; i++) {
        assert_true(zip_write_begin(c, w, str_of(names[i])));
        assert_true(zip_write_add(c, w, texts[i]));
        assert_true(zip_write_end(c, w));
    }
    assert_true(zip_write_finish(c, w));
    zip_write_free(w);
    return buf_str(&b);
}

static box_limits small(void)
{
    box_limits l = BOX_LIMITS_DEFAULT;
    l.memory = (uint64_t)256 << 20;
    l.cpu_seconds = 20;
    l.wall_seconds = 60;
    return l;
}

static bool boxed(ctx *c, int fd, const char *format, const char *encoding, collected *k, ingest_found *found)
{
    auto_fd scratch = collect_file((str){ 0 });
    table_sink sink = collect_into(k, c->a, 5);
    ingest_options o = { .format = str_of(format), .encoding = str_of(encoding), .scratch = scratch };
    return ingest_boxed(c, fd, S("file"), &o, &(ingest_box){ .limits = small() }, &sink, found);
}

static void reads(str bytes, const char *format, const char *encoding, const char *expected)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    ingest_found f;
    auto_fd fd = collect_file(bytes);
    if (!boxed(&c, fd, format, encoding, &k, &f))
        fail_msg("%.*s (%.*s)", S_ARG(c.err.message), S_ARG(c.err.detail));
    assert_string_equal(str_z(c.a, buf_str(&k.out)), expected);
    assert_int_equal(f.tables, k.tables);
    arena_free(c.a);
}

static void refuses_fd(int fd, err_code code, const char *part)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    ingest_found f;
    assert_false(boxed(&c, fd, "", "", &k, &f));
    if (c.err.code != code || !str_has(c.err.message, str_of(part)))
        fail_msg("%d %.*s (%.*s)", (int)c.err.code, S_ARG(c.err.message), S_ARG(c.err.detail));
    arena_free(c.a);
}

static void refuses(str bytes, err_code code, const char *part)
{
    auto_fd fd = collect_file(bytes);
    refuses_fd(fd, code, part);
}

static void formats(void **state)
{
    (void)state;
    reads(S("a,b\n1,2\n"), "", "", "table  cols=2 header=1 notes=0\n= a | b\n1@2 1 | 2\nend rows=1\n");
    reads(S("[{\"a\":1},{\"a\":2}]"), "CSV", "",
          "table  cols=1 header=1 notes=0\n= a:number\n! format_differs count=1 CSV ≠ JSON\n1@1 1\n2@1 2\nend rows=2\n");
    reads(S("<r><i><a>1</a></i><i><a>2</a></i></r>"), "XML", "", "table r.i cols=1 header=1 notes=0\n= a\n1@1 1\n2@1 2\nend rows=2\n");
    /* Big5 as it is declared, as it is not, and declared where it is not. */
    reads(S("<?xml version='1.0' encoding='Big5'?><r><i><a>\xa5\x78\xa5\x5f</a></i><i><a>\xa4\x40</a></i></r>"), "", "",
          "table r.i cols=1 header=1 notes=0\n= a\n! encoding_not_utf8 count=1 CP950\n1@1 台北\n2@1 一\nend rows=2\n");
    reads(S("<?xml version='1.0' encoding='UTF-8'?><r><i><a>\xa5\x78\xa5\x5f</a></i><i><a>\xa4\x40</a></i></r>"), "", "",
          "table r.i cols=1 header=1 notes=0\n= a\n! encoding_differs count=1 UTF-8 ≠ CP950\n! encoding_not_utf8 count=1 CP950\n1@1 台北\n2@1 一\nend rows=2\n");
    reads(S("<?xml version='1.0' encoding='Big5'?><r><i><a>台北</a></i><i><a>一</a></i></r>"), "", "",
          "table r.i cols=1 header=1 notes=0\n= a\n! encoding_differs count=1 Big5 ≠ UTF-8\n1@1 台北\n2@1 一\nend rows=2\n");
    reads(S("[{\"a\":\"\xa5\x78\xa5\x5f\"},{\"a\":\"\xa4\x40\"}]"), "", "",
          "table  cols=1 header=1 notes=0\n= a:text\n! encoding_not_utf8 count=1 CP950\n1@1 台北\n2@1 一\nend rows=2\n");
    /* EUC-KR is CP949 without what was added to it. */
    reads(S("<?xml version='1.0' encoding='euc-kr'?><r><i><a>\xbc\xad\xbf\xef\xc6\xaf\xba\xb0\xbd\xc3\xc0\xc7 \xb0\xf8\xb0\xf8 \xb5\xa5\xc0\xcc\xc5\xcd\xb4\xc2 \xb4\xa9\xb1\xb8\xb3\xaa \xc0\xcc\xbf\xeb\xc7\xd2 \xbc\xf6 \xc0\xd6\xbd\xc0\xb4\xcf\xb4\xd9"
            "</a></i><i><a>\xba\xce\xbb\xea\xb1\xa4\xbf\xaa\xbd\xc3 \xb1\xb3\xc5\xeb \xc1\xa4\xba\xb8</a></i></r>"), "", "",
          "table r.i cols=1 header=1 notes=0\n= a\n! encoding_not_utf8 count=1 CP949\n1@1 서울특별시의 공공 데이터는 누구나 이용할 수 있습니다\n2@1 부산광역시 교통 정보\nend rows=2\n");
    refuses((str){ 0 }, ERR_INVALID, "0 bytes");
    refuses(S("%PDF-1.4 xx"), ERR_INVALID, "PDF is for reading");
    char index[108] = "\0\0\x27\x0a";
    index[103] = 50;
    refuses((str){ index, sizeof index }, ERR_INVALID, "only a part of a shapefile");
    refuses(S("PROJCS[\"TWD97 / TM2 zone 121\",GEOGCS[\"TWD97\"]]"), ERR_INVALID, "only a part of a shapefile");
    refuses(S("# places\n@prefix ex: <http://example.org/> .\nex:a ex:b 1, 2 .\n"), ERR_INVALID, "Turtle is a graph");
    refuses(S("<http://example.org/a> <http://example.org/b> \"1\" .\n"), ERR_INVALID, "Turtle is a graph");
    refuses(S("\x09\x02\x06\0\0\0\x10\0"), ERR_INVALID, "Excel before 1993");
    refuses(S("\n<!DOCTYPE html><html><body>502</body></html>"), ERR_INVALID, "web page");
}

/* libc has the tables of encodings in files, which the walls forbid: whatever is chosen was loaded before. */
static void encodings(void **state)
{
    (void)state;
    size_t n;
    const char *const *known = charset_guess_known(&n);
    for (size_t i = 0; i < n; i++)
        reads(S("a\nb\n"), "CSV", known[i], "table  cols=1 header=1 notes=0\n= a\n1@2 b\nend rows=1\n");
    reads(S("a\n\x93\xfa\x96\x7b\n"), "CSV", "Shift_JIS", "table  cols=1 header=1 notes=0\n= a\n! encoding_not_utf8 count=1 CP932\n1@2 日本\nend rows=1\n");
    reads(S("a\n\xa4\n"), "CSV", "ISO-8859-15", "table  cols=1 header=1 notes=0\n= a\n! encoding_not_utf8 count=1 ISO-8859-15\n1@2 €\nend rows=1\n");
    reads(S("a\n\xe5\n"), "CSV", "CP437", "table  cols=1 header=1 notes=0\n= a\n! encoding_not_utf8 count=1 CP437\n1@2 σ\nend rows=1\n");
}

static void bundles(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    const char *const names[] = { "甲.csv", "readme.pdf", "../../etc/x.csv", "sub/b.json", NULL };
    const str texts[] = { S("a,b\n1,2\n"), S("%PDF-1"), S("a\n1\n"), S("[{\"k\":1},{\"k\":2}]") };
    str z = zipped(&c, names, texts);
    reads(z, "ZIP", "",
          "table 甲.csv cols=2 header=1 notes=0\n= a | b\n1@2 1 | 2\nend rows=1\n"
          "table sub/b.json cols=1 header=1 notes=0\n= k:number\n"
          "! member_skipped count=1 “readme.pdf” holds no table: PDF is for reading, not for data: publish the table as CSV, ODS or XLSX\n"
          "! member_outside count=1 ../../etc/x.csv\n1@1 1\n2@1 2\nend rows=2\n");
    const char *const described[] = { "datapackage.json", "README.txt", "a.csv", NULL };    /* what describes a table is none */
    const str texts2[] = { S("{\"resources\":[{\"name\":\"a\"},{\"name\":\"b\"}]}"), S("about\n"), S("a,b\n1,2\n") };
    reads(zipped(&c, described, texts2), "ZIP", "", "table a.csv cols=2 header=1 notes=0\n= a | b\n1@2 1 | 2\nend rows=1\n");
    const char *const in[] = { "in.zip", NULL };
    str two = zipped(&c, in, &z), three = zipped(&c, in, &two);
    ctx d = { .a = arena_new(4096) };
    collected k;
    ingest_found f;
    auto_fd fd = collect_file(two);
    assert_true(boxed(&d, fd, "", "", &k, &f));
    assert_true(str_has(buf_str(&k.out), S("table in.zip/sub/b.json")));
    refuses(three, ERR_INVALID, "archive in an archive");
    arena_free(d.a);
    arena_free(c.a);
}

static void bombs(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    size_t n = (size_t)64 << 20;
    char *blank = mem_get(n);
    memset(blank, 'a', n);
    const char *const csv[] = { "a.csv", NULL }, *const ods[] = { "content.xml", "META-INF/manifest.xml", NULL };
    str texts[] = { { blank, n }, { 0 } };
    refuses(zipped(&c, csv, texts), ERR_TOO_LARGE, "zip bomb");
    memcpy(blank, "<a>", 3);
    refuses(zipped(&c, ods, texts), ERR_TOO_LARGE, "zip bomb");
    mem_free(blank);
    refuses(S("<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><l><i>&b;</i><i/></l>"), ERR_INVALID, "declares the entity");
    arena_free(c.a);
}

/* Large files are sparse: their bytes are zeros where nothing was written. */
static void large(void **state)
{
    (void)state;
    auto_fd ten = collect_file(S("a,b\n1,2\n"));
    assert_int_equal(ftruncate(ten, (off_t)10 << 30), 0);
    refuses_fd(ten, ERR_INVALID, "no format that is known");
    ctx c = { .a = arena_new(4096) };
    buf b = buf_in(c.a);
    buf_add(&b, S("a,b\n1,\""));
    auto_fd cell = collect_file(buf_str(&b));
    char *piece = mem_get(1 << 20);
    memset(piece, 'x', 1 << 20);
    for (int i = 0; i < 500; i++)
        assert_int_equal(write(cell, piece, 1 << 20), 1 << 20);
    mem_free(piece);
    refuses_fd(cell, ERR_TOO_LARGE, "longer than 32 MB");
    b.n = 0;
    for (int i = 0; i < 10000; i++)
        buf_fmt(&b, "%sc%d", i > 0 ? "," : "", i);
    buf_byte(&b, '\n');
    for (int i = 0; i < 10000; i++)
        buf_fmt(&b, "%s%d", i > 0 ? "," : "", i);
    buf_byte(&b, '\n');
    collected k;
    ingest_found f;
    auto_fd wide = collect_file(buf_str(&b));
    assert_true(boxed(&c, wide, "", "", &k, &f));
    assert_true(str_has(buf_str(&k.out), S("cols=10000")));
    arena_free(c.a);
}

typedef struct {
    int fd;
    table_sink to;
} changing;

static bool change_begin(ctx *c, void *to, const table_head *h)
{
    changing *g = to;
    assert_int_equal(pwrite(g->fd, "9", 1, 4), 1);
    return g->to.begin(c, g->to.to, h);
}

static bool change_block(ctx *c, void *to, const table_block *b)
{
    changing *g = to;
    return g->to.block(c, g->to.to, b);
}

static bool change_finding(ctx *c, void *to, const table_finding *f)
{
    changing *g = to;
    return g->to.finding(c, g->to.to, f);
}

static bool change_end(ctx *c, void *to)
{
    changing *g = to;
    return g->to.end(c, g->to.to);
}

static void changes(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    collected k;
    ingest_found f;
    source s;
    auto_fd fd = collect_file(S("[{\"a\":1},{\"a\":2}]"));
    changing g = { fd, collect_into(&k, c.a, 5) };
    table_sink sink = { &g, change_begin, change_block, change_finding, change_end };
    assert_true(source_open(&c, fd, S("file"), &s));
    assert_false(ingest_read(&c, &s, &(ingest_options){ .scratch = -1 }, &sink, &f));
    assert_true(c.err.code == ERR_CONFLICT || c.err.code == ERR_INVALID);
    arena_free(c.a);
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "box") == 0) {
        ctx c = { .a = arena_new(4096) };
        _exit(ingest_child(&c, argc - 3, argv + 3));
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats), cmocka_unit_test(encodings), cmocka_unit_test(bundles), cmocka_unit_test(bombs), cmocka_unit_test(large), cmocka_unit_test(changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
