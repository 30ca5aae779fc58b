/* cmd_put — openshelf put FILE --dataset ID [--file N] [--no-wait]: the bytes become the newest of a distribution. */
#include "app/dataset/dataset.h"
#include "app/table/table_load.h"
#include "bin/job_follow.h"
#include "bin/table_target.h"

static bool report(ctx *c, const cli_args *a, const distribution_row *f, const table_put *p, bool waited, const job_row *r)
{
    if (a->json) {
        buf b = buf_in(c->a);
        json_w j = json_to(&b);
        json_obj(&j);
        json_kv(&j, "file", p->file);
        json_kv(&j, "fresh", p->fresh);
        if (p->fresh && waited) {
            json_key(&j, S("job"));
            job_put(&j, r);
        } else if (p->fresh) {
            json_kv(&j, "job_id", p->job);
        }
        json_end(&j);
        buf_byte(&b, '\n');
        return cli_out(c, buf_str(&b));
    }
    if (!p->fresh)
        cli_say(a, "these bytes are the newest file already: nothing to do");
    else if (!waited)
        cli_say(a, "kept; job %" PRId64 " will load it", p->job);
    else
        return table_target_tell(c, a, f);
    return true;
}

bool cmd_put(ctx *c, cli_args *a)
{
    str dataset = { 0 };
    int64_t number = 0;
    bool no_wait = false, done;
    const cli_opt opts[] = {
        { "dataset", CLI_TEXT, &dataset, "ID", "slug, uid or identifier of the dataset" },
        { "file", CLI_INT, &number, "N", "which of its files, from 1 (needed when there are several)" },
        { "no-wait", CLI_FLAG, &no_wait, NULL, "leave loading to a worker" },
    };
    const cli_form form = {
        .usage = "put FILE --dataset ID [--file N] [--no-wait]",
        .what = "Gives a distribution its newest file and makes tables of it. The same bytes again change nothing; a file that holds no table is kept "
                "for download, and the reason is told.",
        .examples = "  openshelf put stations.csv --dataset youbike-stations\n  openshelf put 2024.xlsx --dataset budget --file 2\n",
        .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 1,
    };
    site *s;
    dataset_row d;
    distribution_row f;
    table_put p;
    job_row r = { 0 };
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (dataset.n == 0)
        return fail(c, USAGE, "--dataset says which dataset the file belongs to");
    if (!cli_site(c, a, true, &s) || !table_target(c, dataset, number, &d, &f)
        || !table_put_path(c, &d, &f, a->rest.v[0], file_base(a->rest.v[0]), &p))
        return false;
    return (!p.fresh || no_wait || job_follow(c, a, p.job, &r)) && report(c, a, &f, &p, !no_wait, &r);
}
