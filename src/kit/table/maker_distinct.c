#include "kit/table/maker.h"

#define PART_MAX (UINT64_C(3) << 19)        /* hashes counted at once: 12 MB */
#define EXACT_MAX (UINT64_C(1) << 26)       /* hashes that are counted one by one; more are estimated from a part */
#define BUCKET_BITS 11
#define BUCKETS (1 << BUCKET_BITS)
#define RECENT 4096                         /* hashes met last, by their lowest bits */
#define SMALL 2048                          /* slots for one bucket; larger buckets get a table of their own */

typedef struct {
    uint64_t *sorted, *slots;
    size_t cap, slot_cap;
    uint64_t recent[RECENT];
    uint32_t at[BUCKETS];                   /* hashes of each bucket, then where its next one goes */
    uint64_t *twice;                        /* hashes met again, some of them; NULL: not wanted */
    size_t twice_n;
    uint64_t blank;                         /* the hash of a row without any value: such rows are told as what they are */
    bool blank_twice;
} part;

static inline void note_twice(part *p, uint64_t h)
{
    if (p->twice != NULL && h == p->blank)
        p->blank_twice = true;
    else if (p->twice != NULL && p->twice_n < MAKER_PLACES)
        p->twice[p->twice_n++] = h;
}

/* Distinct hashes of one bucket, by open addressing; 0 is counted by itself. */
static uint64_t count_bucket(part *p, const uint64_t *v, size_t n)
{
    size_t slots = SMALL;
    while (slots < n * 2)
        slots *= 2;
    if (slots > p->slot_cap) {
        p->slots = mem_resize(p->slots, slots * sizeof *p->slots);
        p->slot_cap = slots;
    }
    memset(p->slots, 0, slots * sizeof *p->slots);
    uint64_t distinct = 0;
    bool zero = false;
    for (size_t i = 0; i < n; i++) {
        if (v[i] == 0) {
            distinct += !zero;
            zero = true;
            continue;
        }
        size_t at = (size_t)v[i] & (slots - 1);
        while (p->slots[at] != 0 && p->slots[at] != v[i])
            at = (at + 1) & (slots - 1);
        distinct += p->slots[at] == 0;
        if (p->slots[at] != 0)
            note_twice(p, v[i]);
        p->slots[at] = v[i];
    }
    return distinct;
}

/* A hash into its bucket: counted in the first pass, put in its place in the second. A value that comes again and again
 * is put once in a while only: what most rows have would fill memory otherwise. */
static inline void take_hash(part *p, uint64_t h, unsigned bits, uint64_t which, bool put)
{
    if (bits > 0 && h >> (64 - bits) != which)
        return;
    uint64_t *last = &p->recent[h & (RECENT - 1)];
    if (*last == h && h != 0) {
        if (put)
            note_twice(p, h);
        return;
    }
    *last = h;
    uint32_t *at = &p->at[h >> (64 - bits - BUCKET_BITS) & (BUCKETS - 1)];
    if (put)
        p->sorted[*at] = h;
    ++*at;
}

static bool pass(ctx *c, const column_build *b, const spill_stream *hashes, part *p, unsigned bits, uint64_t which, bool put)
{
    spill_reader r = spill_read(&b->pool, hashes);
    bool ok = true;
    uint64_t h;
    memset(p->recent, 0, sizeof p->recent);
    while (ok && (ok = spill_more(c, &r)) && r.n > 0) {
        if (r.n < 8) {          /* one that lies across two pieces */
            ok = spill_take(c, &r, &h, 8);
            if (ok)
                take_hash(p, h, bits, which, put);
            continue;
        }
        size_t n = r.n / 8;
        for (size_t i = 0; i < n; i++) {
            memcpy(&h, r.p + i * 8, 8);
            take_hash(p, h, bits, which, put);
        }
        r.p += n * 8;
        r.n -= n * 8;
    }
    spill_read_end(&r);
    return ok;
}

