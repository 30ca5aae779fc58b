/* cmd_schema — openshelf schema WORD …: domain schemas, the schema that a table keeps to, and which one a file may keep to. */
#include "app/quality/quality.h"
#include "app/schema/schema_registry.h"
#include "app/table/table_open.h"
#include "app/table/table_schema.h"
#include "app/table/table_words.h"
#include "bin/cli.h"
#include "bin/table_target.h"
#include "kit/text/json_write.h"

#include <stdlib.h>
#include <unistd.h>

static cli_command schema_list, schema_show, schema_set, schema_clear, schema_suggest;
static const cli_word words[] = {
    { "list", schema_list, "the domain schemas" },
    { "show", schema_show, "a domain schema, or that of a table, as Table Schema or CSVW" },
    { "check", cmd_check, "a file against a schema: openshelf check --schema" },
    { "set", schema_set, "a table keeps to a schema from now on, and is read again" },
    { "clear", schema_clear, "a table keeps to no schema any more, and is read again" },
    { "suggest", schema_suggest, "which domain schemas a file or table may keep to" },
};

/* --- list, show --- */

static bool schema_list(ctx *c, cli_args *a)
{
    const cli_form form = { .usage = "schema list", .what = "The domain schemas: code, version, state, fields, title. Needs no site.",
                            .examples = "  openshelf schema list\n  openshelf schema list --json\n" };
    schema_entries all;
    bool done;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (!schema_registry_all(c, &all))
        return false;
    if (a->json)
        json_arr(&j);
    list_each (schema_entry, e, &all) {
        if (!a->json) {
            buf_fmt(&b, "%-24.*s %-6.*s %-8.*s %3zu fields  %.*s\n", S_ARG(e->code), S_ARG(e->version), S_ARG(e->status), e->schema.table.n, S_ARG(e->title));
            continue;
        }
        json_obj(&j);
        json_kv(&j, "code", e->code);
        json_kv(&j, "version", e->version);
        json_kv(&j, "status", e->status);
        json_kv(&j, "title", e->title);
        json_kv(&j, "title_en", e->title_en);
        json_kv(&j, "authority", e->authority);
        json_kv(&j, "fields", e->schema.table.n);
        json_end(&j);
    }
    if (a->json) {
        json_end(&j);
        buf_byte(&b, '\n');
    }
    return cli_out(c, buf_str(&b));
}

static bool print_schema(ctx *c, const schema *s, bool csvw, str url)
{
    return cli_out(c, str_cat(c->a, json_pretty(c->a, csvw ? schema_write_csvw(c, s, url) : schema_write(c, s)), S("\n")));
}

static bool show_table(ctx *c, cli_args *a, bool csvw, bool whole)
{
    site *s;
    table_row t;
    schema given, all;
    bool found;
    if (!cli_site(c, a, true, &s))
        return false;
    table_held held = { .site = s };
    str label;
    bool ok = table_target_table(c, a->rest.v[0], &t) && table_given_schema(c, &t, &given, &found) && table_schema_label(c, &t, &label)
           && table_hold(c, &t, 0, &held.open);
    if (ok && !found && !whole)
        cli_say(a, "the table was given no schema; these are its columns as they were found");
    if (ok && (str_starts(label, S("file")) || str_starts(label, S("dataset"))))
        cli_say(a, "nobody set this schema: the metadata of the %.*s names it", S_ARG(label));
    ok = ok && (!whole && found ? print_schema(c, &given, csvw, S("")) : schema_of(c, held.open->files[0], found ? &given : NULL, &all) && print_schema(c, &all, csvw, S("")));
    table_held_end(&held);
    return ok;
}

