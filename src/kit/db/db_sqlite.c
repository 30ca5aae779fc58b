/* The only file that knows SQLite. WAL, synchronous FULL (a commit survives a power cut), no mmap:
 * every commit of another connection would unmap the file (docs/decisions). */
#include "kit/db/db_backend.h"

#include <sqlite3.h>

#define CACHE_KB "-8192"
#define WRITER_CACHE_KB "-65536" /* from its first write on: keys made of hashes touch pages all over the indexes */
#define WAL_PAGES "8192"         /* 64 MB before it is copied back: a page that changes often is copied once */
#define BUSY_MS 30000
#define STEPS_PER_LOOK 20000 /* virtual machine steps between two looks at the clock */

typedef struct {
    db            head;
    sqlite3      *h;
    sqlite3_stmt **stmts; /* by db_sql.id */
    size_t        stmt_count;
    int64_t       deadline_ms;
    bool          has_written;
} sqlite_db;

static bool lite_fail(ctx *c, sqlite_db *d, const char *what)
{
    int code = sqlite3_errcode(d->h) & 0xff;
    err_detail(c, "sqlite %d in %s: %s", sqlite3_extended_errcode(d->h), what, sqlite3_errmsg(d->h));
    switch (code) {
    case SQLITE_INTERRUPT:
        return fail(c, TIMEOUT, "the database work was stopped because it took longer than its limit");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(c, BUSY, "the database is being written by another process; try again");
    case SQLITE_CONSTRAINT:
        return fail(c, CONFLICT, "the change goes against a rule of the record (%s)", what);
    case SQLITE_FULL:
        return fail(c, IO, "the disk that holds the database is full");
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return fail(c, IO, "the database cannot be written: this user needs the right to write to its file and folder, also in order to read");
    case SQLITE_CANTOPEN:
        return fail(c, IO, "the database cannot be opened: this user needs the right to read and write its file and folder");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return fail(c, DB, "the file of the database is damaged, or is no SQLite database: restore a backup (openshelf restore)");
    default:
        return fail(c, DB, "the database failed in %s", what);
    }
}

static int look_at_clock(void *p)
{
    const sqlite_db *d = p;
    return d->deadline_ms != 0 && day_now_mono_ms() >= d->deadline_ms;
}

static bool bind(ctx *c, sqlite_db *d, sqlite3_stmt *s, const db_sql *q, const db_value *v)
{
    for (int i = 0; i < q->params; i++) {
        int rc = SQLITE_OK;
        if (v[i].null) {
            rc = sqlite3_bind_null(s, i + 1);
        } else if (v[i].type == DB_INT) {
            rc = sqlite3_bind_int64(s, i + 1, v[i].i);
        } else if (v[i].type == DB_REAL) {
            rc = sqlite3_bind_double(s, i + 1, v[i].r);
        } else if (v[i].type == DB_INTS) {
            buf b = buf_in(c->a);
            buf_byte(&b, '[');
            for (size_t k = 0; k < v[i].ints.n; k++) {
                if (k > 0)
                    buf_byte(&b, ',');
                buf_i64(&b, v[i].ints.v[k]);
            }
            buf_byte(&b, ']');
            rc = sqlite3_bind_text64(s, i + 1, b.p, b.n, SQLITE_STATIC, SQLITE_UTF8);
        } else if (v[i].type == DB_BLOB) {
            rc = sqlite3_bind_blob64(s, i + 1, v[i].s.n > 0 ? v[i].s.p : "", v[i].s.n, SQLITE_STATIC);
        } else {
            rc = sqlite3_bind_text64(s, i + 1, v[i].s.n > 0 ? v[i].s.p : "", v[i].s.n, SQLITE_STATIC, SQLITE_UTF8);
        }
        if (rc != SQLITE_OK)
            return lite_fail(c, d, q->name);
    }
    return true;
}

