/* The only file that knows libpq. Statements are prepared once a connection; reads come row by row
 * (single-row mode), so that a walk over the whole catalogue needs no memory; db_send goes through
 * the pipeline, and its errors appear at the next flush. Waiting is ours (poll), so that deadlines hold. */
#include "kit/db/db_backend.h"

#include <libpq-fe.h>
#include <poll.h>

#define PIPELINE_MAX 4096      /* statements under way before their answers are read */
#define PIPELINE_PUSH 32       /* … and collected before they are sent: a system call for all of them */
#define PARAMS_MAX 96
#define WRITE_LOCK "7310203"   /* the advisory lock that makes writers take turns */

typedef struct rows_state rows_state;

typedef struct {
    db         head;
    PGconn    *h;
    uint64_t  *prepared;       /* bit by db_sql.id */
    size_t     prepared_words;
    int        under_way;      /* in the pipeline, answers not read */
    rows_state *reading;       /* the one statement whose rows are still on the wire */
    bool       stale;          /* the pipeline failed: what was prepared in it may not be there */
} pg_db;

struct rows_state {
    pg_db     *d;
    PGresult  *now;            /* the current row, or a whole result */
    PGresult **kept;           /* rows read ahead because another statement had to run */
    size_t     kept_n, kept_at, kept_cap;
    bool       ended;
};

static bool pg_fail(ctx *c, pg_db *d, const PGresult *r, const char *what)
{
    const char *state = r != NULL ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    str code = str_of(state);
    err_detail(c, "postgres %.*s in %s: %s", S_ARG(code), what,
               r != NULL ? PQresultErrorMessage(r) : PQerrorMessage(d->h));
    if (str_eq(code, S("57014")))
        return fail(c, TIMEOUT, "the database work was stopped because it took longer than its limit");
    if (str_starts(code, S("23")))
        return fail(c, CONFLICT, "the change goes against a rule of the record (%s)", what);
    if (str_eq(code, S("55P03")) || str_starts(code, S("40")))
        return fail(c, BUSY, "the database is being written by another process; try again");
    return fail(c, DB, "the database failed in %s", what);
}

/* Waits until the connection can be read (or written, when asked); cancels at the deadline. */
static bool wait_for(ctx *c, pg_db *d, bool write)
{
    struct pollfd p = { .fd = PQsocket(d->h), .events = (short)(write ? POLLIN | POLLOUT : POLLIN) };
    int timeout = -1;
    if (c->deadline_ms != 0) {
        int64_t left = c->deadline_ms - day_now_mono_ms();
        timeout = left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
    }
    int n = poll(&p, 1, timeout);
    if (n == 0 && c->deadline_ms != 0 && day_now_mono_ms() >= c->deadline_ms) {
        char why[256];
        PGcancel *stop = PQgetCancel(d->h);
        if (stop != NULL)
            (void)PQcancel(stop, why, sizeof why);
        PQfreeCancel(stop);
        c->deadline_ms = 0; /* the server answers with an error now: read it */
    }
    return true;
}

static bool push(ctx *c, pg_db *d)
{
    for (;;) {
        int rc = PQflush(d->h);
        if (rc == 0)
            return true;
        if (rc < 0 || !wait_for(c, d, true) || PQconsumeInput(d->h) == 0)
            return pg_fail(c, d, NULL, "sending");
    }
}

static PGresult *result(ctx *c, pg_db *d)
{
    while (PQisBusy(d->h)) {
        if (!wait_for(c, d, false) || PQconsumeInput(d->h) == 0)
            return NULL;
    }
    return PQgetResult(d->h);
}

static void keep_row(rows_state *s, PGresult *r)
{
    if (s->kept_n == s->kept_cap) {
        s->kept_cap = s->kept_cap > 0 ? s->kept_cap * 2 : 16;
        s->kept = mem_resize(s->kept, s->kept_cap * sizeof(PGresult *));
    }
    s->kept[s->kept_n++] = r;
}

/* The connection can do one thing at a time: rows still on the wire are read into memory. */
static void read_ahead(ctx *c, pg_db *d)
{
    rows_state *s = d->reading;
    if (s == NULL)
        return;
    for (PGresult *r; (r = result(c, d)) != NULL;)
        keep_row(s, r);
    s->ended = true;
    d->reading = NULL;
}

