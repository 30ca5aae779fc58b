/* table_judge — rows that come to a table that is there, against what its schema asks of all rows together: a value or a key that
 * stands in the table already, one that another table lacks. What single values must be was told when they were read. Findings are those of a
 * load; their rows count among the rows that came.
 *
 * Segments that were compared once are not compared again: what a table got meanwhile costs no more than what it got. */
#ifndef TABLE_JUDGE_H
#define TABLE_JUDGE_H
#include "app/table/table.h"
#include "app/table/table_open.h"
#include "kit/load/load.h"
#include "kit/schema/schema.h"

typedef struct {
    const schema *given;                /* NULL: none, and nothing is judged */
    const column_file *added;
    const uint64_t *added_dropped;      /* rows of it that a later one of it replaces, as bits; NULL: none */
    load_result *loaded;                /* its first table gets the findings */
    size_t own;                         /* findings before any comparison */
    map seen;                           /* files that were compared */
    bool referred;                      /* references were looked for */
} table_judge;

table_judge table_judge_new(ctx *c, const schema *given, const column_file *added, load_result *loaded);
void table_judge_again(ctx *c, table_judge *j);     /* as if nothing had been compared */
/* What the new rows refer to must be there: in the table as it will be, or in the others of its dataset. Said once. */
bool table_judge_references(ctx *c, table_judge *j, int64_t dataset_id, column_file *const *files, const uint64_t *const *dropped, size_t n) nodiscard;
/* dropped: rows of each file that are replaced; NULL: none are. */
bool table_judge_files(ctx *c, table_judge *j, const table_piece *pieces, column_file *const *files, const uint64_t *const *dropped, size_t n) nodiscard;

/* Whether a finding says that a row is not as the table's schema or types want it. */
bool table_judge_breaks(const table_finding *f);
/* INVALID names the first row and field that are not right: for who wants all or nothing. */
bool table_judge_strict(ctx *c, const table_judge *j) nodiscard;
#endif
