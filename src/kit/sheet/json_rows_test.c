#include "kit/sheet/json_rows.h"
#include "kit/table/collect_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static bool read_json(ctx *c, str text, collected *k, uint64_t shown)
{
    auto_fd fd = collect_file(text);
    source s;
    table_sink sink = collect_into(k, c->a, shown);
    assert_true(source_open(c, fd, S("t.json"), &s));
    return json_rows_read(c, &s, &(reader_options){ .scratch = -1 }, &sink);
}

static void reads(str text, const char *expected)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    if (!read_json(&c, text, &k, 100))
        fail_msg("%.*s", S_ARG(c.err.message));
    assert_string_equal(str_z(c.a, buf_str(&k.out)), expected);
    arena_free(c.a);
}

static void refuses(str text, const char *part)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    assert_false(read_json(&c, text, &k, 100));
    if (!str_has(c.err.message, str_of(part)))
        fail_msg("%.*s", S_ARG(c.err.message));
    arena_free(c.a);
}

static void shapes(void **state)
{
    (void)state;
    reads(S("[{\"a\":1,\"b\":\"x\"},\n{\"b\":\"\\u4e2d\\n\",\"c\":[1, {\"k\\\"\":null}],\"a\":null}]"),
          "table  cols=3 header=1 notes=0\n= a:number | b:text | c\n1@1 1 | x | ∅\n2@2 ∅ | 中\n | [1,{\"k\\\"\":null}]\nend rows=2\n");
    reads(S("{\"success\":true,\"result\":{\"fields\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"records\":[{\"a\":{\"x\":1.50,\"y\":true}},{\"a\":{\"x\":2}}]}}"),
          "table result.records cols=2 header=1 notes=0\n= a.x:number | a.y:boolean\n1@1 1.50 | true\n2@1 2 | ∅\nend rows=2\n");
    reads(S("{\"retCode\":1,\"retVal\":{\"0001\":{\"sno\":\"1\",\"tot\":5},\"0002\":{\"sno\":\"2\",\"act\":0,\"tot\":6}}}"),
          "table retVal cols=4 header=1 notes=0\n= key:text | sno:text | tot:number | act:number\n1@1 0001 | 1 | 5 | ∅\n2@1 0002 | 2 | 6 | 0\nend rows=2\n");
    reads(S("{\"a\":1}\n{\"a\":2,\"b\":[]}\n"), "table  cols=2 header=1 notes=0\n= a:number | b\n1@1 1 | ∅\n2@2 2 | []\nend rows=2\n");
    reads(S("[{\"day\":\"x\",\"list\":[{\"p\":1},{\"p\":2},{\"p\":3}]}]"),
          "table list cols=1 header=1 notes=0\n= p:number\n1@1 1\n2@1 2\n3@1 3\nend rows=3\n");
    reads(S("{\"a\":1,\"b\":{\"c\":\"x\"}}"), "table  cols=2 header=1 notes=0\n= a:number | b.c:text\n1@1 1 | x\nend rows=1\n");
    reads(S("[[\"名\",\"數\"],[\"甲\",1],[\"乙\",2]]"), "table  cols=2 header=1 notes=0\n= 名:text | 數:number\n1@2 甲 | 1\n2@3 乙 | 2\nend rows=2\n");
    reads(S("[1,\"x\"]"), "table  cols=1 header=1 notes=0\n= value\n1@1 1\n2@1 x\nend rows=2\n");
    reads(S("{\"x\":[{\"a\":1},{\"a\":2}],\"y\":[{\"b\":1},{\"b\":2},{\"b\":3}]}"),
          "table x cols=1 header=1 notes=0\n= a:number\n1@1 1\n2@1 2\nend rows=2\ntable y cols=1 header=1 notes=0\n= b:number\n1@1 1\n2@1 2\n3@1 3\nend rows=3\n");
    reads(S("{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"n\":\"x\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[121, 25]}},"
            "{\"type\":\"Feature\",\"properties\":{\"n\":\"y\"},\"geometry\":null}]}"),
          "table features cols=2 header=1 notes=0\n= n:text | geometry:geometry\n"
          "1@1 x | {\"type\":\"Point\",\"coordinates\":[121,25]}\n2@1 y | ∅\nend rows=2\n");
    reads(S("[{\"a\":1,\"a\":2}]"), "table  cols=1 header=1 notes=0\n= a:number\n1@1 2\n! json_name_twice row=1 col=1 count=1 a\nend rows=1\n");
}

