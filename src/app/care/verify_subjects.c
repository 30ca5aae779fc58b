/* verify_subjects — each subject as it stands against the hash in its newest ledger row. */
#include "app/care/verify.h"
#include "app/dataset/dataset_state.h"
#include "app/dataset/package_json.h"
#include "app/dataset/verdict.h"
#include "app/ledger/ledger.h"
#include "app/measure/measure.h"
#include "app/organization/organization_state.h"
#include "app/target/target.h"
#include "queries.h"

#define RANGE 500

/* The datasets of a range of ids, their files and what the ledger says, each in the order of ids. */
typedef struct {
    dataset_row_list      rows;
    distribution_row_list files;
    care_head_list        heads;
    care_package_list     packages;
} range;

static str name_of(ctx *c, const char *kind, int64_t id, str key)
{
    return str_fmt(c->a, "%s %" PRId64 " (%.*s)", kind, id, S_ARG(key));
}

/* Do the stars that readers are shown follow from what stands in the rows? */
static bool is_rated(arena *a, const dataset_row *d, const distribution_row_list *files)
{
    dataset_row r = *d;
    distribution_row_list rated = { 0 };
    list_each (const distribution_row, f, files)
        list_add(a, &rated, *f);
    verdict_rate(&r, &rated);
    bool same = r.rating == d->rating && str_eq(r.rating_by, d->rating_by) && str_eq(r.openness, d->openness);
    for (size_t i = 0; i < files->n; i++)
        same = same && rated.v[i].rating == files->v[i].rating;
    return same;
}

static void check_dataset(ctx *c, care_verdict *v, const dataset_row *d, const distribution_row_list *files, const care_head *head,
                          const care_package *package)
{
    str name = name_of(c, "dataset", d->id, d->slug);
    if (head == NULL) {
        care_find(c, v, name, "the ledger does not know it");
        return;
    }
    str hash = ledger_hash_json(c->a, dataset_state(c->a, d, files));
    if (!str_eq(hash, head->state_hash))
        care_find(c, v, name, "it is not as ledger row %" PRId64 " left it", head->seq);
    else if (d->ledger_seq != head->seq || !str_eq(d->content_hash, hash))
        care_find(c, v, name, "it names ledger row %" PRId64 " or a hash, where row %" PRId64 " is its newest", d->ledger_seq, head->seq);
    else if (!is_rated(c->a, d, files))
        care_find(c, v, name, "its stars or its openness do not follow from its files: run `openshelf quality`");
    else if (!str_eq(package->package_json, package_json(c->a, d, files, package->organization_uid)))
        care_find(c, v, name, "its package for the CKAN API is not what its fields say");
}

static void check_range(ctx *c, care_verdict *v, const range *r)
{
    size_t f = 0, h = 0;
    for (size_t i = 0; i < r->rows.n; i++) {
        const dataset_row *d = &r->rows.v[i];
        for (; h < r->heads.n && r->heads.v[h].subject_id < d->id; h++)
            care_find(c, v, name_of(c, "dataset", r->heads.v[h].subject_id, r->heads.v[h].subject_key), "it is missing; ledger row %" PRId64
                      " knows it", r->heads.v[h].seq);
        while (f < r->files.n && r->files.v[f].dataset_id < d->id)
            f++;                     /* of no dataset: found already */
        distribution_row_list mine = { .v = r->files.v + f };
        for (; f < r->files.n && r->files.v[f].dataset_id == d->id; f++)
            mine.n++;
        bool known = h < r->heads.n && r->heads.v[h].subject_id == d->id;
        check_dataset(c, v, d, &mine, known ? &r->heads.v[h] : NULL, &r->packages.v[i]);
        h += known;
        v->distributions += (int64_t)mine.n;
    }
    for (; h < r->heads.n; h++)
        care_find(c, v, name_of(c, "dataset", r->heads.v[h].subject_id, r->heads.v[h].subject_key), "it is missing; ledger row %" PRId64
                  " knows it", r->heads.v[h].seq);
    v->datasets += (int64_t)r->rows.n;
}

