#include "kit/search/build.h"

#define PAGE_BITS 16
#define PAGE (1u << PAGE_BITS)
#define LINK 4u                    /* the last bytes of a slice: where the next one is */
#define SLICE_LEVELS 8u            /* 16, 32 … 2,048 bytes */

typedef struct {
    uint64_t key;
    uint32_t tail_at, tail_n;
    uint32_t df, last;             /* documents so far, the newest of them */
    uint32_t head, at, end;        /* chain: first slice, where to write, where the link stands */
    uint32_t first, newest;        /* occurrences in the document at hand, + 1 */
    uint8_t  level;
} term;

typedef struct {
    uint32_t pos, next;            /* next + 1; 0: the last */
    uint8_t  field;
} occurrence;

struct build {
    const norm *m;
    size_t text_n, number_n, column_n;
    bool  *many;
    segment_draft *draft;
    bytes_list(term) terms;
    uint32_t *slot;                /* term + 1 */
    size_t    slot_n;
    bytes     tails;
    uint8_t **page;
    size_t    page_n, page_cap;
    uint32_t  page_used;
    bytes_list(occurrence) found;  /* of the document at hand */
    bytes_list(uint32_t) met;      /* its terms */
    bytes     entry, chain;
    norm_text text;
    token_list tokens;
};

build *build_new(const norm *m, size_t texts, size_t numbers, const bool *many, size_t columns)
{
    build *b = mem_get(sizeof *b);
    *b = (build){ .m = m, .text_n = texts, .number_n = numbers, .column_n = columns };
    b->many = mem_get(columns * sizeof *many + 1);
    memcpy(b->many, many, columns * sizeof *many);
    return b;
}

/* What one segment needed; the buffers that every document uses stay. */
static void let_go(build *b)
{
    for (size_t i = 0; i < b->page_n; i++)
        mem_free(b->page[i]);
    mem_free(b->page);
    mem_free(b->terms.v);
    mem_free(b->slot);
    bytes_free(&b->tails);
    b->page = NULL;
    b->page_n = b->page_cap = b->slot_n = 0;
    b->slot = NULL;
    b->terms.v = NULL;
    b->terms.n = b->terms.cap = 0;
}

void build_free(build *b)
{
    if (b == NULL)
        return;
    segment_draft_free(b->draft);
    let_go(b);
    mem_free(b->found.v);
    mem_free(b->met.v);
    bytes_free(&b->entry);
    bytes_free(&b->chain);
    norm_text_free(&b->text);
    token_list_free(&b->tokens);
    mem_free(b->many);
    mem_free(b);
}

uint32_t build_count(const build *b)
{
    return b->draft != NULL ? (uint32_t)b->draft->id.n : 0;
}

static uint32_t new_slice(build *b, unsigned level)
{
    uint32_t size = 16u << level;
    if (b->page_n == 0 || PAGE - b->page_used < size) {
        if (b->page_n == b->page_cap) {
            b->page_cap = b->page_cap > 0 ? b->page_cap * 2 : 64;
            b->page = mem_resize(b->page, b->page_cap * sizeof *b->page);
        }
        must(b->page_n < UINT32_MAX >> PAGE_BITS);
        b->page[b->page_n++] = mem_resize(NULL, PAGE);
        b->page_used = 0;
    }
    uint32_t at = (uint32_t)((b->page_n - 1) << PAGE_BITS) | b->page_used;
    b->page_used += size;
    return at;
}

static uint8_t *store_at(build *b, uint32_t at)
{
    return b->page[at >> PAGE_BITS] + (at & (PAGE - 1));
}

