#include "kit/query/group.h"

#define MET_BYTES ((uint64_t)32 << 20)      /* of bits for all groups */
#define SLOTS_FIRST ((size_t)1 << 12)
#define SLOTS_MOST ((size_t)1 << 25)        /* 384 MB */

/* Entries of one segment are one value when they are one entry, or entries of one key: two spellings. */
static bool can_meet(const group_distinct *d, uint64_t groups)
{
    const column_view *v = &d->q->views[0];
    return d->q->t->n == 1 && v->form != COLUMN_HEAP && v->width <= 4 && (v->top / 64 + 1) * 8 <= MET_BYTES / groups;
}

static void find_first(ctx *c, group_distinct *d)
{
    const column_view *v = &d->q->views[0];
    d->first = new_n(c->a, uint32_t, (size_t)v->dict_count + 1);
    for (uint32_t e = 0; e < v->dict_count; e++)
        d->first[e] = e > v->nulls && v->keys[e] == v->keys[e - 1] ? d->first[e - 1] : e;
}

static uint64_t expected(const query_table *t, size_t col)
{
    uint64_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += column_file_about(t->files[i], col)->stats.distinct;
    return n;
}

void group_distinct_new(ctx *c, const query_column *q, uint64_t groups, bool all_rows, group_distinct *d)
{
    const column_view *v = &q->views[0];
    *d = (group_distinct){ .q = q, .one = groups == 1 };
    d->known = groups == 1 && all_rows && q->t->n == 1 && query_table_about(q->t, q->col)->stats.distinct_exact;
    if (d->known || q->t->rows == 0)
        return;
    if (can_meet(d, groups)) {
        d->words = v->top / 64 + 1;
        if (v->form == COLUMN_CODES && v->keys != NULL)
            find_first(c, d);
        return;
    }
    uint64_t likely = all_rows ? expected(q->t, q->col) : 0;
    for (d->slot_count = SLOTS_FIRST; d->slot_count / 4 * 3 <= likely && d->slot_count < SLOTS_MOST;)
        d->slot_count *= 2;
    d->slots = arena_get(c->a, d->slot_count * sizeof *d->slots);
}

void group_distinct_room(ctx *c, group_distinct *d, size_t had, size_t groups)
{
    if (d->words > 0)
        d->met = arena_grow(c->a, d->met, had * d->words * sizeof *d->met, groups * d->words * sizeof *d->met);
}

static uint64_t place(const group_block *b, size_t i)
{
    return b->at != NULL ? b->at[i] : b->from + i;
}

/* --- entries --- */

#define MEET(T, group, value)                                                                          \
    for (size_t i = 0; i < n; i++) {                                                                   \
        uint64_t entry = ((const T *)v->data)[place(b, i)], e = value;                                 \
        met[(group) + e / 64] |= UINT64_C(1) << e % 64;                                                \
    }
#define MEET_ALL(group, value)                                                                         \
    do {                                                                                               \
        if (v->width == 1)                                                                             \
            MEET(uint8_t, group, value)                                                                \
        else if (v->width == 2)                                                                        \
            MEET(uint16_t, group, value)                                                               \
        else                                                                                           \
            MEET(uint32_t, group, value)                                                               \
    } while (0)

static void meet(group_distinct *d, const group_block *b, const uint32_t *groups)
{
    const column_view *v = &d->q->views[0];
    const size_t n = b->n, words = d->words;
    const uint32_t *first = d->first;
    uint64_t *const met = d->met;
    if (first != NULL)
        MEET_ALL(groups[i] * words, first[entry]);
    else if (d->one)
        MEET_ALL(0, entry);
    else
        MEET_ALL(groups[i] * words, entry);
}