static bool schema_show(ctx *c, cli_args *a)
{
    bool csvw = false, whole = false, done, found;
    schema_entry e;
    const cli_opt opts[] = {
        { "csvw", CLI_FLAG, &csvw, NULL, "as metadata of CSV on the Web" },
        { "columns", CLI_FLAG, &whole, NULL, "of a table: all its columns as they are, not only what was given" },
    };
    const cli_form form = {
        .usage = "schema show CODE|TABLE [--csvw] [--columns]", .what = "A domain schema by its code, or the schema of a table (its id, or a dataset whose first "
                 "table is meant), as Table Schema.",
        .examples = "  openshelf schema show air-quality\n  openshelf schema show youbike-stations > stations.schema.json\n", .opts = opts,
        .opt_count = array_len(opts), .min_rest = 1, .max_rest = 1,
    };
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (!schema_registry_find(c, a->rest.v[0], &e, &found))
        return false;
    return found ? print_schema(c, &e.schema, csvw, S("")) : show_table(c, a, csvw, whole);
}

/* --- set, clear --- */

static bool say_done(ctx *c, const cli_args *a, const table_schema_done *d)
{
    if (a->json)
        return cli_out(c, str_fmt(c->a, "{\"changed\":%s,\"job\":%" PRId64 "}\n", d->changed ? "true" : "false", d->job));
    if (!d->changed)
        cli_say(a, "nothing changed: the table has this schema already");
    else if (d->job == 0)
        cli_say(a, "set; it holds for the next file");
    else
        cli_say(a, "set; job %" PRId64 " reads the table again (openshelf work, or the running server, does it)", d->job);
    return true;
}

static bool schema_set(ctx *c, cli_args *a)
{
    table_schema_wish w = { 0 };
    table_schema_done d;
    table_row t;
    site *s;
    bool done;
    const cli_opt opts[] = {
        { "domain", CLI_TEXT, &w.domain, "CODE", "a domain schema (openshelf schema list); CODE@VERSION for an older one" },
        { "why", CLI_TEXT, &w.why, "TEXT", "the reason, for the ledger" },
        { "drop-added", CLI_FLAG, &w.drop_added, NULL, "rows that were added since the file was loaded may go" },
    };
    const cli_form form = {
        .usage = "schema set TABLE FILE|--domain CODE [--why TEXT] [--drop-added]",
        .what = "A table keeps to a schema from now on: Table Schema or CSVW in a file, or a domain schema. Names and types by the schema win over what the "
                "values look like; what does not fit counts as missing and is a finding. The newest file is read again, as a new version.",
        .examples = "  openshelf schema set air-now --domain air-quality\n  openshelf schema set youbike-stations stations.schema.json --why 'types by the agency'\n",
        .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 2,
    };
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if ((a->rest.n == 2) == (w.domain.n > 0))
        return fail(c, USAGE, "want either a file or --domain CODE; see --help");
    if (!cli_site(c, a, true, &s) || !table_target_table(c, a->rest.v[0], &t))
        return false;
    if (a->rest.n == 2 && !file_read(c, a->rest.v[1], SCHEMA_BYTES_MAX, &w.given))
        return false;
    return table_schema_set(c, &t, &w, &d) && say_done(c, a, &d);
}

static bool schema_clear(ctx *c, cli_args *a)
{
    table_schema_wish w = { 0 };
    table_schema_done d;
    table_row t;
    site *s;
    bool done;
    const cli_opt opts[] = { { "why", CLI_TEXT, &w.why, "TEXT", "the reason, for the ledger" },
                             { "drop-added", CLI_FLAG, &w.drop_added, NULL, "rows that were added since the file was loaded may go" } };
    const cli_form form = { .usage = "schema clear TABLE [--why TEXT] [--drop-added]", .what = "A table keeps to no schema any more: its columns are what their values say.",
                            .examples = "  openshelf schema clear air-now\n", .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 1 };
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    return cli_site(c, a, true, &s) && table_target_table(c, a->rest.v[0], &t) && table_schema_set(c, &t, &w, &d) && say_done(c, a, &d);
}

/* --- suggest --- */

