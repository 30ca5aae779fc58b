/* What groups come to. Sums are exact in 128 bits; the least and the greatest are
 * kept as rows, so that they can be shown as published. */
#include "kit/query/group.h"

#define NONE UINT32_MAX

bool group_sum_new(ctx *c, const query_table *t, size_t col, group_sum *s)
{
    *s = (group_sum){ 0 };
    if (!query_column_use(c, t, col, &s->q))
        return false;
    s->numbers = column_type_key(query_table_about(t, col)->type) == COLUMN_KEY_NUMBER;
    return true;
}

#define ROOM(field, T, fill)                                                                           \
    do {                                                                                               \
        s->field = arena_grow(c->a, s->field, s->cap * sizeof(T), cap * sizeof(T));                    \
        for (size_t i = s->cap; i < cap; i++)                                                          \
            s->field[i] = (fill);                                                                      \
    } while (0)

void group_sum_room(ctx *c, group_sum *s, uint32_t groups)
{
    s->groups = groups;
    if (groups <= s->cap)
        return;
    size_t cap = s->cap > 0 ? s->cap : 64;
    while (cap < groups)
        cap *= 2;
    ROOM(count, uint64_t, 0);
    if (s->sums)
        ROOM(sum, __int128, 0);
    if (s->extremes) {
        ROOM(least, uint32_t, NONE);
        ROOM(most, uint32_t, NONE);
        ROOM(least_key, int64_t, INT64_MAX);
        ROOM(most_key, int64_t, INT64_MIN);
    }
    if (s->distinct) {
        ROOM(different, uint64_t, 0);
        group_distinct_room(c, &s->values, s->cap, cap);
    }
    if (s->median)
        group_median_room(c, &s->middle, s->cap, cap);
    s->cap = (uint32_t)cap;
}

static uint64_t place(const group_block *b, size_t i)
{
    return b->at != NULL ? b->at[i] : b->from + i;
}

/* --- keys of a block, all at once --- */

#define NUMBERS(T)                                                                                     \
    for (size_t i = 0; i < b->n; i++) {                                                                \
        uint64_t e = ((const T *)v->data)[place(b, i)];                                                \
        keys[i] = e < v->nulls ? COLUMN_KEY_NULL : v->base + (int64_t)e;                               \
    }

static void block_keys(const column_view *v, const group_block *b, int64_t *keys)
{
    if (v->form == COLUMN_NUMBERS && v->width == 1)
        NUMBERS(uint8_t)
    else if (v->form == COLUMN_NUMBERS && v->width == 2)
        NUMBERS(uint16_t)
    else if (v->form == COLUMN_NUMBERS && v->width == 4)
        NUMBERS(uint32_t)
    else
        for (size_t i = 0; i < b->n; i++)
            if (!column_key(v, place(b, i), &keys[i]))
                keys[i] = COLUMN_KEY_NULL;
}

/* Two segments may differ in scale: sums are kept at the finest that any segment has. */
static unsigned finest(const group_sum *s)
{
    unsigned scale = 0;
    for (size_t i = 0; i < s->q.t->n; i++)
        scale = s->q.views[i].scale > scale ? s->q.views[i].scale : scale;
    return scale;
}

static void add_keys(group_sum *s, const group_block *b, const uint32_t *groups, const int64_t *keys)
{
    int64_t step = 1;
    for (unsigned x = s->q.views[b->segment].scale; x < finest(s); x++)
        step *= 10;
    for (size_t i = 0; i < b->n; i++) {
        if (keys[i] == COLUMN_KEY_NULL)
            continue;
        s->count[groups[i]]++;
        if (s->sums)
            s->sum[groups[i]] += (__int128)keys[i] * step;
    }
}

/* Numbers of few groups: of each group the sum of the entries (below 2^32, at most 4,096 of them) and, from bit 48 on, how
 * many there are. Rows go by turns to four tables, so that one does not wait for the other when a group comes twice. */
#define COUNT_BIT 48
#define TURNS 4
static inline uint64_t packed(uint64_t entry, uint64_t nulls)
{
    return entry < nulls ? 0 : entry | UINT64_C(1) << COUNT_BIT;
}

