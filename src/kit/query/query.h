/* query — questions to a table: which rows, in what order, how many, and what
 * they come to in groups. Answers are exact, totals included (C10, G4).
 *
 * A query_table is a list of column files one after the other (rows count from 0
 * over all of them); it borrows the files, is used by any number of threads at
 * once, and keeps the orders that were asked for last. All that a question makes
 * lives in c->a: a selection takes a bit a row, an order 4 bytes a row.
 * Tables are limited to 2^32 - 2 rows. Rows that are equal under a sort come in
 * the order of the table; in the reverse of it when the sort is one descending column.
 *
 * How values compare: under the type of their column, so 1.0 is 1 and 104/7/24
 * is 2015-07-24; without a key by their bytes. Null matches nothing but QUERY_NULL.
 * Errors: INVALID names the column or the value at fault; TIMEOUT after c->deadline_ms. */
#ifndef QUERY_H
#define QUERY_H
#include "kit/table/column_file.h"

#define QUERY_ROWS_MAX UINT32_MAX
#define QUERY_COLUMNS_MAX 16        /* of a sort or a grouping */
#define QUERY_DEPTH_MAX 32          /* of a filter */

typedef struct query_table query_table;

bool     query_table_new(ctx *c, column_file *const *files, size_t n, query_table **out) nodiscard; /* INVALID: columns disagree */
void     query_table_free(query_table *t);                                  /* NULL is fine; the files stay open */
uint64_t query_table_rows(const query_table *t);
size_t   query_table_columns(const query_table *t);
size_t   query_table_segments(const query_table *t);
const column_about *query_table_about(const query_table *t, size_t col);    /* of the first segment: name, title, type */
bool     query_table_find(const query_table *t, str name, size_t *col);     /* machine name, else title */

/* --- filters --- */

typedef enum {
    QUERY_AND, QUERY_OR, QUERY_NOT,     /* of kids; AND of none: all rows; OR of none: no row. NOT has one kid */
    QUERY_EQUAL,                        /* one of values */
    QUERY_RANGE,                        /* from <= x <= to, either may be missing; open ends leave the bound out */
    QUERY_NULL,
    QUERY_PREFIX, QUERY_HAS,            /* texts that begin with or hold values[0]; QUERY_HAS folds the case of A–Z */
    QUERY_WORDS,                        /* each of values stands in some column of the row, as QUERY_HAS; col is not used */
    QUERY_ROWS,                         /* rows row_from … row_to of the table, counted from 1; col is not used */
} query_op;

typedef struct query_filter {
    query_op op;
    const struct query_filter *kids;
    size_t kid_count;
    size_t col;
    const str *values;
    size_t value_count;
    str  from, to;
    bool has_from, has_to, from_open, to_open;
    uint64_t row_from, row_to;
} query_filter;

/* --- rows --- */

#define QUERY_ROW SIZE_MAX          /* as a column to sort by: the order of the table */
typedef struct { size_t col; bool desc, nulls_first; } query_sort;          /* nulls come last unless asked for */

/* What a filter leaves, ready to be walked in order. */
typedef struct {
    const query_table *t;
    const uint64_t *bits;               /* NULL: all of the order */
    const uint32_t *order;              /* ascending, nulls first; NULL: the order of the table */
    uint64_t places, nulls;             /* length of the order, and how many of it are nulls */
    bool     back, nulls_first;         /* walked from its end; nulls at the beginning of the walk */
    uint64_t total;                     /* rows that match, exact */
    uint64_t at;                        /* the next place */
} query_walk;

/* filter NULL: all rows. The walk stands at the first row. */
bool   query_select(ctx *c, query_table *t, const query_filter *filter, const query_sort *sort, size_t sort_count,
                    query_walk *out) nodiscard;
/* The same for one page: the walk stands `offset` rows further on and may end after `limit` rows. It is for whom that is
 * enough: where the order of a column is not made yet, the page is found without it, and who goes on to page makes the table
 * put it in order meanwhile, by a thread of its own. */
bool   query_page(ctx *c, query_table *t, const query_filter *filter, const query_sort *sort, size_t sort_count, uint64_t offset,
                  uint64_t limit, query_walk *out) nodiscard;
void   query_skip(query_walk *w, uint64_t n);                               /* over n matching rows */
size_t query_next(query_walk *w, uint32_t *rows, size_t most);              /* 0: the end */
bool   query_count(ctx *c, query_table *t, const query_filter *filter, uint64_t *n) nodiscard;

/* Values of a row: the segment's view and the row in it. Views are made once a column, for loops over rows. */
typedef struct {
    const query_table *t;
    column_view *views;                 /* of each segment */
    size_t col;
} query_column;
bool query_column_use(ctx *c, const query_table *t, size_t col, query_column *out) nodiscard;
const column_view *query_at(const query_column *q, uint32_t row, uint64_t *in_segment);
str  query_text(const query_column *q, uint32_t row, char *room);           /* as column_text */
bool query_is_null(const query_column *q, uint32_t row);
bool query_number(const query_column *q, uint32_t row, double *out);
bool query_place(ctx *c, const query_table *t, uint32_t row, uint64_t *byte, uint64_t *line, bool *known) nodiscard;

/* --- groups --- */

typedef enum { QUERY_COUNT, QUERY_SUM, QUERY_AVG, QUERY_MIN, QUERY_MAX, QUERY_MEDIAN, QUERY_DISTINCT, QUERY_AGGREGATES } query_aggregate_kind;
typedef struct { query_aggregate_kind kind; size_t col; } query_aggregate;  /* COUNT: of rows; others leave nulls out */

/* By what rows are put together: the value, or for dates the year, quarter, month or weekday of it, for numbers its bin. */
typedef enum { QUERY_BY_VALUE, QUERY_BY_YEAR, QUERY_BY_QUARTER, QUERY_BY_MONTH, QUERY_BY_WEEKDAY, QUERY_BY_BIN } query_by_kind;
typedef struct { size_t col; query_by_kind kind; double bin_from, bin_step; } query_by;

typedef struct {
    bool null;
    double number;                      /* of SUM, AVG, MIN, MAX, MEDIAN of numbers; COUNT and DISTINCT too */
    str  text;                          /* the same as exact text; of MIN and MAX of anything: as published */
} query_value;
typedef struct {
    str   *keys;                        /* by_count a group: the value as first published, 2024, 2024-Q1, 2024-05, 1 (Monday), the bin's start; p NULL: null */
    query_value *values;                /* aggregate_count a group */
} query_group;
typedef struct {
    query_group *v;
    size_t n;                           /* of these */
    uint64_t total;                     /* groups in all */
} query_groups;

/* by_count 0: one group of all. Ordered by aggregate `order_by` (desc: largest first), or by the keys when it is SIZE_MAX. */
typedef struct {
    const query_filter *filter;
    const query_by *by;
    size_t by_count;
    const query_aggregate *aggregates;
    size_t aggregate_count;
    size_t order_by;
    bool   desc;
    uint64_t offset;
    size_t limit;                       /* 0: all, at most QUERY_GROUPS_MAX */
} query_grouping;
#define QUERY_GROUPS_MAX 1000000
bool query_group_by(ctx *c, query_table *t, const query_grouping *g, query_groups *out) nodiscard;    /* TOO_LARGE */
#endif
