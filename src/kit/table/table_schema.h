/* table_schema — a schema that somebody gives: publisher, standard or editor. It
 * wins over what the values look like. Close to Table Schema, so that its JSON
 * and CSVW are read into it; this module reads neither. Everything is borrowed. */
#ifndef TABLE_SCHEMA_H
#define TABLE_SCHEMA_H
#include "kit/table/column_type.h"
#include "kit/table/pattern.h"

typedef struct {
    str name;                   /* machine name; empty: made from the title */
    str title;                  /* matches a header by title or name; both empty: matches by position */
    bool has_type;
    column_type type;
    str_list missing;           /* marks of this column besides those of the table */
    bool required, unique;
    bool has_min, has_max;
    str min, max;               /* read under the type */
    uint64_t min_length, max_length; /* characters; max 0: none */
    str_list allowed;           /* enum: empty: anything */
    pattern *pattern;           /* of the whole value; NULL: any */
} table_field;

typedef struct {
    table_field *fields;
    size_t n;
    str_list missing;           /* marks of every column, besides the empty text; replaces the default marks when `own_marks` */
    bool own_marks;
} table_schema;
#endif
