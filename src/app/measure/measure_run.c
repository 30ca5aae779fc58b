#include "app/measure/measure_gather.h"

#include "kit/text/json_write.h"

#define BATCH 2000              /* datasets that are read before what differs is written */
#define MARK "quality_mark"     /* in meta: the ledger's sequence that was measured, and when */

typedef struct { int64_t seq, at; } mark;

static bool read_mark(ctx *c, mark *m)
{
    meta_row row;
    bool found;
    str seq, at;
    *m = (mark){ 0 };
    if (!q_meta_get(c, S(MARK), &row, &found))
        return false;
    if (found && (!str_cut(row.value, S(" "), &seq, &at) || !str_to_i64(seq, &m->seq) || !str_to_i64(at, &m->at)))
        *m = (mark){ 0 };
    return true;
}

static bool same(const dataset_quality_row *a, const dataset_quality_row *b)
{
    return a->organization_id == b->organization_id && a->score == b->score && str_eq(a->badge, b->badge)
        && str_eq(a->indicators, b->indicators)
        && str_eq(a->reasons, b->reasons) && a->known_files == b->known_files && a->files == b->files && a->tables == b->tables
        && a->table_score == b->table_score && str_eq(a->findings, b->findings) && a->series == b->series
        && str_eq(a->series_stem, b->series_stem) && a->series_count == b->series_count && a->series_sure == b->series_sure
        && a->addresses == b->addresses && a->asked == b->asked && a->failing == b->failing && a->pages == b->pages;
}

static bool set(ctx *c, const dataset_quality_row *r)
{
    return q_measure_set(c, r->dataset_id, r->organization_id, r->score, r->badge, r->indicators, r->reasons,
                         r->known_files, r->files, r->tables, r->table_score, r->findings, r->series, r->series_stem, r->series_count,
                         r->series_sure, r->addresses, r->asked, r->failing, r->pages);
}

/* What is to be written: collected while only reading, so that no writer waits for a pass. */
typedef struct {
    struct { dataset_quality_row *v; size_t n, cap; } set;
    struct { int64_t *v; size_t n, cap; } forget;
    measure_ratings ratings;
} difference;

/* Both lists are in the order of ids: what is new or different is written, what is no longer seen is forgotten. */
static void compare(ctx *c, const dataset_quality_row_list *kept, const dataset_quality_row_list *now, difference *d)
{
    size_t k = 0;
    for (size_t i = 0; i < now->n; i++) {
        const dataset_quality_row *r = &now->v[i];
        for (; k < kept->n && kept->v[k].dataset_id < r->dataset_id; k++)
            list_add(c->a, &d->forget, kept->v[k].dataset_id);
        bool known = k < kept->n && kept->v[k].dataset_id == r->dataset_id;
        if (!known || !same(&kept->v[k], r))
            list_add(c->a, &d->set, *r);
        k += known;
    }
    for (; k < kept->n; k++)
        list_add(c->a, &d->forget, kept->v[k].dataset_id);
}

/* Those that went to another organisation are forgotten under the old one and set under the new: forgotten first. */
static bool write(ctx *c, change *ch, const difference *d)
{
    list_each (const measure_rating, r, &d->ratings) {
        bool changed;
        if (!dataset_rate(c, ch, r->dataset, r->files, r->n, &changed))
            return false;
    }
    for (size_t i = 0; i < d->forget.n; i++)
        if (!q_measure_forget(c, d->forget.v[i]))
            return false;
    for (size_t i = 0; i < d->set.n; i++)
        if (!set(c, &d->set.v[i]))
            return false;
    return true;
}

/* --- the history --- */

typedef struct { int64_t datasets, score_sum, three_stars, badges; } sums;

static bool same_sums(const sums *a, const measure_day_of *b)
{
    return a->datasets == b->datasets && a->score_sum == b->score_sum && a->three_stars == b->three_stars && a->badges == b->badges;
}

static const measure_organization *organization_of(const measure_organization_list *l, int64_t id)
{
    size_t from = 0, to = l->n;
    while (from < to) {
        size_t mid = (from + to) / 2;
        if (l->v[mid].id < id)
            from = mid + 1;
        else
            to = mid;
    }
    return from < l->n && l->v[from].id == id ? &l->v[from] : NULL;
}

/* Each organisation with all that belongs to it; the last one is the nation. */
static void add_up(const measure_organization_list *l, const measure_sum_list *own, sums *of)
{
    enum { DEEPEST = 30 };
    list_each (const measure_sum, s, own) {
        const measure_organization *o = organization_of(l, s->organization_id);
        for (int depth = 0; o != NULL && depth < DEEPEST; depth++, o = organization_of(l, o->parent_id)) {
            sums *t = &of[o - l->v];
            *t = (sums){ t->datasets + s->datasets, t->score_sum + s->score_sum, t->three_stars + s->three_stars, t->badges + s->badges };
        }
        sums *n = &of[l->n];
        *n = (sums){ n->datasets + s->datasets, n->score_sum + s->score_sum, n->three_stars + s->three_stars, n->badges + s->badges };
    }
}

