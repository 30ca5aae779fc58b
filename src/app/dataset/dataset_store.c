#include "app/dataset/dataset_check.h"
#include "app/dataset/dataset_state.h"
#include "app/dataset/package_json.h"
#include "app/ledger/uid.h"

#define IDS_AT_ONCE 1024

typedef struct {
    int64_t id;
    str     slug;
    char    hash[64];
} known;

struct dataset_writer {
    arena *keep;                      /* lives over the records of a run */
    organization_cache *orgs;
    map    sources;                   /* source → map * of source_key → known * */
    map    slugs;                     /* every slug taken: 1 in use, -id an old one of that dataset, 0 free again */
    map    org_uids;                  /* "id" → uid */
    struct { str source; known *k; known was; bool fresh; str key; int64_t slug_was; } *done;   /* by the open change */
    size_t done_n, done_cap;
    int64_t dataset_next, dataset_end, file_next, file_end;   /* identifiers taken in blocks */
};

static bool add_slug(ctx *c, const dataset_slug *row, void *data)
{
    (void)c;
    dataset_writer *w = data;
    if (row->subject == 0 || map_i64(&w->slugs, row->slug, 0) == 0)
        map_set_i64(&w->slugs, str_dup(w->keep, row->slug), row->subject == 0 ? 1 : -row->subject);
    return true;
}

bool dataset_writer_new(ctx *c, dataset_writer **out)
{
    dataset_writer *w = mem_get(sizeof *w);
    w->keep = arena_new(1 << 20);
    w->sources = map_in(w->keep);
    w->slugs = map_in(w->keep);
    w->org_uids = map_in(w->keep);
    if (!organization_cache_new(c, w->keep, &w->orgs) || !q_dataset_slugs(c, add_slug, w)) {
        dataset_writer_free(w);
        return false;
    }
    *out = w;
    return true;
}

void dataset_writer_free(dataset_writer *w)
{
    if (w == NULL)
        return;
    arena_free(w->keep);
    mem_free(w);
}

void dataset_writer_keep(dataset_writer *w)
{
    w->done_n = 0;
}

void dataset_writer_undo(dataset_writer *w)
{
    for (size_t i = w->done_n; i > 0; i--) {
        if (w->done[i - 1].fresh) {
            map_set_ptr(map_ptr(&w->sources, w->done[i - 1].source), w->done[i - 1].key, NULL);
            map_set_i64(&w->slugs, w->done[i - 1].k->slug, 0);
        } else {
            known *k = w->done[i - 1].k;
            if (!str_eq(k->slug, w->done[i - 1].was.slug))
                map_set_i64(&w->slugs, k->slug, w->done[i - 1].slug_was);
            map_set_i64(&w->slugs, w->done[i - 1].was.slug, 1);
            *k = w->done[i - 1].was;
        }
    }
    w->done_n = 0;
    w->dataset_next = w->dataset_end = w->file_next = w->file_end = 0;
    organization_cache_undo(w->orgs);
}

typedef struct {
    dataset_writer *w;
    map *m;
} load_keys;

static bool add_key(ctx *c, const dataset_key *row, void *data)
{
    (void)c;
    load_keys *l = data;
    known *k = new (l->w->keep, known);
    k->id = row->id;
    k->slug = str_dup(l->w->keep, row->slug);
    if (row->content_hash.n == 64)
        memcpy(k->hash, row->content_hash.p, 64);
    map_set_ptr(l->m, str_dup(l->w->keep, row->source_key), k);
    return true;
}

/* What the record holds of a source, read once a run. */
static bool keys_of(ctx *c, dataset_writer *w, str source, map **out)
{
    *out = map_ptr(&w->sources, source);
    if (*out != NULL)
        return true;
    map *m = new (w->keep, map);
    *m = map_in(w->keep);
    if (!q_dataset_keys(c, source, add_key, &(load_keys){ w, m }))
        return false;
    map_set_ptr(&w->sources, str_dup(w->keep, source), m);
    *out = m;
    return true;
}

