#include "kit/geo/sqlite_source.h"
#include "kit/table/block.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>

#define TURN 20000                              /* steps of SQLite's machine between looks at the clock */

struct sqlite_source {
    ctx    *c;
    const source *s;
    sqlite3 *db;
};

struct sqlite_rows {
    sqlite_source *d;
    sqlite3_stmt *stmt;
    arena *row;
};

/* --- a file system that holds one file --- */

typedef struct {
    sqlite3_file base;
    sqlite_source *d;
} opened;

static int on_close(sqlite3_file *f)
{
    (void)f;
    return SQLITE_OK;
}

/* Bytes 18 and 19 say that a log lies beside the file: here they never do, or SQLite would look for it. */
static int on_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    sqlite_source *d = ((opened *)f)->d;
    size_t got;
    if (at < 0 || !source_some(d->c, d->s, (uint64_t)at, to, (size_t)n, &got))
        return SQLITE_IOERR_READ;
    for (sqlite3_int64 i = 18; i < 20; i++)
        if (i >= at && i < at + (sqlite3_int64)got && ((char *)to)[i - at] == 2)
            ((char *)to)[i - at] = 1;
    if (got == (size_t)n)
        return SQLITE_OK;
    memset((char *)to + got, 0, (size_t)n - got);
    return SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    (void)f, (void)p, (void)n, (void)at;
    return SQLITE_READONLY;
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    (void)f, (void)n;
    return SQLITE_READONLY;
}

static int on_flags(sqlite3_file *f, int flags)         /* sync, lock, unlock: nobody else has it */
{
    (void)f, (void)flags;
    return SQLITE_OK;
}

static int on_size(sqlite3_file *f, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)((opened *)f)->d->s->size;
    return SQLITE_OK;
}

static int on_reserved(sqlite3_file *f, int *held)
{
    (void)f;
    *held = 0;
    return SQLITE_OK;
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
    (void)f, (void)op, (void)arg;
    return SQLITE_NOTFOUND;
}

static int on_sector(sqlite3_file *f)
{
    (void)f;
    return 4096;
}

static int on_device(sqlite3_file *f)
{
    (void)f;
    return SQLITE_IOCAP_IMMUTABLE;
}

static const sqlite3_io_methods methods = { 1, on_close, on_read, on_write, on_truncate, on_flags, on_size, on_flags, on_flags,
                                            on_reserved, on_control, on_sector, on_device, NULL, NULL, NULL, NULL, NULL, NULL };

/* The name of the file is the place of its source in memory. */
static int on_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
    opened *o = (opened *)f;
    void *d = NULL;
    (void)v;
    o->base.pMethods = NULL;
    if (!(flags & SQLITE_OPEN_MAIN_DB) || name == NULL || sscanf(name, "%p", &d) != 1)
        return SQLITE_CANTOPEN;
    o->d = d;
    o->base.pMethods = &methods;
    if (out != NULL)
        *out = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
    return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *v, const char *name, int sync)
{
    (void)v, (void)name, (void)sync;
    return SQLITE_IOERR_DELETE;
}

static int on_access(sqlite3_vfs *v, const char *name, int flags, int *is)
{
    (void)v, (void)name, (void)flags;
    *is = 0;
    return SQLITE_OK;
}

static int on_full_name(sqlite3_vfs *v, const char *name, int room, char *out)
{
    (void)v;
    snprintf(out, (size_t)room, "%s", name);
    return SQLITE_OK;
}

static int on_random(sqlite3_vfs *v, int n, char *out)
{
    (void)v;
    memset(out, 0, (size_t)n);
    return n;
}

static int on_sleep(sqlite3_vfs *v, int n)
{
    (void)v;
    return n;
}

static int on_time(sqlite3_vfs *v, double *now)
{
    (void)v;
    *now = 0;
    return SQLITE_OK;
}

static int on_error(sqlite3_vfs *v, int n, char *out)
{
    (void)v, (void)n, (void)out;
    return 0;
}

static sqlite3_vfs vfs = { .iVersion = 1, .szOsFile = sizeof(opened), .mxPathname = 64, .zName = "openshelf-source", .xOpen = on_open,
                           .xDelete = on_delete, .xAccess = on_access, .xFullPathname = on_full_name, .xRandomness = on_random,
                           .xSleep = on_sleep, .xCurrentTime = on_time, .xGetLastError = on_error };
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void register_vfs(void)
{
    sqlite3_vfs_register(&vfs, 0);
}

/* --- the database --- */

