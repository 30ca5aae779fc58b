/* cmd_demo — fill the site with the demonstration. */
#include "app/demo/demo.h"
#include "app/demo/demo_table.h"
#include "bin/job_follow.h"

/* Puts the tables and loads those that are new. */
static bool make_tables(ctx *c, const cli_args *a, bool large, int64_t *loaded)
{
    *loaded = 0;
    for (size_t i = 0; i < demo_table_count(large); i++) {
        table_put p;
        job_row r;
        if (!demo_table_put(c, i, &p) || (p.fresh && !job_follow(c, a, p.job, &r)))
            return false;
        *loaded += p.fresh;
    }
    return true;
}

bool cmd_demo(ctx *c, cli_args *a)
{
    bool large = false, done;
    const cli_opt opts[] = { { "large", CLI_FLAG, &large, NULL, "with a table of a million rows" } };
    const cli_form form = {
        .usage = "demo [--large]",
        .what = "Fills the site with invented datasets of 32 agencies, five of them with tables. Doing it again changes nothing.",
        .examples = "  openshelf demo --data ./data-demo\n  openshelf demo --large\n", .opts = opts, .opt_count = array_len(opts),
    };
    int64_t loaded;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    site *s;
    demo_report r;
    if (!cli_site(c, a, false, &s) || !demo_make(c, &r) || !make_tables(c, a, large, &loaded))
        return false;
    str text = a->json ? str_fmt(c->a, "{\"created\":%" PRId64 ",\"updated\":%" PRId64 ",\"unchanged\":%" PRId64 ",\"tables_loaded\":%" PRId64 "}\n",
                                 r.created, r.updated, r.unchanged, loaded)
                       : str_fmt(c->a, "%" PRId64 " created, %" PRId64 " updated, %" PRId64 " unchanged, %" PRId64 " tables loaded\n",
                                 r.created, r.updated, r.unchanged, loaded);
    return cli_out(c, text);
}
