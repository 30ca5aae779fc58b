/* cmd_verify — whether record, ledger, files and index agree. */
#include "app/care/care.h"
#include "bin/cli.h"
#include "kit/text/json_write.h"

#define SHOWN 50

static void step(void *data, const char *what, int64_t done)
{
    cli_progress(data, what, done, 0);
}

static void put_json(buf *b, const care_verdict *v)
{
    json_w j = json_to(b);
    json_obj(&j);
    json_kv(&j, "clean", (bool)(v->found == 0));
    json_kv(&j, "ledger_rows", v->ledger_rows);
    json_kv(&j, "ledger_hash", v->ledger_hash);
    json_kv(&j, "organizations", v->organizations);
    json_kv(&j, "datasets", v->datasets);
    json_kv(&j, "distributions", v->distributions);
    json_kv(&j, "targets", v->targets);
    json_kv(&j, "blobs", v->blobs);
    json_kv(&j, "spare_blobs", v->spare_blobs);
    json_kv(&j, "indexed", v->indexed);
    json_kv(&j, "found", v->found);
    json_key(&j, S("findings"));
    json_arr(&j);
    list_each (const care_finding, f, &v->findings) {
        json_obj(&j);
        json_kv(&j, "subject", f->subject);
        json_kv(&j, "what", f->what);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    buf_byte(b, '\n');
}

static void put_text(ctx *c, buf *b, const care_verdict *v)
{
    for (size_t i = 0; i < v->findings.n && i < SHOWN; i++)
        buf_fmt(b, "%.*s: %.*s\n", S_ARG(v->findings.v[i].subject), S_ARG(v->findings.v[i].what));
    if (v->found > SHOWN)
        buf_fmt(b, "… and %.*s more; --json lists the first %d\n", S_ARG(num_grouped(c->a, v->found - SHOWN)), CARE_FINDINGS_MAX);
    buf_fmt(b, "%s: %.*s ledger rows, %.*s organizations, %.*s datasets, %.*s distributions, %.*s targets, %.*s files, %.*s indexed\n",
            v->found == 0 ? "clean" : "NOT clean", S_ARG(num_grouped(c->a, v->ledger_rows)), S_ARG(num_grouped(c->a, v->organizations)),
            S_ARG(num_grouped(c->a, v->datasets)), S_ARG(num_grouped(c->a, v->distributions)), S_ARG(num_grouped(c->a, v->targets)),
            S_ARG(num_grouped(c->a, v->blobs)), S_ARG(num_grouped(c->a, v->indexed)));
    buf_fmt(b, "ledger %.*s\n", S_ARG(v->ledger_hash));
}

bool cmd_verify(ctx *c, cli_args *a)
{
    static const cli_form form = {
        .usage = "verify",
        .what = "Reads everything and compares: the chain of the ledger, each subject with the hash in its newest ledger row, rows that\n"
                "belong to nothing, files with their hashes, a new index with the record. Exit code 1 with a list of what does not agree.",
        .examples = "  openshelf verify\n  openshelf verify --json | jq .findings\n",
    };
    bool done;
    site *s;
    care_verdict v;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    log_set_level(LOG_WARN);
    const care_progress p = { step, a };
    bool ok = cli_site_as_it_is(c, a, false, &s) && care_verify(c, s, &p, &v);
    cli_progress_end(a);
    if (!ok)
        return false;
    buf b = buf_in(c->a);
    if (a->json)
        put_json(&b, &v);
    else
        put_text(c, &b, &v);
    if (v.spare_blobs > 0)
        cli_say(a, "%" PRId64 " files of an interrupted import belong to no row; they do no harm", v.spare_blobs);
    return cli_out(c, buf_str(&b)) && (v.found == 0 || cli_found(c));
}
