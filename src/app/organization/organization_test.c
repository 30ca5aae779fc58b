/* Tests of organisations: found by code, OID or folded name, completed from the graded list, under their parents, each
 * change in the ledger; what cannot be stored is refused, in a trial run as well (A1, B8). */
#include "support/support.h"

#include "app/organization/organization.h"
#include "queries.h"

static int64_t store(ctx *c, const organization_draft *d)
{
    int64_t id = 0;
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open && organization_store(c, &ch, d, &id));
    if (ch.rows > 0)
        assert_ok(c, change_commit(c, &ch));
    return id;
}

static organization_row row_of(ctx *c, int64_t id)
{
    organization_row o = { 0 };
    assert_ok(c, q_organization_by_id(c, id, &o));
    return o;
}

static void found_again(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    int64_t id = store(c, &(organization_draft){ .name = S("臺北市 某某局"), .code = S("A1"), .oid = S("2.16.1") });
    int64_t seq = 0, after = 0;
    assert_ok(c, ledger_seq(c, &seq));
    assert_int_equal(store(c, &(organization_draft){ .name = S("台北市某某局") }), id);
    assert_int_equal(store(c, &(organization_draft){ .code = S("A1") }), id);
    assert_int_equal(store(c, &(organization_draft){ .name = S("改名的局"), .oid = S("2.16.1") }), id);
    assert_ok(c, ledger_seq(c, &after));
    assert_int_equal(after, seq); /* nothing new was said */
    assert_int_equal(store(c, &(organization_draft){ .code = S("A1"), .name_en = S("Bureau") }), id);
    organization_row o = row_of(c, id);
    assert_str(o.name, S("臺北市 某某局"));
    assert_str(o.name_en, S("Bureau"));
    assert_str(o.kind, S("local"));
    assert_int_equal(store(c, &(organization_draft){ .code = S("A1"), .name_en = S("Other") }), id);
    assert_str(row_of(c, id).name_en, S("Bureau")); /* what is known is not overwritten */
}

static void graded_agencies_are_completed(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    organization_row o = row_of(c, store(c, &(organization_draft){ .name = S("交通部") }));
    assert_str(o.code, S("315000000H"));
    assert_str(o.grade, S("A"));
    assert_str(o.slug, S("315000000h"));
}

static void the_tree(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    int64_t early = store(c, &(organization_draft){ .name = S("臺中市政府警察局") });
    int64_t city = store(c, &(organization_draft){ .name = S("臺中市政府") });
    int64_t late = store(c, &(organization_draft){ .name = S("臺中市政府消防局") });
    assert_int_equal(row_of(c, early).parent_id, city);
    assert_int_equal(row_of(c, late).parent_id, city);
    organization_row o = row_of(c, store(c, &(organization_draft){ .name = S("甲所"), .parent_name = S("乙部") }));
    assert_str(row_of(c, o.parent_id).name, S("乙部"));
    o = row_of(c, store(c, &(organization_draft){ .name = S("丙"), .parent_name = S("丙") }));
    assert_int_equal(o.parent_id, 0);
}

static void refused_alike_in_a_trial(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    char long_name[801];
    memset(long_name, 'x', sizeof long_name);
    const organization_draft bad[] = {
        { .code = S("unknown") }, { .name = S("a\0b") }, { .name = S("a\nb") }, { .name = S("a\xff") },
        { .name = S("a"), .oid = S("\x01") }, { .name = { long_name, sizeof long_name } },
    };
    for (size_t i = 0; i < array_len(bad); i++) {
        organization_cache *k;
        int64_t id;
        assert_ok(c, organization_cache_new(c, c->a, &k));
        assert_false(organization_would(c, k, &bad[i], &id));
        assert_int_equal(c->err.code, ERR_INVALID);
        assert_str(c->err.field, S("publisher"));
        err_clear(c);
        auto_change ch = change_begin(c);
        assert_true(ch.tx.open);
        assert_false(organization_cached(c, &ch, k, &bad[i], &id));
        assert_int_equal(c->err.code, ERR_INVALID);
        err_clear(c);
    }
    organization_cache *k;
    int64_t first, second;
    assert_ok(c, organization_cache_new(c, c->a, &k));
    assert_ok(c, organization_would(c, k, &(organization_draft){ .name = S("新機關"), .code = S("N1") }, &first));
    assert_ok(c, organization_would(c, k, &(organization_draft){ .code = S("N1") }, &second));
    assert_true(first == 0 && second != 0);
}

#define ON_A_SITE(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = { ON_A_SITE(found_again), ON_A_SITE(graded_agencies_are_completed), ON_A_SITE(the_tree),
                                        ON_A_SITE(refused_alike_in_a_trial) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
