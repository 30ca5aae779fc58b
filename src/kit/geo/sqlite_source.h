/* sqlite_source — reading a stranger's SQLite file: from a source instead of a
 * path, so that it works in the box, and believing nothing in it. SQLite is
 * named in sqlite_source.c alone.
 *
 * The file is opened read-only and immutable through a file system of its own
 * that knows this one source; no extension, no view, trigger, function, PRAGMA
 * or attached file is allowed, its schema is not trusted, and its limits are
 * low. A write-ahead log beside the file is not there: what stands in it is not
 * seen. Errors: INVALID (damaged), TOO_LARGE, TIMEOUT. */
#ifndef SQLITE_SOURCE_H
#define SQLITE_SOURCE_H
#include "kit/source/source.h"

typedef struct sqlite_source sqlite_source;
typedef struct sqlite_rows sqlite_rows;

typedef enum { SQLITE_VALUE_NONE, SQLITE_VALUE_NUMBER, SQLITE_VALUE_TEXT, SQLITE_VALUE_BYTES } sqlite_value_kind;

typedef struct {
    sqlite_value_kind kind;
    str text;                       /* a number as text, a text, the bytes; until the next row */
} sqlite_value;

bool sqlite_source_open(ctx *c, const source *s, sqlite_source **out) nodiscard;       /* sqlite_source_close in any case */
void sqlite_source_close(sqlite_source *d);                                            /* NULL is fine */

/* One SELECT. Rows are closed before their source. */
bool sqlite_rows_open(ctx *c, sqlite_source *d, str sql, sqlite_rows **out) nodiscard;
bool sqlite_rows_next(ctx *c, sqlite_rows *r, bool *more) nodiscard;
size_t sqlite_rows_columns(const sqlite_rows *r);
str  sqlite_rows_name(const sqlite_rows *r, size_t i);
sqlite_value sqlite_rows_value(sqlite_rows *r, size_t i);
void sqlite_rows_close(sqlite_rows *r);                                                 /* NULL is fine */
str  sqlite_quoted(arena *a, str name);         /* as an identifier */
#endif
