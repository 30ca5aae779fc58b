/* Walking what a filter leaves, in an order: pages, exports, counts. */
#include "kit/query/select.h"

#define FEW 20000       /* rows that are sorted by themselves instead of walking an order of all */

static bool filter_bits(ctx *c, const query_table *t, const query_filter *f, uint64_t **out)
{
    uint64_t *bits = new_n(c->a, uint64_t, SCAN_WORDS(t->rows) + 1);
    *out = bits;
    if (t->n == 1)
        return query_filter_segment(c, t, 0, f, bits);
    for (size_t i = 0; i < t->n; i++) {
        arena_mark m = arena_here(c->a);
        uint64_t rows = column_file_rows(t->files[i]);
        uint64_t *part = new_n(c->a, uint64_t, SCAN_WORDS(rows) + 1);
        if (!query_filter_segment(c, t, i, f, part))
            return false;
        unsigned shift = (unsigned)(t->first[i] % 64);
        uint64_t *to = bits + t->first[i] / 64;
        for (size_t w = 0; w < SCAN_WORDS(rows); w++) {
            to[w] |= part[w] << shift;
            if (shift > 0 && part[w] >> (64 - shift) != 0)
                to[w + 1] |= part[w] >> (64 - shift);
        }
        arena_back(c->a, m);
    }
    return true;
}

static bool check(ctx *c, const query_table *t, const query_filter *f, int depth)
{
    if (depth > QUERY_DEPTH_MAX)
        return fail(c, INVALID, "a filter may be nested %d deep at most", QUERY_DEPTH_MAX);
    if (f->op == QUERY_AND || f->op == QUERY_OR || f->op == QUERY_NOT) {
        for (size_t i = 0; i < f->kid_count; i++)
            if (!check(c, t, &f->kids[i], depth + 1))
                return false;
        return f->op != QUERY_NOT || f->kid_count == 1 || fail(c, INVALID, "“not” takes one condition");
    }
    return f->op == QUERY_WORDS || f->op == QUERY_ROWS || query_column_known(c, t, f->col);
}

bool query_filter_check(ctx *c, const query_table *t, const query_filter *f)
{
    return f == NULL || check(c, t, f, 0);
}

bool query_count(ctx *c, query_table *t, const query_filter *f, uint64_t *n)
{
    uint64_t *bits;
    *n = t->rows;
    if (f == NULL)
        return true;
    arena_mark m = arena_here(c->a);
    if (!query_filter_check(c, t, f) || !filter_bits(c, t, f, &bits))
        return false;
    *n = scan_count(bits, SCAN_WORDS(t->rows));
    arena_back(c->a, m);
    return true;
}

/* --- orders by several columns, or of few places --- */

/* Places from … to of what was selected: the walk has no others then. */
static bool take_places(ctx *c, const query_table *t, const query_sort *sort, size_t n, uint64_t from, uint64_t to, query_walk *w)
{
    sort_rule r;
    uint32_t *rows = new_n(c->a, uint32_t, to - from + 1);
    if (!sort_rule_new(c, t, sort, n, &r) || !select_places(c, &r, w->bits, w->total, from, to, rows))
        return false;
    *w = (query_walk){ .t = t, .order = rows, .places = to - from, .nulls_first = true, .total = w->total };
    return true;
}

/* Place in its column's order for each row, equal values having the same; nulls where the sort wants them; descending ones negated. */
static bool ranks(ctx *c, query_table *t, const query_sort *s, uint32_t *rank)
{
    const uint32_t *order;
    query_column q;
    for (uint64_t i = 0; s->col == QUERY_ROW && i < t->rows; i++)
        rank[i] = (uint32_t)(s->desc ? t->rows - i : i);
    if (s->col == QUERY_ROW)
        return true;
    if (!query_order(c, t, s->col, &order) || !query_column_use(c, t, s->col, &q))
        return false;
    uint64_t nulls = query_nulls(t, s->col);
    uint32_t now = 0, last = (uint32_t)t->rows;
    for (uint64_t i = 0; i < t->rows; i++) {
        if (i < nulls) {
            rank[order[i]] = s->nulls_first ? 0 : last + 1;
            continue;
        }
        if (i == nulls || query_compare(&q, order[i - 1], order[i]) != 0)
            now++;
        rank[order[i]] = s->desc ? last + 1 - now : now;
    }
    return true;
}

/* Rows by the last column first, each sort stable: at the end the first column rules. */
static bool sort_many(ctx *c, query_table *t, const query_sort *sort, size_t n, query_walk *w)
{
    size_t rows = t->rows;
    uint32_t *order = new_n(c->a, uint32_t, rows + 1), *aside = new_n(c->a, uint32_t, rows + 1), *rank = new_n(c->a, uint32_t, rows + 1);
    for (size_t i = 0; i < rows; i++)
        order[i] = (uint32_t)i;
    for (size_t k = n; k > 0; k--) {
        if (!ctx_in_time(c) || !ranks(c, t, &sort[k - 1], rank))
            return false;
        for (unsigned shift = 0; shift < 32; shift += 16) {
            uint32_t *at = arena_get(c->a, 65537 * sizeof *at);
            for (size_t i = 0; i < rows; i++)
                at[(rank[i] >> shift & 0xffff) + 1]++;
            for (size_t d = 1; d <= 65536; d++)
                at[d] += at[d - 1];
            for (size_t i = 0; i < rows; i++)
                aside[at[rank[order[i]] >> shift & 0xffff]++] = order[i];
            uint32_t *x = order;
            order = aside;
            aside = x;
        }
    }
    w->order = order;
    w->places = rows;
    w->nulls_first = true; /* they stand where they belong already */
    return true;
}

