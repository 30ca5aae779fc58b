/* policy — who may see and do what: the one visibility rule and the action
 * table (policy.def). Requirement C8: what is class 丙 (closed) has no public
 * path at all. */
#ifndef POLICY_H
#define POLICY_H
#include "base.h"

typedef enum { ROLE_VISITOR, ROLE_WRITER, ROLE_OPERATOR, ROLE_COUNT } policy_role;
typedef enum { STATE_DRAFT, STATE_PUBLISHED, STATE_WITHDRAWN, STATE_COUNT } policy_state;
typedef enum { CLASS_OPEN, CLASS_LIMITED, CLASS_CLOSED, CLASS_COUNT } policy_class;   /* 甲 乙 丙 */
typedef enum { SEE_NOTHING, SEE_TOMBSTONE, SEE_ALL } policy_sight;

typedef enum {
#define ACTION(name, least_role, text) MAY_##name,
#include "app/policy/policy.def"
#undef ACTION
    MAY_COUNT
} policy_action;

policy_sight policy_sees(policy_role role, policy_state state, policy_class klass);
bool policy_allows(policy_role role, policy_action action);
bool policy_state_of(str text, policy_state *out);       /* "published" … ; false: no such state */
bool policy_class_of(str text, policy_class *out);
const char *policy_state_name(policy_state s);
const char *policy_class_name(policy_class k);
#endif
