/* verify_tables — each table's current version against its newest ledger row; that their column files are whole is
 * found with the other blobs. */
#include "app/care/verify.h"
#include "app/table/table.h"

typedef struct { care_verdict *v; care_head_list heads; size_t at; } walk;

static bool check(ctx *c, const table_row *t, void *data)
{
    walk *w = data;
    str name = str_fmt(c->a, "table %" PRId64 " (%.*s)", t->id, S_ARG(t->uid)), hash;
    while (w->at < w->heads.n && w->heads.v[w->at].subject_id < t->id)
        w->at++;
    if (w->at == w->heads.n || w->heads.v[w->at].subject_id != t->id) {
        care_find(c, w->v, name, "the ledger does not know it");
        return true;
    }
    const care_head *head = &w->heads.v[w->at];
    if (!table_state_hash(c, t, &hash))
        return false;
    if (!str_eq(hash, head->state_hash) || t->ledger_seq != head->seq)
        care_find(c, w->v, name, "it is not as ledger row %" PRId64 " left it", head->seq);
    return true;
}

bool verify_tables(ctx *c, care_verdict *v)
{
    walk w = { .v = v };
    return q_care_heads(c, S("table"), 1, INT64_MAX, &w.heads) && q_table_each(c, check, &w);
}
