#include "kit/query/group.h"

#include <stdlib.h>

#define TABLE_MAX (1u << 20)        /* combinations of small keys that are looked up rather than hashed */

typedef struct {
    query_table *t;
    const query_grouping *g;
    group_key *keys;                /* by_count */
    group_sum *sums;                /* one a column that is summed up */
    size_t     sum_count;
    size_t    *sum_of;              /* which of them an aggregate reads; COUNT: SIZE_MAX */
    uint64_t  *rows;                /* of each group */
    uint32_t  *tuples;              /* by_count numbers a group */
    uint32_t   count, cap;
    uint32_t  *table;               /* open hash of groups + 1; by one key: number → group + 1 */
    size_t     slots;
} work;

static uint64_t groups_at_most(const work *w)
{
    uint64_t n = 1;
    for (size_t i = 0; i < w->g->by_count; i++)
        n = n <= QUERY_GROUPS_MAX ? n * w->keys[i].most : n;
    return n < w->t->rows ? n : w->t->rows;
}

static bool prepare_sums(ctx *c, work *w)
{
    const query_grouping *g = w->g;
    w->sums = new_n(c->a, group_sum, g->aggregate_count + 1);
    w->sum_of = new_n(c->a, size_t, g->aggregate_count + 1);
    for (size_t i = 0; i < g->aggregate_count; i++) {
        const query_aggregate *a = &g->aggregates[i];
        size_t k = 0;
        w->sum_of[i] = SIZE_MAX;
        if (a->kind == QUERY_COUNT)
            continue;
        while (k < w->sum_count && w->sums[k].q.col != a->col)
            k++;
        if (k == w->sum_count && !group_sum_new(c, w->t, a->col, &w->sums[w->sum_count++]))
            return false;
        group_sum *s = &w->sums[k];
        bool adds = a->kind == QUERY_SUM || a->kind == QUERY_AVG || a->kind == QUERY_MEDIAN;
        if (adds && !s->numbers)
            return fail(c, INVALID, "column “%.*s” holds no numbers to add up", S_ARG(query_table_about(w->t, a->col)->name));
        s->sums = s->sums || a->kind == QUERY_SUM || a->kind == QUERY_AVG;
        s->extremes = s->extremes || a->kind == QUERY_MIN || a->kind == QUERY_MAX;
        s->distinct = s->distinct || a->kind == QUERY_DISTINCT;
        s->median = s->median || a->kind == QUERY_MEDIAN;
        w->sum_of[i] = k;
    }
    for (size_t i = 0; i < w->sum_count; i++)
        if (w->sums[i].distinct)
            group_distinct_new(c, &w->sums[i].q, groups_at_most(w), g->filter == NULL, &w->sums[i].values);
    return true;
}

/* --- numbers of the keys to a group --- */

static uint64_t tuple_hash(const uint32_t *t, size_t n)
{
    uint64_t h = UINT64_C(0xa0761d6478bd642f);
    for (size_t i = 0; i < n; i++)
        h = column_hash_fold(h ^ t[i], UINT64_C(0x9e3779b97f4a7c15));
    return h;
}

static void grow(ctx *c, work *w)
{
    size_t n = w->g->by_count, slots = w->slots > 0 ? w->slots * 2 : 4096;
    w->table = new_n(c->a, uint32_t, slots);
    w->slots = slots;
    for (uint32_t i = 0; i < w->count; i++) {
        size_t s = (size_t)tuple_hash(w->tuples + (size_t)i * n, n) & (slots - 1);
        while (w->table[s] != 0)
            s = (s + 1) & (slots - 1);
        w->table[s] = i + 1;
    }
}

static uint32_t add_group(ctx *c, work *w, const uint32_t *tuple)
{
    size_t n = w->g->by_count;
    if (w->count == w->cap) {
        size_t cap = w->cap > 0 ? (size_t)w->cap * 2 : 256;
        w->tuples = arena_grow(c->a, w->tuples, w->cap * n * sizeof *w->tuples, cap * n * sizeof *w->tuples);
        w->rows = arena_grow(c->a, w->rows, w->cap * sizeof *w->rows, cap * sizeof *w->rows);
        w->cap = (uint32_t)cap;
    }
    for (size_t i = 0; i < n; i++)
        w->tuples[(size_t)w->count * n + i] = tuple[i];
    for (size_t i = 0; i < w->sum_count; i++)
        group_sum_room(c, &w->sums[i], w->count + 1);
    return w->count++;
}