static void encodings(void **state)
{
    (void)state;
    reads(S("\xef\xbb\xbf[{\"a\":1}]"), "table  cols=1 header=1 notes=0\n= a:number\n1@1 1\nend rows=1\n");
    reads(S("\xff\xfe[\0\"\0\x2d\x4e\x3d\xd8\x00\xde\"\0]\0"), "table  cols=1 header=1 notes=0\n= value:text\n1@1 中😀\nend rows=1\n");
    reads(S("\0[\0\"\0a\0\"\0]"), "table  cols=1 header=1 notes=0\n= value:text\n1@1 a\nend rows=1\n");
    refuses(S("[\"\xa4\xa4\"]"), "not UTF-8");
}

/* Line ends and tabs that stand in texts as they are: no JSON for others, and no reason to lose the table. */
static void raw_controls(void **state)
{
    (void)state;
    reads(S("[{\"a\":\"x\ny\",\"b\":1},\n{\"a\":\"z\",\"b\":2},\n{\"a\":\"\t\",\"b\":3}]"),
          "table  cols=2 header=1 notes=0\n= a:text | b:number\n1@1 x\ny | 1\n2@3 z | 2\n3@4 \t | 3\n"
          "! json_control row=1 col=1 count=2 x\ny\nend rows=3\n");
    reads(S("[[\"x\",\"n\"],[\"a\nb\",1],[\"c\",2]]"), "table  cols=2 header=1 notes=0\n= x:text | n:number\n1@2 a\nb | 1\n2@3 c | 2\n"
          "! json_control line=2 col=1 count=1 a\nb\nend rows=2\n");
    refuses(S("[{\"a\":\"x\ny\"},\n{\"b\":1},\n{\"b\" 1}]"), "line 4, column 6: a colon");
    refuses(S("{\"a\":\"x\n{\"a\":\"y\"}\n"), "line 1, column 8: a text holds a control character");      /* a record that was cut */
}

static void refusals(void **state)
{
    (void)state;
    refuses(S(""), "empty");
    refuses(S("[]"), "no records");
    refuses(S("[{\"a\":1},\n {\"a\":}]"), "line 2, column 7: a value is expected");
    refuses(S("[1,]"), "a value is expected");
    refuses(S("[01]"), "a comma or the end");
    refuses(S("{\"a\" 1}"), "a colon");
    refuses(S("[{\"a\":1},\n{\"a\":\"x\0y\"}]"), "line 2, column 8: a text holds a control character");
    refuses(S("[\"a"), "does not end");
    refuses(S("[{\"a\":1}"), "ends in the middle");
    ctx c = { .a = arena_new(4096) };
    buf deep = buf_in(c.a);
    for (int i = 0; i < 100000; i++)
        buf_byte(&deep, '[');
    refuses(buf_str(&deep), "nested more than 200");
    buf names = buf_in(c.a);
    buf_byte(&names, '{');
    for (int i = 0; i < 250000; i++)
        buf_fmt(&names, "%s\"k%d\":%d", i > 0 ? "," : "", i, i);
    buf_byte(&names, '}');
    refuses(buf_str(&names), "its names are data");
    arena_free(c.a);
}

/* Keys by the hundred thousand, as an index of records by their number has them. */
static void many_keys(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    buf b = buf_in(c.a);
    collected k;
    buf_byte(&b, '{');
    for (int i = 0; i < 300000; i++)
        buf_fmt(&b, "%s\"k%d\":{\"v\":%d}", i > 0 ? "," : "", i, i);
    buf_byte(&b, '}');
    assert_true(read_json(&c, buf_str(&b), &k, 1));
    assert_int_equal(k.rows, 300000);
    arena_free(c.a);
}

/* The conformance set says by the name of a file whether it must be read (y_), refused (n_), or may be either. One
 * that is only wrong in raw control characters is read here, and told. */
static void conformance(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    str dir = S("../shared/corpus/json-conformance/JSONTestSuite/test_parsing");
    str_list names = { 0 };
    if (!file_is_dir(&c, dir) || !file_list(&c, dir, &names))
        print_message("no files under %.*s: not tried\n", S_ARG(dir));
    list_each(str, name, &names) {
        ctx one = { .a = arena_new(4096) };
        collected k;
        str text;
        if (str_ends(*name, S(".json")) && file_read(&one, file_join(one.a, dir, *name), 1 << 20, &text)) {
            bool ok = read_json(&one, text, &k, 0) || str_has(one.err.message, S("has no records"));
            bool told = ok && str_has(buf_str(&k.out), S("! json_control"));
            if (name->p[0] == 'y' ? !ok : name->p[0] == 'n' && ok && !told)
                fail_msg("%.*s: %d %.*s", S_ARG(*name), ok, S_ARG(one.err.message));
        }
        arena_free(one.a);
    }
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes), cmocka_unit_test(encodings), cmocka_unit_test(raw_controls), cmocka_unit_test(refusals), cmocka_unit_test(many_keys),
        cmocka_unit_test(conformance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
