/* table_other — the table of the same dataset that a schema refers to by name, as a Data Package calls its resources: by the title, the name
 * (`name` of the resource as it was imported), the identifier or the uid of its distribution, by the name of its file, or
 * by its sheet; word for word before anything that is only alike. */
#ifndef TABLE_OTHER_H
#define TABLE_OTHER_H
#include "app/table/table_open.h"
#include "kit/load/load_reference.h"
#include "kit/schema/schema.h"

bool table_other_find(ctx *c, int64_t dataset_id, str name, table_row *out, bool *found) nodiscard;

/* Tables that references were looked for in: each is held until the end. */
typedef struct {
    int64_t dataset_id;
    struct { table_open **v; size_t n, cap; } held;
} table_others;
/* Its rows now; out->n 0: there is no such table. t: which one it is. */
bool table_others_rows(ctx *c, table_others *o, str name, table_row *t, load_rows *out) nodiscard;
void table_others_end(ctx *c, table_others *o);
#endif
