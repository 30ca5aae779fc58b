/* Orders: the rows of a column in ascending order of value. Entries and keys are
 * sorted by radix; text by the radix of its first 8 bytes and, where these are
 * equal, by comparison. Made once for a column and kept while there is room. */
#include "kit/query/inside.h"

#include <stdlib.h>

typedef struct { uint64_t key; uint32_t row; } item;

/* Stable, 11 bits at a time; digits that are the same everywhere cost nothing. */
static void radix(item *v, item *aside, size_t n)
{
    uint64_t any = 0, all = UINT64_MAX;
    for (size_t i = 0; i < n; i++) {
        any |= v[i].key;
        all &= v[i].key;
    }
    item *from = v, *to = aside;
    for (unsigned shift = 0; shift < 64; shift += 11) {
        size_t at[2048] = { 0 }, sum = 0;
        if (((any ^ all) >> shift & 2047) == 0)
            continue;
        for (size_t i = 0; i < n; i++)
            at[from[i].key >> shift & 2047]++;
        for (size_t d = 0; d < 2048; d++) {
            size_t count = at[d];
            at[d] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            to[at[from[i].key >> shift & 2047]++] = from[i];
        item *x = from;
        from = to;
        to = x;
    }
    if (from != v)
        memcpy(v, from, n * sizeof *v);
}

/* Signed keys in unsigned order, above the nulls' 0. COLUMN_KEY_NULL, the least, becomes 0 by itself. */
static uint64_t lift(int64_t key)
{
    return (uint64_t)key ^ UINT64_C(1) << 63;
}

static void entries_of(const column_view *v, item *out, uint32_t first)
{
    for (uint64_t i = 0; i < v->rows; i++) {
        uint64_t e = column_at(v, i);
        out[i] = (item){ e < v->nulls ? 0 : e - v->nulls + 1, first + (uint32_t)i };
    }
}

static void keys_of(const column_view *v, item *out, uint32_t first)
{
    for (uint64_t i = 0; i < v->rows; i++) {
        int64_t key;
        out[i] = (item){ column_key(v, i, &key) ? lift(key) : 0, first + (uint32_t)i };
    }
}

static void texts_of(const column_view *v, item *out, uint32_t first)
{
    char room[COLUMN_NUMBER_ROOM];
    for (uint64_t i = 0; i < v->rows; i++) {
        uint64_t key = 0;
        if (!column_is_null(v, i)) {
            str s = column_text(v, i, room);
            unsigned char top[8] = { 0 };
            memcpy(top, s.p, s.n < 8 ? s.n : 8);
            for (int b = 0; b < 8; b++)
                key = key << 8 | top[b];
        }
        out[i] = (item){ key, first + (uint32_t)i };
    }
}

static int by_value(const void *x, const void *y, void *data)
{
    uint32_t a = ((const item *)x)->row, b = ((const item *)y)->row;
    int d = query_compare(data, a, b);
    return d != 0 ? d : (a > b) - (a < b);
}

/* Rows whose keys are equal but whose values may not be. */
static bool settle_ties(ctx *c, const query_column *q, item *v, size_t n)
{
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && v[j].key == v[i].key;)
            j++;
        if (j - i > 1)
            qsort_r(v + i, j - i, sizeof *v, by_value, (void *)(uintptr_t)q);
        if (j - i > 1000 && !ctx_in_time(c))
            return false;
    }
    return true;
}

typedef enum { BY_ENTRY, BY_KEY, BY_TEXT } how;

/* Keys of several segments compare as they are only when their scales are the same. */
static how how_of(const query_column *q)
{
    const column_view *v = q->views;
    size_t n = q->t->n;
    bool keys = column_type_key(v->type) != COLUMN_KEY_NONE;
    if (n == 1 && (v->form == COLUMN_NUMBERS || (v->form == COLUMN_CODES && !keys)))
        return BY_ENTRY; /* codes with keys: two spellings of one value have two codes */
    for (size_t i = 0; i < n; i++)
        keys = keys && v[i].scale == v[0].scale && (v[i].form == COLUMN_NUMBERS || v[i].keys != NULL);
    return keys ? BY_KEY : BY_TEXT;
}

static bool sort_all(ctx *c, const query_column *q, uint32_t *out)
{
    const query_table *t = q->t;
    how by = how_of(q);
    item *v = mem_get((t->rows + 1) * sizeof *v), *aside = mem_get((t->rows + 1) * sizeof *aside);
    for (size_t i = 0; i < t->n; i++) {
        const column_view *view = &q->views[i];
        item *to = v + t->first[i];
        if (by == BY_ENTRY)
            entries_of(view, to, (uint32_t)t->first[i]);
        else if (by == BY_KEY)
            keys_of(view, to, (uint32_t)t->first[i]);
        else
            texts_of(view, to, (uint32_t)t->first[i]);
    }
    radix(v, aside, t->rows);
    mem_free(aside);
    /* Keys are the whole value; equal ones stay in the order of the table, since the sort is stable. */
    bool ok = by != BY_TEXT || settle_ties(c, q, v, t->rows);
    for (size_t i = 0; ok && i < t->rows; i++)
        out[i] = v[i].row;
    mem_free(v);
    return ok;
}

uint64_t query_nulls(const query_table *t, size_t col)
{
    uint64_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += column_file_about(t->files[i], col)->stats.null_count;
    return n;
}

/* Under the lock, so that two who ask at once do not both sort; others wait for less than they would need themselves. */
bool query_order(ctx *c, query_table *t, size_t col, const uint32_t **out)
{
    query_column q;
    size_t bytes = (t->rows + 1) * sizeof **out;
    if (!query_column_use(c, t, col, &q))
        return false;
    pthread_mutex_lock(&t->lock);
    bool ok = true;
    if (t->orders[col] == NULL) {
        bool keep = t->order_bytes + bytes <= QUERY_ORDERS_BYTES;
        uint32_t *order = keep ? mem_get(bytes) : arena_get(c->a, bytes);
        ok = sort_all(c, &q, order);
        if (keep && ok) {
            t->orders[col] = order;
            t->order_bytes += bytes;
        } else if (keep) {
            mem_free(order);
        }
        *out = order;
    } else {
        *out = t->orders[col];
    }
    pthread_mutex_unlock(&t->lock);
    return ok;
}
