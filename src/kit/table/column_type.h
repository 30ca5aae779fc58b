/* column_type — the types a column can have, as a table (column_type.def), and
 * what a text is worth under one of them. Nothing here keeps state or memory. */
#ifndef COLUMN_TYPE_H
#define COLUMN_TYPE_H
#include "base.h"

typedef enum {
#define COLUMN_TYPE(code, key, schema, title) COLUMN_##code,
#include "column_type.def"
#undef COLUMN_TYPE
    COLUMN_TYPES
} column_type;

typedef enum { COLUMN_KEY_NONE, COLUMN_KEY_NUMBER, COLUMN_KEY_DAY, COLUMN_KEY_MOMENT, COLUMN_KEY_CLOCK } column_key_kind;

#define COLUMN_KEY_NULL INT64_MIN               /* no key: the value is null */
#define COLUMN_SCALE_MAX 18                     /* decimals of a number that is kept exactly */
#define COLUMN_SCALE_FINE 9                     /* from so many decimals on, further ones are rounded: the noise of binary fractions */

const char     *column_type_name(column_type t);       /* "integer" */
const char     *column_type_title(column_type t);      /* msgid for people */
const char     *column_type_schema(column_type t);     /* type of Table Schema */
column_key_kind column_type_key(column_type t);
bool            column_type_find(str name, column_type *out);  /* by its own name or that of Table Schema */

/* The key of a text under a type: days, milliseconds, or a number times
 * 10^scale. False: it is no such value, has more decimals than scale (a scale of
 * COLUMN_SCALE_FINE or more rounds them), or is out of range. Reads everything the builder accepts: ROC dates, 1,234, +5, 1.2E3. */
bool column_type_read(column_type t, unsigned scale, str text, int64_t *key) nodiscard;
#endif