static void chain_add(build *b, term *t, const uint8_t *p, size_t n)
{
    if (t->end == 0) {
        t->head = t->at = new_slice(b, 0);
        t->end = t->at + 16 - LINK;
    }
    while (n > 0) {
        if (t->at == t->end) {
            t->level = (uint8_t)(t->level + 1u < SLICE_LEVELS ? t->level + 1u : t->level);
            uint32_t next = new_slice(b, t->level);
            memcpy(store_at(b, t->end), &next, LINK);
            t->at = next;
            t->end = next + (16u << t->level) - LINK;
        }
        size_t part = t->end - t->at < n ? t->end - t->at : n;
        memcpy(store_at(b, t->at), p, part);
        t->at += (uint32_t)part;
        p += part;
        n -= part;
    }
}

static const uint8_t *chain_read(build *b, const term *t)
{
    b->chain.n = 0;
    uint32_t at = t->head;
    for (unsigned level = 0;; level += level + 1 < SLICE_LEVELS) {
        uint32_t end = at + (16u << level) - LINK;
        if (t->at >= at && t->at <= end) {
            bytes_add(&b->chain, store_at(b, at), t->at - at);
            return b->chain.p;
        }
        bytes_add(&b->chain, store_at(b, at), end - at);
        memcpy(&at, store_at(b, end), LINK);
    }
}

static uint64_t mixed(uint64_t key)
{
    key *= 0x9fb21c651e98df25u;
    return key ^ key >> 29;
}

static uint64_t term_hash(uint64_t key, str tail)
{
    return tail.n > 0 ? mixed(key ^ str_hash(tail)) : mixed(key);
}

static void grow_slots(build *b)
{
    size_t n = b->slot_n > 0 ? b->slot_n * 2 : 1024;
    mem_free(b->slot);
    b->slot = mem_get(n * sizeof *b->slot);
    b->slot_n = n;
    for (size_t i = 0; i < b->terms.n; i++) {
        const term *t = &b->terms.v[i];
        size_t k = term_hash(t->key, (str){ (char *)b->tails.p + t->tail_at, t->tail_n }) & (n - 1);
        while (b->slot[k] != 0)
            k = (k + 1) & (n - 1);
        b->slot[k] = (uint32_t)i + 1;
    }
}

static uint32_t find_term(build *b, uint64_t key, str tail)
{
    if ((b->terms.n + 1) * 2 > b->slot_n)
        grow_slots(b);
    size_t k = term_hash(key, tail) & (b->slot_n - 1);
    for (; b->slot[k] != 0; k = (k + 1) & (b->slot_n - 1)) {
        const term *t = &b->terms.v[b->slot[k] - 1];
        if (t->key == key && t->tail_n == tail.n
            && (tail.n == 0 || memcmp(b->tails.p + t->tail_at, tail.p, tail.n) == 0))
            return b->slot[k] - 1;
    }
    bytes_push(&b->terms, (term){ .key = key, .tail_at = (uint32_t)b->tails.n, .tail_n = (uint32_t)tail.n });
    bytes_add(&b->tails, tail.p, tail.n);
    b->slot[k] = (uint32_t)b->terms.n;
    return b->slot[k] - 1;
}

static void occurs(build *b, uint64_t key, str tail, uint8_t field, uint32_t pos)
{
    uint32_t i = find_term(b, key, tail);
    term *t = &b->terms.v[i];
    bytes_push(&b->found, (occurrence){ .pos = pos, .field = field });
    uint32_t at = (uint32_t)b->found.n;
    if (t->first == 0) {
        t->first = at;
        bytes_push(&b->met, i);
    } else {
        b->found.v[t->newest - 1].next = at;
    }
    t->newest = at;
}

static size_t read_text(build *b, str text, uint8_t field)
{
    norm_fold(b->m, text, &b->text);
    token_read(b->m, &b->text, &b->tokens);
    const token_list *l = &b->tokens;
    for (size_t i = 0; i < l->atoms.n; i++) {
        const token_atom *t = &l->atoms.v[i];
        occurs(b, t->key, token_tail(l, t), field, t->pos);
        if (token_pairs(l, i))
            occurs(b, token_gram(token_code(t), token_code(t + 1)), (str){ 0 }, field, t->pos);
    }
    return l->atoms.n;
}

