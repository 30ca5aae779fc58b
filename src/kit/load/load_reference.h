/* load_reference — the references of a schema (foreignKeys): values that must stand in a column of this or another table.
 *
 * A row without a value in one of the columns refers to nothing. What cannot be looked for, because the other table
 * or its column is not here, is a finding of its own: it is never taken for right. Memory is that of row_match. */
#ifndef LOAD_REFERENCE_H
#define LOAD_REFERENCE_H
#include "kit/load/load_schema.h"

/* The rows of a table: its segments, without those that are replaced. */
typedef struct {
    column_file *const *files;
    size_t n;
    const uint64_t *const *without;     /* NULL: all */
    const table_schema *schema;         /* by which its columns may be called; NULL: only what the file says */
} load_rows;

typedef struct {
    const table_schema *schema;
    load_rows own;                      /* that are judged; rows count through its segments */
    load_rows all;                      /* of the table itself, for references within it */
    void *to;
    bool (*find)(ctx *c, void *to, str name, load_rows *out);   /* the table that a schema calls so; out->n 0: it is not here */
    bool untold;                        /* what cannot be looked for was told before */
} load_reference_plan;

bool load_references(ctx *c, const load_reference_plan *p, void *to, bool (*finding)(ctx *c, void *to, const table_finding *f)) nodiscard;
#endif
