#include "app/site/migrate.h"

#include "queries.h"

static bool make_table(ctx *c)
{
    return db_script(c, S("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, "
                          "name TEXT NOT NULL, applied_at BIGINT NOT NULL)"));
}

static bool newest(ctx *c, const migration_list *all, int64_t *version)
{
    if (!q_schema_version_newest(c, version))
        return false;
    int64_t known = all->n > 0 ? all->v[all->n - 1].version : 0;
    if (*version > known)
        return fail(c, CONFLICT, "the record has version %" PRId64 ", this program knows only up to %" PRId64
                                 ": install the newer program", *version, known);
    return true;
}

bool migrate_version(ctx *c, int64_t *version)
{
    site_table_list tables;
    *version = 0;
    if (!q_site_tables(c, &tables))
        return false;
    for (size_t i = 0; i < tables.n; i++)
        if (str_eq(tables.v[i].name, S("schema_version")))
            return q_schema_version_newest(c, version);
    return true;
}

bool migrate_pending(ctx *c, const migration_list *all, migration_list *out)
{
    int64_t have;
    *out = (migration_list){ 0 };
    if (!migrate_version(c, &have) || (have > 0 && !newest(c, all, &have)))
        return false;
    list_each (const migration, m, all)
        if (m->version > have)
            list_add(c->a, out, *m);
    return true;
}

static bool apply(ctx *c, const migration_list *all, int64_t after, int64_t last, int *done)
{
    list_each (const migration, m, all) {
        if (m->version <= after || m->version > last)
            continue;
        if (!db_script(c, m->sql) || !q_schema_version_add(c, m->version, m->name, day_now_ms()))
            return false;
        ++*done;
    }
    return true;
}

bool migrate_to(ctx *c, const migration_list *all, int64_t version)
{
    int done = 0;
    return make_table(c) && apply(c, all, 0, version, &done);
}

bool migrate_run(ctx *c, const migration_list *all, int *done)
{
    *done = 0;
    int64_t have;
    if (!make_table(c) || !newest(c, all, &have))
        return false;
    if (all->n == 0 || have == all->v[all->n - 1].version)
        return true; /* the usual start takes no lock */
    auto_tx tx = db_begin(c);
    if (!tx.open || !newest(c, all, &have)) /* another process may have been first */
        return false;
    return apply(c, all, have, INT64_MAX, done) && db_commit(c, &tx);
}
