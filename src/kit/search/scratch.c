#include "kit/search/scratch.h"

#define KEEP ((size_t)4 << 20)      /* larger ones are given back to the system */
#define LEAST ((size_t)256 << 10)

typedef struct block {
    struct block *prev;
    size_t        size, used;
    _Alignas(16) unsigned char data[];
} block;

struct scratch {
    block  *top;
    size_t  held;
};

static void add_block(scratch *s, size_t size)
{
    block *b = mem_resize(NULL, sizeof *b + size);
    *b = (block){ .prev = s->top, .size = size };
    s->top = b;
    s->held += size;
}

scratch *scratch_take(scratch_pool *p)
{
    for (size_t i = 0; i < array_len(p->slot); i++) {
        scratch *s = atomic_load_explicit(&p->slot[i], memory_order_relaxed);
        if (s != NULL) {
            s = atomic_exchange_explicit(&p->slot[i], NULL, memory_order_acquire);
            if (s != NULL)
                return s;
        }
    }
    return mem_get(sizeof(scratch));
}

void *scratch_get(scratch *s, size_t bytes)
{
    size_t need = (bytes + 63) / 64 * 64;
    if (s->top == NULL || s->top->size - s->top->used < need) {
        size_t size = s->held > LEAST ? s->held : LEAST;
        add_block(s, need > size ? need : size);
    }
    void *at = s->top->data + s->top->used;
    s->top->used += need;
    return at;
}

static void drop_blocks(scratch *s)
{
    for (block *b = s->top, *prev; b != NULL; b = prev) {
        prev = b->prev;
        mem_free(b);
    }
    s->top = NULL;
    s->held = 0;
}

void scratch_give(scratch_pool *p, scratch *s)
{
    /* Several blocks become one of their sum, so that the next search has it in one piece. */
    if (s->top != NULL && s->top->prev != NULL) {
        size_t held = s->held;
        drop_blocks(s);
        if (held <= KEEP)
            add_block(s, held);
    } else if (s->held > KEEP) {
        drop_blocks(s);
    }
    if (s->top != NULL)
        s->top->used = 0;
    for (size_t i = 0; i < array_len(p->slot); i++) {
        scratch *none = NULL;
        if (atomic_compare_exchange_strong_explicit(&p->slot[i], &none, s, memory_order_release, memory_order_relaxed))
            return;
    }
    drop_blocks(s);
    mem_free(s);
}

size_t scratch_bytes(scratch_pool *p)
{
    size_t n = 0;
    for (size_t i = 0; i < array_len(p->slot); i++) {
        scratch *s = atomic_exchange_explicit(&p->slot[i], NULL, memory_order_acquire);
        if (s == NULL)
            continue;
        n += s->held;
        scratch_give(p, s);
    }
    return n;
}

void scratch_pool_free(scratch_pool *p)
{
    for (size_t i = 0; i < array_len(p->slot); i++) {
        scratch *s = atomic_exchange(&p->slot[i], NULL);
        if (s == NULL)
            continue;
        drop_blocks(s);
        mem_free(s);
    }
}
