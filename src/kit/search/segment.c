#include "kit/search/segment.h"

segment *segment_hold(segment *g)
{
    atomic_fetch_add_explicit(&g->refs, 1, memory_order_relaxed);
    return g;
}

void segment_drop(segment *g)
{
    if (g == NULL || atomic_fetch_sub_explicit(&g->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < g->number_n; i++)
        mem_free(g->number[i]);
    for (size_t i = 0; i < g->column_n; i++)
        column_free(&g->column[i]);
    void *parts[] = { g->id, g->by_id, g->length, g->title_key, g->title_end, g->number, g->column,
                      g->key, g->tail_end, g->df, g->docs_at, g->pos_at };
    for (size_t i = 0; i < array_len(parts); i++)
        mem_free(parts[i]);
    bytes_free(&g->titles);
    bytes_free(&g->tails);
    bytes_free(&g->docs);
    bytes_free(&g->pos);
    mem_free(g);
}

size_t segment_bytes(const segment *g)
{
    size_t n = sizeof *g + g->n * (8 + 1 + 8 + 4 + (g->by_id != NULL ? 4u : 0) + 8 * g->number_n)
             + g->term_n * 24 + g->titles.n + g->tails.n + g->docs.n + g->pos.n;
    for (size_t i = 0; i < g->column_n; i++)
        n += column_bytes(&g->column[i]);
    return n;
}

str segment_tail(const segment *g, size_t i)
{
    uint32_t from = i > 0 ? g->tail_end[i - 1] : 0;
    return (str){ (const char *)g->tails.p + from, g->tail_end[i] - from };
}

/* The first term that is not before (key, tail). */
static size_t lower_bound(const segment *g, uint64_t key, str tail)
{
    size_t low = 0, high = g->term_n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (g->key[mid] < key || (g->key[mid] == key && str_cmp(segment_tail(g, mid), tail) < 0))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

posting_list segment_term_at(const segment *g, size_t i)
{
    return (posting_list){ g->docs.p + g->docs_at[i], g->pos.p + g->pos_at[i], g->df[i] };
}

posting_list segment_term(const segment *g, uint64_t key, str tail)
{
    size_t i = lower_bound(g, key, tail);
    if (i == g->term_n || g->key[i] != key || !str_eq(segment_tail(g, i), tail))
        return (posting_list){ 0 };
    return segment_term_at(g, i);
}

size_t segment_first_word(const segment *g, str prefix)
{
    uint64_t key = 1;
    for (size_t i = 0; i < 7; i++)
        key = key << 8 | (i < prefix.n ? (unsigned char)prefix.p[i] : 0);
    return lower_bound(g, key, str_from(prefix, prefix.n < 7 ? prefix.n : 7));
}

str segment_word(const segment *g, size_t i, char room[8])
{
    size_t n = 0;
    for (unsigned shift = 48; n < 7; n++, shift -= 8) {
        room[n] = (char)(g->key[i] >> shift & 255);
        if (room[n] == '\0')
            break;
    }
    return (str){ room, n };
}

bool segment_doc(const segment *g, int64_t id, uint32_t *doc)
{
    uint32_t low = 0, high = g->n;     /* the first behind all with that id */
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (g->id[g->by_id != NULL ? g->by_id[mid] : mid] <= id)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0)
        return false;
    *doc = g->by_id != NULL ? g->by_id[low - 1] : low - 1;
    return g->id[*doc] == id;
}

str segment_title(const segment *g, uint32_t doc)
{
    uint32_t from = doc > 0 ? g->title_end[doc - 1] : 0;
    return (str){ (const char *)g->titles.p + from, g->title_end[doc] - from };
}

segment_draft *segment_draft_new(size_t numbers, const bool *many, size_t columns)
{
    segment_draft *d = mem_get(sizeof *d);
    d->g = mem_get(sizeof *d->g);
    atomic_init(&d->g->refs, 1);
    d->g->number_n = numbers;
    d->g->column_n = columns;
    d->g->number = mem_get(numbers * sizeof *d->g->number);
    d->g->column = mem_get(columns * sizeof *d->g->column);
    d->numbers = mem_get(numbers * sizeof *d->numbers);
    d->columns = mem_get(columns * sizeof *d->columns);
    for (size_t i = 0; i < columns; i++)
        d->columns[i].many = many[i];
    return d;
}

void segment_draft_doc(segment_draft *d, int64_t id, uint8_t length, str title, const int64_t *numbers)
{
    bytes_push(&d->id, id);
    bytes_push(&d->length, length);
    bytes_add(&d->g->titles, title.p, title.n);
    bytes_push(&d->title_end, (uint32_t)d->g->titles.n);
    for (size_t i = 0; i < d->g->number_n; i++)
        bytes_push(&d->numbers[i], numbers[i]);
}

void segment_draft_term(segment_draft *d, uint64_t key, str tail)
{
    if (d->w.df == 0)
        return;
    must(d->g->docs.n < UINT32_MAX / 2 && d->g->pos.n < UINT32_MAX / 2);
    bytes_push(&d->key, key);
    bytes_add(&d->g->tails, tail.p, tail.n);
    bytes_push(&d->tail_end, (uint32_t)d->g->tails.n);
    bytes_push(&d->df, d->w.df);
    bytes_push(&d->docs_at, (uint32_t)d->g->docs.n);
    bytes_push(&d->pos_at, (uint32_t)d->g->pos.n);
    posting_finish(&d->w, &d->g->docs, &d->g->pos);
}

typedef struct {
    int64_t  id;
    uint32_t doc;
} id_doc;

static int compare_ids(const void *x, const void *y)
{
    const id_doc *a = x, *b = y;
    return a->id != b->id ? (a->id > b->id) - (a->id < b->id) : (a->doc > b->doc) - (a->doc < b->doc);
}

static void order_by_id(segment *g)
{
    bool rising = true;
    for (uint32_t i = 1; i < g->n && rising; i++)
        rising = g->id[i] >= g->id[i - 1];
    if (rising)
        return;
    id_doc *all = mem_get(g->n * sizeof *all);
    for (uint32_t i = 0; i < g->n; i++)
        all[i] = (id_doc){ g->id[i], i };
    qsort(all, g->n, sizeof *all, compare_ids);
    g->by_id = mem_get(g->n * sizeof *g->by_id);
    for (uint32_t i = 0; i < g->n; i++)
        g->by_id[i] = all[i].doc;
    mem_free(all);
}

static void order_titles(segment *g)
{
    g->title_key = mem_get((g->n > 0 ? g->n : 1) * sizeof *g->title_key);
    for (uint32_t i = 0; i < g->n; i++) {
        str t = segment_title(g, i);
        uint64_t key = 0;
        for (size_t k = 0; k < 8; k++)
            key = key << 8 | (k < t.n ? (unsigned char)t.p[k] : 0);
        g->title_key[i] = key;
    }
}

/* Gives an array over to the segment, without its spare room. */
#define SEAL(list) mem_resize((list).v, (list).n * sizeof *(list).v)

segment *segment_seal(segment_draft *d)
{
    segment *g = d->g;
    g->n = (uint32_t)d->id.n;
    g->id = SEAL(d->id);
    g->length = SEAL(d->length);
    g->title_end = SEAL(d->title_end);
    for (size_t i = 0; i < g->number_n; i++)
        g->number[i] = SEAL(d->numbers[i]);
    for (size_t i = 0; i < g->column_n; i++)
        column_pack(&g->column[i], &d->columns[i], g->n);
    g->term_n = d->key.n;
    g->key = SEAL(d->key);
    g->tail_end = SEAL(d->tail_end);
    g->df = SEAL(d->df);
    g->docs_at = SEAL(d->docs_at);
    g->pos_at = SEAL(d->pos_at);
    bytes_shrink(&g->titles);
    bytes_shrink(&g->tails);
    bytes_shrink(&g->docs);
    bytes_shrink(&g->pos);
    order_by_id(g);
    order_titles(g);
    posting_writer_free(&d->w);
    mem_free(d->numbers);
    mem_free(d->columns);
    mem_free(d);
    return g;
}

void segment_draft_free(segment_draft *d)
{
    if (d != NULL)
        segment_drop(segment_seal(d));
}
