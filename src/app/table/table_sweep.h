/* table_sweep — the job `blob.sweep`: files of the store that no row of the record
 * names any more (steps of a growing table that were put away) or never named (a
 * load that was killed) are removed a day after they were last touched. Until then
 * a backup that is being written, and whoever brings the same bytes, finds them. */
#ifndef TABLE_SWEEP_H
#define TABLE_SWEEP_H
#include "app/job/job.h"

#define TABLE_SWEEP_AGE_S 86400

bool table_sweep(ctx *c, int64_t older_than_s, int64_t *removed) nodiscard;
bool table_sweep_job(ctx *c, job *j);
/* Inside a transaction: some time later, once however often it is wished. */
bool table_sweep_wish(ctx *c) nodiscard;
#endif
