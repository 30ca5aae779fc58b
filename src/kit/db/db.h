/* db — the record, whichever engine holds it. The whole contract: open, run,
 * step, transactions, pipelined writes. db_sqlite.c is the only file that
 * knows SQLite, db_postgres.c the only one that knows libpq.
 *
 * A db is one connection and belongs to one thread. Statements come only from
 * sqlgen (tools/sqlgen.py): there is no way to send a string made at run time.
 * Text handed out is copied into c->a. Times are UTC milliseconds.
 *
 * Errors: DB (the engine failed: detail is logged), BUSY (the write lock was
 * not had in time), CONFLICT (a unique key), NOT_FOUND (by generated code). */
#ifndef DB_H
#define DB_H
#include "base.h"

typedef enum { DB_SQLITE, DB_POSTGRES } db_kind;
typedef struct db db;

typedef enum { DB_INT, DB_REAL, DB_TEXT, DB_BLOB, DB_INTS } db_type;

typedef struct {
    db_type type;
    bool    null;
    union {
        int64_t i;
        double  r;
        str     s;                                       /* text or bytes */
        struct { const int64_t *v; size_t n; } ints;     /* for IN ($ids) */
    };
} db_value;

#define db_int(x) ((db_value){ .type = DB_INT, .i = (x) })
#define db_int_or_null(x, is_null) ((db_value){ .type = DB_INT, .null = (is_null), .i = (x) })
#define db_real(x) ((db_value){ .type = DB_REAL, .r = (x) })
#define db_text(x) ((db_value){ .type = DB_TEXT, .s = (x) })
#define db_blob(x) ((db_value){ .type = DB_BLOB, .s = (x) })

/* One statement of a .sql file, in both dialects. `id` counts from 0 over the
 * whole program and indexes the prepared statements of a connection. */
typedef struct {
    const char *name;
    const char *sqlite;
    const char *postgres;
    int         id;
    int         params;
    bool        writes;
} db_sql;

/* Where: "sqlite:PATH", a plain path, ":memory:", or postgresql://… */
bool    db_open(ctx *c, str where, db **out) nodiscard;
void    db_close(db *d);                     /* NULL is fine */
db_kind db_kind_of(const db *d);

/* Reading: start, next until it says no, done on every way out (auto_rows). */
typedef struct {
    db  *d;
    void *state;
    const db_sql *sql;
} db_rows;

bool   db_start(ctx *c, const db_sql *q, const db_value *v, db_rows *out) nodiscard;
bool   db_next(ctx *c, db_rows *r, bool *row) nodiscard;
bool   db_is_null(db_rows *r, int col);
int64_t db_get_int(db_rows *r, int col);
double db_get_real(db_rows *r, int col);
str    db_get_text(ctx *c, db_rows *r, int col);     /* copied into c->a */
void   db_done(db_rows *r);
#define auto_rows __attribute__((cleanup(db_done))) db_rows

/* Writing. db_run waits for the answer; db_send may be pipelined (PostgreSQL):
 * its error appears at the next db_run, db_flush or commit of the transaction. */
bool db_run(ctx *c, const db_sql *q, const db_value *v, int64_t *changed) nodiscard;
bool db_send(ctx *c, const db_sql *q, const db_value *v) nodiscard;
bool db_flush(ctx *c) nodiscard;

/* A write transaction: the only one at a time over all nodes (BEGIN IMMEDIATE;
 * an advisory lock on PostgreSQL), so ids and the ledger's order are given out
 * without gaps or races. Rolled back at the end of its scope unless committed.
 *
 *     auto_tx tx = db_begin(c);
 *     if (!tx.open || !q_…(c, …))
 *         return false;
 *     return db_commit(c, &tx);
 */
typedef struct {
    db  *d;
    bool open;
} db_tx;

db_tx db_begin(ctx *c);
bool  db_commit(ctx *c, db_tx *tx) nodiscard;
void  db_rollback(db_tx *tx);
#define auto_tx __attribute__((cleanup(db_rollback))) db_tx

/* A read transaction: one state of the record over several statements. */
db_tx db_begin_read(ctx *c);

/* Maintenance, used by backup, restore, verify and migrate only. */
bool db_script(ctx *c, str sql) nodiscard;                    /* several statements, no rows */
/* Whole tables, for backup and restore: their statements are made of names that the record itself gave
 * (letters, digits, _; others are INVALID). `number` is the table's place in the record's list, from 0. */
typedef struct { str name; db_type type; } db_column;         /* DB_INT, DB_REAL or DB_TEXT */
typedef struct { db_column *v; size_t n, cap; } db_columns;
bool db_table_read(ctx *c, int number, str table, const db_columns *columns, db_rows *out) nodiscard;
bool db_table_empty(ctx *c, int number, str table) nodiscard;
bool db_table_add(ctx *c, int number, str table, const db_columns *columns, const db_value *v) nodiscard;  /* in a transaction */
bool db_integrity(ctx *c, str *problem) nodiscard;            /* problem empty when clean */
#endif
