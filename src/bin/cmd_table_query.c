/* cmd_table_query — rows that are asked for: table query TABLE [column=value …] | --sql; table export. The conditions are those of
 * the pages (app/table/table_ask_page.h), said in the shell's way. */
#include "bin/cmd_table.h"

#include "app/table/table_ask_page.h"
#include "bin/table_target.h"
#include "kit/export/export.h"
#include "kit/sql/sql.h"
#include "kit/text/json_write.h"
#include "kit/text/output.h"

#include <unistd.h>

#define SHOWN_CHARS 40              /* of a cell on a terminal */
#define SQL_MS 600000
#define SQL_MEMORY ((size_t)1 << 30)
#define PIECE_BYTES ((size_t)128 << 10)

/* --- conditions --- */

static void add_arg(ctx *c, http_req *r, const char *kind, str column, str value)
{
    list_add(c->a, &r->args, (url_pair){ str_fmt(c->a, "%s.%.*s", kind, S_ARG(str_trim(column))), value });
}

/* column=value, column>=value, column<=value, column~text, column= (empty), column!= (not empty). */
static bool take_condition(ctx *c, http_req *r, str word)
{
    static const struct { const char *sign, *kind; } signs[] = { { ">=", "min" }, { "<=", "max" }, { "!=", "null" }, { "~", "has" }, { "=", "f" } };
    str column, value;
    for (size_t i = 0; i < array_len(signs); i++) {
        if (!str_cut(word, str_of(signs[i].sign), &column, &value))
            continue;
        if (strcmp(signs[i].kind, "null") == 0 && value.n > 0)
            return fail(c, USAGE, "“%.*s”: after != nothing stands, and rows with a value are meant", S_ARG(word));
        if (value.n == 0)
            add_arg(c, r, "null", column, strcmp(signs[i].kind, "null") == 0 ? S("no") : S("yes"));
        else
            add_arg(c, r, signs[i].kind, column, value);
        return true;
    }
    return fail(c, USAGE, "“%.*s” is no condition: column=value, column>=value, column<=value, column~text", S_ARG(word));
}

typedef struct {
    str     words, sort, fields, format, sql, to;
    int64_t limit, offset, version;
    bool    count, no_bom;
} options;

static bool select_rows(ctx *c, const cli_args *a, const options *o, query_table *t, export_plan *p)
{
    http_req r = { 0 };
    table_ask_page asked;
    str_list names = { 0 };
    str fields = o->fields, one;
    size_t *cols;
    for (size_t i = 1; i < a->rest.n; i++)
        if (!take_condition(c, &r, a->rest.v[i]))
            return false;
    list_add(c->a, &r.args, (url_pair){ S("q"), o->words });
    list_add(c->a, &r.args, (url_pair){ S("sort"), o->sort });
    while (fields.n > 0 && str_next(&fields, ',', &one))
        list_add(c->a, &names, str_trim(one));
    if (!table_ask_page_read(c, t, &r, &asked) || !table_ask_fields(c, t, &names, false, &cols, &p->col_count))
        return false;
    p->t = t;
    p->cols = cols;
    if (!query_select(c, t, asked.filtered ? &asked.filter : NULL, asked.sorts, asked.sort_count, &p->walk))
        return false;
    query_skip(&p->walk, (uint64_t)o->offset);
    return true;
}

/* --- on a terminal --- */

typedef struct { str_list cells; size_t cols; } grid;

static str shown(ctx *c, str s)
{
    str cut = utf8_cut_chars(cli_plain(c->a, s), SHOWN_CHARS);
    return cut.n < s.n ? str_cat(c->a, cut, S("…")) : cut;
}

static bool print_grid(ctx *c, const grid *g)
{
    size_t *wide = new_n(c->a, size_t, g->cols);
    buf b = buf_in(c->a);
    for (size_t i = 0; i < g->cells.n; i++) {
        size_t w = utf8_width(g->cells.v[i]);
        wide[i % g->cols] = w > wide[i % g->cols] ? w : wide[i % g->cols];
    }
    for (size_t i = 0; i < g->cells.n; i++) {
        size_t col = i % g->cols;
        bool head = i < g->cols, last = col + 1 == g->cols;
        buf_fmt(&b, "%s%.*s%s", head && cli_colour() ? "\033[1m" : "", S_ARG(g->cells.v[i]), head && cli_colour() ? "\033[0m" : "");
        for (size_t n = utf8_width(g->cells.v[i]); !last && n < wide[col] + 2; n++)
            buf_byte(&b, ' ');
        if (last)
            buf_byte(&b, '\n');
    }
    return cli_out(c, buf_str(&b));
}

