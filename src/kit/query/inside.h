/* inside — what the files of kit/query share. */
#ifndef QUERY_INSIDE_H
#define QUERY_INSIDE_H
#include "kit/query/query.h"
#include "kit/query/scan.h"

#include <pthread.h>
#include <stdatomic.h>

#define QUERY_ORDERS_BYTES ((size_t)128 << 20)      /* of orders that a table keeps */

struct query_table {
    column_file **files;
    size_t   n, cols;
    uint64_t *first;                /* of each segment; first[n]: all rows */
    uint64_t rows;
    pthread_mutex_t lock;           /* of what follows; an order is made once, then read freely until the table ends */
    pthread_cond_t sorted;
    bool     sorting;               /* somebody makes an order */
    pthread_t ahead;                /* who makes orders beforehand, when there is (ahead_made) and is not at its end (ahead_runs) */
    bool     ahead_made, ahead_runs;
    atomic_bool ending;             /* it shall stop */
    atomic_uint *asked;             /* pages by each column that had no order */
    _Atomic(uint32_t *) *orders;    /* of each column, ascending, nulls first; NULL: not made yet */
    size_t   order_bytes;
};

/* Rows of a column in ascending order, nulls first, equal ones in order of the table: kept, or in c->a when there is no
 * room to keep it. */
bool query_order(ctx *c, query_table *t, size_t col, const uint32_t **out) nodiscard;
void query_order_ahead(query_table *t, size_t col);     /* a page by this column was asked for: makes its order in the background, at times */
void query_order_end(query_table *t);                   /* stops that */
bool query_has_order(const query_table *t, size_t col);                     /* kept already */
uint64_t query_nulls(const query_table *t, size_t col);

/* Compares values of two rows: nulls are least, then by key, then by bytes. */
int  query_compare(const query_column *q, uint32_t x, uint32_t y);

/* Depth, and columns that are there. */
bool query_filter_check(ctx *c, const query_table *t, const query_filter *f) nodiscard;
/* Bits of the rows of one segment that a filter leaves. */
bool query_filter_segment(ctx *c, const query_table *t, size_t segment, const query_filter *f, uint64_t *bits) nodiscard;
bool query_filter_text(ctx *c, const column_view *v, str needle, bool prefix, uint64_t *bits) nodiscard;

bool query_column_known(ctx *c, const query_table *t, size_t col) nodiscard;      /* INVALID */
#endif
