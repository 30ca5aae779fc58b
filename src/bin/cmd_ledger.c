/* cmd_ledger — the trail of changes: shown with filters, exported, its chain checked in the record or in a file. */
#include "app/ledger/ledger.h"
#include "app/ledger/ledger_file.h"
#include "bin/cli.h"
#include "kit/text/json_write.h"
#include "kit/text/output.h"

typedef struct {
    str     action, subject, since, to;
    int64_t most, before, since_ms;
    bool    values;
} options;

typedef struct {
    cli_args *a;
    const options *o;
    bool first;
    output *file;                    /* of export; NULL: standard output */
    int64_t rows;
} writing;

static bool show_row(ctx *c, const ledger_row *r, void *data)
{
    writing *w = data;
    arena_mark m = arena_here(c->a);
    buf b = buf_in(c->a);
    if (w->a->json) {
        buf_add(&b, w->first ? S("[\n") : S(","));
        ledger_file_row(&b, r);
    } else {
        buf_fmt(&b, "%" PRId64 "  %.*s  %.*s  %.*s %.*s  %.*s", r->seq, S_ARG(day_local(c->a, r->at)), S_ARG(cli_plain(c->a, r->action)),
                S_ARG(cli_plain(c->a, r->subject_kind)), S_ARG(cli_plain(c->a, r->subject_key)), S_ARG(cli_plain(c->a, r->actor)));
        if (r->behalf.n > 0)
            buf_fmt(&b, " for %.*s", S_ARG(cli_plain(c->a, r->behalf)));
        if (r->reason.n > 0)
            buf_fmt(&b, ": %.*s", S_ARG(cli_plain(c->a, r->reason)));
        buf_byte(&b, '\n');
        if (w->o->values)
            buf_fmt(&b, "      before %.*s\n      after  %.*s\n", S_ARG(cli_plain(c->a, r->before_json)), S_ARG(cli_plain(c->a, r->after_json)));
    }
    w->first = false;
    bool ok = cli_out(c, buf_str(&b));
    if (ok)
        arena_back(c->a, m);
    return ok;
}

static bool show(ctx *c, cli_args *a, options *o)
{
    str kind = { 0 }, key = { 0 };
    writing w = { .a = a, .o = o, .first = true };
    if (o->subject.n > 0 && !str_cut(o->subject, S("/"), &kind, &key))
        kind = o->subject;
    if (o->since.n > 0 && !day_read(o->since, &o->since_ms))
        return fail(c, USAGE, "--since wants a date such as 2026-01-31, not “%.*s”", S_ARG(o->since));
    if (o->most < 1 || o->before < 1)
        return fail(c, USAGE, "--most and --before want a number from 1");
    if (!q_ledger_show(c, o->before, o->action, kind, key, o->since_ms, o->most, show_row, &w))
        return false;
    return !a->json || cli_out(c, w.first ? S("[]\n") : S("]\n"));
}

static bool export_row(ctx *c, const ledger_row *r, void *data)
{
    writing *w = data;
    arena_mark m = arena_here(c->a);
    buf b = buf_in(c->a);
    ledger_file_row(&b, r);
    bool ok = w->file != NULL ? output_put(c, w->file, buf_str(&b)) : cli_out(c, buf_str(&b));
    if (ok)
        arena_back(c->a, m);
    cli_progress(w->a, "rows", ++w->rows, 0);
    return ok;
}

static bool export(ctx *c, cli_args *a, const options *o)
{
    writing w = { .a = a };
    if (o->to.n > 0 && !output_open(c, o->to, str_ends(o->to, S(".gz")), &w.file))
        return false;
    bool ok = q_ledger_walk(c, export_row, &w) && (w.file == NULL || output_keep(c, w.file));
    output_close(w.file);
    cli_progress_end(a);
    return ok;
}

static bool verify(ctx *c, cli_args *a, bool of_file)
{
    ledger_report r;
    char hash[65];
    if (of_file) {
        if (!ledger_file_verify(c, a->rest.v[1], &r, hash))
            return false;
    } else {
        ledger_head_row head;
        if (!ledger_verify(c, &r) || !q_ledger_head_read(c, &head))
            return false;
        __builtin_snprintf(hash, sizeof hash, "%.*s", S_ARG(head.hash));
    }
    buf b = buf_in(c->a);
    if (a->json) {
        json_w j = json_to(&b);
        json_obj(&j);
        json_kv(&j, "intact", (bool)(r.problem.n == 0));
        json_kv(&j, "rows", r.rows);
        json_kv(&j, "last_hash", str_of(hash));
        json_kv(&j, "problem", r.problem);
        json_kv(&j, "problem_seq", r.problem_seq);
        json_end(&j);
        buf_byte(&b, '\n');
    } else if (r.problem.n == 0) {
        buf_fmt(&b, "intact: %.*s rows, the last is %s\n", S_ARG(num_grouped(c->a, r.rows)), hash);
    } else {
        buf_fmt(&b, "NOT intact: %.*s\n", S_ARG(r.problem));
    }
    return cli_out(c, buf_str(&b)) && (r.problem.n == 0 || cli_found(c));
}

static bool run(ctx *c, cli_args *a, options *o)
{
    str word = a->rest.v[0];
    bool is_show = str_eq(word, S("show")), is_export = str_eq(word, S("export")), of_file = str_eq(word, S("verify")) && a->rest.n == 2;
    site *s;
    if (!is_show && !is_export && !str_eq(word, S("verify")))
        return fail(c, USAGE, "`openshelf ledger` knows show, verify and export, not “%.*s”", S_ARG(word));
    if ((is_show && a->rest.n > 1) || (of_file && o->to.n > 0))
        return fail(c, USAGE, "want: openshelf ledger show | verify [FILE] | export [FILE]; see --help");
    if (is_export && a->rest.n == 2 && !str_eq(a->rest.v[1], S("-")))
        o->to = a->rest.v[1];
    if (of_file)
        return verify(c, a, true);
    if (!cli_site_as_it_is(c, a, true, &s))
        return false;
    return is_show ? show(c, a, o) : is_export ? export(c, a, o) : verify(c, a, false);
}

bool cmd_ledger(ctx *c, cli_args *a)
{
    options o = { .most = 20, .before = INT64_MAX, .since_ms = INT64_MIN };
    const cli_opt opts[] = {
        { "action", CLI_TEXT, &o.action, "ACTION", "show: only this action, such as dataset.update" },
        { "subject", CLI_TEXT, &o.subject, "KIND/NAME", "show: only this subject, such as dataset/6564, or one kind" },
        { "since", CLI_TEXT, &o.since, "DATE", "show: nothing older" },
        { "before", CLI_INT, &o.before, "N", "show: rows before this number" },
        { "most", CLI_INT, &o.most, "N", "show: so many rows (20)" },
        { "values", CLI_FLAG, &o.values, NULL, "show: with what was before and after" },
    };
    const cli_form form = {
        .usage = "ledger show | verify [FILE] | export [FILE]",
        .what = "The trail of changes. show: the newest rows; verify: walks the chain of hashes in the record, or in a FILE that export\n"
                "made (exit code 1: it does not hold); export: every row as a line of JSON, gzipped when FILE ends in .gz.",
        .examples = "  openshelf ledger show --action dataset.update --since 2026-01-01\n  openshelf ledger show --subject dataset/6564 --values\n"
                    "  openshelf ledger export ledger.ndjson.gz\n  openshelf ledger verify ledger.ndjson.gz\n",
        .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 2,
    };
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    return run(c, a, &o);
}