static bool rows_as_grid(ctx *c, export_plan *p, uint64_t limit)
{
    grid g = { .cols = p->col_count };
    query_column *q = new_n(c->a, query_column, p->col_count);
    uint32_t row;
    char room[COLUMN_NUMBER_ROOM];
    for (size_t i = 0; i < p->col_count; i++) {
        const column_about *k = query_table_about(p->t, p->cols[i]);
        if (!query_column_use(c, p->t, p->cols[i], &q[i]))
            return false;
        list_add(c->a, &g.cells, shown(c, k->title.n > 0 ? k->title : k->name));
    }
    for (; limit > 0 && query_next(&p->walk, &row, 1) == 1; limit--)
        for (size_t i = 0; i < p->col_count; i++)
            list_add(c->a, &g.cells, shown(c, query_text(&q[i], row, room)));
    return print_grid(c, &g);
}

/* --- as text for programs --- */

static bool write_all(ctx *c, const export_plan *p, output *to)
{
    export *e;
    bool ok = export_new(c, p, &e);
    for (bool more = ok; more && ok;) {
        arena_mark m = arena_here(c->a);
        buf b = buf_in(c->a);
        ok = export_next(c, e, &b, PIECE_BYTES, &more) && (to != NULL ? output_put(c, to, buf_str(&b)) : cli_out(c, buf_str(&b)));
        if (ok)
            arena_back(c->a, m);
    }
    export_free(e);
    return ok;
}

static bool query(ctx *c, cli_args *a, const options *o, const table_row *t, query_table *table)
{
    export_plan p = { .limit = o->limit > 0 ? (uint64_t)o->limit : UINT64_MAX, .name = t->name };
    bool text = o->format.n == 0 && !a->json && isatty(STDOUT_FILENO);
    str format = o->format.n > 0 ? o->format : a->json ? S("json") : S("csv");
    if (!text && !export_format_of(format, &p.format))
        return fail(c, USAGE, "--format is csv, tsv, json, ndjson, xml, geojson, xlsx or ods, not “%.*s”", S_ARG(format));
    if (!select_rows(c, a, o, table, &p))
        return false;
    if (o->count)
        return cli_out(c, str_fmt(c->a, a->json ? "{\"count\":%" PRIu64 "}\n" : "%" PRIu64 "\n", p.walk.total));
    if (text && o->limit == 0)
        p.limit = 50;
    if (!(text ? rows_as_grid(c, &p, p.limit) : write_all(c, &p, NULL)))
        return false;
    if (text)
        cli_say(a, "%.*s rows match", S_ARG(num_grouped(c->a, (int64_t)p.walk.total)));
    return true;
}

/* --- SQL --- */

