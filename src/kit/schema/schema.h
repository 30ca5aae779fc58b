/* schema — what a table should be, as others write it down: Table Schema (both
 * versions) and the metadata of CSV on the Web, read into one form and written
 * in both. The part that the builder of column files obeys is `table`; the rest
 * goes along for people and for who reads it again.
 *
 * Types of ours that Table Schema does not know travel as "kind" beside its type,
 * other titles of a column as "titles", columns that a table may lack as "optional"; members that are not understood (example …)
 * are kept as they are. Everything lives in c->a. Errors: INVALID names the
 * field and says how to mend it; TOO_LARGE. A schema comes from strangers: names
 * may be anything, sizes and depth are limited.
 *
 * Table Schema: https://specs.frictionlessdata.io/table-schema/ and datapackage.org/standard/table-schema/;
 * CSVW: W3C Metadata Vocabulary for Tabular Data, sections 5.4–5.6, 5.11. */
#ifndef SCHEMA_H
#define SCHEMA_H
#include "kit/table/column_file.h"
#include "kit/table/table_schema.h"
#include "kit/text/json_read.h"

#define SCHEMA_BYTES_MAX ((size_t)1 << 20)
#define SCHEMA_FIELDS_MAX 4096
#define SCHEMA_REFERENCES_MAX 64

typedef struct {
    str description, rdf_type, format;
    str type;                           /* of Table Schema */
    const json *source;                 /* members that are not understood are written again from it; NULL: none */
} schema_more;

typedef struct {
    table_schema table;
    schema_more *more;                  /* one a field */
    str_list key;                       /* names of the fields of the primary key; empty: none */
    str title, description;
    const json *source;
} schema;

/* Either language; told apart by its members. */
bool schema_read(ctx *c, str json_text, schema *out) nodiscard;
bool schema_read_json(ctx *c, const json *doc, schema *out) nodiscard;

/* The columns of a table as it is, with what a given schema says of them besides (NULL: nothing). Names are the machine names: it
 * describes the dumps, whose values are typed. */
bool schema_of(ctx *c, const column_file *f, const schema *given, schema *out) nodiscard;
/* The same of the file as it is published: marks, spellings and rules as they were given, to be changed and given again. */
bool schema_of_file(ctx *c, const column_file *f, const schema *given, schema *out) nodiscard;
str  schema_write(ctx *c, const schema *s);                     /* Table Schema */
str  schema_write_csvw(ctx *c, const schema *s, str url);       /* CSVW of a CSV file at an address */
#endif
