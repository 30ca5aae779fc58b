/* Tests of conf: the default, the file, the environment, the flag, each over the one before; what is refused and where. */
#include "support/support.h"

#include <stdlib.h>

#include "kit/conf/conf.h"

static void later_sources_win(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    conf k;
    assert_ok(c, file_write(c, file_join(c->a, t->dir, S("openshelf.conf")),
                            S("# a comment\n\n title = 開架 = 好 \r\nworkers=3\naccess_log = no\nrate_per_second=0.5\n")));
    assert_ok(c, conf_load(c, t->dir, &k));
    assert_str(conf_text(&k, CONF_title), S("開架 = 好"));
    assert_true(conf_int(&k, CONF_workers) == 3 && !conf_bool(&k, CONF_access_log) && conf_real(&k, CONF_rate_per_second) == 0.5);
    assert_int_equal(k.from[CONF_workers], CONF_FROM_FILE);
    assert_int_equal(k.from[CONF_queue], CONF_FROM_DEFAULT);
    setenv("OPENSHELF_WORKERS", "5", 1);
    bool ok = conf_load(c, t->dir, &k);
    unsetenv("OPENSHELF_WORKERS");
    assert_ok(c, ok);
    assert_int_equal(conf_int(&k, CONF_workers), 5);
    assert_int_equal(k.from[CONF_workers], CONF_FROM_ENVIRONMENT);
    assert_ok(c, conf_set(c, &k, S("workers"), S("7"), CONF_FROM_FLAG));
    assert_int_equal(conf_int(&k, CONF_workers), 7);
    assert_string_equal(conf_source_name(k.from[CONF_workers]), "flag");
}

static void every_default_is_valid(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    conf k;
    assert_ok(c, conf_load(c, S("/nowhere"), &k));
    for (int i = 0; i < CONF_COUNT; i++) {
        assert_ok(c, conf_set(c, &k, str_of(conf_name((conf_key)i)), k.value[i], CONF_FROM_FLAG));
        assert_true(conf_what((conf_key)i)[0] != 0);
    }
}

static void refused_with_the_setting(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    static const char *const bad[][2] = {
        { "nothing", "1" }, { "workers", "" }, { "workers", "-1" }, { "workers", "1.5" }, { "workers", "99999999999999999999" },
        { "rate_per_second", "nan" }, { "rate_per_second", "-1" }, { "rate_per_second", "1e999" }, { "access_log", "perhaps" },
    };
    conf k;
    assert_ok(c, conf_load(c, S("/nowhere"), &k));
    for (size_t i = 0; i < array_len(bad); i++) {
        assert_false(conf_set(c, &k, str_of(bad[i][0]), str_of(bad[i][1]), CONF_FROM_FLAG));
        assert_int_equal(c->err.code, ERR_INVALID);
        assert_str(c->err.field, str_of(bad[i][0]));
        err_clear(c);
    }
    assert_ok(c, file_write(c, file_join(c->a, t->dir, S("openshelf.conf")), S("title = x\nworkers\n")));
    assert_false(conf_load(c, t->dir, &k));
    assert_true(str_has(c->err.message, S("line 2")));
    err_clear(c);
    assert_ok(c, file_write(c, file_join(c->a, t->dir, S("openshelf.conf")), S("title = x\n\nworkers = many\n")));
    assert_false(conf_load(c, t->dir, &k));
    assert_true(str_has(c->err.message, S("workers")) && str_has(c->err.message, S("line 3")));
    err_clear(c);
}

#define IN_A_FOLDER(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = { IN_A_FOLDER(later_sources_win), IN_A_FOLDER(every_default_is_valid),
                                        IN_A_FOLDER(refused_with_the_setting) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
