/* follow — the index goes where the ledger goes: every row after the one that
 * was applied names a subject; datasets are read again, of an organisation all
 * that lie below it. When the ledger is not the one that was followed (a
 * restore), everything is read again. Readers see either state, never a mix. */
#include "app/find/inside.h"
#include "embedded.h"

#define BATCH 5000
#define PAUSE_MS 200

typedef struct { int64_t *v; size_t n, cap; } id_list;

static void remember(struct find *f, int64_t seq, str hash)
{
    size_t n = hash.n < sizeof f->hash - 1 ? hash.n : sizeof f->hash - 1;
    memcpy(f->hash, hash.p, n);
    f->hash[n] = '\0';
    atomic_store_explicit(&f->version, (uint64_t)seq, memory_order_release);
}

static bool drop_all(ctx *c, struct find *f)
{
    search_sort by_id = { .by = SORT_ID };
    search_query q = { .sort = { by_id }, .sort_count = 1, .rows = SIZE_MAX / 4 };
    search_result r;
    if (!search_run(c, f->index, &q, &r))
        return false;
    for (size_t i = 0; i < r.hit_count; i++)
        search_remove(f->index, r.hits[i].id);
    return true;
}

/* Everything from the record. What stood in the index before is gone in the same moment. */
static bool rebuild(ctx *c, struct find *f, const find_head_row *head)
{
    int64_t last;
    if (!find_load_orgs(c, f) || !drop_all(c, f) || !q_find_last_id(c, &last) || !find_feed_range(c, f, 1, last + 1))
        return false;
    search_publish(f->index);
    remember(f, head->seq, head->hash);
    return true;
}

/* Is the row that was applied last still there as it was? */
static bool same_chain(ctx *c, struct find *f, const find_head_row *head, bool *same)
{
    int64_t seq = (int64_t)atomic_load(&f->version);
    *same = false;
    if (head->seq < seq)
        return true;
    if (head->seq == seq) {
        *same = str_eq(head->hash, str_of(f->hash));
        return true;
    }
    find_hash_row_list l;
    if (seq == 0) {
        *same = true;
        return true;
    }
    if (!q_find_hash_at(c, seq, &l))
        return false;
    *same = l.n == 1 && str_eq(l.v[0].hash, str_of(f->hash));
    return true;
}

/* Datasets of the organisations and of all below them. */
static bool add_datasets_of(ctx *c, struct find *f, const id_list *orgs, id_list *ids)
{
    const find_organization_list *all = &f->orgs->list;
    bool *in = new_n(c->a, bool, all->n + 1);
    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < orgs->n; k++)
            in[i] = in[i] || all->v[i].id == orgs->v[k];
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < all->n; i++) {
            const find_organization *up = in[i] ? NULL : find_org_by_id(f->orgs, all->v[i].parent_id);
            if (up != NULL && in[up - all->v])
                in[i] = more = true;
        }
    }
    id_list which = { 0 };
    for (size_t i = 0; i < all->n; i++)
        if (in[i])
            list_add(c->a, &which, all->v[i].id);
    find_id_list found;
    if (!q_find_datasets_of(c, (q_ints){ which.v, which.n }, &found))
        return false;
    for (size_t i = 0; i < found.n; i++)
        list_add(c->a, ids, found.v[i].id);
    return true;
}

static bool apply_batch(ctx *c, struct find *f, const find_change_list *l)
{
    id_list ids = { 0 }, orgs = { 0 };
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->v[i].subject_kind, S("dataset")))
            list_add(c->a, &ids, l->v[i].subject_id);
        else if (str_eq(l->v[i].subject_kind, S("organization")))
            list_add(c->a, &orgs, l->v[i].subject_id);
    if (orgs.n > 0 && (!find_load_orgs(c, f) || !add_datasets_of(c, f, &orgs, &ids)))
        return false;
    if (!find_feed_ids(c, f, ids.v, ids.n))
        return false;
    search_publish(f->index);
    remember(f, l->v[l->n - 1].seq, l->v[l->n - 1].hash);
    return true;
}

static bool find_apply(ctx *c, struct find *f)
{
    find_head_row head;
    bool same;
    if (!q_find_head(c, &head) || !same_chain(c, f, &head, &same))
        return false;
    if (!same)
        return rebuild(c, f, &head);
    while ((int64_t)atomic_load(&f->version) < head.seq) {
        find_change_list l;
        arena_mark m = arena_here(c->a);
        if (!q_find_changes(c, (int64_t)atomic_load(&f->version), BATCH, &l))
            return false;
        if (l.n == 0)
            return fail(c, DB, "the ledger ends before its head: run `openshelf ledger verify`");
        if (!apply_batch(c, f, &l))
            return false;
        arena_back(c->a, m);
    }
    return true;
}

bool find_catch_up(ctx *c, struct site *s)
{
    struct find *f = s->find;
    pthread_mutex_lock(&f->writer);
    bool ok = find_apply(c, f);
    pthread_mutex_unlock(&f->writer);
    return ok;
}

static bool attach(void *data, ctx *c)
{
    return site_attach(c, data);
}

static void detach(void *data, ctx *c)
{
    (void)data;
    site_detach(c);
}

static bool step(void *data, ctx *c, bool *more)
{
    *more = false;
    return find_catch_up(c, data);
}

bool find_start_following(ctx *c, struct site *s)
{
    const follower_config cfg = {
        .threads = 1, .pause_ms = PAUSE_MS, .actor = "follower", .app = s, .begin = attach, .end = detach, .step = step,
        .wrong = "search does not follow the ledger", .mended = "search follows the ledger again",
    };
    return follower_start(c, &cfg, &s->find->follower);
}

void find_close(struct site *s)
{
    struct find *f = s->find;
    if (f == NULL)
        return;
    follower_stop(f->follower);
    pthread_mutex_destroy(&f->writer);
    pthread_rwlock_destroy(&f->names);
    find_orgs_free(f->orgs);
    search_free(f->index);
    mem_free(f);
    s->find = NULL;
}

bool find_open(ctx *c, struct site *s)
{
    const embedded_file *variants = embedded_find(S("data/variants.tsv"));
    must(variants != NULL);
    struct find *f = mem_get(sizeof *f);
    pthread_mutex_init(&f->writer, NULL);
    pthread_rwlock_init(&f->names, NULL);
    f->index = search_new(find_schema(), (str){ (const char *)variants->bytes, variants->n });
    s->find = f;
    int64_t from = day_now_mono_ms();
    find_head_row head;
    if (!q_find_head(c, &head) || !rebuild(c, f, &head)) {
        find_close(s);
        return false;
    }
    log_line(LOG_INFO, "search index built", log_i("datasets", search_count(f->index)),
             log_i("bytes", search_bytes(f->index)), log_i("ms", day_now_mono_ms() - from));
    return true;
}

uint64_t find_version(const struct site *s)
{
    return s->find != NULL ? atomic_load_explicit(&s->find->version, memory_order_acquire) : 0;
}

search *find_index(const struct site *s)
{
    return s->find->index;
}
