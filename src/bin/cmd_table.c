/* cmd_table — openshelf table WORD …: which tables there are, what they hold, which versions. */
#include "bin/cmd_table.h"

#include "bin/table_target.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

static const cli_word words[] = {
    { "list", cmd_table_list, "tables of the site, or of a dataset" },
    { "info", cmd_table_info, "columns, types, versions of a table" },
    { "versions", cmd_table_versions, "the versions of a table" },
    { "load", cmd_table_load, "a file becomes the tables of a distribution, now" },
    { "fetch", cmd_table_fetch, "the same with the file at the distribution's address" },
    { "poll", cmd_table_poll, "the same again and again, for data that changes fast" },
    { "append", cmd_table_append, "rows behind those that are there" },
    { "upsert", cmd_table_upsert, "rows in the place of those with the same key" },
    { "query", cmd_table_query, "rows that are asked for, or SQL" },
    { "export", cmd_table_export, "a table or a selection as a file" },
    { "compact", cmd_table_compact, "put the pieces of a growing table together" },
};

/* --- list --- */

typedef struct { ctx *c; buf out; json_w j; bool json; int64_t n; } listing;

static bool list_one(ctx *c, const table_listed_row *t, void *to)
{
    listing *l = to;
    l->n++;
    if (l->json) {
        json_obj(&l->j);
        json_kv(&l->j, "uid", t->uid);
        json_kv(&l->j, "distribution", t->distribution_uid);
        json_kv(&l->j, "dataset", t->dataset);
        json_kv(&l->j, "title", t->title);
        json_kv(&l->j, "file", t->file);
        json_kv(&l->j, "name", t->name);
        json_kv(&l->j, "version", t->version);
        json_kv(&l->j, "rows", t->rows);
        json_end(&l->j);
        return true;
    }
    l->out.n = 0;
    buf_fmt(&l->out, "%.*s  %12.*s  v%-4" PRId64 " %.*s", S_ARG(t->uid), S_ARG(num_grouped(c->a, t->rows)), t->version,
            S_ARG(cli_plain(c->a, t->title)));
    if (t->file.n > 0 && !str_eq(t->file, t->title))
        buf_fmt(&l->out, " › %.*s", S_ARG(cli_plain(c->a, t->file)));
    if (t->name.n > 0)
        buf_fmt(&l->out, " › %.*s", S_ARG(cli_plain(c->a, t->name)));
    buf_byte(&l->out, '\n');
    return cli_out(c, buf_str(&l->out));
}

bool cmd_table_list(ctx *c, cli_args *a)
{
    const cli_form form = {
        .usage = "table list [DATASET]", .what = "Lists the tables of the site, or of one dataset: id, rows, version, dataset › file › sheet or member.",
        .examples = "  openshelf table list\n  openshelf table list youbike-stations --json\n", .max_rest = 1,
    };
    listing l = { .c = c, .json = a->json };
    site *s;
    bool done, found = false;
    int64_t dataset = 0;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (!cli_site(c, a, true, &s))
        return false;
    if (a->rest.n > 0) {
        dataset_row d;
        if (!table_target_dataset(c, a->rest.v[0], &d, &found))
            return false;
        if (!found)
            return fail(c, NOT_FOUND, "there is no dataset “%.*s”", S_ARG(a->rest.v[0]));
        dataset = d.id;
    }
    l.json = a->json;
    l.out = buf_in(c->a);
    l.j = json_to(&l.out);
    if (l.json)
        json_arr(&l.j);
    if (!q_table_listed(c, dataset, list_one, &l))
        return false;
    if (!l.json) {
        cli_say(a, "%" PRId64 " table%s", l.n, l.n == 1 ? "" : "s");
        return true;
    }
    json_end(&l.j);
    buf_byte(&l.out, '\n');
    return cli_out(c, buf_str(&l.out));
}

/* --- info, versions --- */

static bool versions_json(ctx *c, json_w *j, const table_row *t)
{
    table_version_brief_list l;
    if (!q_table_versions_of(c, t->id, 1000, &l))
        return false;
    json_arr(j);
    list_each (table_version_brief, v, &l) {
        json_obj(j);
        json_kv(j, "version", v->number);
        json_kv(j, "how", v->how);
        json_kv(j, "rows", v->rows);
        json_kv(j, "score", v->score);
        json_kv(j, "at", day_iso(c->a, v->created_at));
        json_kv(j, "ledger", v->ledger_seq);
        json_end(j);
    }
    json_end(j);
    return true;
}

static void column_text_line(ctx *c, buf *b, const column_about *k)
{
    buf_fmt(b, "  %-24.*s %-12s %10.*s empty  %s%.*s distinct  %.*s\n", S_ARG(k->name), column_type_name(k->type),
            S_ARG(num_grouped(c->a, (int64_t)k->stats.null_count)), k->stats.distinct_exact ? "" : "~",
            S_ARG(num_grouped(c->a, (int64_t)k->stats.distinct)), S_ARG(cli_plain(c->a, k->title)));
}

