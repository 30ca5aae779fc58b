/* An SQLite file: the rows typed as `data`, what the columns are as `columns`; no index. SQLite cannot write in one go, so
 * the file is made whole in a place that has no name, at constant memory, and then read out. */
#include "kit/export/export_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES_MAX (2 << 20)             /* 8 GB */
#define COLUMNS_MAX 2000                /* that SQLite takes */
#define TURN 4096                       /* rows between looks at the clock */
#define MAKE_MS 600000

static bool wrong(ctx *c, sqlite3 *db)
{
    return sqlite3_errcode(db) == SQLITE_FULL
        ? fail(c, TOO_LARGE, "as an SQLite file this has more than %d GB, or there is no room for it: choose fewer rows, or CSV", PAGES_MAX / (1 << 18))
        : fail(c, IO, "the SQLite file cannot be made: %s", sqlite3_errmsg(db));
}

static bool run(ctx *c, sqlite3 *db, str sql)
{
    return sqlite3_exec(db, str_z(c->a, sql), NULL, NULL, NULL) == SQLITE_OK || wrong(c, db);
}

static const char *type_of(export_kind k)
{
    return k == EXPORT_INTEGER || k == EXPORT_BOOLEAN ? "INTEGER" : k == EXPORT_NUMBER ? "REAL" : "TEXT";
}

/* Names differ without regard to case, as SQLite compares them. */
static str name_of(ctx *c, const export *e, size_t at)
{
    str name = e->cols[at].name;
    for (size_t i = 0; i < at; i++)
        if (str_ieq(e->cols[i].name, name))
            return str_fmt(c->a, "%.*s_%zu", S_ARG(name), at + 1);
    return name;
}

static void bind(sqlite3_stmt *s, int at, str v)
{
    if (v.p != NULL)
        sqlite3_bind_text(s, at, v.p, (int)v.n, SQLITE_TRANSIENT);
    else
        sqlite3_bind_null(s, at);
}

static bool step(ctx *c, sqlite3 *db, sqlite3_stmt *s)
{
    bool ok = sqlite3_step(s) == SQLITE_DONE || wrong(c, db);
    sqlite3_reset(s);
    return ok;
}

static bool put_columns(ctx *c, export *e, sqlite3 *db)
{
    sqlite3_stmt *s;
    if (!run(c, db, S("CREATE TABLE \"columns\"(position INTEGER, name TEXT, title TEXT, type TEXT)")))
        return false;
    if (sqlite3_prepare_v2(db, "INSERT INTO \"columns\" VALUES(?, ?, ?, ?)", -1, &s, NULL) != SQLITE_OK)
        return wrong(c, db);
    bool ok = true;
    for (size_t i = 0; ok && i < e->p.col_count; i++) {
        const export_column *k = &e->cols[i];
        bool real = k->col < query_table_columns(e->p.t);
        sqlite3_bind_int64(s, 1, (sqlite3_int64)i + 1);
        bind(s, 2, name_of(c, e, i));
        bind(s, 3, real ? query_table_about(e->p.t, k->col)->title : k->name);
        bind(s, 4, str_of(column_type_name(k->type)));
        ok = step(c, db, s);
    }
    sqlite3_finalize(s);
    return ok;
}

static bool put_rows(ctx *c, export *e, sqlite3 *db, sqlite3_stmt *s)
{
    char room[EXPORT_ROOM];
    bool is_text;
    for (uint64_t done = 0;; done += e->row_count) {
        if (done % TURN == 0 && !ctx_in_time(c))
            return false;
        e->row_count = query_next(&e->p.walk, e->rows, e->left < EXPORT_ROWS ? (size_t)e->left : EXPORT_ROWS);
        e->left -= e->row_count;
        if (e->row_count == 0)
            return true;
        for (size_t r = 0; r < e->row_count; r++) {
            for (size_t i = 0; i < e->p.col_count; i++) {
                str v = export_text_of(e, &e->cols[i], e->rows[r], room, &is_text);
                if (e->cols[i].kind == EXPORT_BOOLEAN && v.p != NULL)
                    v = str_eq(v, S("true")) ? S("1") : S("0");
                bind(s, (int)i + 1, v);
            }
            if (!step(c, db, s))
                return false;
        }
    }
}

