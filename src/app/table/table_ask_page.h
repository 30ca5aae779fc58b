/* table_ask_page — what the address of a table's page asks for, and the
 * addresses that ask for more, less or another order. Requirement C10.
 *
 *   f.COLUMN=value      the value; repeated: one of them
 *   min.COLUMN, max.COLUMN      from and to, both included
 *   has.COLUMN=text     texts that hold it
 *   null.COLUMN=yes|no  rows without, with a value
 *   q=words             each stands in some column
 *   sort=a, b desc      as table_ask_sort has it
 *   page=N, rows=N      from page 1; rows a page
 *   add.column, add.is, add.value       one condition more, as a form says it
 *
 * COLUMN is a machine name or a title. Parameters with empty values are passed
 * over; where there are any, or add.*, `tidy` is the address without them.
 * Everything lives in c->a. INVALID names the parameter in err.field. */
#ifndef TABLE_ASK_PAGE_H
#define TABLE_ASK_PAGE_H
#include "app/table/table_ask.h"
#include "kit/http/http.h"

#define TABLE_ASK_ROWS 50
#define TABLE_ASK_ROWS_MOST 500

typedef enum { TABLE_ASK_IS, TABLE_ASK_MIN, TABLE_ASK_MAX, TABLE_ASK_HAS, TABLE_ASK_NULL, TABLE_ASK_KINDS } table_ask_kind;
typedef struct { table_ask_kind kind; size_t col; str value; } table_ask_condition;

typedef struct {
    struct { table_ask_condition *v; size_t n, cap; } conditions;   /* in the order of the address */
    str  words, sort;                   /* sort: as said; empty: the order of the table */
    query_filter filter;
    bool filtered;                      /* else `filter` leaves all rows */
    query_sort sorts[QUERY_COLUMNS_MAX];
    size_t sort_count;
    int64_t page, rows, version;        /* version 0: the current one */
    bool untidy;
} table_ask_page;

bool table_ask_page_read(ctx *c, const query_table *t, const http_req *r, table_ask_page *out) nodiscard;

/* The query (with its ?, or empty) that asks for the same; `less` left out, `more` added (NULL: none), in the order `sort`
 * (NULL: the same). page < 2: the first. */
str table_ask_page_query(ctx *c, const query_table *t, const table_ask_page *q, const table_ask_condition *less,
                         const table_ask_condition *more, const str *sort, int64_t page);
const char *table_ask_page_name(table_ask_kind k);      /* f, min, max, has, null */
#endif