static bool drain(ctx *c, pg_db *d)
{
    if (PQpipelineStatus(d->h) == PQ_PIPELINE_OFF)
        return true;
    bool ok = PQpipelineSync(d->h) == 1 && push(c, d);
    bool synced = !ok;
    while (!synced) {
        PGresult *r = result(c, d);
        if (r == NULL) {
            if (PQstatus(d->h) == CONNECTION_BAD) {
                ok = pg_fail(c, d, NULL, "the pipeline");
                break;
            }
            continue; /* between two statements */
        }
        ExecStatusType st = PQresultStatus(r);
        synced = st == PGRES_PIPELINE_SYNC;
        if (st == PGRES_FATAL_ERROR && ok)
            ok = pg_fail(c, d, r, "a change");
        PQclear(r);
    }
    d->under_way = 0;
    d->stale = d->stale || !ok;
    (void)PQexitPipelineMode(d->h);
    return ok;
}

static bool alive(ctx *c, pg_db *d)
{
    if (PQstatus(d->h) == CONNECTION_OK)
        return true;
    if (d->head.in_tx)
        return fail(c, DB, "the connection to the database was lost");
    PQreset(d->h);
    memset(d->prepared, 0, d->prepared_words * sizeof *d->prepared);
    if (PQstatus(d->h) != CONNECTION_OK)
        return pg_fail(c, d, NULL, "connecting");
    return PQsetnonblocking(d->h, 1) == 0;
}

static bool is_prepared(pg_db *d, int id)
{
    size_t word = (size_t)id / 64;
    if (word >= d->prepared_words) {
        size_t n = word + 4;
        d->prepared = mem_resize(d->prepared, n * sizeof *d->prepared);
        memset(d->prepared + d->prepared_words, 0, (n - d->prepared_words) * sizeof *d->prepared);
        d->prepared_words = n;
    }
    return (d->prepared[word] >> (id % 64) & 1) != 0;
}

typedef struct {
    const char *v[PARAMS_MAX];
    int len[PARAMS_MAX], format[PARAMS_MAX];
} pg_params;

static void fill_params(ctx *c, const db_sql *q, const db_value *v, pg_params *p)
{
    must(q->params <= PARAMS_MAX);
    for (int i = 0; i < q->params; i++) {
        p->len[i] = 0;
        p->format[i] = 0;
        buf b = buf_in(c->a);
        if (v[i].null) {
            p->v[i] = NULL;
            continue;
        }
        if (v[i].type == DB_INT) {
            buf_i64(&b, v[i].i);
        } else if (v[i].type == DB_REAL) {
            buf_f64(&b, v[i].r);
        } else if (v[i].type == DB_INTS) {
            buf_byte(&b, '{');
            for (size_t k = 0; k < v[i].ints.n; k++) {
                if (k > 0)
                    buf_byte(&b, ',');
                buf_i64(&b, v[i].ints.v[k]);
            }
            buf_byte(&b, '}');
        } else {
            /* In binary form: text with its length, no copy; PostgreSQL refuses NUL in text itself. */
            p->v[i] = v[i].s.n > 0 ? v[i].s.p : "";
            p->len[i] = (int)v[i].s.n;
            p->format[i] = 1;
            continue;
        }
        buf_byte(&b, 0);
        p->v[i] = b.p;
    }
}

static bool prepare(ctx *c, pg_db *d, const db_sql *q, char name[16])
{
    __builtin_snprintf(name, 16, "s%d", q->id);
    if (is_prepared(d, q->id))
        return true;
    if (PQpipelineStatus(d->h) != PQ_PIPELINE_OFF) {
        if (PQsendPrepare(d->h, name, q->postgres, 0, NULL) != 1)
            return pg_fail(c, d, NULL, q->name);
    } else {
        PGresult *r = PQprepare(d->h, name, q->postgres, 0, NULL);
        bool ok = PQresultStatus(r) == PGRES_COMMAND_OK || pg_fail(c, d, r, q->name);
        PQclear(r);
        if (!ok)
            return false;
    }
    d->prepared[q->id / 64] |= UINT64_C(1) << (q->id % 64);
    return true;
}

