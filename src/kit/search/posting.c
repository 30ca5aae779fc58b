#include "kit/search/posting.h"

typedef struct {
    uint32_t last, docs_end, pos_end;
} skip;

static uint32_t block_count(posting_list l)
{
    return (l.df + POSTING_BLOCK - 1) / POSTING_BLOCK;
}

static size_t skip_bytes(posting_list l)
{
    return l.df > POSTING_BLOCK ? block_count(l) * sizeof(skip) : 0;
}

static skip skip_at(posting_list l, uint32_t block)
{
    skip s;
    memcpy(&s, l.docs + block * sizeof s, sizeof s);
    return s;
}

static inline const uint8_t *take(const uint8_t *p, uint32_t *doc, uint16_t *meta)
{
    uint32_t v = bytes_take(&p);
    *doc += v >> 1;
    uint32_t times = 1;
    if ((v & 1) != 0)
        times = *p++;
    *meta = (uint16_t)(*p++ | times << 8);
    return p;
}

uint32_t posting_all(posting_list l, uint32_t *docs, uint16_t *meta)
{
    const uint8_t *p = l.docs + skip_bytes(l);
    uint32_t doc = 0;
    for (uint32_t i = 0; i < l.df; i++) {
        p = take(p, &doc, &meta[i]);
        docs[i] = doc;
    }
    return l.df;
}

static void read_block(posting_cursor *c, uint32_t block)
{
    skip before = { 0 };
    if (block > 0)
        before = skip_at(c->list, block - 1);
    const uint8_t *p = c->list.docs + skip_bytes(c->list) + before.docs_end;
    uint32_t doc = before.last;
    c->block = block;
    c->n = block + 1 < c->blocks ? POSTING_BLOCK : c->list.df - block * POSTING_BLOCK;
    for (uint32_t i = 0; i < c->n; i++) {
        p = take(p, &doc, &c->meta[i]);
        c->doc[i] = doc;
    }
    c->i = 0;
    c->pos_i = 0;
    c->pos_at = c->list.pos + before.pos_end;
}

void posting_open(posting_cursor *c, posting_list l)
{
    c->list = l;
    c->blocks = block_count(l);
    c->block = c->n = c->i = 0;
    if (c->blocks > 0)
        read_block(c, 0);
}

/* The first block that ends at or behind doc: by doubling steps, then by halves. */
static uint32_t block_of(const posting_cursor *c, uint32_t doc)
{
    uint32_t low = c->block + 1, step = 1;
    while (low + step < c->blocks && skip_at(c->list, low + step - 1).last < doc) {
        low += step;
        step *= 2;
    }
    uint32_t high = low + step < c->blocks ? low + step : c->blocks;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (skip_at(c->list, mid).last < doc)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool posting_seek(posting_cursor *c, uint32_t doc)
{
    if (c->block >= c->blocks)
        return false;
    if (c->doc[c->n - 1] < doc) {
        uint32_t b = c->block + 1 < c->blocks ? block_of(c, doc) : c->blocks;
        if (b >= c->blocks) {
            c->block = c->blocks;
            return false;
        }
        read_block(c, b);
    }
    uint32_t i = c->i, n = c->n;
    if (i + 16 < n && c->doc[i + 16] < doc) {
        uint32_t high = n - 1;
        for (i += 16; i < high;) {
            uint32_t mid = (i + high) / 2;
            if (c->doc[mid] < doc)
                i = mid + 1;
            else
                high = mid;
        }
    }
    while (c->doc[i] < doc)
        i++;
    c->i = i;
    return true;
}

const uint8_t *posting_positions(posting_cursor *c)
{
    unsigned groups = 0;
    for (uint32_t i = c->pos_i; i < c->i; i++)
        groups += (unsigned)__builtin_popcount(c->meta[i] & 0xffu);
    c->pos_at = posting_skip_groups(c->pos_at, groups);
    c->pos_i = c->i;
    return c->pos_at;
}

void posting_put_position(bytes *b, uint32_t step, bool last)
{
    bytes_room(b, 6);
    for (; step >= 64; step >>= 6)
        b->p[b->n++] = (uint8_t)(0x80 | (step & 63));
    b->p[b->n++] = (uint8_t)(step | (last ? 0x40u : 0));
}

void posting_add(posting_writer *w, uint32_t doc, uint16_t meta, const uint8_t *pos, size_t pos_n)
{
    unsigned times = meta >> 8;
    bytes_varint(&w->docs, (doc - w->last) << 1 | (times > 1));
    bytes_room(&w->docs, 2);
    if (times > 1)
        w->docs.p[w->docs.n++] = (uint8_t)times;
    w->docs.p[w->docs.n++] = (uint8_t)meta;
    bytes_add(&w->pos, pos, pos_n);
    w->last = doc;
    w->df++;
    if (w->df % POSTING_BLOCK == 0) {
        skip s = { doc, (uint32_t)w->docs.n, (uint32_t)w->pos.n };
        bytes_add(&w->skips, &s, sizeof s);
    }
}

void posting_finish(posting_writer *w, bytes *docs, bytes *pos)
{
    if (w->df > POSTING_BLOCK) {
        if (w->df % POSTING_BLOCK != 0) {
            skip s = { w->last, (uint32_t)w->docs.n, (uint32_t)w->pos.n };
            bytes_add(&w->skips, &s, sizeof s);
        }
        bytes_add(docs, w->skips.p, w->skips.n);
    }
    bytes_add(docs, w->docs.p, w->docs.n);
    bytes_add(pos, w->pos.p, w->pos.n);
    w->docs.n = w->pos.n = w->skips.n = 0;
    w->df = w->last = 0;
}

void posting_writer_free(posting_writer *w)
{
    bytes_free(&w->docs);
    bytes_free(&w->pos);
    bytes_free(&w->skips);
}