/* Functions of their own, so that everything they need stays in registers. */
#define PACK(T)                                                                                                               \
    static __attribute__((noinline)) void pack_##T(const T *data, const uint32_t *at, size_t n, uint64_t nulls,              \
                                                   const uint32_t *groups, uint64_t (*sums)[FEW_GROUPS])                     \
    {                                                                                                                         \
        size_t i = 0;                                                                                                         \
        for (; at != NULL && i < n; i++)                                                                                      \
            sums[i % TURNS][groups[i]] += packed(data[at[i]], nulls);                                                         \
        for (; i + TURNS <= n; i += TURNS) {                                                                                  \
            sums[0][groups[i]] += packed(data[i], nulls);                                                                     \
            sums[1][groups[i + 1]] += packed(data[i + 1], nulls);                                                             \
            sums[2][groups[i + 2]] += packed(data[i + 2], nulls);                                                             \
            sums[3][groups[i + 3]] += packed(data[i + 3], nulls);                                                             \
        }                                                                                                                     \
        for (; i < n; i++)                                                                                                    \
            sums[0][groups[i]] += packed(data[i], nulls);                                                                     \
    }
PACK(uint8_t)
PACK(uint16_t)
PACK(uint32_t)

static bool add_packed(group_sum *s, const group_block *b, const uint32_t *groups)
{
    const column_view *v = &s->q.views[b->segment];
    uint64_t sums[TURNS][FEW_GROUPS];
    const uint64_t from = b->at != NULL ? 0 : b->from;
    int64_t step = 1;
    if (v->form != COLUMN_NUMBERS || v->width > 4 || s->cap > FEW_GROUPS || s->extremes || s->median)
        return false;
    for (size_t i = 0; i < TURNS; i++)
        memset(sums[i], 0, s->cap * sizeof *sums[i]);
    if (v->width == 1)
        pack_uint8_t((const uint8_t *)v->data + from, b->at, b->n, v->nulls, groups, sums);
    else if (v->width == 2)
        pack_uint16_t((const uint16_t *)v->data + from, b->at, b->n, v->nulls, groups, sums);
    else
        pack_uint32_t((const uint32_t *)v->data + from, b->at, b->n, v->nulls, groups, sums);
    for (unsigned x = v->scale; x < finest(s); x++)
        step *= 10;
    for (uint32_t g = 0; g < s->cap; g++) {
        const uint64_t low = (UINT64_C(1) << COUNT_BIT) - 1;
        uint64_t values = 0, sum = 0;
        for (size_t i = 0; i < TURNS; i++) {
            values += sums[i][g] >> COUNT_BIT;
            sum += sums[i][g] & low;
        }
        s->count[g] += values;
        if (s->sums)
            s->sum[g] += ((__int128)values * v->base + sum) * step;
    }
    return true;
}

static void extremes_of_keys(group_sum *s, const group_block *b, const uint32_t *groups, const int64_t *keys)
{
    uint32_t first = (uint32_t)s->q.t->first[b->segment];
    for (size_t i = 0; i < b->n; i++) {
        uint32_t g = groups[i];
        if (keys[i] == COLUMN_KEY_NULL)
            continue;
        if (keys[i] < s->least_key[g] || s->least[g] == NONE) {
            s->least_key[g] = keys[i];
            s->least[g] = first + (uint32_t)place(b, i);
        }
        if (keys[i] > s->most_key[g] || s->most[g] == NONE) {
            s->most_key[g] = keys[i];
            s->most[g] = first + (uint32_t)place(b, i);
        }
    }
}

static void extremes_of_values(group_sum *s, const group_block *b, const uint32_t *groups)
{
    uint32_t first = (uint32_t)s->q.t->first[b->segment];
    for (size_t i = 0; i < b->n; i++) {
        uint32_t row = first + (uint32_t)place(b, i), g = groups[i];
        if (query_is_null(&s->q, row))
            continue;
        if (s->least[g] == NONE || query_compare(&s->q, row, s->least[g]) < 0)
            s->least[g] = row;
        if (s->most[g] == NONE || query_compare(&s->q, row, s->most[g]) > 0)
            s->most[g] = row;
    }
}

static void count_values(group_sum *s, const group_block *b, const uint32_t *groups)
{
    const column_view *v = &s->q.views[b->segment];
    for (size_t i = 0; i < b->n; i++)
        s->count[groups[i]] += !column_is_null(v, place(b, i));
}

