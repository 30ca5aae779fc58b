/* cmd_migrate — bring the record to this program's version. */
#include "bin/cli.h"
#include "kit/text/json_write.h"

static bool answer(ctx *c, const cli_args *a, const migration_list *l, int64_t version, bool check)
{
    buf b = buf_in(c->a);
    if (a->json) {
        json_w j = json_to(&b);
        json_obj(&j);
        json_kv(&j, "version", version);
        json_key(&j, check ? S("pending") : S("applied"));
        json_arr(&j);
        list_each (const migration, m, l)
            json_str(&j, m->name);
        json_end(&j);
        json_end(&j);
        buf_byte(&b, '\n');
        return cli_out(c, buf_str(&b));
    }
    list_each (const migration, m, l)
        buf_fmt(&b, "%s %.*s\n", check ? "to apply" : "applied", S_ARG(m->name));
    if (l->n == 0)
        buf_fmt(&b, "the record has version %" PRId64 ", as this program wants it\n", version);
    return cli_out(c, buf_str(&b));
}

bool cmd_migrate(ctx *c, cli_args *a)
{
    bool check = false, done;
    const cli_opt opts[] = { { "check", CLI_FLAG, &check, NULL, "say what would be applied, change nothing; exit code 1 when there is something" } };
    const cli_form form = {
        .usage = "migrate [--check]",
        .what = "Brings the record of the site to the version of this program, each step whole or not at all. `serve` and the commands\n"
                "that write do the same by themselves.",
        .examples = "  openshelf migrate --check\n  openshelf migrate\n",
        .opts = opts, .opt_count = array_len(opts),
    };
    site *s;
    migration_list all, pending;
    int64_t version;
    int n;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (!cli_site_as_it_is(c, a, true, &s) || !site_migrations(c, &all) || !migrate_pending(c, &all, &pending)
        || (!check && !migrate_run(c, &all, &n)) || !migrate_version(c, &version))
        return false;
    return answer(c, a, &pending, version, check) && (!check || pending.n == 0 || cli_found(c));
}