static bool put_data(ctx *c, export *e, sqlite3 *db)
{
    buf create = buf_in(c->a), insert = buf_in(c->a);
    sqlite3_stmt *s;
    buf_add(&create, S("CREATE TABLE data("));
    buf_add(&insert, S("INSERT INTO data VALUES("));
    for (size_t i = 0; i < e->p.col_count; i++) {
        str name = str_replace(c->a, name_of(c, e, i), S("\""), S("\"\""));
        buf_fmt(&create, "%s\"%.*s\" %s", i > 0 ? ", " : "", S_ARG(name), type_of(e->cols[i].kind));
        buf_add(&insert, i > 0 ? S(", ?") : S("?"));
    }
    buf_byte(&create, ')');
    buf_byte(&insert, ')');
    if (!run(c, db, buf_str(&create)))
        return false;
    if (sqlite3_prepare_v2(db, insert.p, (int)insert.n, &s, NULL) != SQLITE_OK)
        return wrong(c, db);
    bool ok = put_rows(c, e, db, s);
    sqlite3_finalize(s);
    return ok;
}

static bool fill(ctx *c, export *e, sqlite3 *db)
{
    return run(c, db, str_fmt(c->a, "PRAGMA page_size = %d; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;"
                                    "PRAGMA max_page_count = %d; BEGIN", PAGE, PAGES_MAX))
        && put_columns(c, e, db) && put_data(c, e, db) && run(c, db, S("COMMIT"));
}

/* A file without a name, once SQLite has it open. */
static bool make(ctx *c, export *e)
{
    str folder = e->p.folder.n > 0 ? e->p.folder : S("/tmp");
    char *path = str_z(c->a, file_join(c->a, folder, S("export.XXXXXX")));
    sqlite3 *db = NULL;
    e->file = mkostemp(path, O_CLOEXEC);
    if (e->file < 0)
        return fail(c, IO, "cannot write into “%.*s”: %s", S_ARG(folder), strerrordesc_np(errno));
    int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, "unix-none");
    /* Its bytes are touched by the first statement: from then on the name can go. */
    bool ok = rc == SQLITE_OK ? run(c, db, S("PRAGMA user_version")) : wrong(c, db);
    unlink(path);
    /* Whoever waits for a file knows that it may take long: the deadline of the question is over by then. */
    ctx own = *c;
    own.deadline_ms = day_now_mono_ms() + MAKE_MS;
    if (ok && !fill(&own, e, db)) {
        c->err = own.err;
        ok = false;
    }
    sqlite3_close(db);
    return ok;
}

bool export_sqlite_open(ctx *c, export *e)
{
    e->p.typed = true;
    return e->p.col_count <= COLUMNS_MAX || fail(c, TOO_LARGE, "an SQLite file has at most %d columns, this table %zu: choose some, or CSV",
                                                 COLUMNS_MAX, e->p.col_count);
}

bool export_sqlite_next(ctx *c, export *e, buf *out, size_t bytes, bool *more)
{
    if (!e->begun && !make(c, e))
        return false;
    e->begun = true;
    if (!buf_room(out, bytes))
        return fail(c, TOO_LARGE, "a piece of %zu bytes is too large", bytes);
    ssize_t n = pread(e->file, out->p + out->n, bytes, (off_t)e->file_at);
    if (n < 0)
        return fail(c, IO, "the SQLite file cannot be read: %s", strerrordesc_np(errno));
    out->n += (size_t)n;
    e->file_at += (uint64_t)n;
    *more = n > 0;
    return true;
}

void export_sqlite_free(export *e)
{
    if (e->file >= 0)
        close(e->file);
    e->file = -1;
}