static str choose_slug(ctx *c, dataset_writer *w, const dataset_draft *d, const dataset_row *r)
{
    str wish = uid_slug(c->a, d->slug);
    if (wish.n == 0)
        wish = uid_slug(c->a, r->identifier);
    if (wish.n == 0)
        wish = uid_slug(c->a, r->source_key);
    if (wish.n == 0)
        wish = str_sub(r->uid, 0, 8);
    str slug = wish;
    for (int n = 2; map_i64(&w->slugs, slug, 0) != 0; n++)
        slug = str_fmt(w->keep, "%.*s-%d", S_ARG(str_sub(wish, 0, 94)), n);
    return str_dup(w->keep, slug);
}

/* A source that names its records itself (CKAN) may rename one: it gets the new name when that is free, or one that
 * it had before. */
static str renamed(ctx *c, const dataset_writer *w, const dataset_draft *d, const known *k)
{
    str wish = uid_slug(c->a, d->slug);
    int64_t taken = map_i64(&w->slugs, wish, 0);
    return wish.n > 0 && (taken == 0 || taken == -k->id) ? wish : k->slug;
}

static bool take_ids(ctx *c, change *ch, const char *what, int64_t n, int64_t *next, int64_t *end, int64_t *first)
{
    if (*end - *next < n) {
        int64_t block = n > IDS_AT_ONCE ? n : IDS_AT_ONCE;
        if (!change_ids(c, ch, what, block, next))
            return false;
        *end = *next + block;
    }
    *first = *next;
    *next += n;
    return true;
}

static str organization_uid_of(ctx *c, dataset_writer *w, int64_t id)
{
    str key = str_fmt(c->a, "%" PRId64, id);
    const map_item *it = map_get(&w->org_uids, key);
    organization_row o;
    if (it != NULL)
        return *(str *)it->p;
    if (!q_organization_by_id(c, id, &o))
        return S("");
    str *uid = new (w->keep, str);
    *uid = str_dup(w->keep, o.uid);
    map_set_ptr(&w->org_uids, str_dup(w->keep, key), uid);
    return *uid;
}

static bool write_files(ctx *c, change *ch, dataset_writer *w, int64_t dataset, distribution_row_list *files)
{
    int64_t id;
    if (files->n == 0)
        return true;
    if (!take_ids(c, ch, "distribution", (int64_t)files->n, &w->file_next, &w->file_end, &id))
        return false;
    for (size_t i = 0; i < files->n; i++) {
        const distribution_row *f = &files->v[i];
        if (!q_distribution_insert(c, id + (int64_t)i, f->uid, dataset, (int64_t)i, f->identifier, f->title,
                                   f->description, f->format, f->format_text, f->media_type, f->url_kind, f->url,
                                   f->charset, f->updated_at, f->record_count, f->byte_count, f->fields,
                                   f->metadata_url, f->notes, f->star, f->rating, f->found_format, f->extra))
            return false;
    }
    return true;
}

static bool insert(ctx *c, const dataset_row *r, str package)
{
    return q_dataset_insert(c, r->id, r->uid, r->slug, r->source, r->source_key, r->identifier, r->organization_id,
        r->state, r->class, r->title, r->title_en, r->description, r->field_description, r->type, r->category,
        r->category_dataset, r->theme, r->licence, r->licence_text, r->licence_url, r->cost, r->cost_text,
        r->cost_url, r->cost_law, r->contact_org, r->contact_name, r->contact_phone, r->contact_email,
        r->publisher_name, r->publisher_contact, r->publisher_phone, r->publisher_email, r->publisher_oid,
        r->publisher_code, r->frequency, r->frequency_text, r->temporal_from, r->temporal_to, r->issued_at,
        r->updated_at, r->spatial, r->language, r->landing_page, r->keywords, r->record_count, r->notes,
        r->quality_badge, r->view_count, r->download_count, r->star, r->rating, r->rating_by, r->open_verdict, r->openness, r->completeness,
        r->extra, r->content_hash, package, r->created_at, r->modified_at, r->ledger_seq);
}

