#include <setjmp.h>
#include <stdarg.h>

#include "kit/text/charset.h"

#include <cmocka.h>
#include <iconv.h>

#define CORPUS "../shared/corpus/encodings/"

static charset_choice decide(ctx *c, str bytes)
{
    source s = source_memory(bytes, S("test"));
    charset_choice out;
    assert_true(charset_decide(c, &s, (str){ 0 }, &out));
    return out;
}

static void assert_is(str bytes, const char *name, charset_rule rule)
{
    ctx c = { .a = arena_new(0) };
    charset_choice got = decide(&c, bytes);
    assert_string_equal(got.name, name);
    assert_string_equal(charset_rule_name(got.rule), charset_rule_name(rule));
    arena_free(c.a);
}

static void each_rule_has_its_turn(void **state)
{
    (void)state;
    assert_is(S("\xef\xbb\xbf" "a,b"), "UTF-8", CHARSET_BOM);
    assert_is(S("\xff\xfe" "a\0"), "UTF-16LE", CHARSET_BOM);
    assert_is(S("\xfe\xff\0a"), "UTF-16BE", CHARSET_BOM);
    assert_is(S("\xff\xfe\0\0a\0\0\0"), "UTF-32LE", CHARSET_BOM);
    assert_is(S("a\0,\0b\0\n\0" "1\0,\0" "2\0\n\0"), "UTF-16LE", CHARSET_ZEROS);
    assert_is(S("\x1b$B$\"\x1b(B"), "ISO-2022-JP", CHARSET_ESCAPES);
    assert_is(S("a,b\n"), "UTF-8", CHARSET_ASCII);
    assert_is(S("姓名,地址\n"), "UTF-8", CHARSET_VALID);
    assert_is(S("中文中文中文中文中文中文中文中文中文中文中文中文\xff"), "UTF-8", CHARSET_MOSTLY);
    assert_is(S("\xa9\x6d\xa6\x57,\xa6\x61\xa7\x7d\n"), "CP950", CHARSET_COMMON);
    assert_is(S("\xd0\xd5\xc3\xfb,\xb5\xd8\xd6\xb7,\xd6\xd0\xb9\xfa,\xb5\xc4\xca\xc7\xb2\xbb\xd2\xbb\xd4\xda\xc8\xcb\n"), "GB18030", CHARSET_COMMON);
    assert_is(S("caf\xe9,na\xefve\n"), "WINDOWS-1252", CHARSET_LAST);
}

static void what_is_declared_wins(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(0) };
    source s = source_memory(S("\xa9\x6d\xa6\x57"), S("test"));
    charset_choice out;
    assert_true(charset_decide(&c, &s, S("Big-5"), &out));
    assert_string_equal(out.name, "CP950");
    assert_int_equal(out.rule, CHARSET_DECLARED);
    assert_true(charset_decide(&c, &s, S("utf_8"), &out));
    assert_true(strcmp(out.name, "UTF-8") == 0 && !out.plain);
    assert_false(charset_decide(&c, &s, S("klingon"), &out));
    assert_int_equal(c.err.code, ERR_INVALID);
    arena_free(c.a);
}

/* Every pair of bytes: where the library has a character, ours is the same but for the ranges that tools/cp950.py names. */
static void cp950_is_that_of_everyone(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(1 << 16) };
    charset_decoder *d;
    assert_true(charset_open(&c, "CP950", &d));
    iconv_t h = iconv_open("UTF-8", "BIG5");
    size_t same = 0, other = 0, is_private = 0;
    for (unsigned lead = 0x81; lead <= 0xfe; lead++)
        for (unsigned trail = 0x40; trail <= 0xfe; trail++) {
            char raw[2] = { (char)lead, (char)trail }, ours[CHARSET_ROOM(2)], theirs[8], *in = raw, *to = theirs;
            size_t used, made, events, left = 2, room = sizeof theirs;
            assert_true(charset_decode(&c, d, (str){ raw, 2 }, true, ours, sizeof ours, &used, &made));
            const charset_event *e = charset_events(d, &events);
            assert_int_equal(used, 2);
            assert_true(utf8_valid((str){ ours, made }, NULL));
            is_private += events > 0 && e[0].is_private;
            if (iconv(h, &in, &left, &to, &room) == (size_t)-1 || (lead >= 0xc6 && lead <= 0xc8))
                continue;
            bool equal = str_eq((str){ ours, made }, (str){ theirs, (size_t)(to - theirs) });
            same += equal;
            other += !equal;
        }
    iconv_close(h);
    charset_close(d);
    assert_true(same > 13300);
    assert_true(other < 20);            /* the dozen signs in which Microsoft and the standard differ */
    assert_true(is_private > 5800);
    arena_free(c.a);
}

