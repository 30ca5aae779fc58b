#include "app/dataset/dataset_rate.h"

#include "app/dataset/package_json.h"
#include "app/dataset/verdict.h"
#include "kit/text/json_write.h"

/* What stands in the ledger: the dataset's stars, and those of its files that differ. */
static str rating_json(arena *a, const dataset_row *d, const distribution_row_list *files, const bool *differs)
{
    buf b = buf_in(a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_key(&j, S("distributions"));
    json_arr(&j);
    for (size_t i = 0; i < files->n; i++) {
        if (!differs[i])
            continue;
        json_obj(&j);
        if (files->v[i].found_format.n > 0)
            json_kv(&j, "found_format", files->v[i].found_format);
        json_kv(&j, "rating", files->v[i].rating);
        json_kv(&j, "uid", files->v[i].uid);
        json_end(&j);
    }
    json_end(&j);
    json_kv(&j, "openness", d->openness);
    json_kv(&j, "rating", d->rating);
    json_kv(&j, "rating_by", d->rating_by);
    json_end(&j);
    return buf_str(&b);
}

static str found_of(const distribution_row *f, const dataset_found *found, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(found[i].distribution_uid, f->uid))
            return found[i].format;
    return f->found_format;
}

static bool write(ctx *c, change *ch, const dataset_row *d, const distribution_row_list *files, const bool *differs)
{
    organization_row o;
    if (!q_organization_by_id(c, d->organization_id, &o)
        || !q_dataset_set_rating(c, d->id, d->rating, d->rating_by, d->openness, package_json(c->a, d, files, o.uid), ch->seq))
        return false;
    for (size_t i = 0; i < files->n; i++)
        if (differs[i] && !q_distribution_set_rating(c, files->v[i].id, files->v[i].rating, files->v[i].found_format))
            return false;
    return true;
}

bool dataset_rate(ctx *c, change *ch, int64_t dataset, const dataset_found *found, size_t n, bool *changed)
{
    dataset_row old, now;
    distribution_row_list files, rated = { 0 };
    *changed = false;
    if (!q_dataset_by_id(c, dataset, &old) || !q_distribution_of(c, dataset, &files))
        return false;
    now = old;
    list_each (const distribution_row, f, &files) {
        distribution_row *r = list_push(c->a, &rated);
        *r = *f;
        r->found_format = found_of(f, found, n);
    }
    verdict_rate(&now, &rated);
    bool *differs = new_n(c->a, bool, files.n + 1);
    *changed = old.rating != now.rating || !str_eq(old.rating_by, now.rating_by) || !str_eq(old.openness, now.openness);
    for (size_t i = 0; i < files.n; i++) {
        differs[i] = files.v[i].rating != rated.v[i].rating || !str_eq(files.v[i].found_format, rated.v[i].found_format);
        *changed = *changed || differs[i];
    }
    if (!*changed)
        return true;
    ledger_entry e = {
        .action = S("dataset.rate"), .subject_kind = S("dataset"), .subject_id = old.id, .subject_key = old.slug,
        .organization_id = old.organization_id, .state_hash = old.content_hash,
        .before = rating_json(c->a, &old, &files, differs), .after = rating_json(c->a, &now, &rated, differs),
    };
    return change_record(c, ch, &e) && write(c, ch, &now, &rated, differs);
}
