#include "kit/query/select.h"

#include <stdlib.h>

#define SAMPLE 2048         /* rows that are looked at beforehand */
#define SAMPLED_FROM 16384  /* rows from which on that is worth it */
#define BLOCK 1024

typedef struct { const sort_item *at; uint64_t deeper; } bound;     /* at NULL: none; deeper: the number of the next 8 bytes of a text */

typedef struct {
    ctx *c;
    const sort_rule *rule;
    const query_table *t;
    const uint64_t *bits;
    uint64_t total;
    sort_item *sample;          /* SAMPLE rows in order; NULL: none was taken */
    bound low, high;            /* of the sample, between which rows are taken, both of them in */
    bool texts;                 /* the first column is sorted by its texts */
    uint64_t before;            /* rows before `low` */
    sort_item *v;               /* what is between */
    size_t n, cap;
} work;

static int compare(const sort_rule *r, const sort_item *x, const sort_item *y)
{
    return x->number != y->number ? (x->number < y->number ? -1 : 1) : sort_rule_compare(r, x->number, x->row, y->row);
}

static int by_rule(const void *x, const void *y, void *rule)
{
    return compare(rule, x, y);
}

/* --- parts of an order --- */

static void swap(sort_item *x, sort_item *y)
{
    sort_item z = *x;
    *x = *y;
    *y = z;
}

/* Puts the one that belongs at `place` there, those before it before it. No two are equal. */
static void put_in_place(const sort_rule *r, sort_item *v, size_t n, size_t place)
{
    size_t lo = 0, hi = n;
    for (int turns = 0; hi - lo > 32; turns++) {
        if (turns == 64) {
            qsort_r(v + lo, hi - lo, sizeof *v, by_rule, (void *)(uintptr_t)r);
            return;
        }
        sort_item *a = &v[lo], *b = &v[lo + (hi - lo) / 2], *last = &v[hi - 1];
        if (compare(r, b, a) < 0)
            swap(a, b);
        if (compare(r, last, b) < 0)
            swap(b, last);
        if (compare(r, b, a) < 0)
            swap(a, b);
        const sort_item pivot = *b;
        size_t i = lo, j = hi - 1;
        for (;;) {
            while (compare(r, &v[++i], &pivot) < 0)
                continue;
            while (compare(r, &pivot, &v[--j]) < 0)
                continue;
            if (i >= j)
                break;
            swap(&v[i], &v[j]);
        }
        if (place < i)
            hi = i;
        else
            lo = i;
    }
    qsort_r(v + lo, hi - lo, sizeof *v, by_rule, (void *)(uintptr_t)r);
}

static void sort_part(const sort_rule *r, sort_item *v, size_t n, size_t from, size_t to)
{
    if (from > 0)
        put_in_place(r, v, n, from);
    if (to < n)
        put_in_place(r, v + from, n - from, to - from);
    qsort_r(v + from, to - from, sizeof *v, by_rule, (void *)(uintptr_t)r);
}

/* --- a sample --- */

static size_t segment_of(const query_table *t, uint64_t row)
{
    size_t i = 0;
    while (t->first[i + 1] <= row)
        i++;
    return i;
}

/* One row of each of SAMPLE stretches of equal length, so that a table that is sorted already misleads nobody. */
static void take_sample(work *w)
{
    uint64_t seed = UINT64_C(0x9e3779b97f4a7c15), word = 0, passed = 0;
    w->sample = new_n(w->c->a, sort_item, SAMPLE);
    for (uint64_t i = 0; i < SAMPLE; i++) {
        uint64_t start = w->total * i / SAMPLE, length = w->total * (i + 1) / SAMPLE - start, row;
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        row = start + seed % length;
        if (w->bits != NULL) { /* the so-many-th of the selected */
            uint64_t here = row, left;
            while (passed + (left = (uint64_t)__builtin_popcountll(w->bits[word])) <= here) {
                passed += left;
                word++;
            }
            uint64_t m = w->bits[word];
            for (here -= passed; here > 0; here--)
                m &= m - 1;
            row = word * 64 + (uint64_t)__builtin_ctzll(m);
        }
        size_t segment = segment_of(w->t, row);
        w->sample[i].row = (uint32_t)row;
        sort_rule_numbers(w->rule, segment, NULL, row - w->t->first[segment], 1, &w->sample[i].number);
    }
    qsort_r(w->sample, SAMPLE, sizeof *w->sample, by_rule, (void *)(uintptr_t)w->rule);
}

