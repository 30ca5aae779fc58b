#include "kit/table/maker.h"

#define PART_MAX (UINT64_C(1) << 20)        /* hashes counted at once: 16 MB with their copy */
#define EXACT_MAX (UINT64_C(1) << 26)       /* hashes that are counted one by one; more are estimated from a part */
#define BUCKETS 1024
#define SMALL 4096                          /* slots for one bucket; larger buckets get a table of their own */

typedef struct {
    uint64_t *all, *sorted, *slots;
    size_t n, slot_cap;
    uint64_t *twice;                        /* hashes met again, some of them; NULL: not wanted */
    size_t twice_n;
} part;

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
        if (p->slots[at] != 0 && p->twice != NULL && p->twice_n < MAKER_PLACES)
            p->twice[p->twice_n++] = v[i];
        p->slots[at] = v[i];
    }
    return distinct;
}

/* By ten bits below the ones that chose the part, into buckets that fit the nearest cache. */
static uint64_t count_part(part *p, unsigned shift)
{
    uint32_t ends[BUCKETS + 1] = { 0 };
    uint64_t distinct = 0;
    for (size_t i = 0; i < p->n; i++)
        ends[(p->all[i] >> shift & (BUCKETS - 1)) + 1]++;
    for (size_t i = 0; i < BUCKETS; i++)
        ends[i + 1] += ends[i];
    uint32_t at[BUCKETS];
    memcpy(at, ends, sizeof at);
    for (size_t i = 0; i < p->n; i++)
        p->sorted[at[p->all[i] >> shift & (BUCKETS - 1)]++] = p->all[i];
    for (size_t i = 0; i < BUCKETS; i++)
        if (ends[i + 1] > ends[i])
            distinct += count_bucket(p, p->sorted + ends[i], ends[i + 1] - ends[i]);
    return distinct;
}

static bool fill_part(ctx *c, const column_build *b, const spill_stream *hashes, part *p, unsigned bits, uint64_t which, size_t cap)
{
    spill_reader r = spill_read(&b->pool, hashes);
    uint64_t h;
    bool ok = true;
    p->n = 0;
    for (uint64_t left = hashes->bytes / 8; ok && left > 0; left--) {
        ok = spill_take(c, &r, &h, 8);
        if (ok && (bits == 0 || h >> (64 - bits) == which)) {
            if (p->n == cap)
                break;          /* a part far larger than chance allows: the hashes were made to collide */
            p->all[p->n++] = h;
        }
    }
    spill_read_end(&r);
    return ok;
}

static bool count(ctx *c, const column_build *b, const spill_stream *hashes, part *p, uint64_t *distinct, bool *exact)
{
    uint64_t n = hashes->bytes / 8;
    unsigned bits = 0;
    while (n >> bits > PART_MAX / 2 && bits < 20)
        bits++;
    size_t cap = n < PART_MAX ? (size_t)n + 1 : PART_MAX;
    p->all = mem_resize(NULL, cap * 8);
    p->sorted = mem_resize(NULL, cap * 8);
    uint64_t parts = n <= EXACT_MAX ? UINT64_C(1) << bits : 1;
    bool ok = true;
    *distinct = 0;
    *exact = n <= EXACT_MAX;
    for (uint64_t i = 0; ok && i < parts; i++) {
        ok = fill_part(c, b, hashes, p, bits, i, cap);
        *distinct += ok ? count_part(p, 64 - bits - 10) : 0;
    }
    if (!*exact)
        *distinct <<= bits;
    mem_free(p->all);
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

bool maker_repeats(ctx *c, column_build *b)
{
    uint64_t twice[MAKER_PLACES], distinct;
    part p = { .twice = twice };
    bool exact;
    if (b->plan.finding == NULL || b->rows < 2)
        return true;
    if (!count(c, b, &b->row_hashes, &p, &distinct, &exact))
        return false;
    return p.twice_n == 0 || report_twice(c, b, &p, exact ? b->rows - distinct : p.twice_n);
}
