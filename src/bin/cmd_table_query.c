/* cmd_table_query — rows that are asked for: table query TABLE [column=value …] | --sql; table export. The conditions are those of
 * the pages (app/table/table_ask_page.h), said in the shell's way. */
#include "bin/cmd_table.h"

#include "app/table/table_ask_page.h"
#include "bin/cli_grid.h"
#include "bin/table_target.h"
#include "kit/export/export.h"
#include "kit/text/output.h"

#include <unistd.h>

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

/* Of both words: which rows, and of what. */
#define SELECTION(o)                                                                                     \
    { "words", CLI_TEXT, &(o).words, "TEXT", "rows in which each word stands in some column" },          \
    { "sort", CLI_TEXT, &(o).sort, "A,B desc", "columns to sort by" },                                   \
    { "fields", CLI_TEXT, &(o).fields, "A,B", "columns to take; all when absent" },                      \
    { "version", CLI_INT, &(o).version, "N", "an older version" }

static bool format_of(ctx *c, str name, export_format *f)
{
    return export_format_of(name, f)
        || fail(c, USAGE, "--format is csv, tsv, json, ndjson, xml, geojson, xlsx or ods, not “%.*s”", S_ARG(utf8_cut(name, 40)));
}

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
    return query_page(c, t, asked.filtered ? &asked.filter : NULL, asked.sorts, asked.sort_count, (uint64_t)o->offset, p->limit, &p->walk);
}

/* --- as a grid, or as text for programs --- */

static bool rows_as_grid(ctx *c, export_plan *p, uint64_t limit)
{
    cli_grid g = { .cols = p->col_count };
    query_column *q = new_n(c->a, query_column, p->col_count);
    uint32_t row;
    char room[COLUMN_NUMBER_ROOM];
    for (size_t i = 0; i < p->col_count; i++) {
        const column_about *k = query_table_about(p->t, p->cols[i]);
        if (!query_column_use(c, p->t, p->cols[i], &q[i]))
            return false;
        cli_grid_add(c, &g, k->title.n > 0 ? k->title : k->name);
    }
    for (; limit > 0 && query_next(&p->walk, &row, 1) == 1; limit--)
        for (size_t i = 0; i < p->col_count; i++)
            cli_grid_add(c, &g, query_text(&q[i], row, room));
    return cli_grid_print(c, &g);
}

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
    if (text && o->limit == 0)
        p.limit = 50;
    if ((!text && !format_of(c, format, &p.format)) || !select_rows(c, a, o, table, &p))
        return false;
    if (o->count)
        return cli_out(c, str_fmt(c->a, a->json ? "{\"count\":%" PRIu64 "}\n" : "%" PRIu64 "\n", p.walk.total));
    if (!(text ? rows_as_grid(c, &p, p.limit) : write_all(c, &p, NULL)))
        return false;
    if (text)
        cli_say(a, "%.*s rows match", S_ARG(num_grouped(c->a, (int64_t)p.walk.total)));
    return true;
}

/* --- the words --- */

bool cmd_table_query(ctx *c, cli_args *a)
{
    options o = { 0 };
    const cli_opt opts[] = {
        SELECTION(o),
        { "limit", CLI_INT, &o.limit, "N", "rows at most (50 on a terminal, else all)" },
        { "offset", CLI_INT, &o.offset, "N", "leave out the first ones" },
        { "count", CLI_FLAG, &o.count, NULL, "print the number of rows alone" },
        { "format", CLI_TEXT, &o.format, "FORMAT", "csv, tsv, json, ndjson, xml …; a table for the eye on a terminal" },
        { "sql", CLI_TEXT, &o.sql, "SELECT", "ask in SQL instead; the table is called t, others by their ids in double quotes" },
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
    table_row t;
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (o.limit < 0 || o.offset < 0)
        return fail(c, USAGE, "--limit and --offset want a number from 0");
    if (o.sql.n > 0) {
        site *s;
        return table_target_of(c, a, &s, &t) && cmd_table_sql(c, a, s, &t, o.sql, o.limit);
    }
    auto_table held = { 0 };
    return table_target_hold(c, a, o.version, &t, &held) && query(c, a, &o, &t, held.open->query);
}

static bool export_to(ctx *c, cli_args *a, const options *o, const table_row *t, query_table *table)
{
    export_plan p = { .limit = UINT64_MAX, .name = t->name };
    output *to = NULL;
    str format = o->format.n > 0 ? o->format : o->to.n > 0 ? str_from(o->to, str_rfind_byte(o->to, '.') + 1) : S("csv");
    if (!format_of(c, format, &p.format))
        return false;
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
        SELECTION(o),
        { "no-bom", CLI_FLAG, &o.no_bom, NULL, "CSV without the byte order mark that spreadsheets need" },
    };
    const cli_form form = {
        .usage = "table export TABLE [CONDITION …] [--to FILE] [--format FORMAT]",
        .what = "A table, or the rows that are asked for as in `table query`, as a file for people: as the downloads of the site.",
        .examples = "  openshelf table export budget --to budget.xlsx\n  openshelf table export youbike-stations 'district=大安區' > daan.csv\n",
        .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 100,
    };
    table_row t;
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    auto_table held = { 0 };
    return table_target_hold(c, a, o.version, &t, &held) && export_to(c, a, &o, &t, held.open->query);
}
