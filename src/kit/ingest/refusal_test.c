/* Reasons are known again, whatever stands in them; what is none of them stays as it is. Without a catalogue the Chinese is
 * the English, so a reason that was taken apart wrongly would come back changed. */
#include "kit/ingest/refusal.h"
#include "kit/text/lang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* A catalogue of one sentence with another inside (the .mo form: magic, version, count, two tables of length and place). */
static void load_catalogue(ctx *c)
{
    static const char *const pairs[][2] = { { "an image holds no table", "圖片不含資料表" }, { "“{name}” holds no table: {why}", "「{name}」沒有資料表：{why}" } };
    buf b = buf_in(c->a), texts = buf_in(c->a);
    uint32_t head[7] = { 0x950412de, 0, 2, 28, 44, 0, 0 }, places[2][4];
    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < 2; i++) {
            places[side][i * 2] = (uint32_t)strlen(pairs[i][side]);
            places[side][i * 2 + 1] = (uint32_t)(60 + texts.n);
            buf_add(&texts, str_of(pairs[i][side]));
            buf_byte(&texts, 0);
        }
    buf_add(&b, (str){ (const char *)head, sizeof head });
    buf_add(&b, (str){ (const char *)places, sizeof places });
    buf_add(&b, buf_str(&texts));
    assert_true(lang_load(LANG_ZH_HANT, buf_str(&b)));
}

static void reasons(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096), .lang = LANG_ZH_HANT };
    load_catalogue(&c);
    static const char *const same[] = {
        "", "disk is away", "“a” in “b” is refused: it unpacks to more than 250 times its size, as in a zip bomb",
        "“x.xml” declares the entity “a” (line 3): documents with entities of their own are not read, since these can grow without end; publish it without them",
        "“a.json” is no JSON at line 7, column 7: a comma or the end of the list is expected",
    };
    for (size_t i = 0; i < array_len(same); i++)
        assert_string_equal(str_z(c.a, refusal_said(&c, str_of(same[i]))), same[i]);
    assert_string_equal(str_z(c.a, refusal_said(&c, S("“甲.zip” holds no table: “a {b}.png” holds no table: an image holds no table"))),
                        "「甲.zip」沒有資料表：「a {b}.png」沒有資料表：圖片不含資料表");
    c.lang = LANG_EN;
    assert_string_equal(str_z(c.a, refusal_said(&c, S("an image holds no table"))), "an image holds no table");
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(reasons) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