static void pieces_of_any_size_give_one_text(void **state)
{
    (void)state;
    static const char *const names[] = { "CP950", "UTF-8", "UTF-16LE", "GB18030", "CP932" };
    str raw = S("\xa9\x6d\xa6\x57,abcdefghijklmnop\xff\xa6\x61\xfa\x40\xa7\x7d\n\xe4\xb8\xad\xe4\xb8,\x81\x30\x81\x30x\xa4");
    ctx c = { .a = arena_new(1 << 16) };
    for (size_t i = 0; i < array_len(names); i++) {
        str first = { 0 };
        for (size_t step = raw.n; step >= 8; step--) {
            charset_decoder *d;
            assert_true(charset_open(&c, names[i], &d));
            buf b = buf_in(c.a);
            size_t used, made, at = 0;
            char to[CHARSET_ROOM(64)];
            while (at < raw.n) {
                str part = str_sub(raw, at, at + step);
                assert_true(charset_decode(&c, d, part, at + part.n == raw.n, to, sizeof to, &used, &made) && used > 0);
                buf_add(&b, (str){ to, made });
                at += used;
            }
            charset_close(d);
            first = step == raw.n ? buf_str(&b) : first;
            assert_true(str_eq(first, buf_str(&b)));
        }
    }
    arena_free(c.a);
}

/* The folder says which encoding a text is in; some have several names, and some of the corpus is ASCII or too short to tell. */
static bool may_be(str folder, const char *name)
{
    static const char *const alike[][4] = {
        { "Big5", "CP950" }, { "EUC-KR", "CP949" }, { "CP949", "CP949" }, { "GB2312", "GB18030" }, { "SHIFT_JIS", "CP932" },
        { "CP932", "CP932" }, { "EUC-JP", "EUC-JP" }, { "utf-8", "UTF-8" }, { "KOI8-R", "KOI8-R" },
        { "windows-1251-russian", "WINDOWS-1251" }, { "iso-8859-1", "WINDOWS-1252", "ISO-8859-15" }, { "windows-1252", "WINDOWS-1252" },
        { "UTF-16LE", "UTF-16LE" }, { "UTF-16BE", "UTF-16BE" }, { "UTF-32LE", "UTF-32LE" }, { "UTF-32BE", "UTF-32BE" },
    };
    for (size_t i = 0; i < array_len(alike); i++)
        for (size_t j = 1; str_eq(folder, str_of(alike[i][0])) && j < 4 && alike[i][j] != NULL; j++)
            if (strcmp(alike[i][j], name) == 0)
                return true;
    return false;
}

static void real_texts_are_recognised(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(1 << 16) };
    str root = S(CORPUS "chardet");
    if (!file_is_dir(&c, root)) {
        print_message("no ../shared/corpus: skipped\n");
        arena_free(c.a);
        skip();
    }
    str_list folders = { 0 };
    size_t right = 0, all = 0;
    assert_true(file_list(&c, root, &folders));
    list_each(str, folder, &folders) {
        str_list files = { 0 };
        str dir = file_join(c.a, root, *folder), bytes;
        assert_true(file_list(&c, dir, &files));
        list_each(str, f, &files) {
            assert_true(file_read(&c, file_join(c.a, dir, *f), (size_t)8 << 20, &bytes));
            charset_choice got = decide(&c, bytes);
            bool ok = may_be(*folder, got.name);
            if (!ok)
                print_message("%.*s/%.*s: %s by %s\n", S_ARG(*folder), S_ARG(*f), got.name, charset_rule_name(got.rule));
            right += ok;
            all++;
        }
    }
    print_message("%zu of %zu texts\n", right, all);
    assert_true(all >= 70);
    assert_true(right + 1 >= all);      /* Johab alone is not known */
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_has_its_turn),           cmocka_unit_test(what_is_declared_wins),
        cmocka_unit_test(cp950_is_that_of_everyone),        cmocka_unit_test(pieces_of_any_size_give_one_text),
        cmocka_unit_test(real_texts_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
