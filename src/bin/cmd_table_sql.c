/* cmd_table_sql — table query --sql: a question in SQL, answered as a grid or as JSON. */
#include "bin/cmd_table.h"

#include "bin/cli_grid.h"
#include "kit/sql/sql.h"
#include "kit/text/json_write.h"

#define ROWS 1000000                /* unless --limit says */
#define SQL_MS 600000
#define SQL_MEMORY ((size_t)1 << 30)

typedef struct {
    site *s;
    const table_row *t;
    table_open *open[SQL_TABLES_MAX];
    size_t n;
    cli_grid g;
    buf out;
    bool json, first;
} asking;

/* The table that was named is called t; others by their ids. */
static bool find_table(ctx *c, void *from, str name, query_table **out)
{
    asking *k = from;
    table_row t = *k->t;
    bool found = str_eq(name, S("t"));
    if (!found && !q_table_by_key(c, name, &t, &found))
        return false;
    if (!found)
        return true;
    if (!table_hold(c, &t, 0, &k->open[k->n]))
        return false;
    *out = k->open[k->n++]->query;
    return true;
}

static str text_of(ctx *c, const sql_value *v)
{
    switch (v->kind) {
    case SQL_INTEGER: return str_fmt(c->a, "%" PRId64, v->i);
    case SQL_BOOLEAN: return v->i != 0 ? S("true") : S("false");
    case SQL_REAL: return str_fmt(c->a, "%.15g", v->r);
    case SQL_TEXT: return v->s;
    default: return S("");
    }
}

static bool put_row(ctx *c, void *to, const str *names, const sql_value *values, size_t n)
{
    asking *k = to;
    k->g.cols = n;
    if (!k->json) {
        for (size_t i = 0; k->first && i < n; i++)
            cli_grid_add(c, &k->g, names[i]);
        for (size_t i = 0; i < n; i++)
            cli_grid_add(c, &k->g, text_of(c, &values[i]));
        k->first = false;
        return true;
    }
    k->out.n = 0;
    json_w j = json_to(&k->out);
    json_obj(&j);
    for (size_t i = 0; i < n; i++) {
        json_key(&j, names[i]);
        sql_put_json(&j, &values[i]);
    }
    json_end(&j);
    bool ok = cli_out(c, k->first ? S("[\n") : S(",\n")) && cli_out(c, buf_str(&k->out));
    k->first = false;
    return ok;
}

bool cmd_table_sql(ctx *c, cli_args *a, site *s, const table_row *t, str text, int64_t limit)
{
    sql_answer got;
    asking k = { .s = s, .t = t, .out = buf_in(c->a), .json = a->json, .first = true };
    sql_question q = { .text = text, .rows = limit > 0 ? (uint64_t)limit : ROWS, .ms = SQL_MS, .memory = SQL_MEMORY, .from = &k,
                       .table = find_table, .to = &k, .row = put_row };
    bool ok = sql_ask(c, &q, &got);
    while (k.n > 0)
        table_let_go(s, k.open[--k.n]);
    if (!ok)
        return false;
    if (got.truncated)
        cli_say(a, "there are more rows: --limit N gives more");
    return a->json ? cli_out(c, k.first ? S("[]\n") : S("\n]\n")) : k.g.cells.n == 0 || cli_grid_print(c, &k.g);
}
