/* facet — how often each value of a field occurs in a result. Large results
 * are counted by bit maps where the field has them, all others by walking the
 * documents; the counts of a cached filter are kept with it. */
#ifndef FACET_H
#define FACET_H
#include "kit/search/filter_cache.h"
#include "kit/search/inside.h"

typedef struct {
    uint32_t *counts;        /* by number of value */
    uint32_t  n;
} facet_sum;

facet_sum facet_start(inside_run *r, int field);
void facet_count(inside_run *r, facet_sum *f, int field, const inside_set *found);       /* the segment at hand */
facet_sum facet_of_cached(inside_run *r, const filter_cache *k, int field);
search_facet facet_answer(inside_run *r, const facet_sum *f, int field, size_t limit, str prefix);
#endif