static uint32_t group_of(ctx *c, work *w, const uint32_t *tuple)
{
    size_t n = w->g->by_count;
    if ((size_t)w->count * 2 >= w->slots)
        grow(c, w);
    size_t s = (size_t)tuple_hash(tuple, n) & (w->slots - 1);
    for (; w->table[s] != 0; s = (s + 1) & (w->slots - 1))
        if (memcmp(w->tuples + (size_t)(w->table[s] - 1) * n, tuple, n * sizeof *tuple) == 0)
            return w->table[s] - 1;
    uint32_t g = add_group(c, w, tuple);
    w->table[s] = g + 1;
    return g;
}

/* Two keys of few values: their pair is a place in a table of groups, made anew when one of them has grown. */
typedef struct { uint32_t *groups, wide, high; } pair_table;

static void pairs(ctx *c, work *w, pair_table *p, const group_block *b, const uint32_t *x, const uint32_t *y, uint32_t *out)
{
    if (w->keys[0].count > p->high || w->keys[1].count > p->wide) {
        p->high = w->keys[0].count * 2;
        p->wide = w->keys[1].count * 2;
        p->groups = new_n(c->a, uint32_t, (size_t)p->high * p->wide);
    }
    uint32_t *const groups = p->groups;
    const size_t n = b->n, wide = p->wide;
    for (size_t i = 0; i < n; i++) {
        uint32_t *g = &groups[x[i] * wide + y[i]];
        if (__builtin_expect(*g == 0, 0))
            *g = group_of(c, w, (const uint32_t[]){ x[i], y[i] }) + 1;
        out[i] = *g - 1;
    }
}

static void to_groups(ctx *c, work *w, pair_table *p, const group_block *b, uint32_t *numbers, uint32_t *out)
{
    size_t n = w->g->by_count;
    for (size_t k = 0; k < n; k++)
        group_key_numbers(c, &w->keys[k], b, n == 1 ? out : numbers + k * GROUP_BLOCK);
    if (n == 0) {
        memset(out, 0, b->n * sizeof *out);
    } else if (n == 1) { /* numbers are given in the order of first sight, and so are groups */
        while (w->count < w->keys[0].count)
            (void)add_group(c, w, &w->count);
    } else if (n == 2 && (uint64_t)w->keys[0].count * w->keys[1].count * 4 <= TABLE_MAX) {
        pairs(c, w, p, b, numbers, numbers + GROUP_BLOCK, out);
    } else {
        uint32_t tuple[QUERY_COLUMNS_MAX];
        for (size_t i = 0; i < b->n; i++) {
            for (size_t k = 0; k < n; k++)
                tuple[k] = numbers[k * GROUP_BLOCK + i];
            out[i] = group_of(c, w, tuple);
        }
    }
}

/* --- all rows, block by block --- */

typedef struct { pair_table pairs; uint32_t *numbers, *groups, *at; } scratch;

/* Rows by turns to two counts, so that one does not wait for the other when a group comes twice. */
static void count_rows(work *w, const uint32_t *groups, size_t n)
{
    uint32_t even[FEW_GROUPS], odd[FEW_GROUPS];
    uint64_t *const rows = w->rows;
    size_t i = 0;
    if (w->count == 1) {
        rows[0] += n;
        return;
    }
    if (w->count > FEW_GROUPS) {
        for (; i < n; i++)
            rows[groups[i]]++;
        return;
    }
    memset(even, 0, w->count * sizeof *even);
    memset(odd, 0, w->count * sizeof *odd);
    for (; i + 1 < n; i += 2) {
        even[groups[i]]++;
        odd[groups[i + 1]]++;
    }
    if (i < n)
        even[groups[i]]++;
    for (uint32_t g = 0; g < w->count; g++)
        rows[g] += (uint64_t)even[g] + odd[g];
}

