/* Orders: the rows of a column in ascending order of value. Few entries are
 * counted; else rows are sorted by their numbers (sort_key.h), and texts whose
 * first bytes are equal by the numbers of the bytes that follow, so that texts
 * are hardly ever compared as such. All of it is stable: equal values stay in the order of the
 * table. Made once for a column and kept while there is room. */
#include "kit/query/select.h"

#include <stdlib.h>

#define DEEP 64             /* steps of 8 bytes after which texts are compared after all */
#define SMALL 12            /* as few are put in order by comparing them */
#define OFTEN 1024          /* groups of as many rows look at the clock */
#define PART (UINT64_C(1) << 20)    /* places that are sorted at once, 32 bytes each and what the selection has too many */

typedef struct { ctx *c; const sort_key *k; sort_item *aside; } work;

static bool go_on(const work *w)
{
    return !atomic_load_explicit(&w->k->q.t->ending, memory_order_relaxed) && ctx_in_time(w->c);
}

/* --- by numbers --- */

/* 11 bits at a time; digits that are the same everywhere cost nothing. */
static void radix(sort_item *v, sort_item *aside, size_t n)
{
    uint64_t any = 0, all = UINT64_MAX;
    for (size_t i = 0; i < n; i++) {
        any |= v[i].number;
        all &= v[i].number;
    }
    sort_item *from = v, *to = aside;
    for (unsigned shift = 0; shift < 64; shift += 11) {
        size_t at[2048] = { 0 }, sum = 0;
        if (((any ^ all) >> shift & 2047) == 0)
            continue;
        for (size_t i = 0; i < n; i++)
            at[from[i].number >> shift & 2047]++;
        for (size_t d = 0; d < 2048; d++) {
            size_t count = at[d];
            at[d] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            to[at[from[i].number >> shift & 2047]++] = from[i];
        sort_item *x = from;
        from = to;
        to = x;
    }
    if (from != v)
        memcpy(v, from, n * sizeof *v);
}

static void merge(const sort_item *x, size_t n, const sort_item *y, size_t m, sort_item *to)
{
    while (n > 0 && m > 0) {
        bool second = y->number < x->number;
        *to++ = second ? *y : *x;
        y += second;
        m -= second;
        x += !second;
        n -= !second;
    }
    memcpy(to, n > 0 ? x : y, (n + m) * sizeof *to);
}

static void insert(sort_item *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const sort_item x = v[i];
        size_t j = i;
        for (; j > 0 && x.number < v[j - 1].number; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

static void by_number(sort_item *v, sort_item *aside, size_t n)
{
    if (n > 4096) {
        radix(v, aside, n);
        return;
    }
    for (size_t i = 0; i < n; i += SMALL)
        insert(v + i, n - i < SMALL ? n - i : SMALL);
    sort_item *from = v, *to = aside;
    for (size_t wide = SMALL; wide < n; wide *= 2) {
        for (size_t i = 0; i < n; i += 2 * wide) {
            size_t left = n - i, first = left < wide ? left : wide, second = left - first < wide ? left - first : wide;
            merge(from + i, first, from + i + first, second, to + i);
        }
        sort_item *x = from;
        from = to;
        to = x;
    }
    if (from != v)
        memcpy(v, from, n * sizeof *v);
}

/* --- values whose numbers are equal --- */

static int by_value(const void *x, const void *y, void *k)
{
    uint32_t a = ((const sort_item *)x)->row, b = ((const sort_item *)y)->row;
    int d = sort_key_compare(k, a, b);
    return d != 0 ? d : (a > b) - (a < b);
}

static void compare_all(const sort_key *k, sort_item *v, size_t n)
{
    size_t same = 1;
    while (same < n && sort_key_compare(k, v[0].row, v[same].row) == 0)
        same++;
    if (same < n)
        qsort_r(v, n, sizeof *v, by_value, (void *)(uintptr_t)k);
}

/* Rows that are equal as far as byte `from`. */
static bool settle(work *w, sort_item *v, size_t n, size_t from, int deep)
{
    const bool texts = w->k->by == SORT_BY_TEXT;
    if (n <= SMALL || !texts || deep == DEEP) {
        compare_all(w->k, v, n);
        return n < OFTEN || go_on(w);
    }
    sort_key_deeper(w->k, v, n, from);
    by_number(v, w->aside, n);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && v[j].number == v[i].number;)
            j++;
        if (j - i == 1)
            continue;
        if (!sort_key_goes_on(v[i].number))
            compare_all(w->k, v + i, j - i);
        else if (!settle(w, v + i, j - i, from + 8, deep + 1))
            return false;
    }
    return n < OFTEN || go_on(w);
}

static bool sort_numbers(work *w, sort_item *v, size_t n)
{
    radix(v, w->aside, n);
    for (size_t i = 0, j; !w->k->whole && i < n; i = j) {
        for (j = i + 1; j < n && v[j].number == v[i].number;)
            j++;
        if (j - i == 1 || v[i].number == SORT_KEY_NULL)
            continue;
        if (w->k->by == SORT_BY_TEXT && !sort_key_goes_on(v[i].number))
            compare_all(w->k, v + i, j - i);
        else if (!settle(w, v + i, j - i, w->k->same + 8, 1))
            return false;
    }
    return go_on(w);
}

/* --- all rows of a column --- */

#define COUNT_OUT(T)                                                                                   \
    do {                                                                                               \
        const T *entry = v->data;                                                                      \
        for (uint64_t i = 0; i < v->rows; i++)                                                         \
            at[entry[i] < v->nulls ? 0 : entry[i] + 1]++;                                              \
        for (size_t e = 0, sum = 0; e <= v->top + 1; e++) {                                            \
            size_t count = at[e];                                                                      \
            at[e] = (uint32_t)sum;                                                                     \
            sum += count;                                                                              \
        }                                                                                              \
        for (uint64_t i = 0; i < v->rows; i++)                                                         \
            out[at[entry[i] < v->nulls ? 0 : entry[i] + 1]++] = (uint32_t)i;                           \
    } while (0)

/* Entries of one or two bytes: how many there are of each says where each row goes. */
static void count_out(ctx *c, const column_view *v, uint32_t *out)
{
    arena_mark m = arena_here(c->a);
    uint32_t *at = new_n(c->a, uint32_t, v->top + 2);
    if (v->width == 1)
        COUNT_OUT(uint8_t);
    else
        COUNT_OUT(uint16_t);
    arena_back(c->a, m);
}

/* A part of the order after another, so that little memory is needed however many rows there are. */
static bool sort_parts(ctx *c, const sort_rule *r, uint64_t rows, uint32_t *out)
{
    for (uint64_t from = 0, to; from < rows; from = to) {
        arena_mark m = arena_here(c->a);
        selection s;
        to = rows - from < PART ? rows : from + PART;
        if (!select_about(c, r, NULL, rows, from, to, &s))
            return false;
        work w = { c, r->keys, arena_grow_raw(c->a, NULL, 0, (s.n + 1) * sizeof *w.aside) };
        if (!sort_numbers(&w, s.v, s.n))
            return false;
        for (uint64_t i = from; i < to; i++)
            out[i] = s.v[i - s.before].row;
        arena_back(c->a, m);
    }
    return true;
}

static bool sort_all(ctx *c, const query_table *t, size_t col, uint32_t *out)
{
    const query_sort ascending = { .col = col, .nulls_first = true };
    sort_rule r;
    if (!sort_rule_new(c, t, &ascending, 1, &r))
        return false;
    if (r.keys[0].by != SORT_BY_ENTRY || r.keys[0].q.views[0].width > 2)
        return sort_parts(c, &r, t->rows, out);
    count_out(c, r.keys[0].q.views, out);
    return true;
}

/* --- kept --- */

uint64_t query_nulls(const query_table *t, size_t col)
{
    uint64_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += column_file_about(t->files[i], col)->stats.null_count;
    return n;
}

bool query_has_order(const query_table *t, size_t col)
{
    return atomic_load_explicit(&t->orders[col], memory_order_acquire) != NULL;
}

/* Ours to make, or made by another, or too late. Each table makes one order at a time: others wait for it, and often want the
 * same one. */
static bool wait_turn(ctx *c, query_table *t, size_t col)
{
    while (t->sorting && !query_has_order(t, col)) {
        struct timespec until = { c->deadline_ms / 1000, c->deadline_ms % 1000 * 1000000 };
        if (!ctx_in_time(c))
            return false;
        if (c->deadline_ms == 0)
            pthread_cond_wait(&t->sorted, &t->lock);
        else
            pthread_cond_timedwait(&t->sorted, &t->lock, &until);
    }
    return true;
}

static bool make(ctx *c, query_table *t, size_t col, const uint32_t **out)
{
    size_t bytes = (t->rows + 1) * sizeof **out;
    const bool keep = t->order_bytes + bytes <= QUERY_ORDERS_BYTES;
    uint32_t *order = keep ? mem_get(bytes) : arena_get(c->a, bytes);
    t->sorting = true;
    pthread_mutex_unlock(&t->lock);
    bool ok = sort_all(c, t, col, order);
    pthread_mutex_lock(&t->lock);
    t->sorting = false;
    pthread_cond_broadcast(&t->sorted);
    if (keep && ok) {
        atomic_store_explicit(&t->orders[col], order, memory_order_release);
        t->order_bytes += bytes;
    } else if (keep) {
        mem_free(order);
    }
    *out = order;
    return ok;
}

bool query_order(ctx *c, query_table *t, size_t col, const uint32_t **out)
{
    *out = atomic_load_explicit(&t->orders[col], memory_order_acquire);
    if (*out != NULL)
        return true;
    pthread_mutex_lock(&t->lock);
    bool ok = wait_turn(c, t, col);
    if (ok && query_has_order(t, col))
        *out = t->orders[col];
    else if (ok)
        ok = make(c, t, col, out);
    pthread_mutex_unlock(&t->lock);
    return ok;
}