static bool send_one(ctx *c, pg_db *d, const db_sql *q, const db_value *v)
{
    char name[16];
    pg_params p;
    if (!prepare(c, d, q, name))
        return false;
    arena_mark m = arena_here(c->a);
    fill_params(c, q, v, &p);
    int rc = PQsendQueryPrepared(d->h, name, q->params, p.v, p.len, p.format, 0);
    arena_back(c->a, m);
    return rc == 1 || pg_fail(c, d, NULL, q->name);
}

static bool post_start(ctx *c, db *head, const db_sql *q, const db_value *v, db_rows *out)
{
    pg_db *d = (pg_db *)head;
    read_ahead(c, d);
    if (!alive(c, d) || !drain(c, d) || !send_one(c, d, q, v))
        return false;
    (void)PQsetSingleRowMode(d->h);
    if (!push(c, d))
        return false;
    rows_state *s = mem_get(sizeof *s);
    s->d = d;
    d->reading = s;
    *out = (db_rows){ .d = head, .state = s, .sql = q };
    return true;
}

static bool post_next(ctx *c, db_rows *rows, bool *row)
{
    rows_state *s = rows->state;
    PQclear(s->now);
    s->now = NULL;
    *row = false;
    for (;;) {
        PGresult *r = s->kept_at < s->kept_n ? s->kept[s->kept_at++] : s->ended ? NULL : result(c, s->d);
        if (r == NULL) {
            if (!s->ended && PQstatus(s->d->h) == CONNECTION_BAD)
                return pg_fail(c, s->d, NULL, rows->sql->name);
            s->ended = true;
            if (s->d->reading == s)
                s->d->reading = NULL;
            return true;
        }
        ExecStatusType st = PQresultStatus(r);
        if (st == PGRES_SINGLE_TUPLE) {
            s->now = r;
            *row = true;
            return true;
        }
        bool bad = st != PGRES_TUPLES_OK && st != PGRES_COMMAND_OK;
        if (bad)
            (void)pg_fail(c, s->d, r, rows->sql->name);
        PQclear(r);
        if (bad)
            return false;
    }
}

static bool post_is_null(db_rows *r, int col)
{
    return PQgetisnull(((rows_state *)r->state)->now, 0, col) != 0;
}

static str post_get_text(db_rows *r, int col)
{
    const PGresult *now = ((rows_state *)r->state)->now;
    return (str){ PQgetvalue(now, 0, col), (size_t)PQgetlength(now, 0, col) };
}

static int64_t post_get_int(db_rows *r, int col)
{
    int64_t v = 0;
    (void)str_to_i64(post_get_text(r, col), &v);
    return v;
}

static double post_get_real(db_rows *r, int col)
{
    double v = 0;
    (void)str_to_f64(post_get_text(r, col), &v);
    return v;
}

static void post_done(db_rows *rows)
{
    rows_state *s = rows->state;
    pg_db *d = s->d;
    PQclear(s->now);
    while (s->kept_at < s->kept_n)
        PQclear(s->kept[s->kept_at++]);
    mem_free(s->kept);
    if (d->reading == s) {
        d->reading = NULL;
        for (PGresult *r; (r = PQgetResult(d->h)) != NULL;)
            PQclear(r);
    }
    mem_free(s);
}

static bool post_run(ctx *c, db *head, const db_sql *q, const db_value *v, int64_t *changed)
{
    pg_db *d = (pg_db *)head;
    read_ahead(c, d);
    if (!alive(c, d) || !drain(c, d) || !send_one(c, d, q, v) || !push(c, d))
        return false;
    bool ok = true;
    for (PGresult *r; (r = result(c, d)) != NULL; PQclear(r)) {
        ExecStatusType st = PQresultStatus(r);
        if (st != PGRES_COMMAND_OK && st != PGRES_TUPLES_OK)
            ok = pg_fail(c, d, r, q->name);
        else if (changed != NULL && !str_to_i64(str_of(PQcmdTuples(r)), changed))
            *changed = 0;
    }
    return ok;
}

