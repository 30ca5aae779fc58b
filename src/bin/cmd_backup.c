/* cmd_backup — the record and its blobs into one file, and a new site from one. */
#include "app/care/care.h"
#include "bin/cli.h"
#include "kit/text/json_write.h"

static void step(void *data, const char *what, int64_t done)
{
    cli_progress(data, what, done, 0);
}

static bool answer(ctx *c, cli_args *a, const care_backup_report *r, str file, const char *done)
{
    buf b = buf_in(c->a);
    if (!a->json) {
        buf_fmt(&b, "%s: %.*s rows in %" PRId64 " tables, %.*s files with %.*s, ledger row %" PRId64 " %.*s\n", done,
                S_ARG(num_grouped(c->a, r->rows)), r->tables, S_ARG(num_grouped(c->a, r->blobs)), S_ARG(num_bytes(c->a, r->bytes)),
                r->ledger_seq, S_ARG(r->ledger_hash));
        return cli_out(c, buf_str(&b));
    }
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "file", file);
    json_kv(&j, "schema", r->version);
    json_kv(&j, "tables", r->tables);
    json_kv(&j, "rows", r->rows);
    json_kv(&j, "blobs", r->blobs);
    json_kv(&j, "blob_bytes", r->bytes);
    json_kv(&j, "ledger_seq", r->ledger_seq);
    json_kv(&j, "ledger_hash", r->ledger_hash);
    json_kv(&j, "site", r->site_id);
    json_key(&j, S("findings"));
    json_arr(&j);
    list_each (const care_finding, f, &r->findings)
        json_str(&j, str_fmt(c->a, "%.*s: %.*s", S_ARG(f->subject), S_ARG(f->what)));
    json_end(&j);
    json_end(&j);
    buf_byte(&b, '\n');
    return cli_out(c, buf_str(&b));
}

bool cmd_backup(ctx *c, cli_args *a)
{
    static const cli_form form = {
        .usage = "backup FILE",
        .what = "Writes the record and its files into one file, as they are at this moment, while the site goes on working.\n"
                "A file of that name is not overwritten. Exit code 1 when a file of the site was damaged and left out.",
        .examples = "  openshelf backup /backups/$(date +%F).openshelf\n  openshelf backup --database postgresql:///openshelf before.openshelf\n",
        .min_rest = 1, .max_rest = 1,
    };
    bool done;
    site *s;
    care_backup_report r;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    const care_progress p = { step, a };
    bool ok = cli_site_as_it_is(c, a, true, &s) && care_backup(c, s, a->rest.v[0], &p, &r);
    cli_progress_end(a);
    if (!ok)
        return false;
    list_each (const care_finding, f, &r.findings)
        cli_say(a, "%.*s: %.*s", S_ARG(f->subject), S_ARG(f->what));
    return answer(c, a, &r, a->rest.v[0], "backed up") && (r.findings.n == 0 || cli_found(c));
}

bool cmd_restore(ctx *c, cli_args *a)
{
    static const cli_form form = {
        .usage = "restore FILE",
        .what = "Makes a new site from a backup, whichever database the backup was taken of. The file is checked first; a site\n"
                "that is there is never overwritten (exit code 5); when something fails, nothing is left behind.",
        .examples = "  openshelf restore 2026-01-31.openshelf --data /var/lib/openshelf\n"
                    "  openshelf restore before.openshelf --data new --database postgresql:///openshelf_new\n",
        .min_rest = 1, .max_rest = 1,
    };
    bool done;
    care_backup_report r;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    const care_progress p = { step, a };
    bool ok = cli_settings(c, a)
           && care_restore(c, a->rest.v[0], a->data_dir, site_database(c->a, &a->conf, a->data_dir), &p, &r);
    cli_progress_end(a);
    return ok && answer(c, a, &r, a->rest.v[0], "restored");
}
