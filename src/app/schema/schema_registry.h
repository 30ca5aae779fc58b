/* schema_registry — the domain schemas (D2): what a table of a known kind should
 * be, each a Table Schema of its own in data/schemas/ that is built into the
 * program. Beside what Table Schema says, a file has
 *
 *     code, version, status (active, draft, retired), title, title_en, authority, source,
 *     recognise: { "headerless": true }   for files that are published without a header
 *
 * A later version of a schema is a file of its own, CODE@VERSION.json; a table
 * names CODE (the newest that is active) or CODE@VERSION. Everything lives in c->a. */
#ifndef SCHEMA_REGISTRY_H
#define SCHEMA_REGISTRY_H
#include "kit/schema/schema.h"

typedef struct {
    str code, version, status, title, title_en, authority, source, description;
    bool headerless;
    str text;                           /* of the file */
    schema schema;
} schema_entry;
typedef struct { schema_entry *v; size_t n, cap; } schema_entries;

bool schema_registry_all(ctx *c, schema_entries *out) nodiscard;                        /* by code, newest version first */
bool schema_registry_find(ctx *c, str key, schema_entry *out, bool *found) nodiscard;   /* CODE or CODE@VERSION */
bool schema_registry_need(ctx *c, str key, schema_entry *out) nodiscard;                /* NOT_FOUND names those that there are */

/* As metadata may call one: CODE, CODE@VERSION, or its address in the register (/schemas/CODE, /schemas/CODE/VERSION …), alone or at
 * `site`, the public address of this site (empty: not known). */
bool schema_registry_named(ctx *c, str said, str site, schema_entry *out, bool *found) nodiscard;

/* What is known of a table that may keep to one. */
typedef struct { str name, title, second; column_type type; } schema_column;
typedef struct { const schema_column *v; size_t n; bool headerless; } schema_columns;
bool schema_registry_columns(ctx *c, const column_file *f, schema_columns *out) nodiscard;

/* score: 0–100, how much of the table and of the schema go together: 2 × matched / (columns + fields), a match of another
 * type counting half; of files without a header only the number of columns and their types can be compared. */
typedef struct {
    const schema_entry *entry;
    str key;                            /* CODE; of a retired version CODE@VERSION */
    int score;
    size_t matched, columns, fields, other_type;
    str reason;                         /* a sentence in the reader's language */
} schema_guess;
typedef struct { schema_guess *v; size_t n, cap; } schema_guesses;

#define SCHEMA_GUESS_LEAST 60
/* Those with at least SCHEMA_GUESS_LEAST, the best first, three at most; a retired version only where it goes better with the table than the
 * one in force: files of the past. */
bool schema_registry_guess(ctx *c, const schema_columns *t, schema_guesses *out) nodiscard;
#endif
