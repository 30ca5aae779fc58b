/* A column that went on as texts: heap, offsets, prints, null bits, and keys where the type has them. */
#include "kit/table/maker_finish.h"

#define ABSENT_HASH UINT64_C(0x5bd1e9955bd1e995)    /* differs from that of an empty text */

typedef struct {
    spill_stream bits[3];                   /* null, absent, mark: u64 words */
    spill_stream keys, hashes;              /* i64, u64 a row */
    uint64_t word[3];
    bool any[3];
    maker_dict nulls;                       /* their texts: not counted as values */
    struct { char p[COLUMN_TOP_TEXT]; size_t n; } least, greatest;     /* texts of the least and the greatest key */
} text_pass;

static bool end_word(ctx *c, column_build *b, text_pass *p)
{
    for (int i = 0; i < 3; i++) {
        spill_add(&b->pool, &p->bits[i], &p->word[i], 8);
        p->any[i] |= p->word[i] != 0;
        p->word[i] = 0;
    }
    spill_stream *all[] = { &p->bits[0], &p->bits[1], &p->bits[2], &p->keys, &p->hashes };
    for (size_t i = 0; spill_is_full(&b->pool) && i < array_len(all); i++)
        if (all[i]->tail_n >= SPILL_BUFFER && !spill_flush(c, &b->pool, all[i]))
            return false;
    return true;
}

static void take_key(maker_done *m, text_pass *p, str s, int64_t key)
{
    str cut = utf8_cut(s, sizeof p->least.p);
    if (!m->tally.any || key < m->tally.min) {
        memcpy(p->least.p, cut.p, cut.n);
        p->least.n = cut.n;
    }
    if (!m->tally.any || key > m->tally.max) {
        memcpy(p->greatest.p, cut.p, cut.n);
        p->greatest.n = cut.n;
    }
    maker_tally_key(&m->tally, key, 1);
}

static void look_at(column_build *b, maker_column *k, maker_done *m, text_pass *p, str s, uint32_t row)
{
    column_stats *st = &m->about.stats;
    int64_t key;
    column_null_kind kind = maker_value(b, k, &m->rule, s, &key);
    uint64_t bit = UINT64_C(1) << (row % 64);
    st->text_bytes += s.n;
    if (kind == MAKER_VALUE) {
        st->min_bytes = s.n < st->min_bytes ? (uint32_t)s.n : st->min_bytes;
        st->max_bytes = s.n > st->max_bytes ? (uint32_t)s.n : st->max_bytes;
        if (m->rule.keyed)
            take_key(m, p, s, key);
        maker_constraints(b, k, &m->rule, s, key, row, 1);
    } else {
        st->nulls[kind]++;
        p->word[0] |= bit;
        p->word[1] |= kind == COLUMN_NULL_ABSENT ? bit : 0;
        p->word[2] |= kind == COLUMN_NULL_MARK ? bit : 0;
        if (p->nulls.n < MAKER_CODED)
            (void)maker_dict_add(&b->dict_bytes, &p->nulls, s, row, 1);
        if (kind == COLUMN_NULL_BAD)
            maker_note_add(b, k, NOTE_BAD_VALUE, row, s, 1);
        else if (kind == COLUMN_NULL_MARK)
            maker_note_add(b, k, NOTE_MARK, row, s, 1);
    }
    if (m->rule.keyed)
        memcpy(spill_room(&b->pool, &p->keys, 8), &key, 8);
    uint64_t h = s.p != NULL ? column_hash64(s) : ABSENT_HASH;
    memcpy(spill_room(&b->pool, &p->hashes, 8), &h, 8);
}

/* The texts one after the other: each part goes into the file as it is met. Those that lie across two are put together. */
typedef struct { spill_reader r; maker_out *out; char *whole; size_t whole_cap; } heap_reader;

static bool more_heap(ctx *c, heap_reader *h)
{
    return h->r.n > 0 || (spill_more(c, &h->r) && maker_out_add(c, h->out, h->r.p, h->r.n));
}

static bool take_text(ctx *c, heap_reader *h, size_t n, str *s)
{
    *s = (str){ "", n };
    if (n == 0)
        return true;
    if (!more_heap(c, h))
        return false;
    if (h->r.n >= n) {
        s->p = h->r.p;
        h->r.p += n;
        h->r.n -= n;
        return true;
    }
    if (n > h->whole_cap)
        h->whole = mem_resize(h->whole, h->whole_cap = n);
    for (size_t got = 0, part; got < n; got += part) {
        if (!more_heap(c, h))
            return false;
        if (h->r.n == 0)
            return fail(c, INTERNAL, "the texts of a column end before its rows do");
        part = h->r.n < n - got ? h->r.n : n - got;
        memcpy(h->whole + got, h->r.p, part);
        h->r.p += part;
        h->r.n -= part;
    }
    s->p = h->whole;
    return true;
}

