/* table_describe — what a version of a table says of itself in the record:
 * columns, how it was read, findings, as JSON. Pages that need no values read
 * these and open no column file. */
#ifndef TABLE_DESCRIBE_H
#define TABLE_DESCRIBE_H
#include "kit/load/load.h"
#include "queries.h"

str table_describe_fields(arena *a, const column_file *f);                  /* [{"name","title","second","type","declared"}] */
str table_describe_about(arena *a, const load_result *r, const load_table *t);
str table_describe_findings(arena *a, const load_table *t);                 /* [{"code","row","line","byte","col","count","sample"}] */

/* Of a table to which rows were added: what its version before says and what the new rows say become one, as if all had been
 * read together. Places in rows that were replaced go, those behind them move; of what was said of a whole column only that stays which
 * still holds. Lines and bytes of rows that were added are of no file that is kept. */
typedef struct { uint64_t rows; const uint64_t *dropped; } table_moved;     /* a piece of the version before, and which rows it lost; NULL: none */
typedef struct {
    const table_version_row *old;
    const load_table *added;
    const uint64_t *added_dropped;      /* rows of it that are not there either; NULL: all are */
    int64_t rows;                       /* of the table now */
    const table_moved *moved;
    size_t moved_count;                 /* 0: nothing moved */
} table_both;
typedef struct { str about, findings; int score; } table_said;
bool table_describe_both(ctx *c, const table_both *b, table_said *out) nodiscard;

/* A version with other findings of the rules whose codes begin so. */
typedef struct { table_finding *v; size_t n, cap; } table_findings;
bool table_describe_again(ctx *c, const table_version_row *v, const char *codes, const table_findings *found, table_said *out) nodiscard;

/* Titles and names of the columns of a version, for the next. */
bool table_describe_names(ctx *c, str fields_json, str_list *titles, str_list *names) nodiscard;
#endif
