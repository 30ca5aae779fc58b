/* cache — what a filter lets through, kept for as long as the version lives:
 * nearly every search carries the same visibility filter, and the counts of
 * the whole catalogue under it are asked for on every page. Entries are added
 * with one compare-and-swap and never changed but for counts that appear. */
#ifndef FILTER_CACHE_H
#define FILTER_CACHE_H
#include "kit/search/inside.h"
#include "kit/search/plan.h"

#define CACHE_ENTRIES 16

typedef struct filter_cache filter_cache;
struct filter_cache {
    filter_cache *next;
    size_t     depth;                              /* entries from here on */
    str        key;
    uint64_t  *bits[VERSION_PARTS];                /* NULL: every document of that segment */
    uint32_t   count[VERSION_PARTS];
    size_t     parts;
    uint32_t *_Atomic counts[INSIDE_VALUES];       /* of a facet, by number of value */
    uint32_t   counted[INSIDE_VALUES];             /* how many values there were */
};

/* The filters that are worth keeping (ranges and what is made of them) become one entry; the others are put into
 * rest[] (room for PLAN_NODES). */
bool filter_cache_base(inside_run *r, const search_node *filter, const filter_cache **out, const search_node **rest,
                size_t *rest_n, bool *temporary) nodiscard;
void filter_cache_free(filter_cache *k);
#endif
