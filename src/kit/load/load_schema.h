/* load_schema — a table against the schema that somebody gave it: columns that are lacking or unknown, rows that share a key.
 * What single values must be is checked by the builder. */
#ifndef LOAD_SCHEMA_H
#define LOAD_SCHEMA_H
#include "kit/table/block.h"
#include "kit/table/table_schema.h"

bool load_schema_columns(ctx *c, const table_schema *s, const table_head *h, const table_sink *to) nodiscard;
/* fd: the finished column file. */
bool load_schema_key(ctx *c, int fd, const str_list *key, void *to, bool (*finding)(ctx *c, void *to, const table_finding *f)) nodiscard;
#endif
