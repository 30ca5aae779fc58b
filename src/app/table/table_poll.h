/* table_poll — a distribution's address is asked again and again, for data that changes fast (C10): as often as an operator
 * says, by a job (`table.poll`) that is put back each time. What the server says is unchanged costs a request; other bytes become
 * the newest file and its tables, and old versions go (table_thin.h). An address that fails is asked half as often each time,
 * once a day at least.
 *
 * Who decided it is a row of the ledger. A poll whose job was cancelled stays in the list, and rests until it is set again. */
#ifndef TABLE_POLL_H
#define TABLE_POLL_H
#include "app/job/job.h"
#include "app/table/table.h"

#define TABLE_POLL_LEAST_S 5
#define TABLE_POLL_MOST_S (366 * 86400)

/* A change of its own. INVALID: nothing that can be fetched, or another time than these. */
bool table_poll_set(ctx *c, const dataset_row *d, const distribution_row *f, int64_t every_s, bool allow_private) nodiscard;
bool table_poll_end(ctx *c, const dataset_row *d, const distribution_row *f, bool *was) nodiscard;
/* Polls whose job was lost get another: where work begins. */
bool table_poll_resume(ctx *c) nodiscard;
bool table_poll_job(ctx *c, job *j);                        /* subject: dataset; arguments: distribution */
#endif