static void put_guesses(ctx *c, const cli_args *a, buf *b, json_w *j, str of, const schema_guesses *l)
{
    if (a->json) {
        json_obj(j);
        json_kv(j, "table", of);
        json_key(j, S("schemas"));
        json_arr(j);
    } else {
        buf_fmt(b, "%.*s%s\n", S_ARG(cli_plain(c->a, of)), l->n == 0 ? ": no domain schema looks like it" : "");
    }
    list_each (const schema_guess, g, l) {
        if (!a->json) {
            buf_fmt(b, "  %3d  %-24.*s %.*s: %.*s\n", g->score, S_ARG(g->key), S_ARG(g->entry->title), S_ARG(g->reason));
            continue;
        }
        json_obj(j);
        json_kv(j, "code", g->key);
        json_kv(j, "score", (int64_t)g->score);
        json_kv(j, "reason", g->reason);
        json_end(j);
    }
    if (a->json) {
        json_end(j);
        json_end(j);
    }
}

static bool suggest_file(ctx *c, cli_args *a, str path, buf *b, json_w *j)
{
    const char *tmp = getenv("TMPDIR");
    char *folder = str_z(c->a, str_fmt(c->a, "%s/openshelf-schema-XXXXXX", tmp != NULL ? tmp : "/tmp"));
    quality_report r = { 0 };
    auto_fd fd = file_open(c, path);
    if (fd < 0)
        return false;
    if (mkdtemp(folder) == NULL)
        return fail(c, IO, "cannot make a folder in “%s”", tmp != NULL ? tmp : "/tmp");
    bool ok = quality_check(c, fd, path, &(quality_options){ .folder = str_of(folder), .words = table_words() }, &r);
    rmdir(folder);
    if (!ok)
        return false;
    if (r.refused.n > 0)
        return fail(c, INVALID, "%.*s", S_ARG(r.refused.v[0].reason));
    list_each (quality_table, t, &r.tables)
        put_guesses(c, a, b, j, t->name.n > 0 ? str_fmt(c->a, "%.*s: %.*s", S_ARG(path), S_ARG(t->name)) : path, &t->guesses);
    return true;
}

static bool suggest_table(ctx *c, cli_args *a, buf *b, json_w *j)
{
    site *s;
    table_row t;
    schema_columns cols;
    schema_guesses l;
    if (!cli_site(c, a, true, &s))
        return false;
    table_held held = { .site = s };
    bool ok = table_target_table(c, a->rest.v[0], &t) && table_hold(c, &t, 0, &held.open)
           && schema_registry_columns(c, held.open->files[0], &cols) && schema_registry_guess(c, &cols, &l);
    if (ok)
        put_guesses(c, a, b, j, a->rest.v[0], &l);
    table_held_end(&held);
    return ok;
}

static bool schema_suggest(ctx *c, cli_args *a)
{
    const cli_form form = {
        .usage = "schema suggest FILE|TABLE", .what = "Which domain schemas the tables of a file, or a table of the site, may keep to, with a score from 0 to 100 and "
                 "the reason. Files need no site.",
        .examples = "  openshelf schema suggest aqx_p_432.csv\n  openshelf schema suggest air-now --json\n", .min_rest = 1, .max_rest = 1,
    };
    bool done;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    c->lang = LANG_EN;
    if (a->json)
        json_arr(&j);
    if (!(file_exists(c, a->rest.v[0]) ? suggest_file(c, a, a->rest.v[0], &b, &j) : suggest_table(c, a, &b, &j)))
        return false;
    if (a->json) {
        json_end(&j);
        buf_byte(&b, '\n');
    }
    return cli_out(c, buf_str(&b));
}

/* --- the word --- */

bool cmd_schema(ctx *c, cli_args *a)
{
    const cli_form form = {
        .usage = "schema WORD …", .what = "Schemas of tables from the shell: list, show, check, set, clear, suggest. Each has --help.",
        .examples = "  openshelf schema suggest aqx_p_432.csv\n  openshelf schema set youbike-stations stations.schema.json\n", .max_rest = 0,
    };
    return cli_dispatch(c, a, &form, words, array_len(words));
}
