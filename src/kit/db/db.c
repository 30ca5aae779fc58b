#include "kit/db/db_backend.h"

bool db_open(ctx *c, str where, db **out)
{
    if (str_starts(where, S("postgresql://")) || str_starts(where, S("postgres://")))
        return db_open_postgres(c, where, out);
    if (str_starts(where, S("sqlite:")))
        where = str_from(where, 7);
    return db_open_sqlite(c, where, out);
}

void db_close(db *d)
{
    if (d != NULL)
        d->b->close(d);
}

db_kind db_kind_of(const db *d)
{
    return d->kind;
}

bool db_start(ctx *c, const db_sql *q, const db_value *v, db_rows *out)
{
    must(c->db != NULL);
    *out = (db_rows){ 0 };
    return ctx_in_time(c) && c->db->b->start(c, c->db, q, v, out);
}

bool db_next(ctx *c, db_rows *r, bool *row)
{
    return r->d->b->next(c, r, row);
}

bool db_is_null(db_rows *r, int col)
{
    return r->d->b->is_null(r, col);
}

int64_t db_get_int(db_rows *r, int col)
{
    return r->d->b->get_int(r, col);
}

double db_get_real(db_rows *r, int col)
{
    return r->d->b->get_real(r, col);
}

str db_get_text(ctx *c, db_rows *r, int col)
{
    return str_dup(c->a, r->d->b->get_text(r, col));
}

void db_done(db_rows *r)
{
    if (r->d != NULL)
        r->d->b->done(r);
    r->d = NULL;
}

bool db_run(ctx *c, const db_sql *q, const db_value *v, int64_t *changed)
{
    must(c->db != NULL);
    return ctx_in_time(c) && c->db->b->run(c, c->db, q, v, changed);
}

bool db_send(ctx *c, const db_sql *q, const db_value *v)
{
    must(c->db != NULL && c->db->in_tx);
    return c->db->b->send(c, c->db, q, v);
}

bool db_flush(ctx *c)
{
    return c->db->b->flush(c, c->db);
}

static db_tx begin(ctx *c, bool write)
{
    must(c->db != NULL && !c->db->in_tx);
    db_tx tx = { .d = c->db };
    tx.open = ctx_in_time(c) && c->db->b->begin(c, c->db, write);
    c->db->in_tx = tx.open;
    return tx;
}

db_tx db_begin(ctx *c)
{
    return begin(c, true);
}

db_tx db_begin_read(ctx *c)
{
    return begin(c, false);
}

bool db_commit(ctx *c, db_tx *tx)
{
    must(tx->open);
    if (!tx->d->b->commit(c, tx->d))
        return false; /* the end of the scope rolls back */
    tx->open = false;
    tx->d->in_tx = false;
    return true;
}

void db_rollback(db_tx *tx)
{
    if (!tx->open)
        return;
    tx->d->b->rollback(tx->d);
    tx->open = false;
    tx->d->in_tx = false;
}

bool db_script(ctx *c, str sql)
{
    return c->db->b->script(c, c->db, sql);
}

bool db_integrity(ctx *c, str *problem)
{
    return c->db->b->integrity(c, c->db, problem);
}
