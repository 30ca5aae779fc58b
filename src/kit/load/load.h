/* load — a file's tables as column files, with all that was found on the way:
 * the path from strangers' bytes to something that can be asked. Reading happens
 * in the box; building here, from blocks that were checked when they came in.
 *
 * Column files lie in `folder` until the caller takes them: load_free removes
 * the others, and gives the result's memory back. Errors:
 * INVALID (no table, and why), TOO_LARGE, TIMEOUT, IO, and what `progress` says. */
#ifndef LOAD_H
#define LOAD_H
#include "kit/ingest/ingest.h"
#include "kit/load/load_align.h"
#include "kit/load/load_reference.h"
#include "kit/table/column_build.h"

#define LOAD_TABLES_MAX 500
#define LOAD_FINDINGS_MAX 2000      /* of one table that are kept with their place; further ones count with the last one of their rule */

/* What is known of a table before it is read: of the version before, or given by the publisher. */
typedef struct {
    const table_schema *schema;             /* NULL: none */
    bool given;                             /* by somebody: columns are compared with it */
    enum { LOAD_SET, LOAD_NAMED, LOAD_NAMED_PERHAPS } word;     /* NAMED: by metadata, holds only where it fits the columns, else that is a finding; PERHAPS: none */
    str label;                              /* how the schema is called in the result */
    const str_list *key;                    /* names of its fields that no two rows share; NULL: none */
    str_list old_titles, old_names;
} load_before;

typedef struct {
    str folder;                             /* where files may be made */
    str format, encoding;                   /* as declared; empty: nothing was */
    bool unboxed;                           /* read here and now: for tests and for one's own files */
    const char *box_program;                /* NULL: this program */
    const uint8_t *source;                  /* SHA-256 of the file; NULL: not known */
    const lexicon *words;
    const load_shape *shape;                /* rows for a table that has these columns; NULL: a table of its own */
    void *to;
    bool (*before)(ctx *c, void *to, size_t position, str name, load_before *out);      /* NULL: nothing is known */
    /* A table that is not in the file, by which a schema may call it: its column files stay open until load_file ends. `here`: it is
     * one of this file after all, by its position; NULL: nothing but the file's own tables is known. */
    bool (*other)(ctx *c, void *to, str name, load_rows *out, bool *here, size_t *position);
    bool (*progress)(ctx *c, void *to, uint64_t bytes, uint64_t rows);                  /* NULL; called often, also while nothing moves */
} load_options;

typedef struct {
    table_finding at;                       /* texts are copies */
} load_finding;

typedef struct {
    str    name;                            /* of the sheet, layer or member */
    str    path;                            /* of its column file; empty: taken */
    str    schema;                          /* label of the schema that it was read under; empty: none */
    size_t header_rows, notes_rows;
    uint64_t rows;
    size_t cols;
    struct { load_finding *v; size_t n, cap; } findings;
    uint64_t more_findings;                 /* whose places were not kept */
} load_table;

typedef struct {
    ingest_found found;
    struct { load_table *v; size_t n, cap; } tables;
    arena *keep;                            /* owns all of it */
} load_result;

bool load_file(ctx *c, int fd, str name, const load_options *o, load_result *out) nodiscard;
/* Segments of a table become one, without the rows whose bits are set in `dropped` (one set a file; NULL: none). Types
 * and names are those of the first. */
bool load_segments(ctx *c, column_file *const *files, const uint64_t *const *dropped, size_t n, const load_options *o,
                   load_result *out) nodiscard;
/* The columns of a table as a schema by place, and its titles and names: for `before`, so that all segments agree. What a given
 * schema (NULL: none) says of marks and spellings goes along, else its values would be read otherwise; what it asks of values only
 * when the rows are to be judged. Lives in c->a. */
void load_before_of(ctx *c, const column_file *f, const table_schema *given, bool judged, load_before *out);
/* One more finding of a table; its texts are copied. */
void load_add_finding(load_result *r, load_table *t, const table_finding *f);
void load_free(ctx *c, load_result *r);     /* column files that are still there */

/* finding.def, for who shows findings. NULL: no such code. */
typedef enum { LOAD_ERROR, LOAD_WARNING, LOAD_NOTE } load_severity;
typedef struct { const char *code; load_severity severity; const char *group, *says, *mend; } load_rule;
const load_rule *load_rule_of(const char *code);
const load_rule *load_rules(size_t *n);

/* 0–100: what the findings leave of a table's quality (docs/quality-rules.md). */
int load_score(const load_table *t);
int load_score_of(const uint64_t *counts, uint64_t rows);   /* counts: of each of load_rules */
#endif
