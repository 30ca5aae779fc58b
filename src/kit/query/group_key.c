/* By what rows are put together. A value is known by its bucket: the year, the
 * bin, or for plain values what tells it from others; equal buckets of plain
 * values are compared in full, so that groups are exact. */
#include "kit/query/group.h"

#include <math.h>

#define LUT_MAX 65536u              /* entries of NUMBERS that get a table up front */
#define NONE UINT32_MAX

static int64_t date_bucket(query_by_kind kind, column_key_kind keys, int64_t key)
{
    int64_t day = keys == COLUMN_KEY_MOMENT ? key + DAY_TAIPEI_MS : key * DAY_MS;
    day_parts p = day_split(day);
    switch (kind) {
    case QUERY_BY_YEAR: return p.year;
    case QUERY_BY_QUARTER: return (int64_t)p.year * 4 + (p.month - 1) / 3;
    case QUERY_BY_MONTH: return (int64_t)p.year * 12 + p.month - 1;
    default: {
        int64_t days = day / DAY_MS - (day % DAY_MS < 0);
        return ((days + 3) % 7 + 7) % 7 + 1; /* 1970-01-01 was a Thursday: 4 */
    }
    }
}

static double number_of(int64_t key, unsigned scale)
{
    static const double tens[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18 };
    return (double)key / tens[scale];
}

/* Of a value that is not null. `plain`: equal buckets need not be equal values. */
static int64_t bucket_of(const group_key *k, const column_view *v, uint64_t at, bool *plain)
{
    int64_t key;
    char room[COLUMN_NUMBER_ROOM];
    column_key_kind kind = column_type_key(v->type);
    *plain = false;
    bool has = column_key(v, at, &key);
    if (has && k->by.kind == QUERY_BY_BIN)
        return (int64_t)floor((number_of(key, v->scale) - k->by.bin_from) / k->by.bin_step);
    if (has && k->by.kind != QUERY_BY_VALUE && (kind == COLUMN_KEY_DAY || kind == COLUMN_KEY_MOMENT))
        return date_bucket(k->by.kind, kind, key);
    *plain = true;
    if (has && k->q.t->n == 1)
        return key; /* one scale: the key is the value */
    if (has) {
        for (; key != 0 && key % 10 == 0;) /* 1.50 and 1.5 of two segments */
            key /= 10;
        return key;
    }
    return (int64_t)(column_hash64(column_text(v, at, room)) >> 1);
}

static void grow(ctx *c, group_key *k)
{
    size_t slots = k->slots > 0 ? k->slots * 2 : 1024;
    k->table = new_n(c->a, uint32_t, slots);
    k->slots = slots;
    for (uint32_t i = 0; i < k->count; i++) {
        size_t s = (size_t)column_hash_fold((uint64_t)k->v[i].bucket ^ UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd6e8feb86659fd93)) & (slots - 1);
        while (k->table[s] != 0)
            s = (s + 1) & (slots - 1);
        k->table[s] = i + 1;
    }
}

static uint32_t number_for(ctx *c, group_key *k, int64_t bucket, bool plain, uint32_t row)
{
    if (k->count * 2 >= k->slots)
        grow(c, k);
    size_t s = (size_t)column_hash_fold((uint64_t)bucket ^ UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd6e8feb86659fd93)) & (k->slots - 1);
    for (; k->table[s] != 0; s = (s + 1) & (k->slots - 1)) {
        uint32_t i = k->table[s] - 1;
        if (k->v[i].bucket == bucket && (!plain || query_compare(&k->q, k->v[i].row, row) == 0))
            return i;
    }
    if (k->count == k->cap) {
        size_t cap = k->cap > 0 ? k->cap * 2 : 512;
        k->v = arena_grow(c->a, k->v, k->cap * sizeof *k->v, cap * sizeof *k->v);
        k->cap = cap;
    }
    k->v[k->count].bucket = bucket;
    k->v[k->count].row = row;
    k->table[s] = k->count + 1;
    return k->count++;
}

static uint32_t number_of_row(ctx *c, group_key *k, const column_view *v, uint64_t at, uint64_t first)
{
    bool plain = false;
    int64_t bucket = column_is_null(v, at) ? GROUP_NULL : bucket_of(k, v, at, &plain);
    return number_for(c, k, bucket, plain, (uint32_t)(first + at));
}

/* Entries few enough to be looked up: numbers are given on first sight of an entry. */
static uint32_t lut_size(const column_view *v)
{
    if (v->form == COLUMN_CODES && v->width <= 4)
        return v->dict_count;
    return v->form == COLUMN_NUMBERS && v->width <= 4 && v->top < LUT_MAX ? (uint32_t)v->top + 1 : 0;
}

