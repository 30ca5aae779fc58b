/* Tests of log and err: no line can be forged, the first cause stands, long values are cut at characters. */
#include "base.h"

#include <setjmp.h>
#include <unistd.h>
#include <cmocka.h>

static char out[65536];

/* What log_write sends to standard error while `fn` runs. */
static str caught(void (*fn)(void))
{
    int fd[2], keep = dup(STDERR_FILENO);
    assert_int_equal(pipe(fd), 0);
    dup2(fd[1], STDERR_FILENO);
    close(fd[1]);
    fn();
    dup2(keep, STDERR_FILENO);
    close(keep);
    ssize_t n, at = 0;
    while ((n = read(fd[0], out + at, sizeof out - (size_t)at)) > 0)
        at += n;
    close(fd[0]);
    return (str){ out, (size_t)at };
}

static size_t line_feeds(str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

static void forged(void)
{
    log_line(LOG_INFO, "request", log_s("path", S("/a\" level=error msg=\"forged\nlevel=error\r\x1b[31m\x7f")),
             log_s("sep", S("\xe2\x80\xa8|\xe2\x80\xa9|\xc2\x85")), log_s("bad", S("\xff\xc3")),
             log_s("nul", ((str){ "a\0b", 3 })), log_i("n", INT64_MIN), log_i("zero", 0));
}

static void no_line_can_be_forged(void **state)
{
    (void)state;
    str s = caught(forged);
    assert_int_equal(line_feeds(s), 1);
    assert_true(str_ends(s, S("\n")) && str_starts(s, S("time=")));
    assert_true(str_has(s, S(" level=info msg=\"request\" path=\"/a\\\" level=error msg=\\\"forged?level=error??[31m?\"")));
    assert_true(str_has(s, S("sep=\"?|?|?\"")) && str_has(s, S("bad=\"??\"")) && str_has(s, S("nul=\"a?b\"")));
    assert_true(str_has(s, S("n=-9223372036854775808 zero=0\n")));
}

static void one_long(void)
{
    char big[6000];
    for (size_t i = 0; i + 3 <= sizeof big; i += 3)
        memcpy(big + i, "臺", 3);
    log_line(LOG_WARN, "long", log_s("v", ((str){ big, sizeof big })), log_s("after", S("x")));
}

static void long_values_are_cut_at_characters(void **state)
{
    (void)state;
    str s = caught(one_long);
    assert_true(s.n <= 2048 && line_feeds(s) == 1 && utf8_valid(s, NULL));
}

static void quiet(void)
{
    log_set_level(LOG_ERROR);
    log_line(LOG_WARN, "no", log_i("n", 1));
    log_line(LOG_ERROR, "yes", log_i("n", 2));
    log_set_level(LOG_INFO);
    log_line(LOG_DEBUG, "no", log_i("n", 3));
}

static void levels(void **state)
{
    (void)state;
    str s = caught(quiet);
    assert_int_equal(line_feeds(s), 1);
    assert_true(str_has(s, S("level=error msg=\"yes\" n=2")));
}

static void the_first_cause_stands(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(1024) };
    assert_false(fail_field(&c, INVALID, S("title"), "“%s” is empty", "title"));
    assert_false(err_set(&c, ERR_INTERNAL, "x.c", 1, "later")); /* what fail() calls: cmocka has a fail of its own */
    assert_int_equal(c.err.code, ERR_INVALID);
    assert_string_equal(str_z(c.a, c.err.message), "“title” is empty");
    assert_string_equal(str_z(c.a, c.err.field), "title");
    assert_true(c.err.line > 0 && str_ends(str_of(c.err.file), S("log_test.c")));
    err_detail(&c, "first %d", 1);
    err_detail(&c, "second");
    assert_string_equal(str_z(c.a, c.err.detail), "first 1");
    err_clear(&c);
    assert_int_equal(c.err.code, ERR_OK);
    arena_free(c.a);
}

static void codes_carry_status_and_exit(void **state)
{
    (void)state;
    for (err_code code = 0; code < ERR_COUNT; code++) {
        assert_in_range(err_http(code), 200, 599);
        assert_true((err_exit(code) >= 0 && err_exit(code) <= 9) || code == ERR_READER_GONE);      /* as what SIGPIPE ends */
        assert_true(err_name(code)[0] != 0 && err_text(code)[0] != 0);
    }
    assert_int_equal(err_http(ERR_NOT_FOUND), 404);
    assert_int_equal(err_exit(ERR_NOT_FOUND), 4);
    assert_int_equal(err_exit(ERR_FINDINGS), 1);
    assert_string_equal(err_name(ERR_RATE), "RATE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_can_be_forged), cmocka_unit_test(long_values_are_cut_at_characters),
        cmocka_unit_test(levels), cmocka_unit_test(the_first_cause_stands),
        cmocka_unit_test(codes_carry_status_and_exit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
