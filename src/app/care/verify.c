#include "app/care/verify.h"

#include "app/ledger/ledger.h"
#include "kit/blob/blob.h"
#include "queries.h"

#include <sys/stat.h>

void care_find(ctx *c, care_verdict *v, str subject, const char *fmt, ...)
{
    v->found++;
    if (v->findings.n >= CARE_FINDINGS_MAX)
        return;
    buf b = buf_in(c->a);
    va_list ap;
    va_start(ap, fmt);
    buf_vfmt(&b, fmt, ap);
    va_end(ap);
    list_add(c->a, &v->findings, (care_finding){ subject, buf_str(&b) });
}

static bool verify_engine(ctx *c, care_verdict *v)
{
    str problem;
    if (!db_integrity(c, &problem))
        return false;
    if (problem.n > 0)
        care_find(c, v, S("database"), "the file of the database is damaged: %.*s", S_ARG(problem));
    return true;
}

static bool verify_chain(ctx *c, care_verdict *v)
{
    ledger_report r;
    ledger_head_row head;
    if (!ledger_verify(c, &r) || !q_ledger_head_read(c, &head))
        return false;
    v->ledger_rows = r.rows;
    v->ledger_hash = head.hash;
    if (r.problem.n > 0)
        care_find(c, v, str_fmt(c->a, "ledger row %" PRId64, r.problem_seq), "%.*s", S_ARG(r.problem));
    return true;
}

static void find_lost(ctx *c, care_verdict *v, const care_lost_list *l, const char *what, const char *owner)
{
    for (size_t i = 0; i < l->n; i++)
        care_find(c, v, str_fmt(c->a, "%s %" PRId64 " (%.*s)", what, l->v[i].id, S_ARG(l->v[i].key)),
                  "it belongs to %s %" PRId64 ", which is not there", owner, l->v[i].owner);
}

static bool verify_owners(ctx *c, care_verdict *v)
{
    care_lost_list files, datasets, organizations;
    care_counter_list counters;
    if (!q_care_lost_distributions(c, &files) || !q_care_lost_datasets(c, &datasets)
        || !q_care_lost_organizations(c, &organizations) || !q_care_counters(c, &counters))
        return false;
    find_lost(c, v, &files, "distribution", "dataset");
    find_lost(c, v, &datasets, "dataset", "organization");
    find_lost(c, v, &organizations, "organization", "organization");
    for (size_t i = 0; i < counters.n; i++)
        care_find(c, v, str_cat(c->a, S("counter "), counters.v[i].name), "it would give out %" PRId64 " next, but %" PRId64 " is taken",
                  counters.v[i].next, counters.v[i].last);
    return true;
}

static bool verify_blob(ctx *c, const site *s, care_verdict *v, const blob_row *row, map *known)
{
    struct stat st;
    bool intact;
    str name = str_fmt(c->a, "blob %.*s (%.*s)", S_ARG(row->hash), S_ARG(row->name));
    if (row->hash.n != 64) {
        care_find(c, v, name, "its name is no hash");
        return true;
    }
    map_set_i64(known, row->hash, 1);
    str path = blob_path(c->a, s->blob_dir, row->hash);
    if (stat(str_z(c->a, path), &st) != 0) {
        care_find(c, v, name, "its file is missing");
        return true;
    }
    if (!blob_check(c, s->blob_dir, row->hash, &intact))
        return false;
    if (!intact)
        care_find(c, v, name, "its file was changed: the hash is another");
    else if (st.st_size != row->bytes)
        care_find(c, v, name, "its row was changed: the file has %lld bytes", (long long)st.st_size);
    return true;
}

/* A file without a row is what an interrupted import leaves: counted, no fault. */
static bool verify_blobs(ctx *c, const site *s, care_verdict *v)
{
    blob_row_list rows;
    care_head_list heads;
    str_list files = { 0 };
    map known = map_in(c->a);
    if (!q_blob_list_rows(c, &rows) || !q_care_named_heads(c, S("blob"), &heads) || !blob_list(c, s->blob_dir, &files))
        return false;
    v->blobs = (int64_t)rows.n;
    for (size_t i = 0; i < rows.n; i++)
        if (!verify_blob(c, s, v, &rows.v[i], &known))
            return false;
    for (size_t i = 0; i < heads.n; i++)
        if (heads.v[i].state_hash.n > 0 && map_get(&known, heads.v[i].state_hash) == NULL)
            care_find(c, v, str_cat(c->a, S("blob "), heads.v[i].state_hash), "its row is missing; ledger row %" PRId64 " names it",
                      heads.v[i].seq);
    list_each (const str, f, &files)
        v->spare_blobs += map_get(&known, *f) == NULL;
    return true;
}

bool care_verify(ctx *c, site *s, const care_progress *p, care_verdict *out)
{
    *out = (care_verdict){ 0 };
    if (!verify_engine(c, out) || !verify_chain(c, out))
        return false;
    auto_tx tx = db_begin_read(c);       /* all that follows is of one moment */
    return tx.open && verify_owners(c, out) && verify_subjects(c, out, p) && verify_blobs(c, s, out) && verify_index(c, s, out);
}
