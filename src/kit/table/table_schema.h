/* table_schema — a schema that somebody gives: publisher, standard or editor. It
 * wins over what the values look like. Close to Table Schema; kit/schema reads
 * its JSON and CSVW into it, this module reads neither. Everything is borrowed. */
#ifndef TABLE_SCHEMA_H
#define TABLE_SCHEMA_H
#include "kit/table/block.h"
#include "kit/table/column_file.h"
#include "kit/table/column_type.h"
#include "kit/table/field_text.h"
#include "kit/table/pattern.h"

typedef struct {
    str name;                   /* machine name; empty: made from the title */
    str title;                  /* matches a header by title or name; both empty: matches by position */
    str_list also;              /* other titles that the column goes by */
    bool has_type;
    column_type type;
    str_list missing;           /* marks of this column besides those of the table */
    bool optional;              /* the table may lack the column */
    bool required, unique;
    bool has_min, has_max;
    str min, max;               /* read under the type */
    uint64_t min_length, max_length; /* characters; max 0: none */
    str_list allowed;           /* enum: empty: anything; what it names is a value and no mark */
    pattern *pattern;           /* of the whole value; NULL: any */
    field_spelling spelling;
} table_field;

/* Values that must stand in another table (foreignKeys). */
typedef struct {
    str_list fields;            /* by their names in this schema */
    str table;                  /* as the schema calls it; empty: this one */
    str_list to;                /* its columns, as many as fields */
} table_reference;

typedef struct {
    table_field *fields;
    size_t n;
    struct { table_reference *v; size_t n, cap; } references;
    str_list missing;           /* marks of every column, besides the empty text; replaces the default marks when `own_marks` */
    bool own_marks;
} table_schema;

/* How a column was matched: word for word, or only when marks, blanks and letter case are passed over. */
typedef enum { TABLE_MATCH_NONE, TABLE_MATCH_EXACT, TABLE_MATCH_ALIKE, TABLE_MATCH_PLACE } table_match;

/* The field that says what column i of the head is; NULL: the schema does not know it. `how` may be NULL. */
const table_field *table_schema_field(const table_schema *s, const table_head *h, size_t i, table_match *how);
/* The column that each field is in a file; TABLE_NO_COLUMN: in none. */
#define TABLE_NO_COLUMN SIZE_MAX
size_t *table_schema_places(ctx *c, const table_schema *s, const column_file *f);
/* Whether a schema that says `said` means the table or file that is called `name`: the same words, with or without folder and ending. */
bool table_is_called(str name, str said);
/* Titles that are the same word: 臺 is 台, full width is half, without blanks and marks, in lower case. */
bool table_title_alike(str x, str y);
#endif
