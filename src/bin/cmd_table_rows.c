/* cmd_table_rows — rows come in: table load, fetch, append, upsert; and compact. */
#include "bin/cmd_table.h"

#include "app/dataset/dataset.h"
#include "app/table/table_append.h"
#include "app/table/table_compact.h"
#include "app/table/table_fetch.h"
#include "app/table/table_load.h"
#include "app/table/table_rows_api.h"
#include "bin/job_follow.h"
#include "bin/table_target.h"
#include "kit/text/json_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* --- load, fetch --- */

static bool tell(ctx *c, const cli_args *a, const distribution_row *f, const job_row *r)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!a->json)
        return table_target_tell(c, a, f);
    job_put(&j, r);
    buf_byte(&b, '\n');
    return cli_out(c, buf_str(&b));
}

static bool wish_load(ctx *c, int64_t file, str distribution_uid, int64_t *id)
{
    auto_tx tx = db_begin(c);
    return tx.open && table_load_wish(c, file, distribution_uid, id) && db_commit(c, &tx);
}

/* What is loaded once is loaded: the same bytes are read again only when that is asked for. */
static bool load(ctx *c, cli_args *a, str dataset, int64_t number, bool again)
{
    dataset_row d;
    distribution_row f;
    table_put p;
    job_row r;
    str path = a->rest.v[0];
    if (!table_target(c, dataset, number, &d, &f) || !table_put_path(c, &d, &f, path, file_base(path), &p))
        return false;
    if (!p.fresh && again && !wish_load(c, p.file, f.uid, &p.job))
        return false;
    if (!p.fresh && !again) {
        cli_say(a, "these bytes are the newest file already: nothing to do (--again reads them once more)");
        return !a->json || cli_out(c, S("{\"fresh\":false}\n"));
    }
    return job_follow(c, a, p.job, &r) && tell(c, a, &f, &r);
}

bool cmd_table_load(ctx *c, cli_args *a)
{
    str dataset = { 0 };
    int64_t number = 0;
    bool again = false, done;
    const cli_opt opts[] = {
        { "dataset", CLI_TEXT, &dataset, "ID", "slug, uid or identifier of the dataset" },
        { "file", CLI_INT, &number, "N", "which of its files, from 1 (needed when there are several)" },
        { "again", CLI_FLAG, &again, NULL, "read the file even when it is the newest already" },
    };
    const cli_form form = {
        .usage = "table load FILE --dataset ID [--file N] [--again]",
        .what = "A file becomes the newest of a distribution and its tables are made, now: as `openshelf put`, which leaves the work to the site with "
                "--no-wait. The old version serves until all is there; a file that cannot be read changes nothing.",
        .examples = "  openshelf table load stations.csv --dataset youbike-stations\n", .opts = opts, .opt_count = array_len(opts),
        .min_rest = 1, .max_rest = 1,
    };
    site *s;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (dataset.n == 0)
        return fail(c, USAGE, "--dataset says which dataset the file belongs to");
    return cli_site(c, a, true, &s) && load(c, a, dataset, number, again);
}

static bool wish_fetch(ctx *c, const dataset_row *d, const distribution_row *f, bool allow_private, int64_t *id)
{
    auto_tx tx = db_begin(c);
    return tx.open && table_fetch_wish(c, d, f, allow_private, id) && db_commit(c, &tx);
}

bool cmd_table_fetch(ctx *c, cli_args *a)
{
    int64_t number = 0, fetch = 0;
    bool allow_private = false, no_wait = false, done;
    const cli_opt opts[] = {
        { "file", CLI_INT, &number, "N", "which of its files, from 1 (needed when there are several)" },
        { "allow-private", CLI_FLAG, &allow_private, NULL, "addresses on this machine and in private networks may be fetched" },
        { "no-wait", CLI_FLAG, &no_wait, NULL, "leave it to the site's worker" },
    };
    const cli_form form = {
        .usage = "table fetch DATASET [--file N] [--no-wait] [--allow-private]",
        .what = "Fetches the file at a distribution's address and makes its tables. What the server says is unchanged is not fetched again; the same bytes "
                "load nothing.",
        .examples = "  openshelf table fetch youbike-stations\n", .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 1,
    };
    site *s;
    dataset_row d;
    distribution_row f;
    job_row r;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (!cli_site(c, a, true, &s) || !table_target(c, a->rest.v[0], number, &d, &f))
        return false;
    if (!wish_fetch(c, &d, &f, allow_private, &fetch))
        return false;
    if (no_wait) {
        cli_say(a, "job %" PRId64 " will fetch it", fetch);
        return !a->json || cli_out(c, str_fmt(c->a, "{\"job_id\":%" PRId64 "}\n", fetch));
    }
    json result;
    if (!job_follow(c, a, fetch, &r) || !json_parse(c, r.result, &result))
        return false;
    const json *next = json_get(&result, "load_job");
    if (next == NULL)
        cli_say(a, "nothing new at its address");
    return (next == NULL || job_follow(c, a, next->i, &r)) && tell(c, a, &f, &r);
}

/* --- append, upsert --- */

