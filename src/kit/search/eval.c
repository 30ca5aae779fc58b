#include "kit/search/eval.h"

#include "kit/search/phrase.h"

static const inside_set nothing;

inside_set eval_live(inside_run *r, size_t part)
{
    const version_part *p = &r->v->parts[part];
    uint64_t *bits = inside_bits(r);
    bits_fill(bits, p->g->n);
    for (size_t i = 0, words = BITS_WORDS(p->g->n); p->dead != NULL && i < words; i++)
        bits[i] &= ~p->dead->bits[i];
    return (inside_set){ .bits = bits, .n = p->g->n - (p->dead != NULL ? p->dead->count : 0) };
}

const uint32_t *eval_list(inside_run *r, const inside_set *set)
{
    if (set->bits == NULL)
        return set->v;
    uint32_t *v = inside_list(r, set->n);
    (void)bits_list(set->bits, BITS_WORDS(r->g->n), v);
    return v;
}

static inside_set meet_bits(inside_run *r, const uint64_t *x, const uint64_t *y)
{
    size_t words = BITS_WORDS(r->g->n);
    uint64_t *bits = scratch_n(r->w, uint64_t, words);
    for (size_t i = 0; i < words; i++)
        bits[i] = x[i] & y[i];
    return (inside_set){ .bits = bits, .n = bits_count(bits, words) };
}

/* The place of the first that is not below x, by doubling steps from i. */
static uint32_t gallop(const uint32_t *v, uint32_t n, uint32_t i, uint32_t x)
{
    uint32_t step = 1;
    while (i + step < n && v[i + step] < x) {
        i += step;
        step *= 2;
    }
    uint32_t high = i + step < n ? i + step : n;
    while (i < high) {
        uint32_t mid = (i + high) / 2;
        if (v[mid] < x)
            i = mid + 1;
        else
            high = mid;
    }
    return i;
}

static inside_set meet_lists(inside_run *r, const inside_set *x, const inside_set *y)
{
    const inside_set *few = x->n <= y->n ? x : y, *many = few == x ? y : x;
    uint32_t *v = inside_list(r, few->n), n = 0;
    if (many->n / 8 > few->n) {
        for (uint32_t i = 0, k = 0; i < few->n && k < many->n; i++) {
            k = gallop(many->v, many->n, k, few->v[i]);
            if (k < many->n && many->v[k] == few->v[i])
                v[n++] = few->v[i];
        }
    } else {
        for (uint32_t i = 0, k = 0; i < few->n && k < many->n;) {
            uint32_t a = few->v[i], b = many->v[k];
            v[n] = a;
            n += a == b;
            i += a <= b;
            k += b <= a;
        }
    }
    return (inside_set){ .v = v, .n = n };
}

inside_set eval_meet(inside_run *r, const inside_set *x, const inside_set *y)
{
    if (eval_is_all(r, x))
        return *y;
    if (eval_is_all(r, y))
        return *x;
    if (x->n == 0 || y->n == 0)
        return nothing;
    if (x->bits != NULL && y->bits != NULL)
        return meet_bits(r, x->bits, y->bits);
    if (x->bits == NULL && y->bits == NULL)
        return meet_lists(r, x, y);
    const inside_set *list = x->bits == NULL ? x : y;
    const uint64_t *bits = x->bits != NULL ? x->bits : y->bits;
    uint32_t *v = inside_list(r, list->n), n = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        v[n] = list->v[i];
        n += bits_has(bits, list->v[i]);
    }
    return (inside_set){ .v = v, .n = n };
}

static inside_set minus(inside_run *r, const inside_set *x, const inside_set *y)
{
    if (y->n == 0)
        return *x;
    size_t words = BITS_WORDS(r->g->n);
    uint64_t *bits = inside_bits(r);
    bits_fill(bits, r->g->n);
    if (y->bits != NULL)
        for (size_t i = 0; i < words; i++)
            bits[i] &= ~y->bits[i];
    else
        for (uint32_t i = 0; i < y->n; i++)
            bits_drop(bits, y->v[i]);
    inside_set rest = { .bits = bits, .n = bits_count(bits, words) };
    return eval_meet(r, x, &rest);
}

/* All postings, then only those in the wanted fields and within. */
static uint32_t all_postings(inside_run *r, const plan *p, posting_list l, const inside_set *within, uint32_t *docs,
                             uint16_t *meta)
{
    uint32_t n = posting_all(l, docs, meta), kept = 0;
    bool any_field = p->fields == 0, all = eval_is_all(r, within);
    if (any_field && all)
        return n;
    uint16_t mask = (uint16_t)(any_field ? 0xffff : 0xff00 | (p->fields & 0xff));
    if (all || within->bits != NULL) {
        for (uint32_t i = 0; i < n; i++) {
            uint32_t doc = docs[i];
            uint16_t m = meta[i] & mask;
            docs[kept] = doc;
            meta[kept] = m;
            kept += (m & 0xff) != 0 && (all || bits_has(within->bits, doc));
        }
        return kept;
    }
    for (uint32_t i = 0, k = 0; i < n && k < within->n;) {
        uint32_t a = docs[i], b = within->v[k];
        uint16_t m = meta[i] & mask;
        docs[kept] = a;
        meta[kept] = m;
        kept += a == b && (m & 0xff) != 0;
        i += a <= b;
        k += b <= a;
    }
    return kept;
}