static void column_json(json_w *j, const column_about *k)
{
    json_obj(j);
    json_kv(j, "name", k->name);
    json_kv(j, "title", k->title);
    json_kv(j, "type", column_type_name(k->type));
    json_kv(j, "empty", (int64_t)k->stats.null_count);
    json_kv(j, "distinct", (int64_t)k->stats.distinct);
    json_kv(j, "least", k->stats.min_text);
    json_kv(j, "greatest", k->stats.max_text);
    json_end(j);
}

static bool info(ctx *c, const cli_args *a, const table_row *t, const table_open *open)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    size_t cols = query_table_columns(open->query);
    if (!a->json) {
        buf_fmt(&b, "%.*s  %.*s rows, %zu columns, %zu segments, version %" PRId64 "\n", S_ARG(t->uid),
                S_ARG(num_grouped(c->a, (int64_t)query_table_rows(open->query))), cols, open->n, open->number);
        if (t->row_key.n > 0)
            buf_fmt(&b, "key: %.*s\n", S_ARG(cli_plain(c->a, t->row_key)));
        for (size_t i = 0; i < cols; i++)
            column_text_line(c, &b, query_table_about(open->query, i));
        return cli_out(c, buf_str(&b));
    }
    json_obj(&j);
    json_kv(&j, "uid", t->uid);
    json_kv(&j, "distribution", t->distribution_uid);
    json_kv(&j, "name", t->name);
    json_kv(&j, "version", open->number);
    json_kv(&j, "rows", (int64_t)query_table_rows(open->query));
    json_kv(&j, "segments", open->n);
    json_key(&j, S("key"));
    json_raw(&j, t->row_key.n > 0 ? t->row_key : S("[]"));
    json_key(&j, S("columns"));
    json_arr(&j);
    for (size_t i = 0; i < cols; i++)
        column_json(&j, query_table_about(open->query, i));
    json_end(&j);
    json_key(&j, S("versions"));
    if (!versions_json(c, &j, t))
        return false;
    json_end(&j);
    buf_byte(&b, '\n');
    return cli_out(c, buf_str(&b));
}

bool cmd_table_info(ctx *c, cli_args *a)
{
    int64_t version = 0;
    const cli_opt opts[] = { { "version", CLI_INT, &version, "N", "an older version" } };
    const cli_form form = {
        .usage = "table info TABLE [--version N]", .what = "Columns of a table with their types, empty cells and distinct values. TABLE is its id, or a "
                 "dataset whose first table is meant.",
        .examples = "  openshelf table info youbike-stations\n  openshelf table info youbike-stations --json\n", .opts = opts,
        .opt_count = array_len(opts), .min_rest = 1, .max_rest = 1,
    };
    table_row t;
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    auto_table held = { 0 };
    return table_target_hold(c, a, version, &t, &held) && info(c, a, &t, held.open);
}

bool cmd_table_versions(ctx *c, cli_args *a)
{
    const cli_form form = {
        .usage = "table versions TABLE", .what = "The versions of a table, newest first: how each came about, its rows and its quality.",
        .examples = "  openshelf table versions youbike-stations\n", .min_rest = 1, .max_rest = 1,
    };
    site *s;
    table_row t;
    table_version_brief_list l;
    bool done;
    buf b;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (!table_target_of(c, a, &s, &t))
        return false;
    b = buf_in(c->a);
    json_w j = json_to(&b);
    if (a->json) {
        if (!versions_json(c, &j, &t))
            return false;
        buf_byte(&b, '\n');
        return cli_out(c, buf_str(&b));
    }
    if (!q_table_versions_of(c, t.id, 1000, &l))
        return false;
    list_each (table_version_brief, v, &l)
        buf_fmt(&b, "v%-5" PRId64 " %-8.*s %12.*s rows  quality %3" PRId64 "  %.*s\n", v->number, S_ARG(v->how), S_ARG(num_grouped(c->a, v->rows)),
                v->score, S_ARG(day_local(c->a, v->created_at)));
    return cli_out(c, buf_str(&b));
}

/* --- the word --- */

bool cmd_table(ctx *c, cli_args *a)
{
    const cli_form form = {
        .usage = "table WORD …", .what = "Tables from the shell: list, info, versions, load, fetch, poll, append, upsert, query, export, compact. Each has --help.",
        .examples = "  openshelf table list\n  openshelf table query youbike-stations 'district=大安區' 'bikes>=10'\n"
                    "  openshelf table append rain-now new-rows.csv\n  openshelf table export --help\n",
        .max_rest = 0,
    };
    return cli_dispatch(c, a, &form, words, array_len(words));
}
