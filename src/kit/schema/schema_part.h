/* schema_part — inside kit/schema. */
#ifndef SCHEMA_PART_H
#define SCHEMA_PART_H
#include "kit/schema/schema.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

bool schema_read_csvw(ctx *c, const json *table, schema *out) nodiscard;

/* Shared by both readers. */
str  schema_words(ctx *c, const json *v);                       /* a text, the first of a list, of an object of languages the Chinese or first one */
bool schema_count(ctx *c, str field, const json *o, const char *key, uint64_t *out) nodiscard;     /* a natural number; 0 when absent */
bool schema_bound(ctx *c, const json *o, const char *key, bool *has, str *out);                    /* a number or text */
bool schema_pattern(ctx *c, str expression, table_field *f) nodiscard;
bool schema_date_format(ctx *c, str format, table_field *f) nodiscard;      /* of %Y, %m …; INVALID: a directive that is not known */
bool schema_room(ctx *c, size_t fields, schema *out) nodiscard;
bool schema_names_differ(ctx *c, const schema *s) nodiscard;
bool schema_key(ctx *c, const json *key, schema *out) nodiscard;
/* foreignKeys of either language; itself: what CSVW calls this table. */
bool schema_references(ctx *c, const json *list, str itself, schema *out) nodiscard;
void schema_put_references(json_w *j, const schema *s);         /* as Table Schema has them */
#endif
