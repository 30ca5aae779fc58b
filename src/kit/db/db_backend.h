/* db_backend — what db_sqlite.c and db_postgres.c each give to db.c: one table
 * of functions an engine. Not for use outside kit/db. */
#ifndef DB_BACKEND_H
#define DB_BACKEND_H
#include "kit/db/db.h"

typedef struct {
    bool (*start)(ctx *c, db *d, const db_sql *q, const db_value *v, db_rows *out);
    bool (*next)(ctx *c, db_rows *r, bool *row);
    bool (*is_null)(db_rows *r, int col);
    int64_t (*get_int)(db_rows *r, int col);
    double (*get_real)(db_rows *r, int col);
    str (*get_text)(db_rows *r, int col);            /* borrowed until the next row */
    void (*done)(db_rows *r);
    bool (*run)(ctx *c, db *d, const db_sql *q, const db_value *v, int64_t *changed);
    bool (*send)(ctx *c, db *d, const db_sql *q, const db_value *v);
    bool (*flush)(ctx *c, db *d);
    bool (*begin)(ctx *c, db *d, bool write);
    bool (*commit)(ctx *c, db *d);
    void (*rollback)(db *d);
    bool (*script)(ctx *c, db *d, str sql);
    bool (*integrity)(ctx *c, db *d, str *problem);
    void (*close)(db *d);
} db_backend;

struct db {
    const db_backend *b;
    db_kind kind;
    bool    in_tx;
};

bool db_open_sqlite(ctx *c, str path, db **out) nodiscard;
bool db_open_postgres(ctx *c, str address, db **out) nodiscard;
#endif
