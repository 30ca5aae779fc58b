/* run — one search from beginning to end. */
#ifndef RUN_H
#define RUN_H
#include "kit/search/inside.h"

bool run_search(ctx *c, search *s, const search_query *q, search_result *out) nodiscard;
bool run_histogram(ctx *c, search *s, const search_query *q, int number, const int64_t *edges, size_t edge_count,
                   int64_t *counts) nodiscard;
#endif
