/* table_open — tables as they are asked: their column files mapped and shared by
 * all threads of the process. The most recent ones stay open; one that is in use
 * is never closed. Who holds a table lets it go (auto_table, or stream_end). */
#ifndef TABLE_OPEN_H
#define TABLE_OPEN_H
#include "app/table/table.h"
#include "kit/query/query.h"

typedef struct table_open {
    query_table  *query;
    column_file **files;
    size_t        n;
    int64_t       table_id, number;
    uint64_t      mark;             /* of its files: another state of the rows has another */
    int           users;            /* of the cache; guarded by it */
    int64_t       used_at;
} table_open;

void table_cache_start(struct site *s);
void table_cache_end(struct site *s);                       /* nothing may be held any more */

/* number 0: the current version. NOT_FOUND: there is no such version; INVALID: a file is damaged. */
bool table_hold(ctx *c, const table_row *t, int64_t number, table_open **out) nodiscard;
void table_let_go(struct site *s, table_open *t);           /* NULL is fine */

/* For the length of a scope. */
typedef struct { struct site *site; table_open *open; } table_held;
void table_held_end(table_held *h);
#define auto_table __attribute__((cleanup(table_held_end))) table_held
#endif
