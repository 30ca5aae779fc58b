/* The chain: appended, verified, and each way of tampering found. */
#include "support/support.h"

#include "app/ledger/ledger.h"
#include "app/ledger/ledger_hash.h"

static void write_rows(ctx *c, int n)
{
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open);
    for (int i = 0; i < n; i++)
        assert_ok(c, change_record(c, &ch, &(ledger_entry){ .action = S("site.note"), .subject_kind = S("site"),
                                                            .subject_key = S("x"), .after = S("{\"n\":\"中文\"}") }));
    assert_ok(c, change_commit(c, &ch));
}

static ledger_report verified(ctx *c)
{
    ledger_report r;
    assert_ok(c, ledger_verify(c, &r));
    return r;
}

static void test_chain_holds(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    ledger_report before = verified(c);
    assert_str(before.problem, S(""));
    write_rows(c, 700); /* more than a pipeline holds */
    ledger_report r = verified(c);
    assert_str(r.problem, S(""));
    assert_int_equal(r.rows, before.rows + 700);
}

static void test_cancelled_change_leaves_nothing(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    int64_t before, after;
    assert_ok(c, ledger_seq(c, &before));
    {
        auto_change ch = change_begin(c);
        assert_ok(c, change_record(c, &ch, &(ledger_entry){ .action = S("site.note"), .subject_kind = S("site") }));
    }
    assert_ok(c, ledger_seq(c, &after));
    assert_int_equal(before, after);
    assert_str(verified(c).problem, S(""));
}

static void check_tampering(ctx *c, const char *sql, const char *part)
{
    write_rows(c, 5);
    assert_str(verified(c).problem, S(""));
    assert_ok(c, db_script(c, str_of(sql)));
    ledger_report r = verified(c);
    if (!str_has(r.problem, str_of(part)))
        fail_msg("after “%s” verify says “%.*s”", sql, S_ARG(r.problem));
}

static void test_changed_row(void **state)
{
    check_tampering(&((test_site *)*state)->c, "UPDATE ledger SET reason = 'x' WHERE seq = 4", "was changed");
}

static void test_missing_row(void **state)
{
    check_tampering(&((test_site *)*state)->c, "DELETE FROM ledger WHERE seq = 4", "missing or out of order");
}

static void test_missing_end(void **state)
{
    check_tampering(&((test_site *)*state)->c, "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)",
                    "rows at the end are missing");
}

static void test_reordered_rows(void **state)
{
    check_tampering(&((test_site *)*state)->c,
                    "UPDATE ledger SET seq = -1 WHERE seq = 3; UPDATE ledger SET seq = 3 WHERE seq = 4;"
                    "UPDATE ledger SET seq = 4 WHERE seq = -1",
                    "row 3");
}

static void test_ids_are_given_once(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    auto_change ch = change_begin(c);
    int64_t first, second;
    assert_ok(c, change_ids(c, &ch, "dataset", 10, &first));
    assert_ok(c, change_ids(c, &ch, "dataset", 1, &second));
    assert_int_equal(second, first + 10);
}

/* The worked example of docs/ledger.md. */
static void test_hash_example(void **state)
{
    (void)state;
    char hex[65];
    ledger_fields f = { .seq = 1, .at = 1700000000000, .actor = S("operator:cli"), .action = S("site.create"),
                        .subject_kind = S("site"), .subject_key = S("開架"), .before = S("{}"), .after = S("{}"),
                        .prev_hash = S(LEDGER_START) };
    ledger_hash(&f, hex);
    assert_str(str_of(hex), S("45daf8a1a2e79e5d40dabd9c5ef20a3837149b00dbae46f66ea78b72b505f135"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(test_chain_holds), T(test_cancelled_change_leaves_nothing), T(test_changed_row), T(test_missing_row),
        T(test_missing_end), T(test_reordered_rows), T(test_ids_are_given_once),
        cmocka_unit_test(test_hash_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
