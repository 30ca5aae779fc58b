#include "kit/sql/sql_inside.h"

#include <sqlite3.h>

#define STEPS 2000                      /* of the virtual machine between two looks at the clock */
#define MISSING "no such table: "

/* --- what a statement may do --- */

static bool may_call(str name)
{
    static const char *const functions[] = {
        "abs", "acos", "asin", "atan", "atan2", "avg", "ceil", "ceiling", "char", "coalesce", "concat", "cos", "count", "cume_dist", "date",
        "datetime", "degrees", "dense_rank", "exp", "first_value", "floor", "format", "glob", "group_concat", "hex", "ifnull", "iif", "instr",
        "julianday", "lag", "last_value", "lead", "length", "like", "ln", "log", "log10", "log2", "lower", "ltrim", "max", "min", "mod", "nth_value",
        "ntile", "nullif", "percent_rank", "pi", "pow", "power", "printf", "radians", "rank", "replace", "round", "row_number", "rtrim",
        "sign", "sin", "sqrt", "strftime", "string_agg", "substr", "substring", "sum", "tan", "time", "total", "trim", "trunc", "typeof",
        "unicode", "unixepoch", "upper",
    };
    for (size_t i = 0; i < array_len(functions); i++)
        if (str_ieq(name, str_of(functions[i])))
            return true;
    return false;
}

static int deny(sql_run *r, const char *what, const char *name)
{
    r->denied = str_fmt(r->c.a, "%s%.*s", what, S_ARG(utf8_cut(str_of(name), 80)));
    return SQLITE_DENY;
}

/* A table that was made for this statement; what has no database is a WITH or a subquery of its own. */
static bool may_read(const sql_run *r, str name, const char *database)
{
    str lower = str_lower(r->c.a, name);
    if (str_starts(lower, S("sqlite_")) || str_starts(lower, S("pragma_")))
        return false;
    for (size_t i = 0; i < r->table_count; i++)
        if (str_ieq(name, r->names[i]))
            return true;
    return database == NULL;
}

static int authorize(void *data, int action, const char *a, const char *b, const char *database, const char *view)
{
    sql_run *r = data;
    (void)view;
    switch (action) {
    case SQLITE_SELECT:
        return SQLITE_OK;
    case SQLITE_READ:
        return may_read(r, str_of(a), database) ? SQLITE_OK : deny(r, "Not authorized to read ", a);
    case SQLITE_FUNCTION:
        return may_call(str_of(b)) ? SQLITE_OK : deny(r, "Not authorized to call function ", b);
    case SQLITE_RECURSIVE:
        return deny(r, "Not authorized to ask recursively", "");
    default:
        return deny(r, "Not authorized: a statement may read, and nothing else", "");
    }
}

/* Time, and what the engine has taken since the statement began. */
static int look(void *data)
{
    sql_run *r = data;
    r->too_large = sqlite3_memory_used() - r->memory_before > (int64_t)r->q->memory;
    return r->too_large || !ctx_in_time(&r->c);
}

/* --- the database --- */

