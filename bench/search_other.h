/* search_other — the engines that ours is measured against: SQLite FTS5 with
 * our tokenizer and facets counted in arrays, and Groonga through its select
 * command. bench/search_fts.h and bench/search_groonga.h hold one each. */
#ifndef SEARCH_OTHER_H
#define SEARCH_OTHER_H
#include "search_corpus.h"

enum { BEST = 20, FACET_LIMIT = 50 };
typedef struct {
    int64_t total;
    int64_t ids[BEST]; size_t n;
    uint64_t facet_sum;          /* of counts, weighted by value: equal facets give equal sums */
} other_answer;

/* A query as each engine takes it: terms that must all stand somewhere in a document. */
typedef struct {
    const char *terms[4];
    bool by_day;                 /* else by score */
    int  org;                    /* -1: any; else only that organisation */
} other_query;
#endif