/* Keys as they are at the finest scale. */
static bool keep_keys(ctx *c, group_sum *s, const group_block *b, const uint32_t *groups, int64_t *keys)
{
    int64_t step = 1;
    for (unsigned x = s->q.views[b->segment].scale; x < finest(s); x++)
        step *= 10;
    for (size_t i = 0; step > 1 && i < b->n; i++)
        if (keys[i] != COLUMN_KEY_NULL && __builtin_mul_overflow(keys[i], step, &keys[i]))
            return fail(c, TOO_LARGE, "column “%.*s”: numbers as large as these have no median beside others with more decimals",
                        S_ARG(query_table_about(s->q.t, s->q.col)->name));
    group_median_add(c, &s->middle, groups, keys, b->n);
    return true;
}

bool group_sum_end(ctx *c, group_sum *s)
{
    if (s->distinct)
        group_distinct_end(&s->values, s->different, s->groups);
    return !s->median || group_median_end(c, &s->middle);
}

bool group_sum_add(ctx *c, group_sum *s, const group_block *b, const uint32_t *groups)
{
    static _Thread_local int64_t keys[GROUP_BLOCK];
    const column_view *v = &s->q.views[b->segment];
    bool keyed = column_type_key(v->type) != COLUMN_KEY_NONE && (v->form == COLUMN_NUMBERS || v->keys != NULL);
    if (keyed && add_packed(s, b, groups)) {
        /* all that is wanted of it, but for what differs */
    } else if (keyed) {
        block_keys(v, b, keys);
        add_keys(s, b, groups, keys);
    } else {
        count_values(s, b, groups);
    }
    if (s->extremes && keyed && s->q.t->n == 1)
        extremes_of_keys(s, b, groups, keys);
    else if (s->extremes)
        extremes_of_values(s, b, groups);
    if (s->distinct && !group_distinct_add(c, &s->values, b, groups, s->different))
        return false;
    return ctx_in_time(c) && (!s->median || !keyed || keep_keys(c, s, b, groups, keys));
}

/* --- answers --- */

static str print_scaled(arena *a, __int128 x, unsigned scale)
{
    char room[64];
    size_t at = sizeof room;
    bool negative = x < 0;
    unsigned __int128 u = negative ? -(unsigned __int128)x : (unsigned __int128)x;
    for (unsigned digits = 0; u > 0 || digits <= scale; digits++) {
        if (digits == scale && scale > 0)
            room[--at] = '.';
        room[--at] = (char)('0' + (int)(u % 10));
        u /= 10;
    }
    if (negative)
        room[--at] = '-';
    return str_dup(a, (str){ room + at, sizeof room - at });
}

static double scaled(__int128 x, unsigned scale)
{
    double d = (double)x;
    for (unsigned i = 0; i < scale; i++)
        d /= 10;
    return d;
}

static void median(ctx *c, const group_sum *s, uint32_t group, query_value *out)
{
    const int64_t *middle = group_median_of(&s->middle, group);
    __int128 twice = (__int128)middle[0] + middle[1];
    unsigned scale = finest(s);
    out->number = scaled(twice, scale) / 2;
    out->text = twice % 2 == 0 ? print_scaled(c->a, twice / 2, scale) : print_scaled(c->a, twice * 5, scale + 1);
}

static void extreme(ctx *c, const group_sum *s, uint32_t row, query_value *out)
{
    char room[COLUMN_NUMBER_ROOM];
    out->null = row == NONE;
    if (row == NONE)
        return;
    if (!query_number(&s->q, row, &out->number))
        out->number = 0;
    out->text = str_dup(c->a, query_text(&s->q, row, room));
}

void group_sum_value(ctx *c, const group_sum *s, query_aggregate_kind kind, uint32_t g, query_value *out)
{
    unsigned scale = finest(s);
    *out = (query_value){ .null = s->count[g] == 0 && kind != QUERY_DISTINCT };
    switch (kind) {
    case QUERY_SUM:
        out->number = out->null ? 0 : scaled(s->sum[g], scale);
        out->text = out->null ? (str){ 0 } : print_scaled(c->a, s->sum[g], scale);
        break;
    case QUERY_AVG:
        if (!out->null) {
            buf b = buf_in(c->a);
            out->number = scaled(s->sum[g], scale) / (double)s->count[g];
            buf_f64(&b, out->number);
            out->text = buf_str(&b);
        }
        break;
    case QUERY_MIN: extreme(c, s, s->least[g], out); break;
    case QUERY_MAX: extreme(c, s, s->most[g], out); break;
    case QUERY_MEDIAN:
        if (!out->null)
            median(c, s, g, out);
        break;
    default:
        out->number = (double)s->different[g];
        out->text = str_fmt(c->a, "%" PRIu64, s->different[g]);
    }
}
