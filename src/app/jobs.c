#include "app/jobs.h"

static const job_kind table[] = {
#define JOB(name_, function_, tries_, what_) { .name = (name_), .run = (function_), .tries = (tries_), .what = (what_) },
#include "app/jobs.def"
#undef JOB
};

const job_kind *jobs_all(size_t *n)
{
    *n = array_len(table);
    return table;
}
