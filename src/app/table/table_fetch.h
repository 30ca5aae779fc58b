/* table_fetch — a distribution's address becomes its newest file, through the
 * guarded client: the job `table.fetch`, followed by `table.load` when the bytes
 * are new. What the server said (ETag, Last-Modified) is sent along the next time. */
#ifndef TABLE_FETCH_H
#define TABLE_FETCH_H
#include "app/table/table_load.h"

typedef struct { bool allow_private, polled; } table_fetch_how;

/* From within a job, whose result it sets. */
bool table_fetch(ctx *c, const dataset_row *d, const distribution_row *f, table_fetch_how how, job *j) nodiscard;
bool table_fetch_wish(ctx *c, const dataset_row *d, const distribution_row *f, bool allow_private, int64_t *id) nodiscard; /* inside a transaction */
bool table_fetch_job(ctx *c, job *j);                       /* subject: dataset; arguments: distribution, allow_private */
#endif
