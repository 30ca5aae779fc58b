#include "app/table/table_refer.h"

#include "app/site/site.h"
#include "app/table/table_describe.h"
#include "app/table/table_named.h"
#include "app/table/table_other.h"
#include "app/table/table_schema.h"
#include "kit/load/load.h"

static bool refers(ctx *c, const table_row *t, schema *s, bool *yes)
{
    bool given;
    *yes = false;
    if (!table_given_schema(c, t, s, &given))
        return false;
    *yes = given && s->table.references.n > 0;
    return true;
}

/* What is certain without reading a schema. named: metadata may name some. */
static bool refers_to_nothing(const table_row *t, bool named)
{
    return t->given_schema.n > 0 ? !str_has(t->given_schema, S("\"foreignKeys\"")) : t->domain_schema.n == 0 && !named;
}

static bool metadata_may_name(ctx *c, int64_t dataset_id, bool *yes)
{
    dataset_row d;
    distribution_row_list l;
    if (!q_dataset_by_id(c, dataset_id, &d) || !q_distribution_of(c, dataset_id, &l))
        return false;
    *yes = table_named_may(d.extra);
    list_each (const distribution_row, f, &l)
        *yes = *yes || table_named_may(f->extra);
    return true;
}

bool table_refer_wish(ctx *c, int64_t dataset_id, str but_distribution, int64_t but_table)
{
    table_row_list tables;
    int64_t id;
    bool named;
    if (!q_table_of_dataset(c, dataset_id, &tables) || !metadata_may_name(c, dataset_id, &named))
        return false;
    list_each (const table_row, t, &tables) {
        schema s;
        bool yes;
        if (t->id == but_table || str_eq(t->distribution_uid, but_distribution) || refers_to_nothing(t, named))
            continue;
        if (!refers(c, t, &s, &yes))
            return false;
        if (yes && !job_add(c, &(job_wish){ .kind = S("table.refer"), .once = t->uid, .subject_kind = S("table"), .subject_id = t->id,
                                            .arguments = S("{}") }, &id))
            return false;
    }
    return true;
}

static bool find(ctx *c, void *to, str name, load_rows *out)
{
    table_row t;
    return table_others_rows(c, to, name, &t, out);
}

static bool keep(ctx *c, void *to, const table_finding *f)
{
    table_findings *l = to;
    table_finding *mine = list_push(c->a, l);
    *mine = *f;
    mine->sample = str_dup(c->a, f->sample);
    return true;
}

static bool judge(ctx *c, const table_row *t, const schema *s, table_findings *out)
{
    auto_table held = { .site = c->site };
    table_others others = { .dataset_id = t->dataset_id };
    if (!table_hold(c, t, 0, &held.open))
        return false;
    const load_rows rows = { .files = held.open->files, .n = held.open->n };
    bool ok = load_references(c, &(load_reference_plan){ .schema = &s->table, .own = rows, .all = rows, .to = &others, .find = find }, out, keep);
    table_others_end(c, &others);
    return ok;
}

static bool publish(ctx *c, const table_row *seen, const table_findings *found, bool *changed)
{
    table_row now;
    table_version_row v;
    dataset_row d;
    table_said said;
    str hash;
    bool there;
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !q_table_by_id(c, seen->id, &now, &there))
        return false;
    if (!there || now.version != seen->version)
        return true;                    /* who changed it has judged it, or wished for it */
    if (!q_table_version_get(c, now.id, now.version, &v, &there) || !q_dataset_by_id(c, now.dataset_id, &d)
        || !table_describe_again(c, &v, "reference_", found, &said) || !table_state_hash(c, &now, &hash))
        return false;
    *changed = !str_eq(said.findings, v.findings);
    if (!*changed)
        return true;
    ledger_entry e = {
        .action = S("table.refer"), .subject_kind = S("table"), .subject_id = now.id, .subject_key = now.uid, .organization_id = d.organization_id,
        .reason = S("a table that it refers to has changed"), .before = str_fmt(c->a, "{\"score\":%" PRId64 "}", v.score),
        .after = str_fmt(c->a, "{\"score\":%d,\"version\":%" PRId64 "}", said.score, now.version), .state_hash = hash,
    };
    return change_record(c, &ch, &e) && q_table_version_say(c, now.id, now.version, said.about, said.findings, said.score)
        && q_table_set_key(c, now.id, now.row_key, ch.seq) && change_commit(c, &ch);
}

bool table_refer(ctx *c, int64_t table, bool *changed)
{
    table_row t;
    schema s;
    table_findings found = { 0 };
    bool there, yes;
    *changed = false;
    if (!q_table_by_id(c, table, &t, &there))
        return false;
    if (!there || !str_eq(t.state, S("live")))
        return true;
    if (!refers(c, &t, &s, &yes))
        return false;
    return !yes || (judge(c, &t, &s, &found) && publish(c, &t, &found, changed));
}

bool table_refer_job(ctx *c, job *j)
{
    bool changed;
    if (!table_refer(c, j->subject_id, &changed))
        return false;
    j->result = changed ? S("{\"changed\":true}") : S("{\"changed\":false}");
    return true;
}
