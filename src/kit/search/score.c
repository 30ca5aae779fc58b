#include "kit/search/score.h"

#include "kit/search/eval.h"

static float total_weight(const plan *p)
{
    float sum = p->op == PLAN_TERMS ? (float)p->weight : 0;
    for (size_t i = 0; i < p->kid_n && p->op != PLAN_NOT; i++)
        sum += total_weight(p->kids[i]);
    return sum;
}

void score_start(inside_run *r, const plan *p, const search_node *where, score_table *t)
{
    const search *s = r->s;
    for (unsigned mask = 0; mask < 256; mask++) {
        double best = 0, sum = 0;
        for (unsigned f = 1; f < s->text_n; f++)
            if ((mask >> f & 1) != 0) {
                sum += s->boost[f];
                best = s->boost[f] > best ? s->boost[f] : best;
            }
        t->title[mask] = (mask & 1) != 0 ? (float)s->boost[0] : 0;
        t->rest[mask] = (float)(best + 0.25 * (sum - best));
    }
    for (int i = 0; i < 256; i++) {
        t->shortness[i] = (float)(1.0 / (0.6 + 0.4 * i / 14.0));
        t->times[i] = (float)(1.6 * i / (i + 0.6));
    }
    t->exact = plan_title(r, where);
    t->bonus = 4 * total_weight(p) * (s->text_n > 0 ? (float)s->boost[0] : 1);
}

static inline float worth(const score_table *t, const segment *g, uint32_t doc, uint16_t meta)
{
    float title = t->title[meta & 255] * t->shortness[g->length[doc]], rest = t->rest[meta & 255];
    return (title > rest ? title + 0.25f * rest : rest + 0.25f * title) * t->times[meta >> 8];
}

static void add_leaf(inside_run *r, const score_table *t, const plan *p, const uint32_t *docs, uint32_t n, float *to)
{
    const segment *g = r->g;
    float weight = (float)p->weight;
    if (p->docs == docs) {               /* the leaf alone made the list */
        for (uint32_t i = 0; i < n; i++)
            to[i] += weight * worth(t, g, docs[i], p->meta[i]);
        return;
    }
    for (uint32_t i = 0, k = 0; i < n && k < p->hits;) {
        uint32_t a = docs[i], b = p->docs[k];
        if (a == b)
            to[i] += weight * worth(t, g, a, p->meta[k]);
        i += a <= b;
        k += b <= a;
    }
}

static void add(inside_run *r, const score_table *t, const plan *p, const uint32_t *docs, uint32_t n, float *to);

/* A part of an OR that is more than a word counts only where the whole part matched. */
static void add_part(inside_run *r, const score_table *t, const plan *p, const uint32_t *docs, uint32_t n, float *to)
{
    inside_set all = { .v = docs, .n = n };
    inside_set both = eval_meet(r, &p->found, &all);
    const uint32_t *list = eval_list(r, &both);
    float *own = memset(scratch_n(r->w, float, both.n + 1), 0, (size_t)both.n * sizeof(float));
    add(r, t, p, list, both.n, own);
    for (uint32_t i = 0, k = 0; k < both.n; i++)
        if (docs[i] == list[k])
            to[i] += own[k++];
}

static void add(inside_run *r, const score_table *t, const plan *p, const uint32_t *docs, uint32_t n, float *to)
{
    if (p->op == PLAN_TERMS && p->weight > 0)
        add_leaf(r, t, p, docs, n, to);
    if (p->op != PLAN_AND && p->op != PLAN_OR)
        return;
    for (size_t i = 0; i < p->kid_n; i++)
        if (p->op == PLAN_OR && p->kids[i]->op != PLAN_TERMS && plan_scores(p->kids[i]))
            add_part(r, t, p->kids[i], docs, n, to);
        else
            add(r, t, p->kids[i], docs, n, to);
}

float *score_list(inside_run *r, const score_table *t, const plan *p, const uint32_t *docs, uint32_t n)
{
    float *to = memset(scratch_n(r->w, float, n + 1), 0, (size_t)n * sizeof(float));
    add(r, t, p, docs, n, to);
    for (uint32_t i = 0; t->exact.n > 0 && i < n; i++)
        if (str_eq(segment_title(r->g, docs[i]), t->exact))
            to[i] += t->bonus;
    return to;
}
