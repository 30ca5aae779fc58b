#include "base.h"

#include <stdatomic.h>
#include <sys/random.h>

static uint64_t key_of_process(void)
{
    static _Atomic uint64_t key;
    uint64_t k = atomic_load_explicit(&key, memory_order_relaxed);
    if (k == 0) {
        if (getrandom(&k, sizeof k, 0) != (ssize_t)sizeof k || k == 0)
            k = 0x9e3779b97f4a7c15u;
        uint64_t none = 0;
        if (!atomic_compare_exchange_strong(&key, &none, k))
            k = none;
    }
    return k;
}

static uint64_t hash(str s)
{
    uint64_t h = key_of_process();
    for (; s.n >= 8; s = str_from(s, 8)) {
        uint64_t w;
        memcpy(&w, s.p, 8);
        h = (h ^ w) * 0x9fb21c651e98df25u;
        h ^= h >> 29;
    }
    uint64_t w = s.n;
    for (size_t i = 0; i < s.n; i++)
        w = w << 8 | (unsigned char)s.p[i];
    h = (h ^ w) * 0x9fb21c651e98df25u;
    return h ^ (h >> 32);
}

static size_t slot_of(const map *m, str key)
{
    size_t mask = m->slot_count - 1;
    size_t i = (size_t)hash(key) & mask;
    while (m->slots[i] != 0 && !str_eq(m->items[m->slots[i] - 1].key, key))
        i = (i + 1) & mask;
    return i;
}

map_item *map_get(const map *m, str key)
{
    if (m->n == 0)
        return NULL;
    uint32_t at = m->slots[slot_of(m, key)];
    return at != 0 ? &m->items[at - 1] : NULL;
}

static void grow(map *m)
{
    size_t slots = m->slot_count > 0 ? m->slot_count * 2 : 16;
    m->slots = new_n(m->a, uint32_t, slots);
    m->slot_count = slots;
    for (size_t i = 0; i < m->n; i++)
        m->slots[slot_of(m, m->items[i].key)] = (uint32_t)i + 1;
}

map_item *map_put(map *m, str key, bool *is_new)
{
    if ((m->n + 1) * 4 > m->slot_count * 3)
        grow(m);
    size_t slot = slot_of(m, key);
    bool absent = m->slots[slot] == 0;
    if (is_new != NULL)
        *is_new = absent;
    if (!absent)
        return &m->items[m->slots[slot] - 1];
    if (m->n == m->cap) {
        size_t cap = m->cap > 0 ? m->cap * 2 : 8;
        m->items = arena_grow(m->a, m->items, m->cap * sizeof *m->items, cap * sizeof *m->items);
        m->cap = cap;
    }
    m->items[m->n] = (map_item){ .key = key };
    m->slots[slot] = (uint32_t)++m->n;
    return &m->items[m->n - 1];
}

void *map_ptr(const map *m, str key)
{
    const map_item *it = map_get(m, key);
    return it != NULL ? it->p : NULL;
}

int64_t map_i64(const map *m, str key, int64_t absent)
{
    const map_item *it = map_get(m, key);
    return it != NULL ? it->i : absent;
}

void map_set_ptr(map *m, str key, void *p)
{
    map_put(m, key, NULL)->p = p;
}

void map_set_i64(map *m, str key, int64_t i)
{
    map_put(m, key, NULL)->i = i;
}
