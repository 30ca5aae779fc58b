#include "base.h"

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define poison(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define unpoison(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define ARENA_GAP 16 /* poisoned bytes after each piece, so that overruns are seen */
#else
#define poison(p, n) ((void)0)
#define unpoison(p, n) ((void)0)
#define ARENA_GAP 0
#endif

typedef struct block {
    struct block *prev;
    size_t size, used;
    _Alignas(16) unsigned char data[];
} block;

struct arena {
    block *top;
    size_t held;
};

static block *block_new(size_t size, block *prev)
{
    block *b = malloc(sizeof *b + size);
    must(b != NULL);
    *b = (block){ .prev = prev, .size = size };
    poison(b->data, size);
    return b;
}

static void block_free(block *b)
{
    unpoison(b->data, b->size);
    free(b);
}

arena *arena_new(size_t first_bytes)
{
    arena *a = calloc(1, sizeof *a);
    must(a != NULL);
    a->top = block_new(first_bytes < 1024 ? 1024 : first_bytes, NULL);
    a->held = a->top->size;
    return a;
}

void arena_free(arena *a)
{
    if (a == NULL)
        return;
    for (block *b = a->top, *prev; b != NULL; b = prev) {
        prev = b->prev;
        block_free(b);
    }
    free(a);
}

void arena_reset(arena *a)
{
    while (a->top->prev != NULL) {
        block *b = a->top;
        a->top = b->prev;
        a->held -= b->size;
        block_free(b);
    }
    poison(a->top->data, a->top->size);
    a->top->used = 0;
}

static void *take(arena *a, size_t bytes)
{
    must(bytes < SIZE_MAX / 4);
    size_t need = (bytes + 15) / 16 * 16 + ARENA_GAP;
    block *b = a->top;
    if (b->size - b->used < need) {
        size_t size = b->size < ((size_t)1 << 20) ? b->size * 2 : b->size;
        if (size < need)
            size = need;
        a->top = b = block_new(size, b);
        a->held += size;
    }
    void *p = b->data + b->used;
    b->used += need;
    unpoison(p, bytes);
    return p;
}

void *arena_get(arena *a, size_t bytes)
{
    return memset(take(a, bytes), 0, bytes);
}

void *arena_get_n(arena *a, size_t n, size_t each)
{
    size_t bytes;
    must(!__builtin_mul_overflow(n, each, &bytes));
    return arena_get(a, bytes);
}

void *arena_grow_raw(arena *a, void *old, size_t old_bytes, size_t new_bytes)
{
    must(new_bytes >= old_bytes && new_bytes < SIZE_MAX / 4);
    block *b = a->top;
    size_t old_need = (old_bytes + 15) / 16 * 16 + ARENA_GAP;
    size_t new_need = (new_bytes + 15) / 16 * 16 + ARENA_GAP;
    /* The newest piece of a block grows where it is. */
    if (old != NULL && (unsigned char *)old + old_need == b->data + b->used
        && new_need - old_need <= b->size - b->used) {
        b->used += new_need - old_need;
        unpoison(old, new_bytes);
        return old;
    }
    void *p = take(a, new_bytes);
    if (old_bytes > 0)
        memcpy(p, old, old_bytes);
    return p;
}

void *arena_grow(arena *a, void *old, size_t old_bytes, size_t new_bytes)
{
    unsigned char *p = arena_grow_raw(a, old, old_bytes, new_bytes);
    memset(p + old_bytes, 0, new_bytes - old_bytes);
    return p;
}

size_t arena_bytes(const arena *a)
{
    return a->held;
}

arena_mark arena_here(arena *a)
{
    return (arena_mark){ a->top, a->top->used };
}

void arena_back(arena *a, arena_mark m)
{
    while (a->top != m.block) {
        block *b = a->top;
        must(b->prev != NULL);
        a->top = b->prev;
        a->held -= b->size;
        block_free(b);
    }
    poison(a->top->data + m.used, a->top->size - m.used);
    a->top->used = m.used;
}

void *mem_get(size_t bytes)
{
    void *p = calloc(1, bytes > 0 ? bytes : 1);
    must(p != NULL);
    return p;
}

void *mem_resize(void *p, size_t bytes)
{
    p = realloc(p, bytes > 0 ? bytes : 1);
    must(p != NULL);
    return p;
}

void mem_free(void *p)
{
    free(p);
}
