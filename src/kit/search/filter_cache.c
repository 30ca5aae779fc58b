#include "kit/search/filter_cache.h"

#include "kit/search/eval.h"

/* Ranges, and what AND, OR, NOT make of them: cheap to name and the same for everybody. */
static bool nameable(const search_node *n, int *nodes)
{
    if (++*nodes > 16)
        return false;
    if (n->op == Q_RANGE || n->op == Q_ALL || n->op == Q_NONE)
        return true;
    if (n->op != Q_AND && n->op != Q_OR && n->op != Q_NOT)
        return false;
    for (size_t i = 0; i < n->kid_count; i++)
        if (!nameable(n->kids[i], nodes))
            return false;
    return true;
}

static void name(buf *b, const search_node *n)
{
    int64_t facts[] = { n->op, n->field, n->lo, n->hi, (int64_t)n->kid_count };
    buf_add(b, (str){ (const char *)facts, sizeof facts });
    for (size_t i = 0; i < n->kid_count; i++)
        name(b, n->kids[i]);
}

static const filter_cache *find(version *v, str key)
{
    const filter_cache *k = atomic_load_explicit(&v->cached, memory_order_acquire);
    while (k != NULL && !str_eq(k->key, key))
        k = k->next;
    return k;
}

static void keep_bits(filter_cache *k, size_t part, const inside_set *set, const segment *g)
{
    k->count[part] = set->n;
    if (set->n == g->n)
        return;
    k->bits[part] = mem_get(BITS_WORDS(g->n) * 8);
    if (set->bits != NULL)
        memcpy(k->bits[part], set->bits, BITS_WORDS(g->n) * 8);
    for (uint32_t i = 0; set->bits == NULL && i < set->n; i++)
        bits_put(k->bits[part], set->v[i]);
}

static bool fill(inside_run *r, filter_cache *k, const search_node *filter)
{
    plan *p;
    if (!plan_make(r, filter, false, &p))
        return false;
    version *v = r->v;
    k->parts = v->n;
    for (size_t i = 0; i < v->n; i++) {
        r->g = v->parts[i].g;
        inside_set live = eval_live(r, i), found;
        plan_forget(p);
        if (!eval_plan(r, p, &live, &found))
            return false;
        keep_bits(k, i, &found, r->g);
    }
    return true;
}

static void offer(version *v, filter_cache *k, bool *temporary)
{
    filter_cache *first = atomic_load_explicit(&v->cached, memory_order_acquire);
    do {
        k->next = first;
        k->depth = first != NULL ? first->depth + 1 : 1;
        if (k->depth > CACHE_ENTRIES) {
            k->next = NULL;
            *temporary = true;
            return;
        }
    } while (!atomic_compare_exchange_weak_explicit(&v->cached, &first, k, memory_order_acq_rel, memory_order_acquire));
}

/* The filter's parts: an AND at the top is taken apart. */
static void split(arena *a, const search_node *n, search_node *named, const search_node **rest, size_t *rest_n)
{
    int nodes = 0;
    if (nameable(n, &nodes)) {
        named->kids = arena_grow(a, named->kids, named->kid_count * sizeof *named->kids,
                                 (named->kid_count + 1) * sizeof *named->kids);
        named->kids[named->kid_count++] = (search_node *)(uintptr_t)n;
    } else {
        rest[(*rest_n)++] = n;
    }
}

bool filter_cache_base(inside_run *r, const search_node *filter, const filter_cache **out, const search_node **rest,
                size_t *rest_n, bool *temporary)
{
    search_node named = { .op = Q_AND };
    *rest_n = 0;
    *temporary = false;
    if (filter != NULL && filter->op == Q_AND && filter->kid_count <= PLAN_NODES) {
        for (size_t i = 0; i < filter->kid_count; i++)
            split(r->c->a, filter->kids[i], &named, rest, rest_n);
    } else if (filter != NULL) {
        split(r->c->a, filter, &named, rest, rest_n);
    }
    buf key = buf_in(r->c->a);
    name(&key, &named);
    *out = find(r->v, buf_str(&key));
    if (*out != NULL)
        return true;
    filter_cache *k = mem_get(sizeof *k + key.n);
    k->key = (str){ memcpy(k + 1, key.p, key.n), key.n };
    if (!fill(r, k, &named)) {
        filter_cache_free(k);
        return false;
    }
    offer(r->v, k, temporary);
    *out = k;
    return true;
}

void filter_cache_free(filter_cache *k)
{
    for (filter_cache *next; k != NULL; k = next) {
        next = k->next;
        for (size_t i = 0; i < k->parts; i++)
            mem_free(k->bits[i]);
        for (size_t i = 0; i < INSIDE_VALUES; i++)
            mem_free(atomic_load_explicit(&k->counts[i], memory_order_acquire));
        mem_free(k);
    }
}