static uint32_t sought_postings(inside_run *r, const plan *p, posting_list l, const inside_set *within, uint32_t *docs,
                                uint16_t *meta)
{
    posting_cursor *k = scratch_get(r->w, sizeof *k);
    uint16_t mask = (uint16_t)(p->fields == 0 ? 0xffff : 0xff00 | (p->fields & 0xff));
    uint32_t n = 0;
    posting_open(k, l);
    for (uint32_t i = 0; i < within->n && posting_seek(k, within->v[i]); i++) {
        uint16_t m = k->meta[k->i] & mask;
        docs[n] = within->v[i];
        meta[n] = m;
        n += k->doc[k->i] == within->v[i] && (m & 0xff) != 0;
    }
    return n;
}

static void eval_terms(inside_run *r, plan *p, const inside_set *within, inside_set *out)
{
    *out = nothing;
    if (p->atom_n > 1) {
        phrase_find(r, p, within);
    } else {
        posting_list l = segment_term(r->g, p->atoms[0].key, p->atoms[0].tail);
        bool seek = within->bits == NULL && within->n < l.df / 16;
        uint32_t *docs = inside_list(r, seek ? within->n : l.df);
        uint16_t *meta = scratch_n(r->w, uint16_t, (seek ? within->n : l.df) + 1);
        p->hits = l.df == 0 ? 0
                : seek ? sought_postings(r, p, l, within, docs, meta) : all_postings(r, p, l, within, docs, meta);
        p->docs = docs;
        p->meta = meta;
    }
    *out = (inside_set){ .v = p->docs, .n = p->hits };
}

static void eval_value(inside_run *r, const plan *p, const inside_set *within, inside_set *out)
{
    const column *k = &r->g->column[inside_column(r->s, p->field)];
    size_t words = BITS_WORDS(r->g->n);
    inside_set one = nothing;
    uint64_t *sum = NULL;
    for (size_t i = 0; i < p->number_n; i++) {
        uint32_t at = column_find(k, p->numbers[i]);
        if (at == k->value_n)
            continue;
        uint32_t n = k->start[at + 1] - k->start[at];
        if (p->number_n == 1) {
            one = k->bits != NULL ? (inside_set){ .bits = k->bits[at], .n = n }
                                  : (inside_set){ .v = k->doc + k->start[at], .n = n };
            break;
        }
        if (sum == NULL)
            sum = inside_bits(r);
        for (size_t w = 0; k->bits != NULL && w < words; w++)
            sum[w] |= k->bits[at][w];
        for (uint32_t d = 0; k->bits == NULL && d < n; d++)
            bits_put(sum, k->doc[k->start[at] + d]);
    }
    if (sum != NULL)
        one = (inside_set){ .bits = sum, .n = bits_count(sum, words) };
    *out = eval_meet(r, within, &one);
}

static void eval_any(inside_run *r, const plan *p, const inside_set *within, inside_set *out)
{
    const column *k = &r->g->column[inside_column(r->s, p->field)];
    const uint32_t *docs = eval_list(r, within);
    uint32_t *v = inside_list(r, within->n), n = 0;
    for (uint32_t i = 0; i < within->n; i++) {
        v[n] = docs[i];
        n += k->many ? column_end(k, docs[i]) > column_begin(k, docs[i]) : column_code(k, docs[i]) != 0;
    }
    *out = (inside_set){ .v = v, .n = n };
}

static void eval_range(inside_run *r, const plan *p, const inside_set *within, inside_set *out)
{
    const int64_t *x = r->g->number[p->field];
    int64_t lo = p->lo, hi = p->hi;
    if (within->bits == NULL) {
        uint32_t *v = inside_list(r, within->n), n = 0;
        for (uint32_t i = 0; i < within->n; i++) {
            v[n] = within->v[i];
            n += x[within->v[i]] >= lo && x[within->v[i]] <= hi;
        }
        *out = (inside_set){ .v = v, .n = n };
        return;
    }
    uint64_t *bits = inside_bits(r);
    for (uint32_t i = 0; i < r->g->n; i++)
        bits[i >> 6] |= (uint64_t)(x[i] >= lo && x[i] <= hi) << (i & 63);
    *out = meet_bits(r, bits, within->bits);
}

