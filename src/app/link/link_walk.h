/* link_walk — asks the addresses of all distributions that visitors see, those
 * with the oldest evidence first: the job `link.walk`. A walk is a chain of such
 * jobs of some seconds each, so that other work gets its turn between them and a
 * walk that is interrupted goes on where it was. `openshelf job cancel` ends it.
 *
 * The operator decides whether a serving site walks once a day (setting
 * link_walk_daily, off by default) and how much of it (link_walk_most). */
#ifndef LINK_WALK_H
#define LINK_WALK_H
#include "app/job/job.h"
#include "app/link/link.h"

typedef struct {
    int64_t dataset;            /* its addresses alone; 0: all */
    int64_t most;               /* addresses; 0: all */
    int64_t pause_ms;           /* between two requests to a host */
    int     timeout_s;          /* 0: some seconds */
    bool    allow_private;
} link_walk_wish;

/* Inside a transaction. The first job of the chain. */
bool link_walk_ask(ctx *c, const link_walk_wish *w, int64_t *job) nodiscard;
bool link_walk_job(ctx *c, job *j);
/* Job that follows one that is done; 0: the walk is over. `asked` and the like are of the whole walk until then. */
typedef struct { int64_t next_job, asked, failing, pages, left_alone; } link_walk_result;
bool link_walk_result_read(ctx *c, const job_row *r, link_walk_result *out) nodiscard;

/* At the start of a server: the daily walk, if the operator wants it, a day after the last one began. */
bool link_walk_plan(ctx *c) nodiscard;
#endif
