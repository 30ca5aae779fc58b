/* job — work that takes longer than a request, as rows that survive a crash.
 *
 * Adding is part of the transaction that causes it. Taking gives a lease that
 * progress renews; when its holder dies the job is taken again, at most
 * `tries` times. A job acts in the name of who asked for it and may run more
 * than once: what it does must come out the same. Kinds stand in app/jobs.def.
 *
 * Errors end the try: BUSY, IO, DB and TIMEOUT are tried again later, all
 * others are final. The message is kept in the row, for people. */
#ifndef JOB_H
#define JOB_H
#include "base.h"
#include "kit/db/db.h"
#include "queries.h"

struct site;

typedef struct {
    int64_t id;
    str kind, subject_kind, arguments, lease;
    int64_t subject_id;
    int64_t told_at;                /* when progress was last written, monotonic */
    str result;                     /* JSON object, set by the job; empty: {} */
    const _Atomic bool *stopping;   /* the worker ends: give up between two steps; may be NULL */
    bool put_back;                  /* it was interrupted, not at fault */
    int64_t again_at;               /* set by a job that is done over and over: when next, whether it failed or not; 0: it ends */
} job;

typedef bool job_run(ctx *c, job *j);
typedef struct {
    const char *name;
    job_run    *run;
    int         tries;
    const char *what;               /* msgid, for lists */
} job_kind;

typedef struct {
    str kind, once, subject_kind;
    int64_t subject_id, run_at;     /* run_at 0: now */
    str arguments;
} job_wish;

/* Inside a write transaction. A waiting job of the same kind and `once` is taken for it. */
bool job_add(ctx *c, const job_wish *w, int64_t *id) nodiscard;
bool job_cancel(ctx *c, int64_t id, bool *found) nodiscard;      /* waiting: at once; running: at its next step */

/* From within a job, as often as it likes: written twice a second at most. False when the job should end:
 * CANCELLED, or BUSY when the worker stops or the lease was lost. */
bool job_progress(ctx *c, job *j, const char *stage, int64_t bytes_done, int64_t bytes_all, int64_t rows) nodiscard;

/* Seconds that are left by the speed so far; -1: cannot be said. */
int64_t job_seconds_left(const job_row *r, int64_t now);

/* One job, when there is one: takes it, runs it, writes how it ended. The job's own failure is no failure of this. */
bool job_work_one(ctx *c, const job_kind *kinds, size_t n, const _Atomic bool *stopping, bool *worked) nodiscard;
#endif
