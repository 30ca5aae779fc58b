/* Tests of html: what is put is escaped for its place, addresses that could run are none, found words are marked. */
#include "support/support.h"

#include "kit/text/html.h"

static arena *a;

static int set_up(void **state)
{
    (void)state;
    a = arena_new(4096);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static str address(str url)
{
    buf b = buf_in(a);
    html_url(&b, url);
    return buf_str(&b);
}

static void escaped_for_their_place(void **state)
{
    (void)state;
    buf t = buf_in(a), v = buf_in(a);
    html_put(&t, S("<b>&\"'公\x01\x7f\t\n"));
    assert_str(buf_str(&t), S("&lt;b&gt;&amp;\"'公\x7f\t\n"));
    html_attr(&v, S("<b>&\"'公"));
    assert_str(buf_str(&v), S("&lt;b&gt;&amp;&quot;&#39;公"));
    buf n = buf_in(a);
    html_put(&n, -7);
    html_put(&n, (size_t)8);
    html_put(&n, (html){ S("<i>") });
    html_put(&n, (const char *)"<");
    assert_str(buf_str(&n), S("-78<i>&lt;"));
}

static void only_harmless_addresses(void **state)
{
    (void)state;
    static const str good[] = { S_INIT("https://a.example/x"), S_INIT("HTTP://a"), S_INIT("mailto:a@b"), S_INIT("tel:1"),
                                S_INIT("/datasets"), S_INIT("?page=2"), S_INIT("#top"), S_INIT("/"), S_INIT("") };
    static const str bad[] = { S_INIT("javascript:alert(1)"), S_INIT("JAVASCRIPT:x"), S_INIT("java\tscript:x"),
                               S_INIT(" javascript:x"), S_INIT("data:text/html,x"), S_INIT("//evil.example"),
                               S_INIT("/\\evil.example"), S_INIT("\nhttps://a"), S_INIT("vbscript:x"), S_INIT("x") };
    for (size_t i = 0; i < array_len(good); i++)
        assert_str(address(good[i]), good[i]);
    for (size_t i = 0; i < array_len(bad); i++)
        assert_str(address(bad[i]), S("#"));
    assert_str(address(S("/?a=1&b=\"2\"")), S("/?a=1&amp;b=&quot;2&quot;"));
}

static void lines_links_and_marks(void **state)
{
    (void)state;
    assert_str(html_lines(a, S("a<\r\nb\n")).s, S("a&lt;<br>b<br>"));
    assert_str(html_link_text(a, S("見 https://a.example/?x=1&y=2。 <x>")).s,
               S("見 <a rel=\"nofollow noopener\" href=\"https://a.example/?x=1&amp;y=2\">https://a.example/?x=1&amp;y=2</a>。 &lt;x&gt;"));
    assert_str(html_link_text(a, S("(http://a.example/b).")).s,
               S("(<a rel=\"nofollow noopener\" href=\"http://a.example/b\">http://a.example/b</a>)."));
    str words[] = { S("公車"), S("公車站"), S("bus") };
    str_list l = { words, 3, 3 };
    assert_str(html_mark(a, S("公車站牌 <BUS>"), &l).s, S("<mark>公車站</mark>牌 &lt;<mark>BUS</mark>&gt;"));
    assert_str(html_mark(a, S("a&b"), NULL).s, S("a&amp;b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(escaped_for_their_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_harmless_addresses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_links_and_marks, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
