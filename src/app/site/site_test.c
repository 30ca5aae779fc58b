/* Tests of site: made once, opened again the same; migrations run once and in order, a newer record is refused; every
 * statement of the program is understood by the engine of the run. */
#include "support/support.h"

#include "app/ledger/ledger.h"
#include "queries.h"

static bool reopen(test_site *t)
{
    ctx *c = &t->c;
    site_detach(c);
    site_close(t->site);
    t->site = NULL;
    return site_open(c, &(site_options){ .data_dir = t->dir, .database = t->database, .must_exist = true }, &t->site);
}

static void opened_again_it_is_the_same(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    str id = str_dup(c->a, t->site->id);
    int64_t seq = 0, again = 0;
    assert_int_equal(id.n, 36);
    assert_ok(c, ledger_seq(c, &seq) && reopen(t) && ledger_seq(c, &again));
    assert_str(t->site->id, id);
    assert_int_equal(seq, again);
    assert_true(seq > 1); /* its birth and its targets are in the ledger */
    ledger_report chain;
    assert_ok(c, ledger_verify(c, &chain));
    assert_str(chain.problem, S(""));
}

static void a_site_that_must_exist(void **state)
{
    test_site *t = *state;
    ctx c = { .a = t->c.a };
    site *s;
    assert_false(site_open(&c, &(site_options){ .data_dir = S("/tmp/openshelf-nowhere"), .must_exist = true }, &s));
    assert_int_equal(c.err.code, ERR_NOT_FOUND);
    assert_null(c.db);
}

static void migrations_run_once_and_in_order(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    migration_list all, pending;
    int done;
    assert_ok(c, site_migrations(c, &all) && migrate_pending(c, &all, &pending));
    assert_true(all.n > 0 && pending.n == 0);
    int next = all.v[all.n - 1].version + 1;
    list_add(c->a, &all, (migration){ next, S("test.sql"), S("CREATE TABLE later (x BIGINT); INSERT INTO later VALUES (1)") });
    assert_ok(c, migrate_pending(c, &all, &pending));
    assert_int_equal(pending.n, 1);
    assert_ok(c, migrate_run(c, &all, &done));
    assert_int_equal(done, 1);
    assert_ok(c, migrate_run(c, &all, &done));
    assert_int_equal(done, 0);
}

static void a_migration_that_fails_leaves_nothing(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    migration_list all;
    int done;
    int64_t version = 0, after = 0;
    assert_ok(c, site_migrations(c, &all) && q_schema_version_newest(c, &version));
    list_add(c->a, &all, (migration){ (int)version + 1, S("bad.sql"), S("CREATE TABLE half (x BIGINT); CREATE TABLE half (x BIGINT)") });
    assert_false(migrate_run(c, &all, &done));
    assert_true(c->err.code != ERR_OK);
    err_clear(c);
    assert_ok(c, q_schema_version_newest(c, &after));
    assert_int_equal(after, version);
    assert_ok(c, db_script(c, S("CREATE TABLE half (y BIGINT)"))); /* the first statement is undone too */
}

static void a_newer_record_is_refused(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    int64_t version = 0;
    assert_ok(c, q_schema_version_newest(c, &version) && q_schema_version_add(c, version + 1, S("9999_future.sql"), 0));
    assert_false(reopen(t));
    assert_int_equal(c->err.code, ERR_CONFLICT);
    assert_true(str_has(c->err.message, S("newer program")));
    err_clear(c);
}

static void every_statement_is_understood(void **state)
{
    test_site *t = *state;
    assert_true(q_count > 50);
    for (size_t i = 0; i < q_count; i++) {
        str problem = test_statement_problem(t, q_all[i]);
        if (problem.n > 0)
            print_error("%s: %.*s\n", q_all[i]->name, S_ARG(problem));
        assert_str(problem, S(""));
        assert_int_equal(q_all[i]->id, i);
    }
}

#define ON_A_SITE(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_SITE(opened_again_it_is_the_same), ON_A_SITE(a_site_that_must_exist),
        ON_A_SITE(migrations_run_once_and_in_order), ON_A_SITE(a_migration_that_fails_leaves_nothing),
        ON_A_SITE(a_newer_record_is_refused), ON_A_SITE(every_statement_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