/* Rows of texts get the numbers of the next 8 bytes; nulls and whole numbers stay as they are. */
static void go_deeper(const work *w, sort_item *v, size_t n)
{
    if (w->texts && n > 0 && v[0].number != 0 && v[0].number != UINT64_MAX)
        sort_key_deeper(&w->rule->keys[0], v, n, w->rule->keys[0].same + 8);
}

static bound bound_at(const work *w, const sort_item *at)
{
    if (at == NULL)
        return (bound){ 0 };
    sort_item next = *at;
    go_deeper(w, &next, 1);
    return (bound){ at, next.number };
}

/* Which of the sample stands before (after) a place for nearly certain: `sure` times the deviation away. */
static void set_bounds(work *w, uint64_t from, uint64_t to, double sure)
{
    double p = (double)from * SAMPLE / (double)w->total, q = (double)to * SAMPLE / (double)w->total;
    double low = p - 1, high = q + 1;
    for (double s = 0; s < sure; s++) {
        low -= p > 0 ? 1 : 0;
        high += 1;
    }
    low -= sure * __builtin_sqrt(p * (1 - p / SAMPLE));
    high += sure * __builtin_sqrt(q * (1 - q / SAMPLE));
    w->low = bound_at(w, low >= 0 ? &w->sample[(size_t)low] : NULL);
    w->high = bound_at(w, high < SAMPLE ? &w->sample[(size_t)high] : NULL);
}

/* For about as many rows as will lie between the bounds. */
static void make_room(work *w)
{
    size_t low = w->low.at != NULL ? (size_t)(w->low.at - w->sample) : 0;
    size_t high = w->high.at != NULL ? (size_t)(w->high.at - w->sample) : SAMPLE;
    size_t cap = w->sample != NULL ? (size_t)((double)w->total * (double)(high - low + 2) / SAMPLE * 1.25) : (size_t)w->total + 1;
    if (cap > w->cap) {
        w->v = arena_grow_raw(w->c->a, NULL, 0, cap * sizeof *w->v);
        w->cap = cap;
    }
}

/* --- the pass --- */

static void keep(work *w, const sort_item *x)
{
    if (w->n == w->cap) {
        size_t cap = w->cap * 2;
        w->v = arena_grow_raw(w->c->a, w->v, w->cap * sizeof *w->v, cap * sizeof *w->v);
        w->cap = cap;
    }
    w->v[w->n++] = *x;
}

/* A row and a bound whose numbers are the same. Texts mostly differ in the 8 bytes that follow. */
static int against(const work *w, const sort_item *x, uint64_t deeper, const bound *b)
{
    if (deeper != b->deeper)
        return (deeper < b->deeper) != w->rule->sorts[0].desc ? -1 : 1;
    return compare(w->rule, x, b->at);
}

/* Rows that have the number of a bound, or of both. */
static void take_ties(work *w, const sort_item *ties, size_t n, bool low, bool high)
{
    sort_item deeper[BLOCK];
    memcpy(deeper, ties, n * sizeof *deeper);
    go_deeper(w, deeper, n);
    for (size_t i = 0; i < n; i++) {
        if (low && against(w, &ties[i], deeper[i].number, &w->low) < 0)
            w->before++;
        else if (!high || against(w, &ties[i], deeper[i].number, &w->high) <= 0)
            keep(w, &ties[i]);
    }
}

/* Rows of one segment, at[i] or from + i. Most are told by their numbers, without a branch; those that share the number of a
 * bound are compared with it. */
