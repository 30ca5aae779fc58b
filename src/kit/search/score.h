/* score — how well a document answers. Each term or phrase adds
 *
 *     boost of the leaf × rarity × (best field + ¼ of the other fields) × times
 *
 * where the title counts the more the shorter it is, times saturates (twice is
 * not twice as good), and a title that is the query, no more and no less, adds
 * as much as four times all of it. */
#ifndef SCORE_H
#define SCORE_H
#include "kit/search/inside.h"
#include "kit/search/plan.h"

typedef struct {
    float    title[256], rest[256];       /* by field mask */
    float    shortness[256];              /* by atoms of the title */
    float    times[256];
    str      exact;                       /* title that is the query; empty: none can be */
    float    bonus;
} score_table;

void score_start(inside_run *r, const plan *p, const search_node *where, score_table *t);
/* Scores of a rising list of documents that the plan matched in the segment at hand. */
float *score_list(inside_run *r, const score_table *t, const plan *p, const uint32_t *docs, uint32_t n);
#endif