/* Standard input as a file: readers go back and forth in it. */
static int spool(ctx *c, site *s)
{
    char *path = str_z(c->a, file_join(c->a, s->blob_dir, S("new.XXXXXX"))), piece[65536];
    if (!file_make_dir(c, s->blob_dir))
        return -1;
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        (void)fail(c, IO, "cannot write into “%.*s”: %s", S_ARG(s->blob_dir), strerrordesc_np(errno));
        return -1;
    }
    unlink(path);
    for (ssize_t n; (n = read(STDIN_FILENO, piece, sizeof piece)) != 0;) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || !file_put(fd, (str){ piece, (size_t)n })) {
            (void)fail(c, IO, "keeping standard input failed: %s", strerrordesc_np(errno));
            close(fd);
            return -1;
        }
    }
    return fd;
}

static void report_findings(ctx *c, const cli_args *a, const table_rows_done *d)
{
    list_each (const table_rows_finding, f, &d->told) {
        str others = f->count > 1 ? str_fmt(c->a, " (and %" PRIu64 " more)", f->count - 1) : S("");
        cli_say(a, "row %" PRIu64 ", “%.*s”: %s: “%.*s”%.*s", f->row, S_ARG(f->column), f->rule->says, S_ARG(f->sample), S_ARG(others));
    }
}

static bool report(ctx *c, const cli_args *a, const table_rows_wish *w, const table_rows_done *d)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!a->json) {
        if (w->dry_run)
            cli_say(a, "%" PRId64 " rows would be added, %" PRId64 " replaced; nothing was changed", d->added, d->replaced);
        else
            cli_say(a, "%" PRId64 " rows added, %" PRId64 " replaced; %.*s rows, version %" PRId64, d->added, d->replaced,
                    S_ARG(num_grouped(c->a, d->rows)), d->version);
        if (d->bad > 0)
            cli_say(a, "%" PRIu64 " values are none of their column's type and count as missing", d->bad);
        if (d->wrong > d->bad)
            cli_say(a, "%" PRIu64 " values are not what the table's schema asks for", d->wrong - d->bad);
        report_findings(c, a, d);
        return true;
    }
    json_obj(&j);
    table_rows_put(&j, d);
    json_end(&j);
    buf_byte(&b, '\n');
    return cli_out(c, buf_str(&b));
}

static bool add_rows(ctx *c, cli_args *a, table_rows_wish w, str key)
{
    site *s;
    table_row t;
    table_rows_done d;
    str one, file = a->rest.n > 1 ? a->rest.v[1] : S("-");
    bool from_pipe = str_eq(file, S("-"));
    w.name = from_pipe ? S("rows") : file_base(file);
    while (key.n > 0 && str_next(&key, ',', &one))
        list_add(c->a, &w.key, str_trim(one));
    if (!table_target_of(c, a, &s, &t))
        return false;
    auto_fd fd = from_pipe ? spool(c, s) : file_open(c, file);
    w.fd = fd;
    return fd >= 0 && table_rows_add(c, &t, &w, &d) && report(c, a, &w, &d);
}

#define ROWS_OPTIONS(w)                                                                                                                    \
    { "encoding", CLI_TEXT, &(w).encoding, "NAME", "the encoding, where it cannot be told from the bytes" },                               \
    { "strict", CLI_FLAG, &(w).strict, NULL, "nothing is added when a value breaks the table's schema or is none of its column's type" },  \
    { "dry-run", CLI_FLAG, &(w).dry_run, NULL, "judge the rows, change nothing" }

bool cmd_table_append(ctx *c, cli_args *a)
{
    table_rows_wish w = { .how = TABLE_APPEND };
    bool done;
    const cli_opt opts[] = { ROWS_OPTIONS(w) };
    const cli_form form = {
        .usage = "table append TABLE [FILE|-] [--strict] [--dry-run]",
        .what = "Adds rows behind those of a table: CSV, JSON, NDJSON, XLSX … with the table's columns in any order, by title or name; those that are missing "
                "stay empty. Readers see them at once. What breaks the table's schema is told, and a finding of the new version.",
        .examples = "  openshelf table append rain-now new-rows.csv\n  echo '{\"station\":\"466920\",\"mm\":1.5}' | openshelf table append rain-now\n",
        .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 2,
    };
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    return add_rows(c, a, w, (str){ 0 });
}

bool cmd_table_upsert(ctx *c, cli_args *a)
{
    table_rows_wish w = { .how = TABLE_UPSERT };
    str key = { 0 };
    bool done;
    const cli_opt opts[] = { { "key", CLI_TEXT, &key, "A,B", "columns by which a row is known; kept for the next time" }, ROWS_OPTIONS(w) };
    const cli_form form = {
        .usage = "table upsert TABLE [FILE|-] [--key A,B] [--strict] [--dry-run]",
        .what = "Rows take the place of those with the same key; the others are added. Rows that are replaced leave the table whole; older versions keep them.",
        .examples = "  openshelf table upsert youbike-stations now.json --key sno\n", .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 2,
    };
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    return add_rows(c, a, w, key);
}

bool cmd_table_compact(ctx *c, cli_args *a)
{
    const cli_form form = {
        .usage = "table compact TABLE", .what = "Puts the pieces of a table that grew by additions together. The site does this by itself.",
        .examples = "  openshelf table compact rain-now\n", .min_rest = 1, .max_rest = 1,
    };
    site *s;
    table_row t;
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    bool ok = table_target_of(c, a, &s, &t) && table_compact(c, t.id, NULL);
    if (ok)
        cli_say(a, "done");
    return ok;
}