typedef struct {
    site *s;
    const table_row *t;
    table_open *open[SQL_TABLES_MAX];
    size_t n;
    grid g;
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
            list_add(c->a, &k->g.cells, shown(c, names[i]));
        for (size_t i = 0; i < n; i++)
            list_add(c->a, &k->g.cells, shown(c, str_dup(c->a, text_of(c, &values[i]))));
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

static bool ask_sql(ctx *c, cli_args *a, const options *o, site *s, const table_row *t)
{
    sql_answer got;
    asking k = { .s = s, .t = t, .out = buf_in(c->a), .json = a->json, .first = true };
    sql_question q = { .text = o->sql, .rows = o->limit > 0 ? (uint64_t)o->limit : 1000000, .ms = SQL_MS, .memory = SQL_MEMORY, .from = &k,
                       .table = find_table, .to = &k, .row = put_row };
    bool ok = sql_ask(c, &q, &got);
    while (k.n > 0)
        table_let_go(s, k.open[--k.n]);
    if (!ok)
        return false;
    if (got.truncated)
        cli_say(a, "there are more rows: --limit N gives more");
    return a->json ? cli_out(c, k.first ? S("[]\n") : S("\n]\n")) : k.g.cells.n == 0 || print_grid(c, &k.g);
}

/* --- the words --- */

bool cmd_table_query(ctx *c, cli_args *a)
{
    options o = { 0 };
    const cli_opt opts[] = {
        { "words", CLI_TEXT, &o.words, "TEXT", "rows in which each word stands in some column" },
        { "sort", CLI_TEXT, &o.sort, "A,B desc", "columns to sort by" },
        { "fields", CLI_TEXT, &o.fields, "A,B", "columns to show; all when absent" },
        { "limit", CLI_INT, &o.limit, "N", "rows at most (50 on a terminal, else all)" },
        { "offset", CLI_INT, &o.offset, "N", "leave out the first ones" },
        { "count", CLI_FLAG, &o.count, NULL, "print the number of rows alone" },
        { "format", CLI_TEXT, &o.format, "FORMAT", "csv, tsv, json, ndjson, xml …; a table for the eye on a terminal" },
        { "sql", CLI_TEXT, &o.sql, "SELECT", "ask in SQL instead; the table is called t, others by their ids in double quotes" },
        { "version", CLI_INT, &o.version, "N", "an older version" },
    };
    const cli_form form = {
        .usage = "table query TABLE [CONDITION …] [--sort A] [--fields A,B] [--limit N] [--sql SELECT]",
        .what = "Rows of a table. A condition is column=value (several values of one column: any of them), column>=value, column<=value, column~text (holds "
                "it), column= (empty) or column!= (not empty); all must be true. Columns by title or name.",
        .examples = "  openshelf table query youbike-stations 'district=大安區' 'bikes>=10' --sort 'bikes desc' --limit 5\n"
                    "  openshelf table query budget --count '年度>=110'\n"
                    "  openshelf table query budget --sql 'SELECT 年度, sum(amount) FROM t GROUP BY 1'\n",
        .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 100,
    };
    site *s;
    table_row t;
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (o.limit < 0 || o.offset < 0 || o.version < 0)
        return fail(c, USAGE, "--limit, --offset and --version want a number from 0");
    if (!cli_site(c, a, true, &s))
        return false;
    table_held held = { .site = s };
    bool ok = table_target_table(c, a->rest.v[0], &t)
        && (o.sql.n > 0 ? ask_sql(c, a, &o, s, &t)
                        : table_hold(c, &t, o.version, &held.open) && query(c, a, &o, &t, held.open->query));
    table_held_end(&held);
    return ok;
}

static bool export_to(ctx *c, cli_args *a, const options *o, const table_row *t, query_table *table)
{
    export_plan p = { .limit = UINT64_MAX, .name = t->name };
    output *to = NULL;
    str format = o->format.n > 0 ? o->format : o->to.n > 0 ? str_from(o->to, str_rfind_byte(o->to, '.') + 1) : S("csv");
    if (!export_format_of(format, &p.format))
        return fail(c, USAGE, "--format is csv, tsv, json, ndjson, xml, geojson, xlsx or ods, not “%.*s”", S_ARG(utf8_cut(format, 40)));
    p.titles = p.format == EXPORT_CSV || p.format == EXPORT_TSV || p.format == EXPORT_XLSX || p.format == EXPORT_ODS;
    p.bom = p.format == EXPORT_CSV && !o->no_bom;
    p.guard = true;
    if (!select_rows(c, a, o, table, &p) || (o->to.n > 0 && !output_open(c, o->to, false, &to)))
        return false;
    bool ok = write_all(c, &p, to) && (to == NULL || output_keep(c, to));
    output_close(to);
    if (ok && o->to.n > 0)
        cli_say(a, "%.*s rows in %.*s", S_ARG(num_grouped(c->a, (int64_t)p.walk.total)), S_ARG(o->to));
    return ok;
}

bool cmd_table_export(ctx *c, cli_args *a)
{
    options o = { 0 };
    const cli_opt opts[] = {
        { "to", CLI_TEXT, &o.to, "FILE", "the file, whose ending says the format; standard output when absent" },
        { "format", CLI_TEXT, &o.format, "FORMAT", "csv, tsv, json, ndjson, xml, geojson, xlsx, ods" },
        { "words", CLI_TEXT, &o.words, "TEXT", "rows in which each word stands in some column" },
        { "sort", CLI_TEXT, &o.sort, "A,B desc", "columns to sort by" },
        { "fields", CLI_TEXT, &o.fields, "A,B", "columns to take; all when absent" },
        { "no-bom", CLI_FLAG, &o.no_bom, NULL, "CSV without the byte order mark that spreadsheets need" },
        { "version", CLI_INT, &o.version, "N", "an older version" },
    };
    const cli_form form = {
        .usage = "table export TABLE [CONDITION …] [--to FILE] [--format FORMAT]",
        .what = "A table, or the rows that are asked for as in `table query`, as a file for people: as the downloads of the site.",
        .examples = "  openshelf table export budget --to budget.xlsx\n  openshelf table export youbike-stations 'district=大安區' > daan.csv\n",
        .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 100,
    };
    site *s;
    table_row t;
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (!cli_site(c, a, true, &s))
        return false;
    table_held held = { .site = s };
    bool ok = table_target_table(c, a->rest.v[0], &t) && table_hold(c, &t, o.version, &held.open)
        && export_to(c, a, &o, &t, held.open->query);
    table_held_end(&held);
    return ok;
}
