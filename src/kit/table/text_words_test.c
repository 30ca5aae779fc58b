/* Texts as two words, and numbers read from them: as the plain ways say. */
#include "kit/table/number_text.h"

#include <setjmp.h>
#undef fail
#include <cmocka.h>

static uint64_t draw(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Of every length, with room behind it and at the very end of what may be read. */
static void words_are_bytes(void **state)
{
    (void)state;
    char memory[48];
    for (size_t i = 0; i < sizeof memory; i++)
        memory[i] = (char)(i * 7 + 1);
    for (size_t n = 0; n <= TEXT_WORDS_MAX; n++)
        for (size_t at = 0; at + n <= sizeof memory; at++) {
            char *own = mem_get(sizeof memory);     /* a wrong read is seen by the sanitizer */
            memcpy(own, memory, sizeof memory);
            unsigned char expected[16] = { 0 };
            memcpy(expected, memory + at, n);
            str s = { own + at, n };
            text_words near = text_words_of(s, text_room_of((str){ own, sizeof memory })), far = text_words_of(s, (text_room){ 0 });
            assert_memory_equal(&near, expected, 16);
            assert_memory_equal(&far, expected, 16);
            mem_free(own);
        }
    str *absent = mem_get(sizeof *absent);
    text_words none = text_words_of(*absent, text_room_of((str){ memory, sizeof memory }));
    assert_true(none.a == 0 && none.b == 0);
    mem_free(absent);
}

static void same_number(str s)
{
    number_text quick, plain;
    text_words w = text_words_of(s, (text_room){ 0 });
    if (!number_read_words(w, s.n, &quick))
        return;
    if (!number_read(s, &plain))
        fail_msg("“%.*s” is no number", S_ARG(s));
    if (quick.mantissa != plain.mantissa || quick.decimals != plain.decimals || quick.style != plain.style || quick.digits != plain.digits
        || quick.zero_led || plain.zero_led || !quick.exact || !plain.exact)
        fail_msg("“%.*s” is read as another number", S_ARG(s));
}

static void numbers_are_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "0", "7", "00", "07", "0.5", ".5", "5.", ".", "1.2.3", "12345678", "123456789", "1234567890123456",
                                         "1234567.8", "12345678.9", "123456789.1", "99999999999999.9", "0.00000000000001", "-1", "1-2", "12 3",
                                         "1234567890123.45", "00.5", "1,234", "12345678x", "1234567812345678", "12345678.12345678" };
    uint64_t seed = UINT64_C(88172645463325252);
    for (size_t i = 0; i < array_len(texts); i++)
        if (strlen(texts[i]) <= TEXT_WORDS_MAX)
            same_number(str_of(texts[i]));
    for (int i = 0; i < 1000000; i++) {
        char room[TEXT_WORDS_MAX];
        size_t n = draw(&seed) % TEXT_WORDS_MAX + 1, point = draw(&seed) % 24;
        for (size_t k = 0; k < n; k++)
            room[k] = k == point ? '.' : draw(&seed) % 200 == 0 ? (char)draw(&seed) : (char)('0' + draw(&seed) % 10);
        same_number((str){ room, n });
    }
}

/* What the quick way is for, it takes. */
static void usual_numbers_are_quick(void **state)
{
    (void)state;
    static const char *const texts[] = { "0", "1234", "12345678", "123456789", "1234567890123456", "0.5", "121.123456", "1234567.8", "12345678.5" };
    number_text n;
    for (size_t i = 0; i < array_len(texts); i++) {
        str s = str_of(texts[i]);
        assert_true(number_read_words(text_words_of(s, (text_room){ 0 }), s.n, &n));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_bytes),
        cmocka_unit_test(numbers_are_the_same),
        cmocka_unit_test(usual_numbers_are_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
