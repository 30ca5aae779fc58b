/* Tests of targets: table 1 at the birth of a site, a revision is a row of the ledger, the same again is none (B8). */
#include "support/support.h"

#include "app/target/target.h"
#include "queries.h"

static bool set(ctx *c, int64_t least, str note, int64_t *rows)
{
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !target_set(c, &ch, S("A"), 2016, least, note))
        return false;
    *rows = ch.rows;
    return ch.rows == 0 || change_commit(c, &ch);
}

static void seeded_and_revised(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    target_row_list all;
    target_row t = { 0 };
    bool found = false;
    int64_t rows = -1;
    assert_ok(c, q_target_list(c, &all));
    assert_int_equal(all.n, 15);
    list_each (const target_row, r, &all)
        assert_true(r->least > 0 && r->ledger_seq > 0);
    assert_ok(c, q_target_get(c, S("A"), 2016, &t, &found));
    assert_true(found && t.least == 960);
    assert_ok(c, set(c, 960, t.note, &rows));
    assert_int_equal(rows, 0);
    assert_ok(c, set(c, 1000, S("revised"), &rows));
    assert_int_equal(rows, 1);
    int64_t before = t.ledger_seq;
    assert_ok(c, q_target_get(c, S("A"), 2016, &t, &found));
    assert_true(t.least == 1000 && t.ledger_seq > before);
    ledger_report chain;
    assert_ok(c, ledger_verify(c, &chain));
    assert_str(chain.problem, S(""));
    assert_false(str_eq(target_state_hash(c->a, S("A"), 2016, 960, S("")), target_state_hash(c->a, S("A"), 2016, 1000, S(""))));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(seeded_and_revised, test_site_setup, test_site_teardown) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
