/* eval — which documents of the segment at hand a plan matches. Every step
 * is told what is still in question (`within`) and looks no further. */
#ifndef EVAL_H
#define EVAL_H
#include "kit/search/inside.h"
#include "kit/search/plan.h"

bool eval_plan(inside_run *r, plan *p, const inside_set *within, inside_set *out) nodiscard;     /* TIMEOUT */
inside_set eval_live(inside_run *r, size_t part);                   /* those that are not gone */
const uint32_t *eval_list(inside_run *r, const inside_set *set);    /* as a rising list of set->n */
inside_set eval_meet(inside_run *r, const inside_set *x, const inside_set *y);
static inline bool eval_is_all(const inside_run *r, const inside_set *s)
{
    return s->n == r->g->n;
}
#endif