static bool post_send(ctx *c, db *head, const db_sql *q, const db_value *v)
{
    pg_db *d = (pg_db *)head;
    read_ahead(c, d);
    if (d->under_way >= PIPELINE_MAX && !drain(c, d))
        return false;
    if (PQpipelineStatus(d->h) == PQ_PIPELINE_OFF && PQenterPipelineMode(d->h) != 1)
        return pg_fail(c, d, NULL, q->name);
    d->under_way++;
    return send_one(c, d, q, v) && (d->under_way % PIPELINE_PUSH != 0 || push(c, d));
}

static bool post_flush(ctx *c, db *d)
{
    return drain(c, (pg_db *)d);
}

static bool exec(ctx *c, pg_db *d, const char *sql)
{
    read_ahead(c, d);
    if (!alive(c, d) || !drain(c, d))
        return false;
    PGresult *r = PQexec(d->h, sql);
    ExecStatusType st = PQresultStatus(r);
    bool ok = st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK || pg_fail(c, d, r, "a transaction or script");
    PQclear(r);
    return ok;
}

static bool post_begin(ctx *c, db *d, bool write)
{
    return exec(c, (pg_db *)d,
                write ? "BEGIN; SET LOCAL lock_timeout = '30s'; SELECT pg_advisory_xact_lock(" WRITE_LOCK ")"
                      : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

static void post_rollback(db *head)
{
    pg_db *d = (pg_db *)head;
    ctx scrap = { .a = arena_new(1024) }; /* the first error stands in the caller's ctx */
    (void)drain(&scrap, d);
    PQclear(PQexec(d->h, "ROLLBACK"));
    if (d->stale) {
        PQclear(PQexec(d->h, "DEALLOCATE ALL"));
        memset(d->prepared, 0, d->prepared_words * sizeof *d->prepared);
        d->stale = false;
    }
    arena_free(scrap.a);
}

static bool post_commit(ctx *c, db *head)
{
    pg_db *d = (pg_db *)head;
    if (!drain(c, d))
        return false;
    PGresult *r = PQexec(d->h, "COMMIT");
    /* A COMMIT of a failed transaction answers ROLLBACK without an error. */
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK && str_eq(str_of(PQcmdStatus(r)), S("COMMIT"));
    if (!ok)
        (void)pg_fail(c, d, r, "commit");
    PQclear(r);
    return ok;
}

static bool post_script(ctx *c, db *d, str sql)
{
    return exec(c, (pg_db *)d, str_z(c->a, sql));
}

static bool post_integrity(ctx *c, db *d, str *problem)
{
    *problem = S("");
    return exec(c, (pg_db *)d, "SELECT 1");
}

static void post_close(db *head)
{
    pg_db *d = (pg_db *)head;
    PQfinish(d->h);
    mem_free(d->prepared);
    mem_free(d);
}

static const db_backend backend = {
    .start = post_start, .next = post_next, .is_null = post_is_null, .get_int = post_get_int,
    .get_real = post_get_real, .get_text = post_get_text, .done = post_done, .run = post_run,
    .send = post_send, .flush = post_flush, .begin = post_begin, .commit = post_commit,
    .rollback = post_rollback, .script = post_script, .integrity = post_integrity, .close = post_close,
};

static void quiet(void *arg, const char *message)
{
    (void)arg;
    (void)message; /* “relation exists, skipping” and the like */
}

bool db_open_postgres(ctx *c, str address, db **out)
{
    pg_db *d = mem_get(sizeof *d);
    d->head = (db){ .b = &backend, .kind = DB_POSTGRES };
    d->h = PQconnectdb(str_z(c->a, address));
    if (PQstatus(d->h) != CONNECTION_OK) {
        (void)fail(c, IO, "cannot connect to the PostgreSQL database");
        err_detail(c, "%s", PQerrorMessage(d->h));
        post_close(&d->head);
        return false;
    }
    PQsetNoticeProcessor(d->h, quiet, NULL);
    bool ok = PQserverVersion(d->h) >= 140000
           || fail(c, IO, "PostgreSQL 14 or newer is needed, this one is %d", PQserverVersion(d->h) / 10000);
    ok = ok && exec(c, d, "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET timezone = 'UTC'");
    if (!ok || PQsetnonblocking(d->h, 1) != 0) {
        post_close(&d->head);
        return false;
    }
    *out = &d->head;
    return true;
}
