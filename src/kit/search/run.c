#include "kit/search/run.h"

#include "kit/search/filter_cache.h"
#include "kit/search/eval.h"
#include "kit/search/facet.h"
#include "kit/search/score.h"
#include "kit/search/top.h"

typedef struct {
    inside_run   r;
    const filter_cache *base;            /* what is in question at all */
    bool         temporary;       /* base is ours to free */
    plan        *where;
    plan       **filter; size_t filter_n;
    bool         whole;           /* where and filter take nothing away from base */
} job;

static void end_job(job *j)
{
    if (j->temporary)
        filter_cache_free((filter_cache *)(uintptr_t)j->base);
    scratch_give(&j->r.s->pool, j->r.w);
    version_leave(&j->r.s->versions, j->r.v);
}
#define auto_job __attribute__((cleanup(end_job))) job

static job start_job(ctx *c, search *s)
{
    return (job){ .r = { .c = c, .s = s, .v = version_enter(&s->versions), .w = scratch_take(&s->pool) } };
}

static bool prepare(job *j, const search_query *q, bool scored)
{
    static const search_node all = { .op = Q_ALL };
    const search_node *where = q->where != NULL ? q->where : &all;
    const search_node *one[1], **rest = one;
    size_t n = 0, room = q->filter != NULL && q->filter->op == Q_AND ? q->filter->kid_count : 1;
    if (room > PLAN_NODES)
        return fail(j->r.c, INVALID, "a filter of more than %d parts: make it simpler", PLAN_NODES);
    if (room > 1)
        rest = new_n(j->r.c->a, const search_node *, room);
    if (!filter_cache_base(&j->r, q->filter, &j->base, rest, &n, &j->temporary)
        || !plan_make(&j->r, where, scored, &j->where))
        return false;
    j->filter = new_n(j->r.c->a, plan *, n + 1);
    for (; j->filter_n < n; j->filter_n++)
        if (!plan_make(&j->r, rest[j->filter_n], false, &j->filter[j->filter_n]))
            return false;
    j->whole = n == 0 && j->where->op == PLAN_ALL;
    return true;
}

/* What is found in segment i. */
static bool find_in(job *j, size_t i, inside_set *out)
{
    inside_run *r = &j->r;
    r->g = r->v->parts[i].g;
    uint64_t *bits = j->base->bits[i];
    if (bits == NULL) {
        bits = inside_bits(r);
        bits_fill(bits, r->g->n);
    }
    inside_set left = { .bits = bits, .n = j->base->count[i] };
    plan_forget(j->where);
    *out = left;
    if (!j->whole && !eval_plan(r, j->where, &left, out))
        return false;
    for (size_t k = 0; k < j->filter_n; k++) {
        left = *out;
        plan_forget(j->filter[k]);
        if (!eval_plan(r, j->filter[k], &left, out))
            return false;
    }
    return true;
}

static bool check(ctx *c, const search *s, const search_query *q)
{
    if (q->sort_count > array_len(q->sort))
        return fail(c, INVALID, "at most %zu sort keys", array_len(q->sort));
    for (size_t i = 0; i < q->sort_count; i++)
        if ((q->sort[i].by == SORT_NUMBER && (q->sort[i].field < 0 || q->sort[i].field >= (int)s->number_n))
            || (q->sort[i].by == SORT_VALUE && (q->sort[i].field < 0 || q->sort[i].field >= (int)s->value_n
                                                   || s->many[q->sort[i].field])))
            return fail(c, INVALID, "there is no field %d to sort by", q->sort[i].field);
    for (size_t i = 0; i < q->facet_count; i++)
        if (q->facets[i] < 0 || q->facets[i] >= (int)s->value_n)
            return fail(c, INVALID, "there is no field %d to count", q->facets[i]);
    return true;
}

static bool sorts_by_score(const search_query *q)
{
    for (size_t i = 0; i < q->sort_count; i++)
        if (q->sort[i].by == SORT_SCORE)
            return true;
    return q->sort_count == 0;
}

static void answer(job *j, const search_query *q, const facet_sum *sums, top *best, search_result *out)
{
    arena *a = j->r.c->a;
    out->facets = new_n(a, search_facet, q->facet_count + 1);
    for (; out->facet_count < q->facet_count; out->facet_count++) {
        int field = q->facets[out->facet_count];
        facet_sum f = j->whole ? facet_of_cached(&j->r, j->base, field) : sums[out->facet_count];
        out->facets[out->facet_count] = facet_answer(&j->r, &f, field, q->facet_limit, (str){ 0 });
    }
    top_order(best);
    size_t n = best->n > q->start ? best->n - q->start : 0;
    out->hits = new_n(a, search_hit, n + 1);
    for (; out->hit_count < n; out->hit_count++) {
        const top_hit *h = &best->heap[q->start + out->hit_count];
        out->hits[out->hit_count] = (search_hit){ j->r.v->parts[h->part].g->id[h->doc], (double)h->score };
    }
}

bool run_search(ctx *c, search *s, const search_query *q, search_result *out)
{
    *out = (search_result){ 0 };
    if (!check(c, s, q))
        return false;
    auto_job j = start_job(c, s);
    bool scored = sorts_by_score(q) && q->where != NULL;
    if (!prepare(&j, q, scored))
        return false;
    scored = scored && plan_scores(j.where);
    score_table *table = NULL;
    if (scored) {
        table = scratch_get(j.r.w, sizeof *table);
        score_start(&j.r, j.where, q->where, table);
    }
    facet_sum *sums = new_n(c->a, facet_sum, q->facet_count + 1);
    for (size_t k = 0; k < q->facet_count && !j.whole; k++)
        sums[k] = facet_start(&j.r, q->facets[k]);
    top best;
    top_start(&best, &j.r, q, scored);
    for (size_t i = 0; i < j.r.v->n; i++) {
        inside_set found;
        if (!find_in(&j, i, &found))
            return false;
        out->total += found.n;
        for (size_t k = 0; k < q->facet_count && !j.whole && found.n > 0; k++)
            facet_count(&j.r, &sums[k], q->facets[k], &found);
        if (best.most > 0 && found.n > 0) {
            const uint32_t *docs = eval_list(&j.r, &found);
            top_offer(&best, (uint32_t)i, docs, found.n,
                      scored ? score_list(&j.r, table, j.where, docs, found.n) : NULL);
        }
    }
    answer(&j, q, sums, &best, out);
    return true;
}

bool run_histogram(ctx *c, search *s, const search_query *q, int number, const int64_t *edges, size_t edge_count,
                   int64_t *counts)
{
    for (size_t i = 0; i + 1 < edge_count; i++)
        counts[i] = 0;
    if (number < 0 || number >= (int)s->number_n)
        return fail(c, INVALID, "there is no number field %d", number);
    auto_job j = start_job(c, s);
    if (!prepare(&j, q, false))
        return false;
    for (size_t i = 0; i < j.r.v->n; i++) {
        inside_set found;
        if (!find_in(&j, i, &found))
            return false;
        const uint32_t *docs = eval_list(&j.r, &found);
        for (uint32_t d = 0; d < found.n; d++) {
            int64_t x = j.r.g->number[number][docs[d]];
            size_t low = 0, high = edge_count;          /* edges before x or at it */
            while (low < high) {
                size_t mid = (low + high) / 2;
                if (edges[mid] <= x)
                    low = mid + 1;
                else
                    high = mid;
            }
            if (x != SEARCH_NO_NUMBER && low > 0 && low < edge_count)
                counts[low - 1]++;
        }
    }
    return true;
}
