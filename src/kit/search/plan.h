/* plan — a query made ready: words cut into terms, values found by number,
 * text leaves weighted. Made once for a search, walked for each segment. */
#ifndef PLAN_H
#define PLAN_H
#include "kit/search/inside.h"

#define PLAN_DEPTH 64
#define PLAN_NODES 4096
#define PLAN_ATOMS 256           /* words and characters of one text */
#define PLAN_WORDS 256           /* what a prefix may become */

typedef enum { PLAN_ALL, PLAN_NONE, PLAN_AND, PLAN_OR, PLAN_NOT, PLAN_TERMS, PLAN_VALUE, PLAN_ANY, PLAN_RANGE,
               PLAN_IDS } plan_op;

typedef struct {
    uint64_t key;
    str      tail;
    uint32_t at;                 /* its distance from the first */
} plan_atom;

typedef struct plan plan;
struct plan {
    plan_op   op;
    plan    **kids; size_t kid_n;
    plan_atom *atoms; size_t atom_n;     /* TERMS: one term, or a phrase */
    unsigned  fields;
    double    weight;            /* boost × rarity; 0: not scored */
    int       field;
    uint32_t *numbers; size_t number_n;  /* VALUE: any of these */
    int64_t   lo, hi;
    const int64_t *ids; size_t id_n;

    /* What a TERMS leaf found in the segment at hand, for scoring; what a kid of an OR found. */
    const uint32_t *docs;
    const uint16_t *meta;
    uint32_t  hits;
    inside_set found;
};

bool plan_make(inside_run *r, const search_node *n, bool scored, plan **out) nodiscard;
/* The words of the only text leaf that is not negated, as compared with titles; empty when there are more. */
str  plan_title(inside_run *r, const search_node *n);
bool plan_scores(const plan *p);
void plan_forget(plan *p);       /* before the next segment */
#endif