/* The posting of one term in the document at hand: see posting.h, but the positions beside it, with their length. */
static void write_entry(build *b, term *t, uint32_t doc)
{
    unsigned mask = 0, times = 0;
    uint32_t before = 0;
    b->entry.n = 0;
    for (uint32_t i = t->first; i != 0; times++) {
        const occurrence *o = &b->found.v[i - 1];
        i = o->next;
        bool last = i == 0 || b->found.v[i - 1].field != o->field;
        posting_put_position(&b->entry, o->pos - before, last);
        before = last ? 0 : o->pos;
        mask |= 1u << o->field;
    }
    uint8_t head[16];
    bytes h = { .p = head, .cap = sizeof head };
    bytes_varint(&h, doc - t->last);
    h.p[h.n++] = (uint8_t)(times < 255 ? times : 255);
    h.p[h.n++] = (uint8_t)mask;
    bytes_varint(&h, (uint32_t)b->entry.n);
    chain_add(b, t, h.p, h.n);
    chain_add(b, t, b->entry.p, b->entry.n);
    t->last = doc;
    t->df++;
    t->first = t->newest = 0;
}

uint32_t build_put(build *b, int64_t id, const str *texts, str sort_title, const int64_t *numbers,
                   uint32_t *const *values, const size_t *value_n)
{
    if (b->draft == NULL)
        b->draft = segment_draft_new(b->number_n, b->many, b->column_n);
    uint32_t doc = build_count(b);
    size_t length = 0;
    b->found.n = b->met.n = 0;
    for (size_t f = 0; f < b->text_n; f++) {
        size_t n = read_text(b, texts[f], (uint8_t)f);
        length = f == 0 ? n : length;
    }
    for (size_t i = 0; i < b->met.n; i++)
        write_entry(b, &b->terms.v[b->met.v[i]], doc);
    segment_draft_doc(b->draft, id, (uint8_t)(length < 255 ? length : 255), sort_title, numbers);
    for (size_t k = 0; k < b->column_n; k++)
        column_put(&b->draft->columns[k], values[k], value_n[k]);
    return doc;
}

typedef struct {
    const term *t;
    const char *tails;
} order_item;

static int compare_terms(const void *x, const void *y)
{
    const order_item *a = x, *b = y;
    if (a->t->key != b->t->key)
        return a->t->key > b->t->key ? 1 : -1;
    return str_cmp((str){ a->tails + a->t->tail_at, a->t->tail_n }, (str){ b->tails + b->t->tail_at, b->t->tail_n });
}

static void seal_term(build *b, const term *t)
{
    const uint8_t *p = chain_read(b, t);
    uint32_t doc = 0;
    for (uint32_t i = 0; i < t->df; i++) {
        doc += bytes_take(&p);
        uint16_t meta = (uint16_t)(p[0] << 8 | p[1]);
        p += 2;
        uint32_t n = bytes_take(&p);
        posting_add(&b->draft->w, doc, meta, p, n);
        p += n;
    }
    segment_draft_term(b->draft, t->key, (str){ (char *)b->tails.p + t->tail_at, t->tail_n });
}

segment *build_seal(build *b)
{
    if (b->draft == NULL)
        return NULL;
    order_item *all = mem_get(b->terms.n * sizeof *all);
    for (size_t i = 0; i < b->terms.n; i++)
        all[i] = (order_item){ &b->terms.v[i], (const char *)b->tails.p };
    if (b->terms.n > 1)
        qsort(all, b->terms.n, sizeof *all, compare_terms);
    for (size_t i = 0; i < b->terms.n; i++)
        seal_term(b, all[i].t);
    mem_free(all);
    let_go(b);
    segment *g = segment_seal(b->draft);
    b->draft = NULL;
    return g;
}