static int compare_docs(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

static void eval_ids(inside_run *r, const plan *p, const inside_set *within, inside_set *out)
{
    must(p->id_n < UINT32_MAX);
    uint32_t *v = inside_list(r, (uint32_t)p->id_n), n = 0, kept = 0;
    for (size_t i = 0; i < p->id_n; i++)
        n += segment_doc(r->g, p->ids[i], &v[n]);
    if (n > 1)
        qsort(v, n, sizeof *v, compare_docs);
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || v[kept - 1] != v[i])
            v[kept++] = v[i];
    inside_set found = { .v = v, .n = kept };
    *out = eval_meet(r, within, &found);
}

/* How many documents it will look at, about. */
static uint32_t cost(inside_run *r, const plan *p)
{
    uint32_t least = r->g->n, sum = 0;
    switch (p->op) {
    case PLAN_NONE:
        return 0;
    case PLAN_TERMS:
        for (size_t i = 0; i < p->atom_n; i++) {
            uint32_t df = segment_term(r->g, p->atoms[i].key, p->atoms[i].tail).df;
            least = df < least ? df : least;
        }
        return least;
    case PLAN_VALUE: {
        const column *k = &r->g->column[inside_column(r->s, p->field)];
        for (size_t i = 0; i < p->number_n && sum < r->g->n; i++) {
            uint32_t at = column_find(k, p->numbers[i]);
            sum += at < k->value_n ? k->start[at + 1] - k->start[at] : 0;
        }
        return sum < r->g->n ? sum : r->g->n;
    }
    case PLAN_AND:
        for (size_t i = 0; i < p->kid_n; i++) {
            uint32_t n = cost(r, p->kids[i]);
            least = n < least ? n : least;
        }
        return least;
    case PLAN_OR:
        for (size_t i = 0; i < p->kid_n && sum < r->g->n; i++)
            sum += cost(r, p->kids[i]);
        return sum < r->g->n ? sum : r->g->n;
    case PLAN_IDS:
        return p->id_n < r->g->n ? (uint32_t)p->id_n : r->g->n;
    default:
        return r->g->n;
    }
}

/* The rarest first: each looks only at what is left. */
static bool eval_and(inside_run *r, plan *p, const inside_set *within, inside_set *out)
{
    uint32_t *costs = inside_list(r, (uint32_t)p->kid_n);
    bool *done = memset(scratch_n(r->w, bool, p->kid_n + 1), 0, p->kid_n);
    for (size_t i = 0; i < p->kid_n; i++)
        costs[i] = cost(r, p->kids[i]);
    *out = *within;
    for (size_t turn = 0; turn < p->kid_n && out->n > 0; turn++) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < p->kid_n; i++)
            if (!done[i] && (best == SIZE_MAX || costs[i] < costs[best]))
                best = i;
        done[best] = true;
        inside_set left = *out;
        if (!eval_plan(r, p->kids[best], &left, out))
            return false;
    }
    return true;
}

static bool eval_or(inside_run *r, plan *p, const inside_set *within, inside_set *out)
{
    uint64_t *sum = inside_bits(r);
    size_t words = BITS_WORDS(r->g->n);
    for (size_t i = 0; i < p->kid_n; i++) {
        inside_set one;
        if (!eval_plan(r, p->kids[i], within, &one))
            return false;
        p->kids[i]->found = one;
        for (size_t w = 0; one.bits != NULL && w < words; w++)
            sum[w] |= one.bits[w];
        for (uint32_t k = 0; one.bits == NULL && k < one.n; k++)
            bits_put(sum, one.v[k]);
    }
    *out = (inside_set){ .bits = sum, .n = bits_count(sum, words) };
    if (out->n < r->g->n / 16)
        *out = (inside_set){ .v = eval_list(r, out), .n = out->n };
    return true;
}

bool eval_plan(inside_run *r, plan *p, const inside_set *within, inside_set *out)
{
    inside_set kid;
    *out = nothing;
    if (within->n == 0)
        return true;
    if (!ctx_in_time(r->c))
        return false;
    switch (p->op) {
    case PLAN_NONE:
        return true;
    case PLAN_ALL:
        *out = *within;
        return true;
    case PLAN_AND:
        return eval_and(r, p, within, out);
    case PLAN_OR:
        return eval_or(r, p, within, out);
    case PLAN_NOT:
        if (!eval_plan(r, p->kids[0], within, &kid))
            return false;
        *out = minus(r, within, &kid);
        return true;
    case PLAN_TERMS:
        eval_terms(r, p, within, out);
        return true;
    case PLAN_VALUE:
        eval_value(r, p, within, out);
        return true;
    case PLAN_ANY:
        eval_any(r, p, within, out);
        return true;
    case PLAN_RANGE:
        eval_range(r, p, within, out);
        return true;
    case PLAN_IDS:
        eval_ids(r, p, within, out);
        return true;
    }
    return true;
}
