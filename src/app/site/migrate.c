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

bool migrate_pending(ctx *c, const migration_list *all, migration_list *out)
{
    int64_t have;
    if (!make_table(c) || !newest(c, all, &have))
        return false;
    *out = (migration_list){ 0 };
    list_each (const migration, m, all)
        if (m->version > have)
            list_add(c->a, out, *m);
    return true;
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
    list_each (const migration, m, all) {
        if (m->version <= have)
            continue;
        if (!db_script(c, m->sql) || !q_schema_version_add(c, m->version, m->name, day_now_ms()))
            return false;
        ++*done;
    }
    return db_commit(c, &tx);
}
