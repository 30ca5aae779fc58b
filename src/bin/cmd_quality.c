/* cmd_quality — measures the whole catalogue now: what a serving site does by itself. */
#include "app/measure/measure.h"
#include "bin/cli.h"

bool cmd_quality(ctx *c, cli_args *a)
{
    const cli_form form = {
        .usage = "quality", .what = "Measures every dataset now: the seven indicators, badge, stars, score, series that are one table. A serving site does "
                                    "this by itself, for what changed at once and for everything once a day.",
        .examples = "  openshelf quality --data /var/lib/openshelf\n  openshelf quality --json\n",
    };
    site *s;
    bool done;
    measure_report r;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (!cli_site(c, a, true, &s) || !measure_run(c, true, &r))
        return false;
    return cli_out(c, str_fmt(c->a, a->json ? "{\"datasets\":%" PRId64 ",\"changed\":%" PRId64 ",\"series\":%" PRId64 ",\"milliseconds\":%" PRId64 "}\n"
                                            : "%" PRId64 " datasets, %" PRId64 " changed, %" PRId64 " series that could be one dataset, %" PRId64 " ms\n",
                              r.datasets, r.changed, r.series, r.milliseconds));
}
