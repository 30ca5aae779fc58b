/* arena — the one way to own memory: one arena for a unit of work (a request,
 * a job, a command), given back whole. Nothing in it is freed piecemeal.
 *
 * Memory is zeroed. Out of memory ends the process: sizes that strangers can
 * influence are limited at the borders, long before that. Not thread-safe: an
 * arena belongs to the one thread that runs its unit of work. */
#ifndef ARENA_H
#define ARENA_H
#include <stddef.h>
#include <stdint.h>

typedef struct arena arena;

typedef struct {
    void  *block;
    size_t used;
} arena_mark;

arena *arena_new(size_t first_bytes);
void   arena_free(arena *a);
void   arena_reset(arena *a);                   /* empties, keeps the first block */
void  *arena_get(arena *a, size_t bytes);       /* zeroed, aligned for any type */
void  *arena_grow(arena *a, void *old, size_t old_bytes, size_t new_bytes);
void  *arena_grow_raw(arena *a, void *old, size_t old_bytes, size_t new_bytes);  /* new part is not zeroed: for bytes */
size_t arena_bytes(const arena *a);             /* what it holds from the system */

arena_mark arena_here(arena *a);                /* for loops that need scratch space: */
void       arena_back(arena *a, arena_mark m);  /* … everything since is given back */

#define new(a, T) ((T *)arena_get((a), sizeof(T)))
#define new_n(a, T, n) ((T *)arena_get_n((a), (n), sizeof(T)))
void *arena_get_n(arena *a, size_t n, size_t each);

/* Long-lived structures that manage themselves (index segments, caches,
 * connections) use these; they abort rather than return NULL. */
void *mem_get(size_t bytes);                    /* zeroed */
void *mem_resize(void *p, size_t bytes);        /* new part is not zeroed */
void  mem_free(void *p);
#endif