/* The hashes whose upper bits are `which`, by the bits below into buckets that fit the nearest cache. */
static bool count_part(ctx *c, const column_build *b, const spill_stream *hashes, part *p, unsigned bits, uint64_t which, uint64_t *distinct)
{
    uint32_t ends[BUCKETS + 1] = { 0 };
    memset(p->at, 0, sizeof p->at);
    if (!pass(c, b, hashes, p, bits, which, false))
        return false;
    for (size_t i = 0; i < BUCKETS; i++) {
        ends[i + 1] = ends[i] + p->at[i];
        p->at[i] = ends[i];
    }
    if (ends[BUCKETS] > p->cap) {
        p->cap = ends[BUCKETS];
        p->sorted = mem_resize(p->sorted, p->cap * 8);
    }
    if (!pass(c, b, hashes, p, bits, which, true))
        return false;
    for (size_t i = 0; i < BUCKETS; i++)
        if (ends[i + 1] > ends[i])
            *distinct += count_bucket(p, p->sorted + ends[i], ends[i + 1] - ends[i]);
    return true;
}

static bool count(ctx *c, const column_build *b, const spill_stream *hashes, part *p, uint64_t *distinct, bool *exact)
{
    uint64_t n = hashes->bytes / 8;
    unsigned bits = 0;
    while (n >> bits > PART_MAX && bits < 20)
        bits++;
    uint64_t parts = n <= EXACT_MAX ? UINT64_C(1) << bits : 1;
    bool ok = true;
    *distinct = 0;
    *exact = n <= EXACT_MAX;
    for (uint64_t i = 0; ok && i < parts; i++)
        ok = count_part(c, b, hashes, p, bits, i, distinct);
    if (!*exact)
        *distinct <<= bits;
    mem_free(p->sorted);
    mem_free(p->slots);
    return ok;
}

bool maker_distinct(ctx *c, const column_build *b, const spill_stream *hashes, uint64_t *distinct, bool *exact)
{
    part p = { 0 };
    return count(c, b, hashes, &p, distinct, exact);
}

static bool report(ctx *c, const column_build *b, uint64_t row, uint64_t before, uint64_t count_of_all)
{
    char sample[32];
    int n = snprintf(sample, sizeof sample, "= row %" PRIu64, before + 1);
    table_finding f = { .code = "repeated_row", .row = row + 1, .count = count_of_all, .sample = { sample, (size_t)n } };
    return maker_place(c, b, row, &f.byte, &f.line) && b->plan.finding(c, b->plan.findings_to, &f);
}

/* Places of the rows whose hash was met twice: where it was first, and where again. */
static bool report_twice(ctx *c, const column_build *b, const part *p, uint64_t repeats)
{
    spill_reader r = spill_read(&b->pool, &b->row_hashes);
    uint64_t first[MAKER_PLACES], reported = 0, h;
    bool ok = true;
    for (size_t i = 0; i < MAKER_PLACES; i++)
        first[i] = UINT64_MAX;
    for (uint64_t row = 0; ok && row < b->rows && reported < p->twice_n; row++) {
        ok = spill_take(c, &r, &h, 8);
        for (size_t i = 0; ok && i < p->twice_n; i++) {
            if (h != p->twice[i])
                continue;
            if (first[i] == UINT64_MAX) {
                first[i] = row;
            } else {
                reported++;
                ok = report(c, b, row, first[i], reported == p->twice_n ? repeats - reported + 1 : 1);
            }
            break;
        }
    }
    spill_read_end(&r);
    return ok;
}

static bool count_blank(ctx *c, const column_build *b, uint64_t blank, uint64_t *n)
{
    spill_reader r = spill_read(&b->pool, &b->row_hashes);
    bool ok = true;
    uint64_t h;
    *n = 0;
    for (uint64_t row = 0; ok && row < b->rows; row++) {
        ok = spill_take(c, &r, &h, 8);
        *n += ok && h == blank;
    }
    spill_read_end(&r);
    return ok;
}

bool maker_repeats(ctx *c, column_build *b)
{
    uint64_t twice[MAKER_PLACES], distinct, blanks = 1;
    part p = { .twice = twice, .blank = maker_blank_row(b) };
    bool exact;
    if (b->plan.finding == NULL || b->rows < 2)
        return true;
    if (!count(c, b, &b->row_hashes, &p, &distinct, &exact))
        return false;
    if (p.twice_n == 0)
        return true;
    if (p.blank_twice && !count_blank(c, b, p.blank, &blanks))
        return false;
    return report_twice(c, b, &p, exact ? b->rows - distinct - (blanks - 1) : p.twice_n);
}
