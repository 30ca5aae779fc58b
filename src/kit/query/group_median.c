/* The middle of each group. Keys are kept in pieces that grow with their group;
 * at the end the middle of each is found by counting, not by sorting: how many
 * keys fall into each of some hundred equal stretches says in which of them the
 * middle lies, and only that one is looked at again. */
#include "kit/query/group.h"

#include <stdlib.h>

#define PIECE_FIRST 4
#define PIECE_MOST 4096
#define STRETCHES 1024
#define FEW 32

struct median_piece {
    median_piece *before;
    size_t n;
    int64_t keys[];
};

void group_median_room(ctx *c, group_median *m, size_t had, size_t groups)
{
    m->v = arena_grow(c->a, m->v, had * sizeof *m->v, groups * sizeof *m->v);
    m->n = groups;
}

static void new_piece(ctx *c, group_median *m, uint32_t group)
{
    median_piece *last = m->v[group].piece;
    size_t n = last == NULL ? PIECE_FIRST : last->n < PIECE_MOST ? last->n * 2 : PIECE_MOST;
    median_piece *p = arena_grow_raw(c->a, NULL, 0, sizeof *p + n * sizeof *p->keys);
    p->before = last;
    p->n = n;
    m->v[group].piece = p;
    m->v[group].at = p->keys;
    m->v[group].end = p->keys + n;
    m->v[group].n += n;
}

void group_median_add(ctx *c, group_median *m, const uint32_t *groups, const int64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t g = groups[i];
        if (keys[i] == COLUMN_KEY_NULL)
            continue;
        if (__builtin_expect(m->v[g].at == m->v[g].end, 0))
            new_piece(c, m, g);
        *m->v[g].at++ = keys[i];
    }
}

static size_t gather(const group_median *m, size_t group, int64_t *keys)
{
    size_t n = 0;
    const int64_t *end = m->v[group].at;
    for (const median_piece *p = m->v[group].piece; p != NULL; p = p->before) {
        size_t have = end != NULL ? (size_t)(end - p->keys) : p->n;
        memcpy(keys + n, p->keys, have * sizeof *keys);
        n += have;
        end = NULL; /* pieces before the last are full */
    }
    return n;
}

static int by_key(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* The greatest of one stretch and the least of a later one. */
static void between(const int64_t *v, size_t n, int64_t least, unsigned shift, uint64_t first, uint64_t second, int64_t *out)
{
    out[0] = INT64_MIN;
    out[1] = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        uint64_t at = ((uint64_t)v[i] - (uint64_t)least) >> shift;
        if (at == first && v[i] > out[0])
            out[0] = v[i];
        if (at == second && v[i] < out[1])
            out[1] = v[i];
    }
}

/* Those that would stand at `low` and, the same or the next place, at `high`. Keys are moved about. */
static void find(int64_t *v, size_t n, size_t low, size_t high, int64_t *out)
{
    while (n > FEW) {
        uint32_t count[STRETCHES] = { 0 };
        int64_t least = v[0], most = v[0];
        for (size_t i = 1; i < n; i++) {
            least = v[i] < least ? v[i] : least;
            most = v[i] > most ? v[i] : most;
        }
        uint64_t span = (uint64_t)most - (uint64_t)least, first = 0, before = 0;
        unsigned bits = span == 0 ? 0 : 64 - (unsigned)__builtin_clzll(span), shift = bits > 10 ? bits - 10 : 0;
        for (size_t i = 0; i < n; i++)
            count[((uint64_t)v[i] - (uint64_t)least) >> shift]++;
        while (before + count[first] <= low)
            before += count[first++];
        if (high >= before + count[first]) {
            uint64_t second = first + 1;
            while (count[second] == 0)
                second++;
            between(v, n, least, shift, first, second, out);
            return;
        }
        if (shift == 0) {
            out[0] = out[1] = (int64_t)((uint64_t)least + first);
            return;
        }
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            int64_t key = v[i];
            v[kept] = key;
            kept += ((uint64_t)key - (uint64_t)least) >> shift == first;
        }
        n = kept;
        low -= before;
        high -= before;
    }
    qsort(v, n, sizeof *v, by_key);
    out[0] = v[low];
    out[1] = v[high];
}

bool group_median_end(ctx *c, group_median *m)
{
    uint64_t most = 0;
    for (size_t g = 0; g < m->n; g++)
        most = m->v[g].n > most ? m->v[g].n : most;
    int64_t *keys = arena_grow_raw(c->a, NULL, 0, (most + 1) * sizeof *keys);
    m->middle = arena_get(c->a, (m->n + 1) * sizeof *m->middle);
    for (size_t g = 0; g < m->n; g++) {
        size_t n = gather(m, g, keys);
        if (n > 0)
            find(keys, n, (n - 1) / 2, n / 2, m->middle[g]);
        if ((n > FEW || g % 65536 == 0) && !ctx_in_time(c))
            return false;
    }
    return true;
}

const int64_t *group_median_of(const group_median *m, uint32_t group)
{
    return m->middle[group];
}
