/* jobs — for tests: the work that waits, done here and now. */
#ifndef JOBS_TEST_H
#define JOBS_TEST_H
#include "support/support.h"

#include "app/job/job.h"

bool    test_work(ctx *c);                  /* the next job that is due, of any kind of the site; false: there is none */
job_row test_job(ctx *c, int64_t id);       /* it is there */
#endif