/* The prepared statement with its values; a statement already stepping gets a second, short-lived one. */
static sqlite3_stmt *ready(ctx *c, sqlite_db *d, const db_sql *q, const db_value *v)
{
    size_t id = (size_t)q->id;
    if (id >= d->stmt_count) {
        size_t n = id + 64;
        d->stmts = mem_resize(d->stmts, n * sizeof *d->stmts);
        memset(d->stmts + d->stmt_count, 0, (n - d->stmt_count) * sizeof *d->stmts);
        d->stmt_count = n;
    }
    sqlite3_stmt *s = d->stmts[id];
    bool taken = s != NULL && sqlite3_stmt_busy(s);
    if (s == NULL || taken) {
        if (sqlite3_prepare_v3(d->h, q->sqlite, -1, taken ? 0 : SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK) {
            (void)lite_fail(c, d, q->name);
            return NULL;
        }
        if (!taken)
            d->stmts[id] = s;
    }
    d->deadline_ms = c->deadline_ms;
    if (bind(c, d, s, q, v))
        return s;
    if (taken)
        sqlite3_finalize(s);
    return NULL;
}

static void put_back(sqlite_db *d, const db_sql *q, sqlite3_stmt *s)
{
    sqlite3_reset(s);
    if (d->stmts[q->id] == s)
        sqlite3_clear_bindings(s); /* the arena behind them ends */
    else
        sqlite3_finalize(s);
}

static bool lite_start(ctx *c, db *head, const db_sql *q, const db_value *v, db_rows *out)
{
    sqlite3_stmt *s = ready(c, (sqlite_db *)head, q, v);
    if (s == NULL)
        return false;
    *out = (db_rows){ .d = head, .state = s, .sql = q };
    return true;
}

static bool lite_next(ctx *c, db_rows *r, bool *row)
{
    sqlite_db *d = (sqlite_db *)r->d;
    int rc = sqlite3_step(r->state);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return lite_fail(c, d, r->sql->name);
    *row = rc == SQLITE_ROW;
    return true;
}

static bool lite_is_null(db_rows *r, int col)
{
    return sqlite3_column_type(r->state, col) == SQLITE_NULL;
}

static int64_t lite_get_int(db_rows *r, int col)
{
    return sqlite3_column_int64(r->state, col);
}

static double lite_get_real(db_rows *r, int col)
{
    return sqlite3_column_double(r->state, col);
}

static str lite_get_text(db_rows *r, int col)
{
    const void *p = sqlite3_column_type(r->state, col) == SQLITE_BLOB ? sqlite3_column_blob(r->state, col)
                                                                     : (const void *)sqlite3_column_text(r->state, col);
    return (str){ p, (size_t)sqlite3_column_bytes(r->state, col) };
}

static void lite_done(db_rows *r)
{
    put_back((sqlite_db *)r->d, r->sql, r->state);
}

static bool lite_run(ctx *c, db *head, const db_sql *q, const db_value *v, int64_t *changed)
{
    sqlite_db *d = (sqlite_db *)head;
    sqlite3_stmt *s = ready(c, d, q, v);
    if (s == NULL)
        return false;
    int rc;
    do
        rc = sqlite3_step(s);
    while (rc == SQLITE_ROW);
    bool ok = rc == SQLITE_DONE || lite_fail(c, d, q->name);
    if (ok && changed != NULL)
        *changed = sqlite3_changes64(d->h);
    put_back(d, q, s);
    return ok;
}

static bool lite_send(ctx *c, db *d, const db_sql *q, const db_value *v)
{
    return lite_run(c, d, q, v, NULL);
}

static bool lite_flush(ctx *c, db *d)
{
    (void)c;
    (void)d;
    return true;
}

static bool exec(ctx *c, sqlite_db *d, const char *sql)
{
    d->deadline_ms = c->deadline_ms;
    return sqlite3_exec(d->h, sql, NULL, NULL, NULL) == SQLITE_OK || lite_fail(c, d, sql);
}

static bool lite_begin(ctx *c, db *head, bool write)
{
    sqlite_db *d = (sqlite_db *)head;
    if (write && !d->has_written) {
        if (!exec(c, d, "PRAGMA cache_size = " WRITER_CACHE_KB))
            return false;
        d->has_written = true;
    }
    return exec(c, d, write ? "BEGIN IMMEDIATE" : "BEGIN");
}

static bool lite_commit(ctx *c, db *d)
{
    return exec(c, (sqlite_db *)d, "COMMIT");
}

static void lite_rollback(db *head)
{
    sqlite_db *d = (sqlite_db *)head;
    if (!sqlite3_get_autocommit(d->h)) {
        d->deadline_ms = 0;
        (void)sqlite3_exec(d->h, "ROLLBACK", NULL, NULL, NULL);
    }
}

static bool lite_script(ctx *c, db *d, str sql)
{
    return sqlite3_exec(((sqlite_db *)d)->h, str_z(c->a, sql), NULL, NULL, NULL) == SQLITE_OK
        || lite_fail(c, (sqlite_db *)d, "a script");
}

static bool lite_integrity(ctx *c, db *head, str *problem)
{
    sqlite_db *d = (sqlite_db *)head;
    sqlite3_stmt *s;
    if (sqlite3_prepare_v2(d->h, "PRAGMA integrity_check(1)", -1, &s, NULL) != SQLITE_OK)
        return lite_fail(c, d, "integrity_check");
    bool ok = sqlite3_step(s) == SQLITE_ROW || lite_fail(c, d, "integrity_check");
    if (ok) {
        str said = str_of((const char *)sqlite3_column_text(s, 0));
        *problem = str_eq(said, S("ok")) ? S("") : str_dup(c->a, said);
    }
    sqlite3_finalize(s);
    return ok;
}

static void lite_close(db *head)
{
    sqlite_db *d = (sqlite_db *)head;
    for (size_t i = 0; i < d->stmt_count; i++)
        sqlite3_finalize(d->stmts[i]);
    mem_free(d->stmts);
    sqlite3_close_v2(d->h);
    mem_free(d);
}

static const db_backend backend = {
    .start = lite_start, .next = lite_next, .is_null = lite_is_null, .get_int = lite_get_int,
    .get_real = lite_get_real, .get_text = lite_get_text, .done = lite_done, .run = lite_run,
    .send = lite_send, .flush = lite_flush, .begin = lite_begin, .commit = lite_commit,
    .rollback = lite_rollback, .script = lite_script, .integrity = lite_integrity, .close = lite_close,
};

bool db_open_sqlite(ctx *c, str path, db **out)
{
    if (path.n == 0 || str_find_byte(path, 0) < path.n)
        return fail(c, INVALID, "the path of the database is empty or holds a NUL");
    sqlite_db *d = mem_get(sizeof *d);
    d->head = (db){ .b = &backend, .kind = DB_SQLITE };
    int rc = sqlite3_open_v2(str_z(c->a, path), &d->h,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK) {
        (void)fail(c, IO, "cannot open the database “%.*s”", S_ARG(path));
        err_detail(c, "%s", sqlite3_errmsg(d->h));
        lite_close(&d->head);
        return false;
    }
    sqlite3_extended_result_codes(d->h, 1);
    sqlite3_busy_timeout(d->h, BUSY_MS);
    sqlite3_progress_handler(d->h, STEPS_PER_LOOK, look_at_clock, d);
    sqlite3_db_config(d->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(d->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!exec(c, d, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                    "PRAGMA foreign_keys = ON;"
                    "PRAGMA wal_autocheckpoint = " WAL_PAGES "; PRAGMA mmap_size = 0;"
                    "PRAGMA cache_size = " CACHE_KB "; PRAGMA temp_store = MEMORY")) {
        lite_close(&d->head);
        return false;
    }
    *out = &d->head;
    return true;
}
