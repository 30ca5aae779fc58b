/* job_follow — a command waits for a job, works itself meanwhile, and shows how far it is. */
#ifndef JOB_FOLLOW_H
#define JOB_FOLLOW_H
#include "app/job/job.h"
#include "kit/text/json_write.h"
#include "bin/cli.h"

/* Until it has ended; false with the job's own error when it failed or was cancelled. */
bool job_follow(ctx *c, const cli_args *a, int64_t id, job_row *out) nodiscard;
void job_put(json_w *j, const job_row *r);
#endif
