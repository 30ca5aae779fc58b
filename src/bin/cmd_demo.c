/* cmd_demo — fill the site with the demonstration. */
#include "app/demo/demo.h"
#include "bin/cli.h"

bool cmd_demo(ctx *c, cli_args *a)
{
    static const cli_form form = {
        .usage = "demo", .what = "Fills the site with invented datasets of 32 agencies. Doing it again changes nothing.",
        .examples = "  openshelf demo --data ./data-demo\n",
    };
    bool done;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    site *s;
    demo_report r;
    if (!cli_site(c, a, false, &s) || !demo_make(c, &r))
        return false;
    str text = a->json ? str_fmt(c->a, "{\"created\":%" PRId64 ",\"updated\":%" PRId64 ",\"unchanged\":%" PRId64 "}\n",
                                 r.created, r.updated, r.unchanged)
                       : str_fmt(c->a, "%" PRId64 " created, %" PRId64 " updated, %" PRId64 " unchanged\n", r.created,
                                 r.updated, r.unchanged);
    return cli_out(c, text);
}
