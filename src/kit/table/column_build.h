/* column_build — the table_sink that makes column files (docs/column-file.md)
 * of what a reader hands on: types from all values, dictionaries, statistics,
 * findings, in one pass and a finish, at a memory that does not grow with the
 * table (what a column collects goes to a spill file beyond it).
 *
 *     column_build *b = column_build_new(c, &(column_build_plan){ .out_fd = …, .spill_fd = … });
 *     table_sink sink = column_build_sink(b);
 *     … a reader calls the sink: begin, block and finding as it goes, end …
 *     column_build_free(b);
 *
 * No file is opened here: the caller gives the descriptors, so a sandbox can be
 * closed before. A source with several tables takes one builder a table (the
 * second begin on a builder is a CONFLICT). The file is whole once `end` has
 * answered true: its header is written last.
 *
 * What is noticed about the data goes to `findings`, first those of the reader as
 * they come, then at the end those of the columns: at most 20 places a kind and
 * column, the last of them with the count of all. Errors: IO, TOO_LARGE, INVALID. */
#ifndef COLUMN_BUILD_H
#define COLUMN_BUILD_H
#include "kit/table/block.h"
#include "kit/table/column_file.h"
#include "kit/table/lexicon.h"
#include "kit/table/table_schema.h"

#define COLUMN_BUILD_MEMORY ((size_t)72 << 20)   /* of what is collected; with what a finish needs, 128 MB are kept */

typedef struct {
    int out_fd;                         /* empty regular file, open for reading and writing */
    int spill_fd;                       /* the same, for what does not fit memory; -1: TOO_LARGE when needed */
    size_t memory;                      /* 0: COLUMN_BUILD_MEMORY */
    const table_schema *schema;         /* NULL: none given */
    const lexicon *words;               /* NULL: no area names, machine names are c1, c2 … */
    const str_list *old_titles, *old_names; /* of the version before: names stay; NULL: none */
    const uint8_t *source;              /* SHA-256 of the source, 32 bytes; NULL: not known */
    str_list fact_keys, fact_values;    /* what the loader notes: encoding, rule that decided it … */
    bool no_places;                     /* do not keep line and byte of rows */
    void *findings_to;
    bool (*finding)(ctx *c, void *to, const table_finding *f); /* NULL: findings are dropped */
} column_build_plan;

typedef struct column_build column_build;

column_build *column_build_new(ctx *c, const column_build_plan *plan); /* the plan's texts must outlive it */
table_sink    column_build_sink(column_build *b);
void          column_build_free(column_build *b);                       /* NULL is fine */
uint64_t      column_build_rows(const column_build *b);                 /* so far: for progress */

/* What titles and texts are taken for (docs/table-types.md). */
bool table_is_mark(str s);             /* stands where a value is missing, at least in columns of numbers or dates */
bool table_title_is_code(str title);   /* 代碼, 編號, … id */

/* Segments into one: reads them as a source into the sink of a builder (or any other sink). Their columns must agree.
 * dropped: of each file, the rows that are left out as bits, or NULL; NULL: none of any. */
bool column_file_feed(ctx *c, column_file *const *files, const uint64_t *const *dropped, size_t n, const table_sink *to) nodiscard;
#endif
