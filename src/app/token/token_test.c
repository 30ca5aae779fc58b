/* Tokens: what a secret opens, and until when; nothing of it stands in the record. On both engines. */
#include "support/datasets.h"

#include "app/organization/organization.h"
#include "app/token/token.h"

typedef struct { dataset_row rain, other; } world;

static world begin(test_site *t)
{
    ctx *c = &t->c;
    world w;
    int64_t rain, other;
    (void)test_add(c, "rain", "published", "open", &rain);
    (void)test_add(c, "other", "published", "open", &other);
    assert_ok(c, q_dataset_by_id(c, rain, &w.rain) && q_dataset_by_id(c, other, &w.other));
    return w;
}

static bool opens(ctx *c, str secret, const dataset_row *d)
{
    token_row t;
    bool ok = token_find(c, secret, &t) && token_covers(c, &t, d);
    if (!ok)
        assert_int_equal(c->err.code, ERR_FORBIDDEN);
    err_clear(c);
    return ok;
}

static void a_secret_opens_what_it_is_for(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    world w = begin(t);
    str secret, all, agency;
    int64_t id;
    assert_ok(c, token_new(c, &(token_wish){ .name = S("rain"), .scope_kind = S("dataset"), .scope_id = w.rain.id }, &id, &secret));
    assert_ok(c, token_new(c, &(token_wish){ .name = S("all"), .scope_kind = S("site") }, &id, &all));
    assert_ok(c, token_new(c, &(token_wish){ .name = S("agency"), .scope_kind = S("organization"), .scope_id = w.rain.organization_id }, &id, &agency));
    assert_int_equal(secret.n, 4 + 64);
    assert_true(opens(c, secret, &w.rain) && !opens(c, secret, &w.other));
    assert_true(opens(c, all, &w.rain) && opens(c, all, &w.other));
    assert_true(opens(c, agency, &w.rain));
    assert_false(opens(c, S(""), &w.rain) || opens(c, str_sub(secret, 0, secret.n - 1), &w.rain) || opens(c, str_cat(c->a, secret, S(" ")), &w.rain));
    dataset_row elsewhere = w.rain;
    elsewhere.organization_id = 0;
    assert_false(opens(c, agency, &elsewhere));
}

static void it_ends(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    world w = begin(t);
    str past, future, ended;
    int64_t id;
    assert_ok(c, token_new(c, &(token_wish){ .name = S("past"), .scope_kind = S("site"), .expires_at = day_now_ms() - 1 }, &id, &past));
    assert_ok(c, token_new(c, &(token_wish){ .name = S("future"), .scope_kind = S("site"), .expires_at = day_now_ms() + DAY_MS }, &id, &future));
    assert_ok(c, token_new(c, &(token_wish){ .name = S("ended"), .scope_kind = S("site") }, &id, &ended));
    assert_true(!opens(c, past, &w.rain) && opens(c, future, &w.rain) && opens(c, ended, &w.rain));
    assert_ok(c, token_end(c, id));
    assert_false(opens(c, ended, &w.rain));
    assert_false(token_end(c, id));
    assert_int_equal(c->err.code, ERR_NOT_FOUND);
    err_clear(c);
    assert_false(token_new(c, &(token_wish){ .name = S(""), .scope_kind = S("site") }, &id, &ended));
    assert_str(c->err.field, S("name"));
    err_clear(c);
}

static void the_record_keeps_no_secret(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    str secret;
    int64_t id;
    token_row_list l;
    ledger_row_list h;
    assert_ok(c, token_new(c, &(token_wish){ .name = S("rain"), .scope_kind = S("site") }, &id, &secret));
    assert_ok(c, q_token_list(c, &l) && q_ledger_of_subject(c, S("token"), id, 10, &h));
    assert_int_equal(l.n, 1);
    assert_int_equal(h.n, 1);
    assert_str(h.v[0].action, S("token.new"));
    assert_false(str_has(h.v[0].after_json, str_from(secret, 4)));
    assert_int_equal(l.v[0].ledger_seq, h.v[0].seq);
    assert_ok(c, token_end(c, id) && q_ledger_of_subject(c, S("token"), id, 10, &h));
    assert_int_equal(h.n, 2);
    assert_str(h.v[0].action, S("token.end"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(a_secret_opens_what_it_is_for), T(it_ends), T(the_record_keeps_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