/* All rows of a segment by one column of codes: its dictionary says how many rows each entry has. */
static bool knows_rows(const work *w, size_t segment, const uint64_t *bits)
{
    return bits == NULL && w->g->by_count == 1 && w->keys[0].luts[segment] != NULL && w->keys[0].q.views[segment].form == COLUMN_CODES;
}

static void take_known_rows(work *w, size_t segment)
{
    const column_view *v = &w->keys[0].q.views[segment];
    for (uint32_t e = 0; e < v->dict_count; e++)
        if (w->keys[0].luts[segment][e] < w->count)     /* else no row has it */
            w->rows[w->keys[0].luts[segment][e]] += v->dict_rows[e];
}

static bool add_block(ctx *c, work *w, scratch *s, const group_block *b, bool known)
{
    to_groups(c, w, &s->pairs, b, s->numbers, s->groups);
    if (!known)
        count_rows(w, s->groups, b->n);
    for (size_t i = 0; i < w->sum_count; i++)
        if (!group_sum_add(c, &w->sums[i], b, s->groups))
            return false;
    return w->count <= QUERY_GROUPS_MAX || fail(c, TOO_LARGE, "the rows fall into more than %d groups", QUERY_GROUPS_MAX);
}

static bool add_segment(ctx *c, work *w, scratch *s, size_t segment, const uint64_t *bits)
{
    uint64_t rows = column_file_rows(w->t->files[segment]);
    group_block b = { .segment = segment };
    const bool known = knows_rows(w, segment, bits);
    for (uint64_t from = 0; from < rows; from += GROUP_BLOCK) {
        uint64_t n = rows - from < GROUP_BLOCK ? rows - from : GROUP_BLOCK;
        b.from = from;
        b.n = (size_t)n;
        b.at = NULL;
        if (bits != NULL) {
            b.n = 0;
            b.at = s->at;
            for (uint64_t i = from; i < from + n; i += 64)
                for (uint64_t m = bits[i / 64]; m != 0; m &= m - 1)
                    s->at[b.n++] = (uint32_t)(i + (uint64_t)__builtin_ctzll(m));
        }
        if (b.n > 0 && !add_block(c, w, s, &b, known))
            return false;
    }
    if (known)
        take_known_rows(w, segment);
    return true;
}

static bool add_rows(ctx *c, work *w)
{
    scratch s = { .numbers = new_n(c->a, uint32_t, GROUP_BLOCK * (w->g->by_count + 1)), .groups = new_n(c->a, uint32_t, GROUP_BLOCK),
                  .at = new_n(c->a, uint32_t, GROUP_BLOCK) };
    if (w->g->by_count == 0)
        (void)add_group(c, w, NULL);
    for (size_t i = 0; i < w->t->n; i++) {
        uint64_t *bits = NULL;
        if (w->g->filter != NULL) {
            bits = new_n(c->a, uint64_t, SCAN_WORDS(column_file_rows(w->t->files[i])) + 1);
            if (!query_filter_segment(c, w->t, i, w->g->filter, bits))
                return false;
        }
        if (!ctx_in_time(c) || !add_segment(c, w, &s, i, bits))
            return false;
    }
    for (size_t i = 0; i < w->sum_count; i++)
        if (!group_sum_end(c, &w->sums[i]))
            return false;
    return true;
}

/* --- the answer --- */

static void value_of(ctx *c, const work *w, size_t aggregate, uint32_t group, query_value *out)
{
    size_t s = w->sum_of[aggregate];
    if (s != SIZE_MAX) {
        group_sum_value(c, &w->sums[s], w->g->aggregates[aggregate].kind, group, out);
        return;
    }
    *out = (query_value){ .number = (double)w->rows[group], .text = str_fmt(c->a, "%" PRIu64, w->rows[group]) };
}

typedef struct { uint32_t group; bool null; double number; str text; } rank;
typedef struct { const work *w; bool by_text; } rule;