void group_distinct_end(group_distinct *d, uint64_t *different, uint32_t groups)
{
    const uint32_t nulls = d->q->views[0].nulls;
    if (d->known && groups > 0)
        different[0] = query_table_about(d->q->t, d->q->col)->stats.distinct;
    for (uint32_t g = 0; d->met != NULL && g < groups; g++) {
        uint64_t *met = d->met + g * d->words;
        for (uint32_t e = 0; e < nulls && e / 64 < d->words; e++)
            met[e / 64] &= ~(UINT64_C(1) << e % 64);
        different[g] = scan_count(met, d->words);
    }
}

/* --- any values --- */

/* What equal values share, over all segments, and what tells groups apart; 0: null. */
static uint32_t hash_of(const group_distinct *d, const column_view *v, uint64_t at, uint32_t group)
{
    int64_t key;
    char room[COLUMN_NUMBER_ROOM];
    uint64_t hash;
    if (column_is_null(v, at))
        return 0;
    if (!column_key(v, at, &key)) {
        hash = column_hash64(column_text(v, at, room));
    } else {
        while (d->q->t->n > 1 && key != 0 && key % 10 == 0)
            key /= 10;
        hash = (uint64_t)key ^ UINT64_C(0x9e3779b97f4a7c15);
    }
    hash = column_hash_fold(hash, (uint64_t)group * 2 + UINT64_C(0xd6e8feb86659fd93)) >> 32;
    return hash != 0 ? (uint32_t)hash : 1;
}

/* By its upper bits, so that a table grown finds them in the same order. */
static size_t slot_of(const group_distinct *d, uint32_t hash)
{
    return (size_t)((uint64_t)hash * d->slot_count >> 32);
}

static bool grow(ctx *c, group_distinct *d)
{
    const group_distinct was = *d;
    if (was.slot_count >= SLOTS_MOST)
        return fail(c, TOO_LARGE, "column “%.*s” has more than %zu million different values here: filter the rows first",
                    S_ARG(query_table_about(d->q->t, d->q->col)->name), SLOTS_MOST / 4 * 3 / 1000000);
    d->slot_count *= 4;
    if (d->slot_count > SLOTS_MOST)
        d->slot_count = SLOTS_MOST;
    d->slots = arena_get(c->a, d->slot_count * sizeof *d->slots);
    for (size_t i = 0; i < was.slot_count; i++) {
        if (was.slots[i].hash == 0)
            continue;
        size_t at = slot_of(d, was.slots[i].hash);
        while (d->slots[at].hash != 0)
            at = (at + 1) & (d->slot_count - 1);
        d->slots[at] = was.slots[i];
    }
    return true;
}

/* False: there already. */
static bool put(group_distinct *d, uint32_t hash, uint32_t row, uint32_t group)
{
    size_t at = slot_of(d, hash);
    for (; d->slots[at].hash != 0; at = (at + 1) & (d->slot_count - 1))
        if (d->slots[at].hash == hash && d->slots[at].group == group && query_compare(d->q, d->slots[at].row, row) == 0)
            return false;
    d->slots[at].hash = hash;
    d->slots[at].row = row;
    d->slots[at].group = group;
    d->used++;
    return true;
}

#define AHEAD 16

bool group_distinct_add(ctx *c, group_distinct *d, const group_block *b, const uint32_t *groups, uint64_t *different)
{
    uint32_t hashes[GROUP_BLOCK];
    const column_view *v = &d->q->views[b->segment];
    const uint32_t first = (uint32_t)d->q->t->first[b->segment];
    if (d->known)
        return true;
    if (d->met != NULL) {
        meet(d, b, groups);
        return true;
    }
    if ((d->used + b->n) / 3 * 4 >= d->slot_count && !grow(c, d))
        return false;
    for (size_t i = 0; i < b->n; i++)
        hashes[i] = hash_of(d, v, place(b, i), groups[i]);
    for (size_t i = 0; i < b->n; i++) {
        if (i + AHEAD < b->n)
            __builtin_prefetch(&d->slots[slot_of(d, hashes[i + AHEAD])]);
        if (hashes[i] != 0)
            different[groups[i]] += put(d, hashes[i], first + (uint32_t)place(b, i), groups[i]);
    }
    return true;
}
