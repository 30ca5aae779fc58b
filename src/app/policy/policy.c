#include "app/policy/policy.h"

static const char *const states[] = { "draft", "published", "withdrawn" };
static const char *const classes[] = { "open", "limited", "closed" };

static const policy_role least[] = {
#define ACTION(name, least_role, text) least_role,
#include "app/policy/policy.def"
#undef ACTION
};

policy_sight policy_sees(policy_role role, policy_state state, policy_class klass)
{
    if (role == ROLE_OPERATOR)
        return SEE_ALL;
    if (klass == CLASS_CLOSED || state == STATE_DRAFT)
        return SEE_NOTHING;
    return state == STATE_WITHDRAWN ? SEE_TOMBSTONE : SEE_ALL;
}

bool policy_allows(policy_role role, policy_action action)
{
    return role >= least[action];
}

bool policy_state_of(str text, policy_state *out)
{
    for (int i = 0; i < STATE_COUNT; i++)
        if (str_eq(text, str_of(states[i]))) {
            *out = (policy_state)i;
            return true;
        }
    return false;
}

bool policy_class_of(str text, policy_class *out)
{
    for (int i = 0; i < CLASS_COUNT; i++)
        if (str_eq(text, str_of(classes[i]))) {
            *out = (policy_class)i;
            return true;
        }
    return false;
}

const char *policy_state_name(policy_state s)
{
    return states[s];
}

const char *policy_class_name(policy_class k)
{
    return classes[k];
}
