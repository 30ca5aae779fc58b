/* table_answer — a whole question of a program to a table: which rows, in which
 * order, which columns, how many; one reading for CKAN's datastore, its dump and
 * the common data-access API. The rows themselves are given by kit/export.
 *
 * `q` adds a number to each row, from 0 to 1: how much of the cells the words
 * make up (1: they are whole cells). Up to TABLE_ANSWER_RANKED rows come in the
 * order of it when no other is asked for. All lives in c->a. INVALID names the
 * parameter in err.field. */
#ifndef TABLE_ANSWER_H
#define TABLE_ANSWER_H
#include "app/table/table_ask.h"
#include "kit/export/export.h"

#define TABLE_ANSWER_RANKED 20000
#define TABLE_ANSWER_DISTINCT 500000    /* different rows that `distinct` gives at most */

typedef struct {
    const json *filters, *q;            /* NULL: none; as JSON, or as a text that is JSON (q: any text) */
    str      sort;
    str_list fields;                    /* empty: all, _id first */
    bool     distinct;                  /* no two rows the same in the fields */
    uint64_t offset, limit;             /* limit: rows that will be read at most */
} table_question;

typedef struct {
    query_walk    walk;                 /* at its first row, after offset */
    size_t       *cols;
    size_t        col_count;
    export_extra *extras;               /* rank */
    size_t        extra_count;
    uint64_t      total;
    bool          by_row;               /* rows come in the order of the table */
} table_answer;

bool table_answer_find(ctx *c, query_table *t, const table_question *q, table_answer *out) nodiscard;
/* Into a plan for kit/export: table, walk, columns, extras. */
void table_answer_plan(query_table *t, const table_answer *a, export_plan *p);
#endif
