/* table_compact — the small segments of a table that grows, put together: the
 * job `table.compact`. A run of segments at the end, each at most twice as
 * large as all behind it, becomes one, so that a row is written again only
 * some times however many additions come. What the rows are does not change;
 * additions that come meanwhile stay behind. Versions that are too many then are
 * put away (table_thin.h). */
#ifndef TABLE_COMPACT_H
#define TABLE_COMPACT_H
#include "app/job/job.h"
#include "app/table/table.h"

bool table_compact(ctx *c, int64_t table, job *j) nodiscard;       /* j NULL: nobody follows it */
bool table_compact_job(ctx *c, job *j);                             /* subject: data_table */
bool table_compact_wish(ctx *c, const table_row *t) nodiscard;      /* inside a transaction */
#endif
