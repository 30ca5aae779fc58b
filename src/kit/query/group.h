/* group — inside kit/query: rows to groups, groups to what they come to. Works
 * through the selected rows in blocks, so that what is in hand stays in the cache. */
#ifndef QUERY_GROUP_H
#define QUERY_GROUP_H
#include "kit/query/inside.h"

#define GROUP_BLOCK 4096
#define FEW_GROUPS 1024             /* as many as are summed up in the nearest cache, block by block */
#define GROUP_NULL INT64_MIN        /* bucket of nulls */

/* Some rows of one segment: `at` counts in the segment, `row` over the table. */
typedef struct {
    size_t segment, n;
    uint64_t from;                  /* the first, when all n are one after the other */
    const uint32_t *at;             /* else each; NULL: from, from + 1 … */
} group_block;

/* One column by which rows are put together. Its values get numbers 0 … count - 1 as they are met or looked up. */
typedef struct {
    query_by by;
    query_column q;
    uint32_t **luts;                /* of each segment: entry → number; NULL: by hash */
    uint32_t count;
    uint32_t *table;                /* open hash of numbers + 1 */
    size_t   slots;
    struct { int64_t bucket; uint32_t row; } *v;    /* of each number: its bucket, and a row that has it */
    size_t   cap;
} group_key;

bool group_key_new(ctx *c, const query_table *t, const query_by *by, group_key *out) nodiscard;
void group_key_numbers(ctx *c, group_key *k, const group_block *b, uint32_t *numbers);
str  group_key_text(ctx *c, const group_key *k, uint32_t number);           /* p NULL: null */
int  group_key_compare(const group_key *k, uint32_t x, uint32_t y);         /* nulls last */

/* One column that is summed up, and what of it is wanted. */
typedef struct {
    query_column q;
    bool numbers;                   /* keys are numbers: they can be added */
    bool sums, extremes, distinct, median;
    uint32_t cap;                   /* groups that there is room for */
    uint64_t *count;                /* values that are not null */
    __int128 *sum;
    uint32_t *least, *most;         /* rows; UINT32_MAX: none yet */
    int64_t *least_key, *most_key;
    uint64_t *set;                  /* open hash of (group, row) pairs + 1 */
    size_t   set_slots, set_n;
    uint64_t *different;            /* distinct values */
    uint64_t *met;                  /* of one group: a bit for each entry that was met; NULL: not counted so */
    bool     all_known;             /* of one group of all rows: the file says how many are distinct */
    struct { uint32_t group; int64_t key; } *all;   /* for the median */
    size_t   all_n, all_cap;
} group_sum;

bool group_sum_new(ctx *c, const query_table *t, size_t col, group_sum *out) nodiscard;
void group_sum_one(ctx *c, group_sum *s, bool all_rows);    /* there is one group only: distinct values may be counted by their entries */
void group_sum_room(ctx *c, group_sum *s, uint32_t groups);
bool group_sum_add(ctx *c, group_sum *s, const group_block *b, const uint32_t *groups) nodiscard;
void group_sum_value(ctx *c, const group_sum *s, query_aggregate_kind kind, uint32_t group, query_value *out);
void group_sum_end(group_sum *s);   /* sorts what the medians need, counts what was met */
#endif
