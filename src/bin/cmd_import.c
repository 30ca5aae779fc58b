/* cmd_import — catalogues in: openshelf import FILE|FOLDER|- [--as KIND] [--dry-run] [--report FILE]. */
#include "app/reader/reader.h"
#include "app/table/table_named.h"
#include "bin/cli.h"
#include "kit/text/json_write.h"

#define SHOWN 20

static void put_json(json_w *j, const reader_report *r, bool dry_run)
{
    json_obj(j);
    json_kv(j, "kind", r->kind);
    json_kv(j, "dry_run", dry_run);
    json_kv(j, "created", r->created);
    json_kv(j, "updated", r->updated);
    json_kv(j, "unchanged", r->unchanged);
    json_kv(j, "refused", r->refused);
    json_kv(j, "mended", r->mended);
    json_kv(j, "with_comments", r->with_comments);
    json_key(j, S("refusals"));
    json_arr(j);
    list_each (const refusal, f, &r->refusals) {
        json_obj(j);
        json_kv(j, "file", f->file);
        json_kv(j, "record", f->record);
        if (f->line > 0)
            json_kv(j, "line", f->line);
        json_kv(j, "key", f->key);
        json_kv(j, "field", f->field);
        json_kv(j, "reason", f->reason);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static void say_refusals(ctx *c, const cli_args *a, const reader_report *r)
{
    for (size_t i = 0; i < r->refusals.n && i < SHOWN; i++) {
        const refusal *f = &r->refusals.v[i];
        buf b = buf_in(c->a);
        buf_fmt(&b, "refused: %.*s", S_ARG(file_base(f->file)));
        if (f->line > 0)
            buf_fmt(&b, " line %" PRId64, f->line);
        if (f->record > 0)
            buf_fmt(&b, " record %" PRId64, f->record);
        if (f->key.n > 0 && !str_eq(f->key, file_base(f->file)))
            buf_fmt(&b, " %.*s", S_ARG(f->key));
        if (f->field.n > 0)
            buf_fmt(&b, ", field %.*s", S_ARG(f->field));
        cli_say(a, "%.*s: %.*s", S_ARG(buf_str(&b)), S_ARG(f->reason));
    }
    if (r->refused > SHOWN)
        cli_say(a, "… and %" PRId64 " more refusals; --report FILE writes them all", r->refused - SHOWN);
}

static void show_progress(void *data, int64_t records)
{
    cli_progress(data, "records", records, 0);
}

bool cmd_import(ctx *c, cli_args *a)
{
    str kind = { 0 }, report = { 0 };
    bool dry_run = false, done;
    const cli_opt opts[] = {
        { "as", CLI_TEXT, &kind, "KIND", "what the file holds; recognised when not given" },
        { "dry-run", CLI_FLAG, &dry_run, NULL, "say what would be done, write nothing" },
        { "report", CLI_TEXT, &report, "FILE", "write the whole report as JSON" },
    };
    const cli_form form = {
        .usage = "import FILE|FOLDER|- [--as KIND] [--dry-run] [--report FILE]",
        .what = "Reads catalogues of datasets: the crawl and the export of data.gov.tw, the metadata standard v1 and v2,\n"
                "CKAN packages, lists of cities, data.json. Kinds: crawl, export, v1, v2, ckan, city, taipei, dgtw,\n"
                "dcat-us, agencies. Importing again changes nothing. Exit code 1 when a record was refused.",
        .examples = "  openshelf import catalogue.csv\n  openshelf import --dry-run --as v1 records.json\n"
                    "  zcat crawl.ndjson.gz | openshelf import -\n",
        .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 1,
    };
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    site *s;
    if (!cli_site(c, a, false, &s))
        return false;
    reader_report r;
    reader_options o = { .kind = kind, .dry_run = dry_run, .progress = show_progress, .data = a };
    int64_t before = 0, again = 0;
    bool ok = ledger_seq(c, &before) && reader_import(c, s, a->rest.v[0], &o, &r);
    cli_progress_end(a);
    if (!ok || (!dry_run && !table_named_follow(c, before, &again)))
        return false;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    put_json(&j, &r, dry_run);
    buf_byte(&b, '\n');
    if (report.n > 0 && !file_write(c, report, buf_str(&b)))
        return false;
    say_refusals(c, a, &r);
    if (again > 0)
        cli_say(a, "%" PRId64 " tables are read again: their metadata names another schema than before", again);
    if (r.mended > 0)
        cli_say(a, "%.*s mended: a hidden key had taken the end of an address with it", S_ARG(num_grouped(c->a, r.mended)));
    if (r.with_comments > 0)
        cli_say(a, "%.*s records held comments of citizens: these were dropped, and the file is not kept", S_ARG(num_grouped(c->a, r.with_comments)));
    str last = str_fmt(c->a, "%" PRId64 " created, %" PRId64 " updated, %" PRId64 " unchanged, %" PRId64 " refused\n",
                       r.created, r.updated, r.unchanged, r.refused);
    if (!cli_out(c, a->json ? buf_str(&b) : last))
        return false;
    return r.refused == 0 || cli_found(c);
}