/* Every text once, on its way into the file. */
static bool first_pass(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m, text_pass *p)
{
    heap_reader heap = { .r = spill_read(&b->pool, &k->heap), .out = o };
    spill_reader lengths = spill_read(&b->pool, &k->lengths);
    bool ok = true;
    maker_out_begin(o, ROLE_HEAP);
    m->about.stats.min_bytes = UINT32_MAX;
    for (uint64_t row = 0; ok && row < b->rows; row++) {
        uint32_t n = 0;
        str s = { 0 };
        ok = maker_length_take(c, &lengths, &n);
        if (ok && n != MAKER_ABSENT)
            ok = take_text(c, &heap, n, &s);
        if (ok)
            look_at(b, k, m, p, s, (uint32_t)row);
        if (ok && (row % 64 == 63 || row + 1 == b->rows))
            ok = end_word(c, b, p);
    }
    column_stats *s = &m->about.stats;
    s->min_bytes = s->min_bytes == UINT32_MAX ? 0 : s->min_bytes;
    spill_read_end(&lengths);
    spill_read_end(&heap.r);
    mem_free(heap.whole);
    return ok && maker_done_section(c, o, m);
}

static bool write_offsets(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m)
{
    spill_reader r = spill_read(&b->pool, &k->lengths);
    char out[4096 * 8];
    size_t used = 0;
    uint64_t at = 0;
    bool ok = true;
    m->width = k->heap.bytes <= UINT32_MAX ? 4 : 8;
    maker_out_begin(o, ROLE_DATA);
    for (uint64_t row = 0; ok && row <= b->rows; row++) {
        memcpy(out + used, &at, m->width);
        used += m->width;
        uint32_t n = 0;
        if (row < b->rows)
            ok = maker_length_take(c, &r, &n);
        at += n == MAKER_ABSENT ? 0 : n;
        if (used + 8 > sizeof out || row == b->rows) {
            ok = ok && maker_out_add(c, o, out, used);
            used = 0;
        }
    }
    spill_read_end(&r);
    return ok && maker_done_section(c, o, m);
}

static bool copy_stream(ctx *c, column_build *b, const spill_stream *s, maker_out *o, maker_done *m, column_role role)
{
    spill_reader r = spill_read(&b->pool, s);
    bool ok = true;
    maker_out_begin(o, role);
    while (ok && (ok = spill_more(c, &r)) && r.n > 0) {
        ok = maker_out_add(c, o, r.p, r.n);
        r.n = 0;
    }
    spill_read_end(&r);
    return ok && maker_done_section(c, o, m);
}

static bool write_prints(ctx *c, column_build *b, const spill_stream *hashes, maker_out *o, maker_done *m)
{
    spill_reader r = spill_read(&b->pool, hashes);
    uint16_t out[4096];
    size_t used = 0;
    bool ok = true;
    maker_out_begin(o, ROLE_PRINTS);
    for (uint64_t row = 0; ok && row < b->rows; row++) {
        uint64_t h = 0;
        ok = spill_take(c, &r, &h, 8);
        out[used++] = (uint16_t)(h >> 48);
        if (used == array_len(out) || row + 1 == b->rows) {
            ok = ok && maker_out_add(c, o, out, used * 2);
            used = 0;
        }
    }
    spill_read_end(&r);
    return ok && maker_done_section(c, o, m);
}

static bool fill_bins(ctx *c, column_build *b, const spill_stream *keys, column_stats *s)
{
    spill_reader r = spill_read(&b->pool, keys);
    bool ok = true;
    for (uint64_t row = 0; ok && s->has_bins && row < b->rows; row++) {
        int64_t key = 0;
        ok = spill_take(c, &r, &key, 8);
        if (key != COLUMN_KEY_NULL)
            maker_tally_bin(s, key, 1);
    }
    spill_read_end(&r);
    return ok;
}

bool maker_finish_text(ctx *c, column_build *b, maker_column *k, maker_out *o, maker_done *m)
{
    static const column_role roles[3] = { ROLE_NULL_BITS, ROLE_ABSENT_BITS, ROLE_MARK_BITS };
    text_pass p = { 0 };
    column_stats *s = &m->about.stats;
    m->about.form = COLUMN_HEAP;
    bool ok = first_pass(c, b, k, o, m, &p);
    maker_tally_stats(&m->tally, &m->rule, s);
    s->min_text = m->rule.keyed ? str_dup(b->a, (str){ p.least.p, p.least.n }) : k->min_text;
    s->max_text = m->rule.keyed ? str_dup(b->a, (str){ p.greatest.p, p.greatest.n }) : k->max_text;
    ok = ok && maker_distinct(c, b, &p.hashes, &s->distinct, &s->distinct_exact) && fill_bins(c, b, &p.keys, s)
      && write_offsets(c, b, k, o, m) && write_prints(c, b, &p.hashes, o, m);
    s->distinct -= p.nulls.n < s->distinct ? p.nulls.n : s->distinct;
    for (int i = 0; ok && i < 3; i++)
        if (p.any[i])
            ok = copy_stream(c, b, &p.bits[i], o, m, roles[i]);
    if (ok && m->rule.keyed)
        ok = copy_stream(c, b, &p.keys, o, m, ROLE_KEYS);
    for (int i = 0; i < 3; i++)
        spill_drop(&b->pool, &p.bits[i]);
    spill_drop(&b->pool, &p.keys);
    spill_drop(&b->pool, &p.hashes);
    maker_dict_drop(&b->dict_bytes, &p.nulls);
    return ok;
}
