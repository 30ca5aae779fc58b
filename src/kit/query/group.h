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
    uint64_t most;                  /* values that there may be */
    uint32_t *table;                /* open hash of numbers + 1 */
    size_t   slots;
    struct { int64_t bucket; uint32_t row; } *v;    /* of each number: its bucket, and a row that has it */
    size_t   cap;
} group_key;

bool group_key_new(ctx *c, const query_table *t, const query_by *by, group_key *out) nodiscard;
void group_key_numbers(ctx *c, group_key *k, const group_block *b, uint32_t *numbers);
str  group_key_text(ctx *c, const group_key *k, uint32_t number);           /* p NULL: null */
int  group_key_compare(const group_key *k, uint32_t x, uint32_t y);         /* nulls last */

/* Different values of each group. Entries are met in bits where that takes little memory; other values stand in an open hash
 * and are compared, never taken as equal by their hashes alone. */
typedef struct {
    const query_column *q;
    bool known;                     /* of one group of all rows: the file says how many there are */
    uint64_t *met;                  /* of each group `words` of bits, one for each entry; NULL: by the hash */
    size_t words;
    uint32_t *first;                /* of entries with keys: the first that has the same key, since it is the same value; else NULL */
    struct { uint32_t hash, row, group; } *slots;       /* hash 0: empty */
    size_t slot_count, used;
    bool one;                       /* there is one group */
} group_distinct;

/* groups: as many as there may be; all_rows: nothing is filtered away. */
void group_distinct_new(ctx *c, const query_column *q, uint64_t groups, bool all_rows, group_distinct *out);
void group_distinct_room(ctx *c, group_distinct *d, size_t had, size_t groups);
bool group_distinct_add(ctx *c, group_distinct *d, const group_block *b, const uint32_t *groups, uint64_t *different) nodiscard; /* TOO_LARGE */
void group_distinct_end(group_distinct *d, uint64_t *different, uint32_t groups);

/* Middle numbers of each group: all its keys are kept, 8 bytes each. */
typedef struct median_piece median_piece;
typedef struct {
    struct { int64_t *at, *end; median_piece *piece; uint64_t n; } *v;      /* of each group: where its next key goes */
    size_t   n;
    int64_t (*middle)[2];           /* of each group, at the end: the two in the middle, or the one twice */
} group_median;

void group_median_room(ctx *c, group_median *m, size_t had, size_t groups);
void group_median_add(ctx *c, group_median *m, const uint32_t *groups, const int64_t *keys, size_t n);  /* COLUMN_KEY_NULL: left out */
bool group_median_end(ctx *c, group_median *m) nodiscard;
const int64_t *group_median_of(const group_median *m, uint32_t group);      /* of a group that has keys */

/* One column that is summed up, and what of it is wanted. */
typedef struct {
    query_column q;
    bool numbers;                   /* keys are numbers: they can be added */
    bool sums, extremes, distinct, median;
    uint32_t groups, cap;           /* groups there are, and for how many there is room */
    uint64_t *count;                /* values that are not null */
    __int128 *sum;
    uint32_t *least, *most;         /* rows; UINT32_MAX: none yet */
    int64_t *least_key, *most_key;
    uint64_t *different;            /* distinct values */
    group_distinct values;
    group_median middle;
} group_sum;

bool group_sum_new(ctx *c, const query_table *t, size_t col, group_sum *out) nodiscard;
void group_sum_room(ctx *c, group_sum *s, uint32_t groups);
bool group_sum_add(ctx *c, group_sum *s, const group_block *b, const uint32_t *groups) nodiscard;
void group_sum_value(ctx *c, const group_sum *s, query_aggregate_kind kind, uint32_t group, query_value *out);
bool group_sum_end(ctx *c, group_sum *s) nodiscard;         /* counts what was met, finds what is in the middle */
#endif
