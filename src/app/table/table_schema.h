/* table_schema — the schema that a table keeps to: one that its publisher gave
 * (Table Schema, kept in the record as this program writes it), a domain
 * schema by its code (D2), or the one that metadata names (table_named). They win in this order. Setting one is a row of the ledger
 * and a job that reads the newest file again under it. */
#ifndef APP_TABLE_SCHEMA_H
#define APP_TABLE_SCHEMA_H
#include "app/table/table.h"
#include "kit/load/load.h"
#include "kit/schema/schema.h"

/* What the table is read under; false in *found: nothing was said. */
bool table_given_schema(ctx *c, const table_row *t, schema *out, bool *found) nodiscard;
/* … into what the loader asks; its texts live in c->a. t->id 0: a table that is not there yet, of its distribution and dataset. */
bool table_schema_before(ctx *c, const table_row *t, load_before *out) nodiscard;
/* How the schema that a table keeps to now is called where its reading is described: who said it, and its code; empty: none. */
bool table_schema_label(ctx *c, const table_row *t, str *out) nodiscard;
/* Whether rows came after the file that the table was made of. */
bool table_rows_were_added(ctx *c, const table_row *t, bool *yes) nodiscard;

typedef struct {
    str given;                      /* Table Schema or CSVW as JSON; empty: none */
    str domain;                     /* CODE or CODE@VERSION; empty: none */
    str why;
    bool drop_added;                /* rows that were added since the file may go: it is read again */
} table_schema_wish;
typedef struct { bool changed; int64_t job; } table_schema_done;    /* job 0: nothing is there to be read again */

/* CONFLICT: rows were added since the file. INVALID: no schema, or none of its fields is a column of the table; NOT_FOUND: no such domain schema. */
bool table_schema_set(ctx *c, const table_row *t, const table_schema_wish *w, table_schema_done *out) nodiscard;

/* What the data would be under a schema: the first rows are read again, nothing is kept but what is told. */
#define TABLE_TRIED_ROWS 20000
typedef struct {
    load_result loaded;             /* of which the column file is open, and gone when it is closed */
    column_file *file;
    uint64_t rows;                  /* that were tried */
} table_tried;
bool table_schema_try(ctx *c, const table_row *t, const schema *s, table_tried *out) nodiscard;
void table_tried_end(ctx *c, table_tried *t);
#endif
