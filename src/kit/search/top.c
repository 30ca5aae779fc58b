#include "kit/search/top.h"

#define CHUNK 256

static uint64_t number_key(int64_t x, bool descending)
{
    if (x == SEARCH_NO_NUMBER)
        return 0;                        /* what has none comes last, whichever way */
    uint64_t key = (uint64_t)x ^ UINT64_C(1) << 63;
    return descending ? key : ~key;
}

static uint64_t score_key(float score)
{
    uint32_t bits;
    memcpy(&bits, &score, sizeof bits);  /* of numbers that are not negative the bits rise with them */
    return bits;
}

/* The value that a document has in a field of one; empty: none. */
static str value_of(const top *t, int field, const segment *g, uint32_t doc)
{
    uint32_t code = column_code(&g->column[field], doc);
    return code > 0 ? values_text(&t->r->s->values[field], code - 1) : (str){ 0 };
}

/* Its first seven bytes behind a mark that there is one: 0 comes last whichever way. */
static uint64_t value_key(str text, bool descending)
{
    uint64_t key = 0;
    if (text.n == 0)
        return 0;
    for (size_t i = 0; i < 7; i++)
        key = key << 8 | (i < text.n ? (unsigned char)text.p[i] : 0);
    return UINT64_C(1) << 63 | (descending ? key : ~key & UINT64_C(0xffffffffffffff));
}

static uint64_t key_of(const top *t, const search_sort *s, const segment *g, uint32_t doc, float score)
{
    switch (s->by) {
    case SORT_SCORE:
        return score_key(score);
    case SORT_NUMBER:
        return number_key(g->number[s->field][doc], s->descending);
    case SORT_VALUE:
        return value_key(value_of(t, s->field, g, doc), s->descending);
    case SORT_TITLE:
        return s->descending ? g->title_key[doc] : ~g->title_key[doc];
    case SORT_ID:
        break;
    }
    return number_key(g->id[doc], s->descending);
}

static void keys_of(const top *t, const segment *g, const uint32_t *docs, uint32_t n, const float *scores,
                    uint64_t *keys)
{
    const search_sort *s = &t->sort[0];
    if (s->by == SORT_NUMBER) {
        const int64_t *x = g->number[s->field];
        for (uint32_t i = 0; i < n; i++)
            keys[i] = number_key(x[docs[i]], s->descending);
    } else if (s->by == SORT_SCORE) {
        for (uint32_t i = 0; i < n; i++)
            keys[i] = score_key(scores != NULL ? scores[i] : 0);
    } else {
        for (uint32_t i = 0; i < n; i++)
            keys[i] = key_of(t, s, g, docs[i], 0);
    }
}

/* Is a better than b? */
static bool better(const top *t, const top_hit *a, const top_hit *b)
{
    if (a->key != b->key)
        return a->key > b->key;
    const segment *g = t->r->v->parts[a->part].g, *h = t->r->v->parts[b->part].g;
    for (size_t i = 0; i < t->sort_n; i++) {
        const search_sort *s = &t->sort[i];
        uint64_t x = key_of(t, s, g, a->doc, a->score), y = key_of(t, s, h, b->doc, b->score);
        if (x != y)
            return x > y;
        int c = s->by == SORT_TITLE ? str_cmp(segment_title(g, a->doc), segment_title(h, b->doc))
              : s->by == SORT_VALUE ? str_cmp(value_of(t, s->field, g, a->doc), value_of(t, s->field, h, b->doc)) : 0;
        if (c != 0)
            return s->descending ? c > 0 : c < 0;
    }
    return g->id[a->doc] < h->id[b->doc];
}

void top_start(top *t, inside_run *r, const search_query *q, bool scored)
{
    static const search_sort usual[] = { { .by = SORT_SCORE }, { .by = SORT_NUMBER, .descending = true } };
    const search_sort *sort = q->sort_count > 0 ? q->sort : usual;
    size_t n = q->sort_count > 0 ? q->sort_count : r->s->number_n > 0 ? 2 : 1;
    *t = (top){ .r = r, .after_id = q->after_id };
    for (size_t i = 0; i < n && i < array_len(t->sort); i++)
        if (scored || sort[i].by != SORT_SCORE)
            t->sort[t->sort_n++] = sort[i];
    if (t->sort_n == 0)
        t->sort[t->sort_n++] = (search_sort){ .by = SORT_ID };
    uint64_t most = (uint64_t)q->start + q->rows;
    t->most = most < (uint64_t)r->v->docs ? (size_t)most : (size_t)r->v->docs;
    t->heap = scratch_n(r->w, top_hit, t->most + 1);
}

static void sink(top *t, size_t i)
{
    top_hit x = t->heap[i];
    for (size_t kid; (kid = 2 * i + 1) < t->n; i = kid) {
        kid += kid + 1 < t->n && better(t, &t->heap[kid], &t->heap[kid + 1]);
        if (!better(t, &x, &t->heap[kid]))
            break;
        t->heap[i] = t->heap[kid];
    }
    t->heap[i] = x;
}

static void take(top *t, const top_hit *x)
{
    if (t->n == t->most) {
        if (better(t, x, &t->heap[0])) {
            t->heap[0] = *x;
            sink(t, 0);
        }
        return;
    }
    size_t i = t->n++;
    for (; i > 0 && better(t, &t->heap[(i - 1) / 2], x); i = (i - 1) / 2)
        t->heap[i] = t->heap[(i - 1) / 2];
    t->heap[i] = *x;
}

void top_offer(top *t, uint32_t part, const uint32_t *docs, uint32_t n, const float *scores)
{
    const segment *g = t->r->v->parts[part].g;
    uint64_t keys[CHUNK];
    for (uint32_t from = 0; from < n && t->most > 0; from += CHUNK) {
        uint32_t some = n - from < CHUNK ? n - from : CHUNK;
        keys_of(t, g, docs + from, some, scores != NULL ? scores + from : NULL, keys);
        uint64_t least = t->n == t->most ? t->heap[0].key : 0;
        for (uint32_t i = 0; i < some; i++) {
            if (keys[i] < least || (t->after_id > 0 && g->id[docs[from + i]] <= t->after_id))
                continue;
            take(t, &(top_hit){ keys[i], part, docs[from + i], scores != NULL ? scores[from + i] : 0 });
            least = t->n == t->most ? t->heap[0].key : 0;
        }
    }
}

void top_order(top *t)
{
    size_t n = t->n;
    while (t->n > 1) {
        top_hit worst = t->heap[0];
        t->heap[0] = t->heap[--t->n];
        sink(t, 0);
        t->heap[t->n] = worst;
    }
    t->n = n;
}
