/* The whole of who may see and do what, written out a second time (C8). */
#include "support/support.h"

#include "app/policy/policy.h"

static void sight(void **state)
{
    (void)state;
    static const policy_sight visitor[STATE_COUNT][CLASS_COUNT] = {
        [STATE_DRAFT] = { SEE_NOTHING, SEE_NOTHING, SEE_NOTHING },
        [STATE_PUBLISHED] = { SEE_ALL, SEE_ALL, SEE_NOTHING },
        [STATE_WITHDRAWN] = { SEE_TOMBSTONE, SEE_TOMBSTONE, SEE_NOTHING },
    };
    for (int s = 0; s < STATE_COUNT; s++)
        for (int k = 0; k < CLASS_COUNT; k++) {
            assert_int_equal(policy_sees(ROLE_VISITOR, (policy_state)s, (policy_class)k), visitor[s][k]);
            assert_int_equal(policy_sees(ROLE_OPERATOR, (policy_state)s, (policy_class)k), SEE_ALL);
        }
}

static void actions(void **state)
{
    (void)state;
    assert_true(policy_allows(ROLE_VISITOR, MAY_READ) && policy_allows(ROLE_OPERATOR, MAY_READ));
    assert_true(!policy_allows(ROLE_VISITOR, MAY_WRITE) && policy_allows(ROLE_WRITER, MAY_WRITE) && policy_allows(ROLE_OPERATOR, MAY_WRITE));
    assert_true(policy_allows(ROLE_WRITER, MAY_READ) && !policy_allows(ROLE_WRITER, MAY_OPERATE));
    assert_true(!policy_allows(ROLE_VISITOR, MAY_OPERATE) && policy_allows(ROLE_OPERATOR, MAY_OPERATE));
}

static void names(void **state)
{
    (void)state;
    static const char *const states[] = { "draft", "published", "withdrawn" }, *const classes[] = { "open", "limited", "closed" };
    for (int i = 0; i < 3; i++) {
        policy_state s;
        policy_class k;
        assert_true(policy_state_of(str_of(states[i]), &s) && s == (policy_state)i);
        assert_true(policy_class_of(str_of(classes[i]), &k) && k == (policy_class)i);
        assert_string_equal(policy_state_name(s), states[i]);
        assert_string_equal(policy_class_name(k), classes[i]);
        assert_false(policy_state_of(str_of(classes[i]), &s) || policy_class_of(str_of(states[i]), &k));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(sight), cmocka_unit_test(actions), cmocka_unit_test(names) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
