/* schema_page — the register of domain schemas for people and programs. */
#ifndef SCHEMA_PAGE_H
#define SCHEMA_PAGE_H
#include "app/schema/schema_registry.h"
#include "kit/text/lang.h"

typedef struct { str title, other_title, href, code, version, status, authority, fields; } schema_line;
typedef struct { str name, title, type, rules, description; } schema_field_line;
typedef struct { struct { schema_line *v; size_t n, cap; } lines; } schema_list_view;
typedef struct {
    schema_line line;
    str description, source, key, json, csvw, how, check;
    str_list references;
    bool remarks;
    struct { schema_field_line *v; size_t n, cap; } fields;
    struct { schema_line *v; size_t n, cap; } versions;
} schema_one_view;
/* What is asked of the values of a field, and of the rows that they refer to, as phrases. */
str schema_rules(ctx *c, const table_field *f);
void schema_fill_references(ctx *c, const schema *s, str_list *out);
#endif
