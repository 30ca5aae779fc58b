#include "support/jobs.h"

#include "app/jobs.h"

bool test_work(ctx *c)
{
    bool worked = false;
    size_t n;
    const job_kind *kinds = jobs_all(&n);
    assert_ok(c, job_work_one(c, kinds, n, NULL, &worked));
    return worked;
}

job_row test_job(ctx *c, int64_t id)
{
    job_row r = { 0 };
    bool found;
    assert_ok(c, q_job_get(c, id, &r, &found));
    assert_true(found);
    return r;
}