static bool update(ctx *c, const dataset_row *r, str package)
{
    return q_dataset_update(c, r->id, r->slug, r->identifier, r->organization_id, r->state, r->class, r->title,
        r->title_en, r->description, r->field_description, r->type, r->category, r->category_dataset, r->theme,
        r->licence, r->licence_text, r->licence_url, r->cost, r->cost_text, r->cost_url, r->cost_law,
        r->contact_org, r->contact_name, r->contact_phone, r->contact_email, r->publisher_name,
        r->publisher_contact, r->publisher_phone, r->publisher_email, r->publisher_oid, r->publisher_code,
        r->frequency, r->frequency_text, r->temporal_from, r->temporal_to, r->issued_at, r->updated_at, r->spatial,
        r->language, r->landing_page, r->keywords, r->record_count, r->notes, r->quality_badge, r->view_count,
        r->download_count, r->star, r->rating, r->rating_by, r->open_verdict, r->openness, r->completeness, r->extra, r->content_hash, package,
        r->modified_at, r->ledger_seq);
}

/* The ledger row and the rows of the record; `old` is NULL for a new dataset. */
static bool write(ctx *c, change *ch, dataset_writer *w, dataset_row *r, distribution_row_list *files,
                  const dataset_row *old, const distribution_row_list *old_files, str state)
{
    r->content_hash = ledger_hash_json(c->a, state);
    r->modified_at = ch->at;
    r->created_at = old != NULL ? old->created_at : ch->at;
    ledger_entry e = {
        .action = old != NULL ? S("dataset.update") : S("dataset.create"), .subject_kind = S("dataset"),
        .subject_id = r->id, .subject_key = r->slug, .organization_id = r->organization_id,
        .before = old != NULL ? dataset_changes(c->a, old, old_files, r, files) : (str){ 0 },
        .after = old != NULL ? dataset_changes(c->a, r, files, old, old_files) : state,
        .state_hash = r->content_hash,
    };
    if (!change_record(c, ch, &e))
        return false;
    r->ledger_seq = ch->seq;
    str package = package_json(c->a, r, files, organization_uid_of(c, w, r->organization_id));
    if (old == NULL)
        return insert(c, r, package) && write_files(c, ch, w, r->id, files);
    if (!str_eq(old->slug, r->slug) && !q_alias_add(c, S("dataset"), old->slug, r->id))
        return false;
    return update(c, r, package) && q_distribution_clear(c, r->id) && write_files(c, ch, w, r->id, files);
}

static void remember(dataset_writer *w, str source, str key, known *k, known was, bool fresh, int64_t slug_was)
{
    if (w->done_n == w->done_cap) {
        size_t cap = w->done_cap > 0 ? w->done_cap * 2 : 1024;
        w->done = arena_grow(w->keep, w->done, w->done_cap * sizeof *w->done, cap * sizeof *w->done);
        w->done_cap = cap;
    }
    w->done[w->done_n].source = source;
    w->done[w->done_n].key = key;
    w->done[w->done_n].k = k;
    w->done[w->done_n].was = was;
    w->done[w->done_n].slug_was = slug_was;
    w->done[w->done_n++].fresh = fresh;
}

static bool create(ctx *c, change *ch, dataset_writer *w, const dataset_draft *d, dataset_row *r,
                   distribution_row_list *files, map *keys)
{
    r->slug = choose_slug(c, w, d, r);
    dataset_finish(r, files);
    if (ch != NULL) {
        if (!take_ids(c, ch, "dataset", 1, &w->dataset_next, &w->dataset_end, &r->id)
            || !write(c, ch, w, r, files, NULL, NULL, dataset_state(c->a, r, files)))
            return false;
    }
    known *k = new (w->keep, known);
    k->id = r->id;
    k->slug = r->slug;
    if (r->content_hash.n == 64)
        memcpy(k->hash, r->content_hash.p, 64);
    str key = str_dup(w->keep, r->source_key);
    map_set_ptr(keys, key, k);
    map_set_i64(&w->slugs, k->slug, 1);
    remember(w, str_dup(w->keep, r->source), key, k, *k, true, 0);
    return true;
}

