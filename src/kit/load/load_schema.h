/* load_schema — a table against the schema that somebody gave it: columns that are lacking or unknown, rows without a value that is
 * required, rows that share a value or a key. What single values must be is checked by the builder; these need the finished file. */
#ifndef LOAD_SCHEMA_H
#define LOAD_SCHEMA_H
#include "kit/table/block.h"
#include "kit/table/column_file.h"
#include "kit/table/table_schema.h"

#define LOAD_PLACES 20              /* of a finding; the last of them carries the count of all */

typedef struct {
    const column_file *file;
    void *to;
    bool (*finding)(ctx *c, void *to, const table_finding *f);
} load_told;

/* At least half of the fields that a table must have are columns; without a header, it has as many columns as there are fields. */
bool load_schema_fits(const table_schema *s, const table_head *h);
bool load_schema_columns(ctx *c, const table_schema *s, const table_head *h, const table_sink *to) nodiscard;
/* key: names of fields that no two rows share; NULL: none. */
bool load_schema_rows(ctx *c, const table_schema *s, const str_list *key, const load_told *to) nodiscard;

/* The columns of fields by name; false: one is lacking. */
bool load_schema_named(const table_schema *s, const size_t *places, const str_list *names, size_t *cols);
str load_schema_sample(ctx *c, const column_file *f, const size_t *cols, size_t n, uint64_t row);   /* the values of columns in a row */
/* Rows (from 0, ascending) as findings of their first column; values of the columns as the sample. */
bool load_schema_tell(ctx *c, const load_told *to, const char *code, const size_t *cols, size_t n, const uint64_t *rows, size_t row_count,
                      uint64_t count) nodiscard;
#endif
