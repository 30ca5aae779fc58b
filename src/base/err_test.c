/* Tests of err: the first cause stands, what is told is UTF-8 and bounded, the detail is kept whenever it comes. */
#include <setjmp.h>
#include "base.h"

#undef fail /* cmocka has a macro of the same name */
#include <cmocka.h>

static ctx c;

static int set_up(void **state)
{
    (void)state;
    c = (ctx){ .a = arena_new(1024) };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(c.a);
    return 0;
}

static void the_first_cause_stands(void **state)
{
    (void)state;
    assert_false(err_set_field(&c, ERR_INVALID, S("title"), "a.c", 7, "the %s", "title"));
    assert_false(err_set(&c, ERR_DB, "b.c", 8, "later"));
    assert_true(c.err.code == ERR_INVALID && c.err.line == 7 && str_eq(c.err.field, S("title")));
    assert_true(str_eq(c.err.message, S("the title")));
    err_clear(&c);
    assert_true(c.err.code == ERR_OK && c.err.message.n == 0);
}

static void the_detail_is_kept_before_and_after(void **state)
{
    (void)state;
    err_detail(&c, "code %d", 5);
    (void)err_set(&c, ERR_DB, "a.c", 1, "failed");
    err_detail(&c, "another");
    assert_true(str_eq(c.err.detail, S("code 5")) && str_eq(c.err.message, S("failed")));
    err_clear(&c);
    (void)err_set(&c, ERR_DB, "a.c", 1, "failed");
    err_detail(&c, "after");
    assert_true(str_eq(c.err.detail, S("after")));
}

static void what_is_told_can_be_shown(void **state)
{
    (void)state;
    (void)err_set_field(&c, ERR_INVALID, S("a\xff"), "a.c", 1, "byte “%s”", "\xe5\x85");
    assert_true(utf8_valid(c.err.message, NULL) && utf8_valid(c.err.field, NULL));
    err_clear(&c);
    char *long_text = arena_get(c.a, 20001);
    memset(long_text, 'x', 20000);
    (void)err_set(&c, ERR_INVALID, "a.c", 1, "公%s", long_text);
    assert_true(c.err.message.n > 1000 && c.err.message.n <= 4096 && utf8_valid(c.err.message, NULL));
}

static void a_sentence_keeps_its_values_for_the_translator(void **state)
{
    (void)state;
    assert_false(fail_said(&c, NOT_FOUND, S("id"), "no {thing} “{id}”, {other}", { "id", S("a\xff") }, { "thing", S("x{id}") }));
    assert_true(str_eq(c.err.message, S("no x{id} “a\xef\xbf\xbd”, {other}")) && str_eq(c.err.field, S("id")));
    assert_true(c.err.arg_count == 2);
    str turned = str_fill(c.a, S("{id} {thing} {"), c.err.args, c.err.arg_count);
    assert_true(str_eq(turned, S("a\xef\xbf\xbd x{id} {")));
    assert_false(fail_said(&c, INVALID, S(""), "another"));
    assert_true(c.err.code == ERR_NOT_FOUND && c.err.arg_count == 2);
    err_clear(&c);
    assert_false(fail_said(&c, INVALID, S(""), "without values"));
    assert_true(str_eq(c.err.message, S("without values")) && c.err.arg_count == 0);
}

static void every_code_has_its_answers(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) {
        assert_true(err_name((err_code)i)[0] != 0);
        if (i > ERR_FINDINGS) /* what went wrong altogether */
            assert_true(err_http((err_code)i) >= 400 && err_exit((err_code)i) > 0 && err_text((err_code)i)[0] != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_cause_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_detail_is_kept_before_and_after, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_told_can_be_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_sentence_keeps_its_values_for_the_translator, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_code_has_its_answers, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