static bool change_known(ctx *c, change *ch, dataset_writer *w, const dataset_draft *d, dataset_row *r,
                         distribution_row_list *files, known *k, store_outcome *out)
{
    dataset_row old;
    distribution_row_list old_files;
    if (k->id == 0) { /* made in this dry run */
        *out = STORE_UNCHANGED;
        return true;
    }
    if (!q_dataset_by_id(c, k->id, &old) || !q_distribution_of(c, k->id, &old_files))
        return false;
    if (d->state.n == 0)             /* an import that says nothing of it must not open what was closed (C8) */
        r->state = old.state;
    if (d->class_.n == 0)
        r->class = old.class;
    dataset_merge(c->a, r, files, &old, &old_files);
    dataset_finish(r, files);
    str state = dataset_state(c->a, r, files);
    str hash = ledger_hash_json(c->a, state);
    *out = str_eq(hash, old.content_hash) ? STORE_UNCHANGED : STORE_UPDATED;
    if (*out == STORE_UNCHANGED || ch == NULL)
        return true;
    known was = *k;
    memcpy(k->hash, hash.p, 64);
    remember(w, (str){ 0 }, (str){ 0 }, k, was, false, map_i64(&w->slugs, r->slug, 0));
    if (!str_eq(r->slug, k->slug)) {
        k->slug = str_dup(w->keep, r->slug);
        map_set_i64(&w->slugs, was.slug, -k->id);
        map_set_i64(&w->slugs, k->slug, 1);
    }
    return write(c, ch, w, r, files, &old, &old_files, state);
}

bool dataset_store(ctx *c, change *ch, dataset_writer *w, const dataset_draft *d, store_outcome *out)
{
    dataset_row r;
    distribution_row_list files;
    map *keys;
    if (!dataset_check(c, d, &r, &files) || !keys_of(c, w, r.source, &keys))
        return false;
    if (r.publisher_name.n == 0 && d->publisher.code.n == 0)
        return fail_field(c, INVALID, S("publisher"), "the publisher (提供機關) is missing");
    if (ch != NULL ? !organization_cached(c, ch, w->orgs, &d->publisher, &r.organization_id)
                   : !organization_would(c, w->orgs, &d->publisher, &r.organization_id))
        return false;
    known *k = map_ptr(keys, r.source_key);
    if (k == NULL) {
        *out = STORE_CREATED;
        return create(c, ch, w, d, &r, &files, keys);
    }
    /* The quick way: the record says just what is stored. */
    r.id = k->id;
    r.slug = renamed(c, w, d, k);
    dataset_finish(&r, &files);
    str hash = ledger_hash_json(c->a, dataset_state(c->a, &r, &files));
    if (memcmp(hash.p, k->hash, 64) == 0) {
        *out = STORE_UNCHANGED;
        return true;
    }
    return change_known(c, ch, w, d, &r, &files, k, out);
}

bool dataset_store_organization(ctx *c, change *ch, dataset_writer *w, const organization_draft *d, store_outcome *out)
{
    int64_t id;
    bool there = organization_known(w->orgs, d);
    int64_t rows = ch != NULL ? ch->rows : 0;
    if (ch != NULL ? !organization_cached(c, ch, w->orgs, d, &id) : !organization_would(c, w->orgs, d, &id))
        return false;
    bool changed = ch != NULL && ch->rows > rows;
    *out = !there ? STORE_CREATED : changed ? STORE_UPDATED : STORE_UNCHANGED;
    return true;
}
