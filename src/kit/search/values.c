#include "kit/search/values.h"

#define FIRST 256u
#define PAGE 65536

static uint32_t hash_of(str s)
{
    uint64_t h = str_hash(s);
    return (uint32_t)(h ^ h >> 32);
}

static values_entry *entry_at(const values *v, uint32_t number)
{
    uint32_t k = number + FIRST, chunk = 31 - (uint32_t)__builtin_clz(k) - 8;
    return &v->chunk[chunk][k - (FIRST << chunk)];
}

str values_text(const values *v, uint32_t number)
{
    const values_entry *e = entry_at(v, number);
    return (str){ e->p, e->n };
}

uint32_t values_count(const values *v)
{
    return atomic_load_explicit(&v->count, memory_order_acquire);
}

uint32_t values_find(const values *v, str text)
{
    const values_table *t = atomic_load_explicit(&v->table, memory_order_acquire);
    if (t == NULL)
        return VALUES_NONE;
    uint32_t h = hash_of(text);
    for (uint32_t i = h & (t->size - 1);; i = (i + 1) & (t->size - 1)) {
        uint32_t at = atomic_load_explicit(&t->slot[i], memory_order_acquire);
        if (at == 0)
            return VALUES_NONE;
        const values_entry *e = entry_at(v, at - 1);
        if (e->hash == h && str_eq((str){ e->p, e->n }, text))
            return at - 1;
    }
}

static void put_slot(values_table *t, uint32_t hash, uint32_t number)
{
    uint32_t i = hash & (t->size - 1);
    while (atomic_load_explicit(&t->slot[i], memory_order_relaxed) != 0)
        i = (i + 1) & (t->size - 1);
    atomic_store_explicit(&t->slot[i], number + 1, memory_order_release);
}

/* A larger table beside the old one, which stays for those who are reading it. */
static values_table *grown(values *v, values_table *old, uint32_t count)
{
    uint32_t size = old != NULL ? old->size * 2 : FIRST;
    values_table *t = mem_get(sizeof *t + size * sizeof t->slot[0]);
    t->size = size;
    for (uint32_t i = 0; i < count; i++)
        put_slot(t, entry_at(v, i)->hash, i);
    if (old != NULL)
        v->old[v->old_n++] = old;
    v->held += size * sizeof t->slot[0];
    atomic_store_explicit(&v->table, t, memory_order_release);
    return t;
}

static const char *keep_text(values *v, str text)
{
    if (v->text_left < text.n || v->text == NULL) {
        size_t size = text.n > PAGE ? text.n : PAGE;
        if (v->page_n == 0)
            size = text.n > 1024 ? text.n : 1024;
        if (v->page_n == v->page_cap) {
            v->page_cap = v->page_cap > 0 ? v->page_cap * 2 : 8;
            v->pages = mem_resize(v->pages, v->page_cap * sizeof *v->pages);
        }
        v->text = mem_get(size);
        v->pages[v->page_n++] = v->text;
        v->text_left = size;
        v->held += size;
    }
    char *p = v->text;
    if (text.n > 0)
        memcpy(p, text.p, text.n);
    v->text += text.n;
    v->text_left -= text.n;
    return p;
}

uint32_t values_intern(values *v, str text)
{
    uint32_t number = values_find(v, text);
    if (number != VALUES_NONE)
        return number;
    number = values_count(v);
    uint32_t k = number + FIRST, chunk = 31 - (uint32_t)__builtin_clz(k) - 8;
    must(chunk < array_len(v->chunk) && text.n < UINT32_MAX);
    if (v->chunk[chunk] == NULL) {
        v->chunk[chunk] = mem_get(((size_t)FIRST << chunk) * sizeof(values_entry));
        v->held += ((size_t)FIRST << chunk) * sizeof(values_entry);
    }
    *entry_at(v, number) = (values_entry){ keep_text(v, text), (uint32_t)text.n, hash_of(text) };
    values_table *t = atomic_load_explicit(&v->table, memory_order_relaxed);
    if (t == NULL || (uint64_t)(number + 1) * 4 > (uint64_t)t->size * 3)
        t = grown(v, t, number);
    put_slot(t, hash_of(text), number);
    atomic_store_explicit(&v->count, number + 1, memory_order_release);
    return number;
}

void values_free(values *v)
{
    for (size_t i = 0; i < array_len(v->chunk); i++)
        mem_free(v->chunk[i]);
    for (uint32_t i = 0; i < v->old_n; i++)
        mem_free(v->old[i]);
    mem_free(atomic_load_explicit(&v->table, memory_order_relaxed));
    for (size_t i = 0; i < v->page_n; i++)
        mem_free(v->pages[i]);
    mem_free(v->pages);
}
