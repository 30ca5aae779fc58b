#include <setjmp.h>
#include <stdarg.h>

#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

#include <cmocka.h>

static void quotes(arena *a, str plain, str wanted)
{
    buf b = buf_in(a);
    json_quote(&b, plain);
    assert_string_equal(str_z(a, buf_str(&b)), str_z(a, wanted));
}

static void texts_are_escaped(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    quotes(a, (str){ 0 }, S("\"\""));
    quotes(a, S("停車場 a/b"), S("\"停車場 a/b\""));
    quotes(a, S("\"\\"), S("\"\\\"\\\\\""));
    quotes(a, S("a\nb\rc\td"), S("\"a\\nb\\rc\\td\""));
    quotes(a, S("\x01"), S("\"\\u0001\""));
    quotes(a, S("\x1f\x7f"), S("\"\\u001f\\u007f\""));
    quotes(a, (str){ "a\0b", 3 }, S("\"a\\u0000b\""));
    arena_free(a);
}

/* What is no UTF-8 becomes U+FFFD, byte by byte; the rest stays. */
static void broken_texts_are_mended(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    quotes(a, S("x\xffy"), S("\"x\xef\xbf\xbdy\""));
    quotes(a, S("\xe5\x81"), S("\"\xef\xbf\xbd\xef\xbf\xbd\""));
    quotes(a, S("\xed\xa0\x80"), S("\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""));
    arena_free(a);
}

/* Every byte, alone and amid others, comes back from a strict reader as it was (or as U+FFFD). */
static void every_byte_is_read_back(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    ctx c = { .a = a };
    for (int i = 0; i < 256; i++) {
        char text[] = { 'a', (char)i, 'b' };
        buf b = buf_in(a);
        json_w j = json_to(&b);
        json v;
        json_obj(&j);
        json_kv(&j, "k", ((str){ text, 3 }));
        json_end(&j);
        assert_true(json_parse(&c, buf_str(&b), &v));
        str back = json_get_text(&c, &v, "k");
        str wanted = i < 0x80 ? (str){ text, 3 } : S("a\xef\xbf\xbd" "b");
        assert_true(str_eq(back, wanted));
    }
    arena_free(a);
}

static void lines_for_people(void **state)
{
    arena *a = arena_new(4096);
    (void)state;
    str said = S("{\"title\":\"a, b: {c}\",\"fields\":[{\"name\":\"x\",\"constraints\":{\"enum\":[\"\\\"]\",1]}},{\"name\":\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"}],\"none\":[],\"o\":{}}");
    str lines = json_pretty(a, said);
    const char *want = "{\n  \"title\": \"a, b: {c}\",\n  \"fields\": [\n    {\"name\": \"x\", \"constraints\": {\"enum\": [\"\\\"]\", 1]}},\n"
                       "    {\"name\": \"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"}\n  ],\n  \"none\": [],\n  \"o\": {}\n}";
    if (!str_eq(lines, str_of(want)))
        fail_msg("%.*s", S_ARG(lines));
    static const char *const as_they_are[] = { "", "1", "\"a\"", "[]", "{\"a\": 1}", "\"open", "{\"a" };
    for (size_t i = 0; i < array_len(as_they_are); i++)
        assert_true(str_eq(json_pretty(a, i == 4 ? S("{\"a\":1}") : str_of(as_they_are[i])), str_of(as_they_are[i])));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(broken_texts_are_mended),
        cmocka_unit_test(every_byte_is_read_back),
        cmocka_unit_test(lines_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