static void take(work *w, size_t segment, const uint32_t *at, uint64_t from, size_t n)
{
    uint64_t numbers[BLOCK], before = 0;
    uint16_t between[BLOCK];
    sort_item at_low[BLOCK], at_high[BLOCK];
    const uint64_t lo = w->low.at != NULL ? w->low.at->number : 0, hi = w->high.at != NULL ? w->high.at->number : UINT64_MAX;
    const uint64_t span = hi - lo, first = w->t->first[segment];
    size_t count = 0, lows = 0, highs = 0;
    sort_rule_numbers(w->rule, segment, at, from, n, numbers);
    for (size_t i = 0; i < n; i++) {
        between[count] = (uint16_t)i;
        count += numbers[i] - lo <= span;
        before += numbers[i] < lo;
    }
    w->before += before;
    const bool low = w->low.at != NULL, high = w->high.at != NULL;
    for (size_t k = 0; k < count; k++) {
        sort_item x = { numbers[between[k]], (uint32_t)(first + (at != NULL ? at[between[k]] : from + between[k])) };
        if (low && x.number == lo)
            at_low[lows++] = x;
        else if (high && x.number == hi)
            at_high[highs++] = x;
        else
            keep(w, &x);
    }
    take_ties(w, at_low, lows, true, high && hi == lo);
    take_ties(w, at_high, highs, false, true);
}

static void take_selected(work *w, size_t segment, uint64_t from, uint64_t past)
{
    uint32_t at[BLOCK];
    size_t n = 0;
    const uint64_t first = w->t->first[segment];
    for (uint64_t row = from; row < past;) {
        uint64_t word = w->bits[row / 64] >> row % 64, end = (row / 64 + 1) * 64;
        for (; word != 0 && row + (uint64_t)__builtin_ctzll(word) < past; word &= word - 1)
            at[n++] = (uint32_t)(row + (uint64_t)__builtin_ctzll(word) - first);
        row = end;
    }
    if (n > 0)
        take(w, segment, at, 0, n);
}

static bool pass(work *w)
{
    w->n = 0;
    w->before = 0;
    make_room(w);
    for (size_t s = 0; s < w->t->n; s++) {
        const uint64_t first = w->t->first[s], past = w->t->first[s + 1];
        for (uint64_t row = first; row < past; row += BLOCK) {
            uint64_t end = past - row < BLOCK ? past : row + BLOCK;
            if ((row - first) % (BLOCK * 64) == 0 && !ctx_in_time(w->c))
                return false;
            if (w->bits != NULL)
                take_selected(w, s, row, end);
            else
                take(w, s, NULL, row - first, (size_t)(end - row));
        }
    }
    return true;
}

bool select_about(ctx *c, const sort_rule *r, const uint64_t *bits, uint64_t total, uint64_t from, uint64_t to, selection *out)
{
    work w = { .c = c, .rule = r, .t = r->keys[0].q.t, .bits = bits, .total = total, .texts = r->keys[0].by == SORT_BY_TEXT };
    const bool narrow = total >= SAMPLED_FROM && to - from <= total / 2;
    must(from <= to && to <= total);
    if (narrow)
        take_sample(&w);
    for (double sure = 3;; sure *= 4) {
        w.low = w.high = (bound){ 0 };
        if (narrow && sure < 100)
            set_bounds(&w, from, to, sure);
        if (!pass(&w))
            return false;
        if (w.before <= from && w.before + w.n >= to)
            break;
    }
    *out = (selection){ w.v, w.n, w.before };
    return true;
}

bool select_places(ctx *c, const sort_rule *r, const uint64_t *bits, uint64_t total, uint64_t from, uint64_t to, uint32_t *rows)
{
    selection s;
    if (from == to)
        return true;
    if (!select_about(c, r, bits, total, from, to, &s))
        return false;
    sort_part(r, s.v, s.n, (size_t)(from - s.before), (size_t)(to - s.before));
    for (uint64_t i = 0; i < to - from; i++)
        rows[i] = s.v[from - s.before + i].row;
    return true;
}