static sqlite3 *database_new(sql_run *r)
{
    static const int limits[][2] = {
        { SQLITE_LIMIT_LENGTH, 4 << 20 }, { SQLITE_LIMIT_SQL_LENGTH, SQL_TEXT_MAX }, { SQLITE_LIMIT_EXPR_DEPTH, 200 },
        { SQLITE_LIMIT_COMPOUND_SELECT, 20 }, { SQLITE_LIMIT_VDBE_OP, 100000 }, { SQLITE_LIMIT_FUNCTION_ARG, 32 }, { SQLITE_LIMIT_ATTACHED, 0 },
        { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 500 }, { SQLITE_LIMIT_VARIABLE_NUMBER, 1 }, { SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
        { SQLITE_LIMIT_WORKER_THREADS, 0 },
    };
    sqlite3 *db = NULL;
    must(sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    must(sqlite3_exec(db, "PRAGMA temp_store=MEMORY", NULL, NULL, NULL) == SQLITE_OK); /* strangers write no files */
    must(sqlite3_drop_modules(db, NULL) == SQLITE_OK); /* no tables but ours: json_each, fts5 … */
    must(sql_table_module(db, r) == SQLITE_OK);
    for (size_t i = 0; i < array_len(limits); i++)
        sqlite3_limit(db, limits[i][0], limits[i][1]);
    sqlite3_progress_handler(db, STEPS, look, r);
    return db;
}

/* The engine misses a table: is there one? */
static bool table_add(sqlite3 *db, sql_run *r, str name)
{
    query_table *t = NULL;
    if (r->table_count == SQL_TABLES_MAX)
        return fail(&r->c, INVALID, "a statement may read %d tables at most", SQL_TABLES_MAX);
    if (!r->q->table(&r->c, r->q->from, name, &t))
        return false;
    if (t == NULL)
        return fail(&r->c, NOT_FOUND, "relation \"%.*s\" does not exist", S_ARG(utf8_cut(name, 100)));
    r->names[r->table_count] = name;
    r->tables[r->table_count++] = t;
    str quoted = str_replace(r->c.a, name, S("\""), S("\"\""));
    const char *make = str_z(r->c.a, str_fmt(r->c.a, "CREATE VIRTUAL TABLE \"%.*s\" USING rows(%zu)", S_ARG(quoted), r->table_count - 1));
    sqlite3_set_authorizer(db, NULL, NULL);
    if (sqlite3_exec(db, make, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return r->c.err.code != 0 ? false : fail(&r->c, INVALID, "the table cannot be read by SQL: %s", sqlite3_errmsg(db));
}

static bool engine_failed(sqlite3 *db, sql_run *r)
{
    if (r->c.err.code != 0)
        return false; /* something inside has said why */
    if (r->denied.n > 0)
        return fail(&r->c, FORBIDDEN, "%.*s", S_ARG(r->denied));
    if (r->too_large)
        return fail(&r->c, TOO_LARGE, "the statement needs more than %zu MB; filter more, sort or group less", r->q->memory >> 20);
    return fail(&r->c, INVALID, "%s", sqlite3_errmsg(db));
}

static bool prepare(sqlite3 *db, sql_run *r, const char *text, sqlite3_stmt **out)
{
    const char *tail = NULL;
    for (;;) {
        sqlite3_set_authorizer(db, authorize, r);
        r->denied = (str){ 0 };
        if (sqlite3_prepare_v2(db, text, -1, out, &tail) == SQLITE_OK)
            break;
        str said = str_dup(r->c.a, str_of(sqlite3_errmsg(db)));
        if (r->denied.n > 0 || !str_starts(said, S(MISSING)))
            return engine_failed(db, r);
        if (!table_add(db, r, str_from(said, sizeof MISSING - 1)))
            return false;
    }
    sqlite3_stmt *second = NULL;
    bool alone = sqlite3_prepare_v2(db, tail, -1, &second, NULL) == SQLITE_OK && second == NULL;
    sqlite3_finalize(second);
    r->denied = (str){ 0 };
    if (*out == NULL)
        return fail(&r->c, INVALID, "there is no statement");
    if (!alone)
        return fail(&r->c, INVALID, "one statement at a time");
    if (!sqlite3_stmt_readonly(*out) || sqlite3_stmt_isexplain(*out) || sqlite3_column_count(*out) == 0)
        return fail(&r->c, FORBIDDEN, "Not authorized: a statement may read, and nothing else");
    return sqlite3_bind_parameter_count(*out) == 0 || fail(&r->c, INVALID, "a statement has no parameters here: write the values into it");
}

/* --- rows --- */

static sql_value value_of(sqlite3_stmt *s, int i, const char *type)
{
    switch (sqlite3_column_type(s, i)) {
    case SQLITE_INTEGER:
        return (sql_value){ .kind = type != NULL && str_eq(str_of(type), S("bool")) ? SQL_BOOLEAN : SQL_INTEGER, .i = sqlite3_column_int64(s, i) };
    case SQLITE_FLOAT:
        return (sql_value){ .kind = SQL_REAL, .r = sqlite3_column_double(s, i) };
    case SQLITE_NULL:
        return (sql_value){ .kind = SQL_NULL };
    default: {
        const char *p = sqlite3_column_blob(s, i);
        return (sql_value){ .kind = SQL_TEXT, .s = { p != NULL ? p : "", (size_t)sqlite3_column_bytes(s, i) } };
    }
    }
}

/* Names and types as far as they are known before a row is there; expressions take theirs from the first value. */
static void describe(sql_run *r, sqlite3_stmt *s, sql_answer *out)
{
    out->n = (size_t)sqlite3_column_count(s);
    out->names = new_n(r->c.a, str, out->n);
    out->types = new_n(r->c.a, const char *, out->n);
    for (size_t i = 0; i < out->n; i++) {
        out->names[i] = str_dup(r->c.a, str_of(sqlite3_column_name(s, (int)i)));
        out->types[i] = sql_table_type(sqlite3_column_decltype(s, (int)i));
    }
}

static bool run(sqlite3 *db, sql_run *r, sqlite3_stmt *s, sql_answer *out)
{
    static const char *const types[] = { [SQL_INTEGER] = "int8", [SQL_REAL] = "float8", [SQL_TEXT] = "text", [SQL_BOOLEAN] = "bool" };
    sql_value *v = new_n(r->c.a, sql_value, out->n);
    int rc;
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
        if (out->rows == r->q->rows) {
            out->truncated = true;
            rc = SQLITE_DONE;
            break;
        }
        for (size_t i = 0; i < out->n; i++) {
            v[i] = value_of(s, (int)i, out->types[i]);
            if (out->types[i] == NULL && v[i].kind != SQL_NULL)
                out->types[i] = types[v[i].kind];
        }
        out->rows++;
        if (!r->q->row(&r->c, r->q->to, out->names, v, out->n))
            return false;
    }
    for (size_t i = 0; i < out->n; i++)
        if (out->types[i] == NULL)
            out->types[i] = "text";
    return rc == SQLITE_DONE || engine_failed(db, r);
}

bool sql_ask(ctx *c, const sql_question *q, sql_answer *out)
{
    sql_run *r = new (c->a, sql_run);
    sqlite3_stmt *s = NULL;
    int64_t until = day_now_mono_ms() + q->ms;
    *out = (sql_answer){ 0 };
    r->c = *c;
    r->q = q;
    r->memory_before = sqlite3_memory_used();
    if (c->deadline_ms == 0 || until < c->deadline_ms)
        r->c.deadline_ms = until;
    if (q->text.n > SQL_TEXT_MAX || str_find_byte(q->text, 0) < q->text.n)
        return fail(c, INVALID, "a statement is a text of at most %d bytes", SQL_TEXT_MAX);
    sqlite3 *db = database_new(r);
    bool ok = prepare(db, r, str_z(c->a, q->text), &s);
    if (ok) {
        describe(r, s, out);
        ok = run(db, r, s, out);
    }
    sqlite3_finalize(s);
    must(sqlite3_close(db) == SQLITE_OK);
    c->err = r->c.err;
    return ok;
}

void sql_put_json(json_w *j, const sql_value *v)
{
    switch (v->kind) {
    case SQL_INTEGER: json_int(j, v->i); break;
    case SQL_BOOLEAN: json_bool(j, v->i != 0); break;
    case SQL_REAL: json_real(j, v->r); break;
    case SQL_TEXT: json_str(j, v->s); break;
    default: json_null(j);
    }
}
