#include "app/table/table_seen.h"

#include "app/policy/policy.h"

bool table_seen_dataset(ctx *c, int64_t dataset_id, bool *seen)
{
    dataset_brief_list l;
    policy_state state;
    policy_class class;
    *seen = false;
    if (!q_dataset_briefs(c, (q_ints){ &dataset_id, 1 }, &l))
        return false;
    *seen = l.n == 1 && policy_state_of(l.v[0].state, &state) && policy_class_of(l.v[0].class, &class)
         && policy_sees(ROLE_VISITOR, state, class) == SEE_ALL;
    return true;
}

bool table_seen(ctx *c, str uid, table_row *out, bool *found)
{
    if (!q_table_by_key(c, uid, out, found))
        return false;
    if (*found && !str_eq(out->state, S("live")))
        *found = false;
    return !*found || table_seen_dataset(c, out->dataset_id, found);
}
