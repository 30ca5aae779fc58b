/* db_table — statements over whole tables, whatever their columns: a backup must not forget what a later migration
 * adds. They are made here, of checked names, and prepared under numbers beyond those of sqlgen. */
#include "kit/db/db.h"

enum { FIRST_ID = 8192, KINDS = 3 };
typedef enum { READ, EMPTY, ADD } kind;

static bool plain_name(ctx *c, str s)
{
    bool ok = s.n > 0 && s.n < 64;
    for (size_t i = 0; ok && i < s.n; i++)
        ok = (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_';
    return ok || fail(c, INVALID, "“%.*s” is no name of a table or column", S_ARG(s));
}

static void put_name(buf *b, str s)
{
    buf_byte(b, '"');
    buf_add(b, s);
    buf_byte(b, '"');
}

static void put_names(buf *b, const db_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (i > 0)
            buf_add(b, S(", "));
        put_name(b, columns->v[i].name);
    }
}

static void put_values(buf *b, const db_columns *columns, bool postgres)
{
    for (size_t i = 0; i < columns->n; i++) {
        buf_fmt(b, "%s%s%d", i > 0 ? ", " : "", postgres ? "$" : "?", (int)i + 1);
        if (postgres)
            buf_add(b, columns->v[i].type == DB_INT ? S("::bigint") : columns->v[i].type == DB_REAL ? S("::double precision") : S("::text"));
    }
}

static bool make(ctx *c, kind k, int number, str table, const db_columns *columns, db_sql *out)
{
    if (!plain_name(c, table))
        return false;
    for (size_t i = 0; columns != NULL && i < columns->n; i++)
        if (!plain_name(c, columns->v[i].name))
            return false;
    buf b = buf_in(c->a);
    if (k == READ) {
        buf_add(&b, S("SELECT "));
        put_names(&b, columns);
        buf_add(&b, S(" FROM "));
        put_name(&b, table);
        buf_add(&b, S(" ORDER BY 1"));
    } else if (k == EMPTY) {
        buf_add(&b, S("DELETE FROM "));
        put_name(&b, table);
    } else {
        buf_add(&b, S("INSERT INTO "));
        put_name(&b, table);
        buf_add(&b, S(" ("));
        put_names(&b, columns);
        buf_add(&b, S(") VALUES ("));
        put_values(&b, columns, db_kind_of(c->db) == DB_POSTGRES);
        buf_byte(&b, ')');
    }
    buf_byte(&b, 0);
    *out = (db_sql){ .name = str_z(c->a, table), .sqlite = b.p, .postgres = b.p, .id = FIRST_ID + number * KINDS + (int)k,
                     .params = k == ADD ? (int)columns->n : 0, .writes = k != READ };
    return true;
}

bool db_table_read(ctx *c, int number, str table, const db_columns *columns, db_rows *out)
{
    db_sql *q = new (c->a, db_sql);
    return make(c, READ, number, table, columns, q) && db_start(c, q, NULL, out);
}

bool db_table_empty(ctx *c, int number, str table)
{
    db_sql q;
    return make(c, EMPTY, number, table, NULL, &q) && db_run(c, &q, NULL, NULL);
}

bool db_table_add(ctx *c, int number, str table, const db_columns *columns, const db_value *v)
{
    db_sql q;
    return make(c, ADD, number, table, columns, &q) && db_send(c, &q, v);
}
