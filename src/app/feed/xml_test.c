/* Tests of xml: what a source may hold and XML may not. */
#include "app/feed/xml.h"

#include <setjmp.h>
#include <cmocka.h>

static void put(void **state)
{
    (void)state;
    arena *a = arena_new(1024);
    buf o = buf_in(a);
    xml_put(&o, S("<a href=\"x\">臺 & 台</a>"));
    assert_string_equal(str_z(a, buf_str(&o)), "&lt;a href=&quot;x&quot;&gt;臺 &amp; 台&lt;/a&gt;");
    buf bad = buf_in(a);
    xml_put(&bad, (str){ "a\0b\x01\x1b\xff\xef\xbf\xbe\tc\n", 12 });
    assert_string_equal(str_z(a, buf_str(&bad)), "ab\tc\n");
    buf e = buf_in(a);
    xml_element(&e, "title", S("]]>"));
    assert_string_equal(str_z(a, buf_str(&e)), "<title>]]&gt;</title>\n");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(put) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
