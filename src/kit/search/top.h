/* top — the best of many: a heap of as many as are asked for. The first sort
 * key of each document becomes one number in which more is better, so nearly
 * all documents are refused by one comparison. */
#ifndef TOP_H
#define TOP_H
#include "kit/search/inside.h"

typedef struct {
    uint64_t key;
    uint32_t part, doc;
    float    score;
} top_hit;

typedef struct {
    inside_run *r;
    search_sort sort[6];
    size_t      sort_n;
    top_hit    *heap;          /* the worst first */
    size_t      n, most;
    int64_t     after_id;
} top;

void top_start(top *t, inside_run *r, const search_query *q, bool scored);
void top_offer(top *t, uint32_t part, const uint32_t *docs, uint32_t n, const float *scores);
void top_order(top *t);        /* the best first */
#endif