static int may(void *to, int what, const char *x, const char *y, const char *database, const char *trigger)
{
    (void)to, (void)x, (void)y, (void)database, (void)trigger;
    return what == SQLITE_SELECT || what == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

static int in_time(void *to)
{
    sqlite_source *d = to;
    return !ctx_in_time(d->c);
}

static bool refuse(ctx *c, const sqlite_source *d, int rc)
{
    if (c->err.code != ERR_OK)
        return false;
    if (rc == SQLITE_NOMEM || rc == SQLITE_TOOBIG)
        return fail(c, TOO_LARGE, "“%.*s” holds a value of more than %zu bytes, or needs too much memory", S_ARG(d->s->name), TABLE_CELL_MAX);
    return fail(c, INVALID, "“%.*s” cannot be read as an SQLite database: %s", S_ARG(d->s->name),
                d->db != NULL ? sqlite3_errmsg(d->db) : sqlite3_errstr(rc));
}

static void limit(sqlite3 *db)
{
    static const struct { int what, to; } limits[] = {
        { SQLITE_LIMIT_LENGTH, (int)TABLE_CELL_MAX }, { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 }, { SQLITE_LIMIT_EXPR_DEPTH, 50 },
        { SQLITE_LIMIT_COMPOUND_SELECT, 2 }, { SQLITE_LIMIT_FUNCTION_ARG, 8 }, { SQLITE_LIMIT_ATTACHED, 0 },
        { SQLITE_LIMIT_TRIGGER_DEPTH, 1 }, { SQLITE_LIMIT_WORKER_THREADS, 0 },
    };
    for (size_t i = 0; i < array_len(limits); i++)
        sqlite3_limit(db, limits[i].what, limits[i].to);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
}

bool sqlite_source_open(ctx *c, const source *s, sqlite_source **out)
{
    char name[32];
    sqlite_source *d = mem_get(sizeof *d);
    *out = d;
    *d = (sqlite_source){ .c = c, .s = s };
    pthread_once(&once, register_vfs);
    snprintf(name, sizeof name, "%p", (void *)d);
    int rc = sqlite3_open_v2(name, &d->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, vfs.zName);
    if (rc != SQLITE_OK)
        return refuse(c, d, rc);
    limit(d->db);
    rc = sqlite3_exec(d->db, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192", NULL, NULL, NULL);
    sqlite3_set_authorizer(d->db, may, NULL);
    sqlite3_progress_handler(d->db, TURN, in_time, d);
    return rc == SQLITE_OK || refuse(c, d, rc);
}

void sqlite_source_close(sqlite_source *d)
{
    if (d == NULL)
        return;
    sqlite3_close(d->db);
    mem_free(d);
}

bool sqlite_rows_open(ctx *c, sqlite_source *d, str sql, sqlite_rows **out)
{
    sqlite_rows *r = mem_get(sizeof *r);
    *out = r;
    *r = (sqlite_rows){ .d = d, .row = arena_new(4096) };
    d->c = c;
    int rc = sqlite3_prepare_v2(d->db, sql.p, (int)sql.n, &r->stmt, NULL);
    return rc == SQLITE_OK || refuse(c, d, rc);
}

bool sqlite_rows_next(ctx *c, sqlite_rows *r, bool *more)
{
    r->d->c = c;
    arena_reset(r->row);
    int rc = sqlite3_step(r->stmt);
    *more = rc == SQLITE_ROW;
    return rc == SQLITE_ROW || rc == SQLITE_DONE || refuse(c, r->d, rc);
}

size_t sqlite_rows_columns(const sqlite_rows *r)
{
    return (size_t)sqlite3_column_count(r->stmt);
}

str sqlite_rows_name(const sqlite_rows *r, size_t i)
{
    return str_of(sqlite3_column_name(r->stmt, (int)i));
}

sqlite_value sqlite_rows_value(sqlite_rows *r, size_t i)
{
    int at = (int)i, kind = sqlite3_column_type(r->stmt, at);
    buf b = buf_in(r->row);
    const void *p;
    switch (kind) {
    case SQLITE_INTEGER:
        buf_i64(&b, sqlite3_column_int64(r->stmt, at));
        return (sqlite_value){ SQLITE_VALUE_NUMBER, buf_str(&b) };
    case SQLITE_FLOAT:
        buf_f64(&b, sqlite3_column_double(r->stmt, at));
        return (sqlite_value){ SQLITE_VALUE_NUMBER, buf_str(&b) };
    case SQLITE_TEXT:
    case SQLITE_BLOB:
        p = kind == SQLITE_TEXT ? (const void *)sqlite3_column_text(r->stmt, at) : sqlite3_column_blob(r->stmt, at);
        return (sqlite_value){ kind == SQLITE_TEXT ? SQLITE_VALUE_TEXT : SQLITE_VALUE_BYTES,
                               { p != NULL ? p : "", p != NULL ? (size_t)sqlite3_column_bytes(r->stmt, at) : 0 } };
    default:
        return (sqlite_value){ 0 };
    }
}

void sqlite_rows_close(sqlite_rows *r)
{
    if (r == NULL)
        return;
    sqlite3_finalize(r->stmt);
    arena_free(r->row);
    mem_free(r);
}

str sqlite_quoted(arena *a, str name)
{
    return str_fmt(a, "\"%.*s\"", S_ARG(str_replace(a, name, S("\""), S("\"\""))));
}
