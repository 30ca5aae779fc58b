/* table_schema_page — the schema of a table as a form, and for programs.
 *
 *   GET  /tables/{uid}/schema        the columns as a form that works without JavaScript; as JSON: Table Schema
 *   POST /tables/{uid}/schema        what the form says: a preview of what the data would be, or the schema as a file; keeps nothing
 *   PUT  /tables/{uid}/schema        with a token: the table keeps to it from now on
 *   GET  /tables/{uid}/csvw, /tables/{uid}/datapackage
 *
 * table_schema_form_page.c makes fields of columns and a schema of fields. */
#ifndef TABLE_SCHEMA_PAGE_H
#define TABLE_SCHEMA_PAGE_H
#include "app/schema/schema_page.h"
#include "app/table/table_page.h"
#include "app/table/table_schema.h"

typedef struct {
    str  key, id, heading;              /* key: "c0." before the names of its inputs */
    str  name, title, missing, min, max, pattern, allowed;
    bool required, unique, in_key;
    struct { table_choice *v; size_t n, cap; } types;
    str  sample;                        /* values, to know what it is about */
} table_schema_field_line;
typedef struct { str column, misfits, nulls, type; } table_schema_tried_line;
typedef struct { str says, count; } table_schema_rule_line;
typedef struct { str_list cells; } table_schema_row;
typedef struct { str title, href, score, reason; } table_schema_guess_line;
typedef struct {
    table_frame frame;
    str  action, given, domain, domain_href, problem;
    str  named, named_code, named_href, named_what; /* by metadata: a sentence; the schema; what cannot be used */
    bool tried, remarks;
    str  tried_text, key_text;
    struct { schema_field_line *v; size_t n, cap; } says;
    str_list references;
    struct { table_schema_field_line *v; size_t n, cap; } fields;
    struct { table_schema_tried_line *v; size_t n, cap; } misfits;
    struct { table_schema_rule_line *v; size_t n, cap; } rules;
    struct { table_schema_row *v; size_t n, cap; } rows;
    struct { table_schema_guess_line *v; size_t n, cap; } guesses;
    struct { table_link *v; size_t n, cap; } programs;
} table_schema_view;

#define TABLE_SCHEMA_FORM_COLS 300      /* wider tables are given a schema as a file */

void table_schema_form(ctx *c, const table_asked *t, const schema *s, table_schema_view *v);
/* What the form does not ask goes along: references, lengths, descriptions, spellings where the type is the same … */
void table_schema_form_keep(ctx *c, const schema *was, schema *s);
/* What a form says, as Table Schema. */
bool table_schema_form_read(ctx *c, const http_req *r, const table_asked *t, const schema *was, str *text, str *what) nodiscard;
#endif
