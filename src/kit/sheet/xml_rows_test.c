#include "kit/sheet/xml_rows.h"
#include "kit/table/collect_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static bool read_xml(ctx *c, str text, collected *k, uint64_t shown)
{
    auto_fd fd = collect_file(text);
    source s;
    table_sink sink = collect_into(k, c->a, shown);
    assert_true(source_open(c, fd, S("t.xml"), &s));
    return xml_rows_read(c, &s, &(reader_options){ .scratch = -1 }, &sink);
}

static void reads(str text, const char *expected)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    if (!read_xml(&c, text, &k, 100))
        fail_msg("%.*s", S_ARG(c.err.message));
    assert_string_equal(str_z(c.a, buf_str(&k.out)), expected);
    arena_free(c.a);
}

static void shapes(void **state)
{
    (void)state;
    reads(S("<lvr><買賣><區>中正</區><價>1</價></買賣><買賣><區>大同</區><價/></買賣></lvr>"),
          "table lvr.買賣 cols=2 header=1 notes=0\n= 區 | 價\n1@1 中正 | 1\n2@1 大同 | \nend rows=2\n");
    reads(S("<a:r xmlns:a='u'><head><v>1</v></head><list><s id='1' name='x'><p><la>2</la></p></s><s id='2'><name>y</name><p><la>3</la></p></s></list></a:r>"),
          "table r.list.s cols=4 header=1 notes=0\n= id | @name | p.la | name\n1@1 1 | x | 2 | ∅\n2@1 2 | ∅ | 3 | y\nend rows=2\n");
    reads(S("<r><i><t>a</t><t>b\"</t><k>1</k></i><i><t>c</t></i></r>"),
          "table r.i cols=2 header=1 notes=0\n= t | k\n1@1 [\"a\",\"b\\\"\"] | 1\n2@1 [\"c\"] | ∅\nend rows=2\n");
    reads(S("<r><row><x>1</x><y>2</y></row></r>"), "table r.row cols=2 header=1 notes=0\n= x | y\n1@1 1 | 2\nend rows=1\n");
    reads(S("<r><s>a</s><s>b</s></r>"), "table r.s cols=1 header=1 notes=0\n= value\n1@1 a\n2@1 b\nend rows=2\n");
}

static void bombs(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    collected k;
    str laughs = S("<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;'>]><l>&c;</l>");
    assert_false(read_xml(&c, laughs, &k, 1));
    assert_int_equal(c.err.code, ERR_INVALID);
    assert_true(str_has(c.err.message, S("declares the entity “a”")));
    err_clear(&c);
    buf deep = buf_in(c.a);
    for (int i = 0; i < 1000; i++)
        buf_add(&deep, S("<a>"));
    assert_false(read_xml(&c, buf_str(&deep), &k, 1));
    assert_true(str_has(c.err.message, S("more than 200 deep")));
    err_clear(&c);
    assert_false(read_xml(&c, S(""), &k, 1));
    assert_true(str_has(c.err.message, S("no element found")));
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(shapes), cmocka_unit_test(bombs) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