bool group_key_new(ctx *c, const query_table *t, const query_by *by, group_key *k)
{
    *k = (group_key){ .by = *by };
    if (!query_column_use(c, t, by->col, &k->q))
        return false;
    const column_about *about = query_table_about(t, by->col);
    column_key_kind kind = column_type_key(about->type);
    if (by->kind == QUERY_BY_BIN && (kind != COLUMN_KEY_NUMBER || !(by->bin_step > 0) || !isfinite(by->bin_from) || !isfinite(by->bin_step)))
        return fail(c, INVALID, "column “%.*s” cannot be put into bins", S_ARG(about->name));
    if (by->kind != QUERY_BY_VALUE && by->kind != QUERY_BY_BIN && kind != COLUMN_KEY_DAY && kind != COLUMN_KEY_MOMENT)
        return fail(c, INVALID, "column “%.*s” holds no dates", S_ARG(about->name));
    k->luts = new_n(c->a, uint32_t *, t->n);
    for (size_t i = 0; i < t->n; i++) {
        uint32_t n = lut_size(&k->q.views[i]);
        k->most += n > 0 ? n : k->q.views[i].rows;
        if (n == 0)
            continue;
        k->luts[i] = new_n(c->a, uint32_t, n);
        memset(k->luts[i], 0xff, n * sizeof(uint32_t));
    }
    return true;
}

#define LOOK(T)                                                                                        \
    for (size_t i = 0; i < b->n; i++) {                                                                \
        uint64_t at = b->at != NULL ? b->at[i] : b->from + i;                                          \
        uint32_t *l = &lut[((const T *)v->data)[at]];                                                  \
        if (__builtin_expect(*l == NONE, 0))                                                           \
            *l = number_of_row(c, k, v, at, first);                                                    \
        numbers[i] = *l;                                                                               \
    }

/* The same for rows one after the other, the usual. False: an entry among them is new. */
#define LOOK_ON(T)                                                                                     \
    do {                                                                                               \
        const T *entry = (const T *)v->data + b->from;                                                 \
        for (size_t i = 0; i < n; i++) {                                                               \
            uint32_t number = lut[entry[i]];                                                           \
            numbers[i] = number;                                                                       \
            most = number > most ? number : most;                                                      \
        }                                                                                              \
    } while (0)

static bool numbers_on(const column_view *v, const uint32_t *lut, const group_block *b, uint32_t *numbers)
{
    const size_t n = b->n;
    uint32_t most = 0;
    if (v->width == 1)
        LOOK_ON(uint8_t);
    else if (v->width == 2)
        LOOK_ON(uint16_t);
    else
        LOOK_ON(uint32_t);
    return most != NONE;
}

void group_key_numbers(ctx *c, group_key *k, const group_block *b, uint32_t *numbers)
{
    const column_view *v = &k->q.views[b->segment];
    uint32_t *lut = k->luts[b->segment];
    uint64_t first = k->q.t->first[b->segment];
    if (lut != NULL && b->at == NULL && numbers_on(v, lut, b, numbers))
        return;
    if (lut == NULL)
        for (size_t i = 0; i < b->n; i++)
            numbers[i] = number_of_row(c, k, v, b->at != NULL ? b->at[i] : b->from + i, first);
    else if (v->width == 1)
        LOOK(uint8_t)
    else if (v->width == 2)
        LOOK(uint16_t)
    else
        LOOK(uint32_t)
}

str group_key_text(ctx *c, const group_key *k, uint32_t number)
{
    int64_t b = k->v[number].bucket;
    char room[COLUMN_NUMBER_ROOM];
    if (b == GROUP_NULL)
        return (str){ 0 };
    switch (k->by.kind) {
    case QUERY_BY_VALUE: return str_dup(c->a, query_text(&k->q, k->v[number].row, room));
    case QUERY_BY_QUARTER: return str_fmt(c->a, "%04d-Q%d", (int)(b / 4), (int)(b % 4) + 1);
    case QUERY_BY_MONTH: return str_fmt(c->a, "%04d-%02d", (int)(b / 12), (int)(b % 12) + 1);
    case QUERY_BY_BIN: {
        buf o = buf_in(c->a);
        buf_f64(&o, k->by.bin_from + (double)b * k->by.bin_step);
        return buf_str(&o);
    }
    default: return str_fmt(c->a, "%" PRId64, b);
    }
}

int group_key_compare(const group_key *k, uint32_t x, uint32_t y)
{
    int64_t a = k->v[x].bucket, b = k->v[y].bucket;
    if (a == GROUP_NULL || b == GROUP_NULL)
        return (a == GROUP_NULL) - (b == GROUP_NULL);
    if (k->by.kind == QUERY_BY_VALUE)
        return query_compare(&k->q, k->v[x].row, k->v[y].row);
    return (a > b) - (a < b);
}
