/* jobs — the table made of jobs.def. */
#ifndef JOBS_H
#define JOBS_H
#include "app/job/job.h"

#define JOB(name, function, tries, what) job_run function;
#include "app/jobs.def"
#undef JOB

const job_kind *jobs_all(size_t *n);
#endif
