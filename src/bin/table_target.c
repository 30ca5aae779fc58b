#include "bin/table_target.h"

bool table_target_dataset(ctx *c, str key, dataset_row *d, bool *found)
{
    return q_dataset_by_key(c, key, d, found) && (*found || q_dataset_by_identifier(c, key, d, found));
}

bool table_target(ctx *c, str dataset, int64_t number, dataset_row *d, distribution_row *f)
{
    bool found;
    distribution_row_list l;
    if (!table_target_dataset(c, dataset, d, &found))
        return false;
    if (!found)
        return fail(c, NOT_FOUND, "there is no dataset “%.*s”", S_ARG(dataset));
    if (!q_distribution_of(c, d->id, &l))
        return false;
    if (l.n == 0)
        return fail(c, NOT_FOUND, "the dataset has no file; add a distribution to its metadata first");
    if (number == 0 && l.n > 1)
        return fail(c, USAGE, "the dataset has %zu files: say which one with --file 1 … %zu", l.n, l.n);
    if (number < 0 || (size_t)number > l.n)
        return fail(c, NOT_FOUND, "the dataset has %zu files, not %" PRId64, l.n, number);
    *f = l.v[number > 0 ? number - 1 : 0];
    return true;
}

bool table_target_tell(ctx *c, const cli_args *a, const distribution_row *f)
{
    table_row_list l;
    table_version_brief_list newest;
    if (!q_table_of_distribution(c, f->uid, &l))
        return false;
    list_each (const table_row, t, &l) {
        if (!str_eq(t->state, S("live")))
            continue;
        if (!q_table_versions_of(c, t->id, 1, &newest))
            return false;
        cli_say(a, "%.*s%s%.*s: %.*s rows, version %" PRId64 ", score %" PRId64 " of 100", S_ARG(t->uid), t->name.n > 0 ? " " : "", S_ARG(t->name),
                S_ARG(num_grouped(c->a, t->rows)), t->version, newest.n > 0 ? newest.v[0].score : 0);
    }
    return true;
}

bool table_target_table(ctx *c, str key, table_row *t)
{
    bool found;
    dataset_row d;
    table_row_list l;
    if (!q_table_by_key(c, key, t, &found) || found)
        return found;
    if (!table_target_dataset(c, key, &d, &found))
        return false;
    if (!found)
        return fail(c, NOT_FOUND, "there is no table or dataset “%.*s”", S_ARG(key));
    if (!q_table_of_dataset(c, d.id, &l))
        return false;
    if (l.n == 0)
        return fail(c, NOT_FOUND, "the dataset has no table yet: openshelf put FILE --dataset %.*s", S_ARG(key));
    *t = l.v[0];
    return true;
}

bool table_target_of(ctx *c, cli_args *a, site **s, table_row *t)
{
    return cli_site(c, a, true, s) && table_target_table(c, a->rest.v[0], t);
}

bool table_target_hold(ctx *c, cli_args *a, int64_t version, table_row *t, table_held *held)
{
    site *s;
    if (version < 0)
        return fail(c, USAGE, "--version wants a number from 1");
    if (!table_target_of(c, a, &s, t))
        return false;
    held->site = s;
    return table_hold(c, t, version, &held->open);
}
