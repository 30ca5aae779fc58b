/* ckan_sql — datastore_search_sql: the engine of kit/sql, in CKAN's words. */
#include "app/ckan_api/ckan_datastore.h"
#include "kit/sql/sql.h"

#define SQL_MS 8000
#define SQL_MEMORY ((size_t)192 << 20)

/* Tables stay held until the answer is written: rows point into them. */
typedef struct {
    struct site *site;
    table_open  *open[SQL_TABLES_MAX];
    size_t       n;
    json_w      *j;
    buf         *out;
} asking;

static void let_go(asking *a)
{
    while (a->n > 0)
        table_let_go(a->site, a->open[--a->n]);
}

static bool find_table(ctx *c, void *from, str name, query_table **out)
{
    asking *a = from;
    table_row t;
    bool found;
    if (!table_seen(c, name, &t, &found))
        return false;
    if (!found)
        return true;
    if (!table_hold(c, &t, 0, &a->open[a->n]))
        return false;
    *out = a->open[a->n++]->query;
    return true;
}

static bool put_row(ctx *c, void *to, const str *names, const sql_value *values, size_t n)
{
    asking *a = to;
    json_obj(a->j);
    for (size_t i = 0; i < n; i++) {
        json_key(a->j, names[i]);
        sql_put_json(a->j, &values[i]);
    }
    json_end(a->j);
    return buf_fits(a->out) || fail(c, TOO_LARGE, "the answer is too large: ask for fewer rows or columns");
}

/* What clients read in info.orig[0] and in query. */
static bool refuse(ctx *c, ckan_call *k, str sql)
{
    if (c->err.code == ERR_FORBIDDEN || (c->err.code != ERR_INVALID && c->err.code != ERR_NOT_FOUND && c->err.code != ERR_TIMEOUT
                                         && c->err.code != ERR_TOO_LARGE))
        return false;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_key(&j, S("info"));
    json_obj(&j);
    json_key(&j, S("statement"));
    json_arr(&j);
    json_str(&j, sql);
    json_end(&j);
    json_key(&j, S("params"));
    json_arr(&j);
    json_end(&j);
    json_key(&j, S("orig"));
    json_arr(&j);
    json_str(&j, c->err.message);
    json_end(&j);
    json_end(&j);
    json_end(&j);
    k->more = str_sub(buf_str(&b), 1, b.n - 1);
    str message = c->err.message;
    err_clear(c);
    return ckan_refuse(k, CKAN_VALIDATION, S("query"), message);
}

static bool answer(ctx *c, asking *a, json_w *j, str sql)
{
    sql_answer got;
    sql_question q = { .text = sql, .rows = CKAN_DATASTORE_MOST, .ms = SQL_MS, .memory = SQL_MEMORY, .from = a, .table = find_table, .to = a,
                       .row = put_row };
    a->j = j;
    a->out = j->o;
    json_obj(j);
    json_kv(j, "sql", sql);
    json_key(j, S("records"));
    json_arr(j);
    if (!sql_ask(c, &q, &got))
        return false;
    json_end(j);
    if (got.truncated)
        json_kv(j, "records_truncated", (bool)true);
    json_key(j, S("fields"));
    json_arr(j);
    for (size_t i = 0; i < got.n; i++) {
        json_obj(j);
        json_kv(j, "id", got.names[i]);
        json_kv(j, "type", got.types[i]);
        json_end(j);
    }
    json_end(j);
    json_end(j);
    return true;
}

/* The answer to a statement that asks for the time is not kept. */
static bool asks_the_clock(ctx *c, str sql)
{
    str s = str_lower(c->a, sql);
    return str_has(s, S("now")) || str_has(s, S("current_")) || str_has(s, S("time")) || str_has(s, S("date("))
        || str_has(s, S("julianday")) || str_has(s, S("unixepoch"));
}

bool ckan_read_datastore_search_sql(ctx *c, ckan_call *k, json_w *j)
{
    asking a = { .site = c->site };
    str sql;
    if (!ckan_need(c, k, "sql", &sql))
        return false;
    k->timed = asks_the_clock(c, sql);
    bool ok = answer(c, &a, j, sql);
    let_go(&a);
    return ok || refuse(c, k, sql);
}
