/* job_worker — threads that do the jobs of a site, one job each at a time,
 * beside the server or alone (`openshelf work`). They look every half second,
 * and at once when job_worker_wake says that something was added here. */
#ifndef JOB_WORKER_H
#define JOB_WORKER_H
#include "app/job/job.h"

typedef struct job_worker job_worker;

bool job_worker_start(ctx *c, struct site *s, const job_kind *kinds, size_t n, int threads, job_worker **out) nodiscard;
void job_worker_wake(void);                 /* any thread of this process */
void job_worker_stop(job_worker *w);        /* running jobs are put back at their next step; NULL is fine */
#endif
