#include "kit/search/facet.h"

#include "kit/search/eval.h"

facet_sum facet_start(inside_run *r, int field)
{
    facet_sum f = { .n = values_count(inside_values(r->s, field)) };
    f.counts = memset(scratch_n(r->w, uint32_t, f.n + 1), 0, ((size_t)f.n + 1) * sizeof *f.counts);
    return f;
}

/* One byte a document: four tables in turn, since adding to the same count twice running would wait. */
static void count_bytes(const column *k, const uint32_t *docs, uint32_t n, uint32_t *counts)
{
    uint32_t part[4][256] = { { 0 } };
    const uint8_t *codes = k->codes;
    uint32_t i = 0;
    for (; i + 4 <= n; i += 4) {
        part[0][codes[docs[i]]]++;
        part[1][codes[docs[i + 1]]]++;
        part[2][codes[docs[i + 2]]]++;
        part[3][codes[docs[i + 3]]]++;
    }
    for (; i < n; i++)
        part[0][codes[docs[i]]]++;
    for (uint32_t code = 1; code <= k->highest; code++)
        counts[code - 1] += part[0][code] + part[1][code] + part[2][code] + part[3][code];
}

/* counts[-1] takes what has no value: the caller gives counts + 1's place. */
#define COUNT_ONE(type)                                                                           \
    for (uint32_t i = 0; i < n; i++)                                                              \
        by_code[((const type *)k->codes)[docs[i]]]++

#define COUNT_MANY(type)                                                                          \
    for (uint32_t i = 0; i < n; i++)                                                              \
        for (uint32_t c = column_begin(k, docs[i]), end = k->ends[docs[i]]; c < end; c++)         \
            by_code[((const type *)k->codes)[c]]++

static void count_walking(inside_run *r, const column *k, const uint32_t *docs, uint32_t n, facet_sum *f)
{
    if (!k->many && k->width == 1) {
        count_bytes(k, docs, n, f->counts);
        return;
    }
    uint32_t *by_code = memset(scratch_n(r->w, uint32_t, (size_t)k->highest + 1), 0,
                               ((size_t)k->highest + 1) * sizeof *by_code);
    if (k->many && k->width == 1)
        COUNT_MANY(uint8_t);
    else if (k->many && k->width == 2)
        COUNT_MANY(uint16_t);
    else if (k->many)
        COUNT_MANY(uint32_t);
    else if (k->width == 2)
        COUNT_ONE(uint16_t);
    else
        COUNT_ONE(uint32_t);
    for (uint32_t code = 1; code <= k->highest; code++)
        f->counts[code - 1] += by_code[code];
}

static void count_bits(const column *k, const uint64_t *found, facet_sum *f)
{
    size_t words = BITS_WORDS(k->docs);
    for (uint32_t i = 0; i < k->value_n; i++)
        f->counts[k->value[i]] += found != NULL ? bits_count_and(k->bits[i], found, words)
                                                : k->start[i + 1] - k->start[i];
}

void facet_count(inside_run *r, facet_sum *f, int field, const inside_set *found)
{
    const column *k = &r->g->column[inside_column(r->s, field)];
    if (eval_is_all(r, found)) {
        for (uint32_t i = 0; i < k->value_n; i++)
            f->counts[k->value[i]] += k->start[i + 1] - k->start[i];
        return;
    }
    /* A bit map costs about an eighth of a nanosecond for each document of the segment, a step about one. */
    if (k->bits != NULL && found->bits != NULL && (uint64_t)found->n * 32 > (uint64_t)r->g->n * (k->value_n + 1)) {
        count_bits(k, found->bits, f);
        return;
    }
    count_walking(r, k, eval_list(r, found), found->n, f);
}

facet_sum facet_of_cached(inside_run *r, const filter_cache *entry, int field)
{
    filter_cache *k = (filter_cache *)(uintptr_t)entry;
    uint32_t *known = atomic_load_explicit(&k->counts[field], memory_order_acquire);
    if (known != NULL)
        return (facet_sum){ known + 1, known[0] };
    facet_sum f = facet_start(r, field);
    for (size_t i = 0; i < r->v->n; i++) {
        r->g = r->v->parts[i].g;
        uint64_t *all = inside_bits(r);
        if (k->bits[i] == NULL)
            bits_fill(all, r->g->n);
        inside_set found = { .bits = k->bits[i] != NULL ? k->bits[i] : all, .n = k->count[i] };
        facet_count(r, &f, field, &found);
    }
    uint32_t *own = mem_get(((size_t)f.n + 2) * sizeof *own), *none = NULL;
    own[0] = f.n;
    memcpy(own + 1, f.counts, (size_t)f.n * sizeof *own);
    if (!atomic_compare_exchange_strong_explicit(&k->counts[field], &none, own, memory_order_acq_rel,
                                                 memory_order_acquire))
        mem_free(own);
    return f;
}

/* More first; among equals in the order of their bytes. */
static int compare_counts(const void *x, const void *y)
{
    const search_facet_value *a = x, *b = y;
    return a->count != b->count ? (a->count < b->count ? 1 : -1) : str_cmp(a->value, b->value);
}

static void sink(search_facet_value *heap, size_t n, size_t i)
{
    search_facet_value x = heap[i];
    for (size_t kid; (kid = 2 * i + 1) < n; i = kid) {
        kid += kid + 1 < n && compare_counts(&heap[kid + 1], &heap[kid]) > 0;
        if (compare_counts(&x, &heap[kid]) >= 0)
            break;
        heap[i] = heap[kid];
    }
    heap[i] = x;
}

search_facet facet_answer(inside_run *r, const facet_sum *f, int field, size_t limit, str prefix)
{
    const values *v = inside_values(r->s, field);
    search_facet out = { .field = field };
    for (uint32_t i = 0; i < f->n; i++)
        out.distinct += f->counts[i] > 0 && (prefix.n == 0 || str_starts(values_text(v, i), prefix));
    size_t most = limit > 0 && limit < out.distinct ? limit : out.distinct;
    out.v = new_n(r->c->a, search_facet_value, most + 1);
    for (uint32_t i = 0; i < f->n && most > 0; i++) {
        if (f->counts[i] == 0 || (out.n == most && f->counts[i] < out.v[0].count))
            continue;
        search_facet_value x = { values_text(v, i), f->counts[i] };
        if (prefix.n > 0 && !str_starts(x.value, prefix))
            continue;
        if (out.n < most) {              /* the worst of the kept ones comes to stand in front */
            out.v[out.n++] = x;
            for (size_t k = most / 2; out.n == most && k > 0; k--)
                sink(out.v, most, k - 1);
        } else if (compare_counts(&x, &out.v[0]) < 0) {
            out.v[0] = x;
            sink(out.v, most, 0);
        }
    }
    if (out.n > 1)
        qsort(out.v, out.n, sizeof *out.v, compare_counts);
    return out;
}