static bool check_datasets(ctx *c, care_verdict *v, const care_progress *p)
{
    int64_t last, named;
    if (!q_care_last_dataset(c, &last) || !q_care_last_subject(c, S("dataset"), &named))
        return false;
    if (named > last)
        last = named;
    for (int64_t id = 1; id <= last; id += RANGE) {
        range r;
        size_t had = v->findings.n;
        arena_mark m = arena_here(c->a);
        if (!q_care_datasets(c, id, id + RANGE, &r.rows) || !q_care_distributions(c, id, id + RANGE, &r.files)
            || !q_care_packages(c, id, id + RANGE, &r.packages) || !q_care_heads(c, S("dataset"), id, id + RANGE, &r.heads))
            return false;
        check_range(c, v, &r);
        if (v->findings.n == had)    /* findings stay; they are few */
            arena_back(c->a, m);
        if (p != NULL && p->step != NULL)
            p->step(p->data, "datasets", v->datasets);
    }
    return true;
}

static bool check_organizations(ctx *c, care_verdict *v)
{
    organization_row_list rows;
    care_head_list heads;
    size_t h = 0;
    if (!q_organization_list(c, &rows) || !q_care_heads(c, S("organization"), 1, INT64_MAX, &heads))
        return false;
    v->organizations = (int64_t)rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const organization_row *o = &rows.v[i];
        str name = name_of(c, "organization", o->id, o->slug);
        for (; h < heads.n && heads.v[h].subject_id < o->id; h++)
            care_find(c, v, name_of(c, "organization", heads.v[h].subject_id, heads.v[h].subject_key), "it is missing; ledger row %" PRId64
                      " knows it", heads.v[h].seq);
        if (h == heads.n || heads.v[h].subject_id != o->id)
            care_find(c, v, name, "the ledger does not know it");
        else if (!str_eq(heads.v[h].state_hash, ledger_hash_json(c->a, organization_state(c->a, o))) || o->ledger_seq != heads.v[h].seq)
            care_find(c, v, name, "it is not as ledger row %" PRId64 " left it", heads.v[h].seq);
        h += h < heads.n && heads.v[h].subject_id == o->id;
    }
    for (; h < heads.n; h++)
        care_find(c, v, name_of(c, "organization", heads.v[h].subject_id, heads.v[h].subject_key), "it is missing; ledger row %" PRId64
                  " knows it", heads.v[h].seq);
    return true;
}

static const care_head *head_named(const care_head_list *l, str key)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->v[i].subject_key, key))
            return &l->v[i];
    return NULL;
}

static bool check_targets(ctx *c, care_verdict *v)
{
    target_row_list rows;
    care_head_list heads;
    if (!q_target_list(c, &rows) || !q_care_named_heads(c, S("target"), &heads))
        return false;
    v->targets = (int64_t)rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const target_row *t = &rows.v[i];
        str key = str_fmt(c->a, "%.*s/%" PRId64, S_ARG(t->grade), t->year);
        const care_head *head = head_named(&heads, key);
        str hash = target_state_hash(c->a, t->grade, (int)t->year, t->least, t->note);
        if (head == NULL || !str_eq(head->state_hash, hash))
            care_find(c, v, str_cat(c->a, S("target "), key), "it is not as its newest ledger row left it");
    }
    if (heads.n > rows.n)
        care_find(c, v, S("targets"), "the ledger knows %zu, the record has %zu", heads.n, rows.n);
    return true;
}

static bool check_site(ctx *c, care_verdict *v)
{
    meta_row id;
    bool found;
    care_head_list heads;
    if (!q_meta_get(c, S("site_id"), &id, &found) || !q_care_named_heads(c, S("site"), &heads))
        return false;
    if (!found || head_named(&heads, id.value) == NULL)
        care_find(c, v, S("site"), "its id is not the one that the ledger began with");
    return true;
}

static bool check_ratings(ctx *c, care_verdict *v)
{
    measure_ids wrong;
    if (!measure_wrong_ratings(c, &wrong))
        return false;
    for (size_t i = 0; i < wrong.n; i++)
        care_find(c, v, str_fmt(c->a, "dataset %" PRId64, wrong.v[i]), "its stars or its openness are not what the bytes of its files say: run `openshelf quality`");
    return true;
}

bool verify_subjects(ctx *c, care_verdict *v, const care_progress *p)
{
    return check_site(c, v) && check_targets(c, v) && check_organizations(c, v) && check_datasets(c, v, p) && verify_tables(c, v) && check_ratings(c, v);
}