static int by_keys(const work *w, uint32_t x, uint32_t y)
{
    size_t n = w->g->by_count;
    for (size_t i = 0; i < n; i++) {
        int d = group_key_compare(&w->keys[i], w->tuples[(size_t)x * n + i], w->tuples[(size_t)y * n + i]);
        if (d != 0)
            return d;
    }
    return 0;
}

static int by_rank(const void *x, const void *y, void *data)
{
    const rank *a = x, *b = y;
    const rule *r = data;
    int d = 0;
    if (r->w->g->order_by != SIZE_MAX) {
        if (a->null || b->null)
            d = a->null - b->null; /* last, both ways */
        else
            d = (r->by_text ? str_cmp(a->text, b->text) : (a->number > b->number) - (a->number < b->number)) * (r->w->g->desc ? -1 : 1);
    }
    if (d == 0)
        d = by_keys(r->w, a->group, b->group) * (r->w->g->order_by == SIZE_MAX && r->w->g->desc ? -1 : 1);
    return d != 0 ? d : (a->group > b->group) - (a->group < b->group);
}

static void order_groups(ctx *c, const work *w, rank *r)
{
    const query_grouping *g = w->g;
    rule by = { .w = w };
    for (uint32_t i = 0; i < w->count; i++)
        r[i].group = i;
    if (g->order_by != SIZE_MAX) {
        query_aggregate_kind kind = g->aggregates[g->order_by].kind;
        column_type type = query_table_about(w->t, g->aggregates[g->order_by].col)->type;
        by.by_text = (kind == QUERY_MIN || kind == QUERY_MAX) && column_type_key(type) == COLUMN_KEY_NONE;
        for (uint32_t i = 0; i < w->count; i++) {
            query_value v;
            value_of(c, w, g->order_by, i, &v);
            r[i].null = v.null;
            r[i].number = v.number;
            r[i].text = v.text;
        }
    }
    qsort_r(r, w->count, sizeof *r, by_rank, &by);
}

static void answer(ctx *c, const work *w, query_groups *out)
{
    const query_grouping *g = w->g;
    rank *r = new_n(c->a, rank, (size_t)w->count + 1);
    order_groups(c, w, r);
    uint64_t from = g->offset < w->count ? g->offset : w->count, n = w->count - from;
    if (g->limit > 0 && g->limit < n)
        n = g->limit;
    *out = (query_groups){ .v = new_n(c->a, query_group, n + 1), .n = (size_t)n, .total = w->count };
    for (size_t i = 0; i < n; i++) {
        uint32_t group = r[from + i].group;
        query_group *o = &out->v[i];
        o->keys = new_n(c->a, str, g->by_count + 1);
        o->values = new_n(c->a, query_value, g->aggregate_count + 1);
        for (size_t k = 0; k < g->by_count; k++)
            o->keys[k] = group_key_text(c, &w->keys[k], w->tuples[(size_t)group * g->by_count + k]);
        for (size_t k = 0; k < g->aggregate_count; k++)
            value_of(c, w, k, group, &o->values[k]);
    }
}

bool query_group_by(ctx *c, query_table *t, const query_grouping *g, query_groups *out)
{
    work w = { .t = t, .g = g, .keys = new_n(c->a, group_key, g->by_count + 1) };
    *out = (query_groups){ 0 };
    if (g->by_count > QUERY_COLUMNS_MAX)
        return fail(c, INVALID, "rows are grouped by %d columns at most", QUERY_COLUMNS_MAX);
    if (g->order_by != SIZE_MAX && g->order_by >= g->aggregate_count)
        return fail(c, INVALID, "groups are ordered by one of their values, or by their keys");
    for (size_t i = 0; i < g->by_count; i++)
        if (!query_column_known(c, t, g->by[i].col) || !group_key_new(c, t, &g->by[i], &w.keys[i]))
            return false;
    for (size_t i = 0; i < g->aggregate_count; i++)
        if (g->aggregates[i].kind != QUERY_COUNT && !query_column_known(c, t, g->aggregates[i].col))
            return false;
    if (!query_filter_check(c, t, g->filter) || !prepare_sums(c, &w) || !add_rows(c, &w))
        return false;
    answer(c, &w, out);
    return true;
}