static bool write_day(ctx *c, const measure_organization_list *l, int64_t now)
{
    measure_sum_list own;
    measure_day_of_list newest;
    sums *of = new_n(c->a, sums, l->n + 1);
    map before = map_in(c->a);
    if (!q_measure_sums(c, &own) || !q_measure_days_newest(c, &newest))
        return false;
    list_each (measure_day_of, d, &newest)
        map_set_ptr(&before, str_fmt(c->a, "%" PRId64, d->organization_id), d);
    add_up(l, &own, of);
    for (size_t i = 0; i <= l->n; i++) {
        int64_t id = i < l->n ? l->v[i].id : 0;
        const measure_day_of *b = map_ptr(&before, str_fmt(c->a, "%" PRId64, id));
        if (b == NULL ? of[i].datasets == 0 : same_sums(&of[i], b))
            continue;
        if (!q_measure_day_set(c, (now + DAY_TAIPEI_MS) / DAY_MS, id, of[i].datasets, of[i].score_sum, of[i].three_stars, of[i].badges))
            return false;
    }
    return true;
}

/* --- the pass --- */

static bool commit(ctx *c, change *ch, int64_t changed)
{
    str after = str_fmt(c->a, "{\"changed\":%" PRId64 "}", changed);
    return change_record(c, ch, &(ledger_entry){ .action = S("quality.measure"), .subject_kind = S("site"), .subject_key = S("quality"),
                                                 .after = after, .state_hash = ledger_hash_json(c->a, after) })
        && change_commit(c, ch);
}

static bool finish(ctx *c, const measure_organization_list *all, const mark *m, const measure_report *out)
{
    str text = str_fmt(c->a, "%" PRId64 " %" PRId64, m->seq, m->at);
    return (out->changed == 0 || write_day(c, all, m->at)) && q_meta_set(c, S(MARK), text);
}

/* Organisations from `*at` on, until enough was read; what differs is written in one change. */
static bool run_batch(ctx *c, const int64_t *ids, size_t n, size_t *at, const measure_organization_list *all, const mark *m, measure_report *out)
{
    difference d = { 0 };
    for (size_t read = 0; *at < n && read < BATCH; (*at)++) {
        dataset_quality_row_list kept, rows;
        if (!q_measure_kept(c, ids[*at], &kept) || !measure_gather(c, ids[*at], m->at, &rows, &d.ratings))
            return false;
        compare(c, &kept, &rows, &d);
        read += rows.n + 1;
        out->datasets += (int64_t)rows.n;
        list_each (const dataset_quality_row, r, &rows)
            out->series += r->series == r->dataset_id;
    }
    int64_t changed = (int64_t)(d.set.n + d.forget.n + d.ratings.n);
    if (changed == 0 && *at < n)
        return true;
    out->changed += changed;
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !write(c, &ch, &d) || (*at == n && !finish(c, all, m, out)))
        return false;
    return changed > 0 ? commit(c, &ch, changed) : db_commit(c, &ch.tx);    /* no row of the ledger: nobody sees a difference */
}

bool measure_run(ctx *c, bool whole, measure_report *out)
{
    measure_organization_list all;
    measure_changed_row_list some;
    mark before, now = { .at = day_now_ms() };
    int64_t began = day_now_mono_ms();
    *out = (measure_report){ 0 };
    if (!read_mark(c, &before) || !ledger_seq(c, &now.seq) || !q_measure_organizations(c, &all)
        || !q_measure_changed(c, before.seq, before.at, &some))
        return false;
    whole = whole || before.seq == 0;
    size_t n = whole ? all.n : some.n;
    int64_t *ids = new_n(c->a, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = whole ? all.v[i].id : some.v[i].id;
    for (size_t at = 0; at < n;) {
        arena_mark m = arena_here(c->a);
        if (!run_batch(c, ids, n, &at, &all, &now, out))
            return false;
        arena_back(c->a, m);
    }
    out->milliseconds = day_now_mono_ms() - began;
    return true;
}

bool measure_wrong_ratings(ctx *c, measure_ids *out)
{
    measure_organization_list all;
    measure_changed_row_list some;
    mark m;
    *out = (measure_ids){ 0 };
    if (!read_mark(c, &m) || !q_measure_organizations(c, &all) || !q_measure_changed(c, m.seq, m.at, &some))
        return false;
    list_each (const measure_organization, o, &all) {
        dataset_quality_row_list rows;
        measure_ratings wrong = { 0 };
        bool fresh = m.seq == 0;
        for (size_t i = 0; i < some.n; i++)
            fresh = fresh || some.v[i].id == o->id;
        if (fresh)
            continue;
        if (!measure_gather(c, o->id, m.at, &rows, &wrong))
            return false;
        list_each (const measure_rating, r, &wrong)
            list_add(c->a, out, r->dataset);
    }
    return true;
}