static bool check_sort(ctx *c, const query_table *t, const query_sort *sort, size_t n)
{
    if (n > QUERY_COLUMNS_MAX)
        return fail(c, INVALID, "rows are sorted by %d columns at most", QUERY_COLUMNS_MAX);
    for (size_t i = 0; i < n; i++)
        if (sort[i].col != QUERY_ROW && !query_column_known(c, t, sort[i].col))
            return false;
    return true;
}

/* The rows that are left, in the order of the table. */
static bool start(ctx *c, query_table *t, const query_filter *f, const query_sort *sort, size_t n, query_walk *w)
{
    *w = (query_walk){ .t = t, .places = t->rows, .total = t->rows };
    if (!check_sort(c, t, sort, n) || !query_filter_check(c, t, f))
        return false;
    if (f != NULL) {
        uint64_t *bits;
        if (!filter_bits(c, t, f, &bits))
            return false;
        w->bits = bits;
        w->total = scan_count(bits, SCAN_WORDS(t->rows));
    }
    w->back = n > 0 && sort[0].col == QUERY_ROW && sort[0].desc;
    return true;
}

static bool in_table_order(const query_walk *w, const query_sort *sort, size_t n)
{
    return n == 0 || w->total == 0 || sort[0].col == QUERY_ROW;
}

static void take_order(const query_table *t, const query_sort *s, const uint32_t *order, query_walk *w)
{
    w->order = order;
    w->back = s->desc;
    w->nulls_first = s->nulls_first;
    w->nulls = query_nulls(t, s->col);
}

static bool put_in_order(ctx *c, query_table *t, const query_sort *sort, size_t n, query_walk *w)
{
    const uint32_t *order;
    if (in_table_order(w, sort, n))
        return true;
    if (w->bits != NULL && w->total <= FEW)
        return take_places(c, t, sort, n, 0, w->total, w);
    if (n > 1)
        return sort_many(c, t, sort, n, w);
    if (!query_order(c, t, sort[0].col, &order))
        return false;
    take_order(t, sort, order, w);
    return true;
}

bool query_select(ctx *c, query_table *t, const query_filter *f, const query_sort *sort, size_t n, query_walk *w)
{
    return start(c, t, f, sort, n, w) && put_in_order(c, t, sort, n, w);
}

bool query_page(ctx *c, query_table *t, const query_filter *f, const query_sort *sort, size_t n, uint64_t offset, uint64_t limit, query_walk *w)
{
    if (!start(c, t, f, sort, n, w))
        return false;
    const uint64_t from = offset < w->total ? offset : w->total, to = limit < w->total - from ? from + limit : w->total;
    if (!in_table_order(w, sort, n) && to - from <= FEW) {
        const bool few = w->bits != NULL && w->total <= FEW;
        const bool wants_order = n == 1 && !few && t->rows > FEW && !query_has_order(t, sort[0].col);
        if (wants_order)
            query_order_ahead(t, sort[0].col);
        if (few || n > 1 || wants_order)
            return take_places(c, t, sort, n, from, to, w);
    }
    if (!put_in_order(c, t, sort, n, w))
        return false;
    query_skip(w, offset);
    return true;
}

/* --- walking --- */

/* The order has its nulls first; the walk wants them at one of its ends, and the rest forwards or back. */
static uint32_t row_at(const query_walk *w, uint64_t place)
{
    uint64_t rest = w->places - w->nulls;
    if (w->order == NULL)
        return (uint32_t)(w->back ? w->places - 1 - place : place);
    bool null = w->nulls_first ? place < w->nulls : place >= rest;
    if (null) {
        uint64_t i = w->nulls_first ? place : place - rest;
        return w->order[w->back ? w->nulls - 1 - i : i];
    }
    uint64_t i = w->nulls_first ? place - w->nulls : place;
    return w->order[w->back ? w->places - 1 - i : w->nulls + i];
}

static void skip_bits(query_walk *w, uint64_t n)
{
    while (n > 0 && w->at < w->places) {
        uint64_t word = w->bits[w->at / 64] >> (w->at % 64), here = 64 - w->at % 64;
        uint64_t count = (uint64_t)__builtin_popcountll(word);
        if (count <= n) {
            n -= count;
            w->at += here;
            continue;
        }
        while (n > 0) {
            n -= word & 1;
            word >>= 1;
            w->at++;
        }
    }
}

void query_skip(query_walk *w, uint64_t n)
{
    if (w->bits == NULL) {
        w->at = n < w->places - w->at ? w->at + n : w->places;
        return;
    }
    if (w->order == NULL && !w->back) {
        skip_bits(w, n);
        return;
    }
    for (; n > 0 && w->at < w->places; w->at++)
        n -= scan_has(w->bits, row_at(w, w->at));
}

static size_t next_bits(query_walk *w, uint32_t *rows, size_t most)
{
    size_t n = 0;
    while (n < most && w->at < w->places) {
        uint64_t word = w->bits[w->at / 64] >> (w->at % 64);
        if (word == 0) {
            w->at = (w->at / 64 + 1) * 64;
            continue;
        }
        w->at += (uint64_t)__builtin_ctzll(word);
        rows[n++] = (uint32_t)w->at++;
    }
    return n;
}

size_t query_next(query_walk *w, uint32_t *rows, size_t most)
{
    size_t n = 0;
    if (w->order == NULL && w->bits != NULL && !w->back)
        return next_bits(w, rows, most);
    while (n < most && w->at < w->places) {
        uint32_t row = row_at(w, w->at);
        w->at++;
        if (w->bits == NULL || scan_has(w->bits, row))
            rows[n++] = row;
    }
    return n;
}
