/* map — text → pointer or number, open addressing, in an arena. Keys are
 * borrowed: they must live as long as the map. The hash is keyed once per
 * process, so that strangers cannot choose colliding keys. Order of insertion
 * is kept: walk with map.items. */
#ifndef MAP_H
#define MAP_H
#include "arena.h"
#include "str.h"

typedef struct {
    str key;
    union {
        void   *p;
        int64_t i;
    };
} map_item;

typedef struct {
    arena    *a;
    map_item *items;    /* in order of insertion */
    size_t    n, cap;
    uint32_t *slots;    /* index + 1 of the item, 0 = free */
    size_t    slot_count;
} map;

static inline map map_in(arena *a)
{
    return (map){ .a = a };
}
map_item *map_get(const map *m, str key);             /* NULL when absent */
map_item *map_put(map *m, str key, bool *is_new);     /* the item, new or old; is_new may be NULL */
void     *map_ptr(const map *m, str key);             /* NULL when absent */
int64_t   map_i64(const map *m, str key, int64_t absent);
void      map_set_ptr(map *m, str key, void *p);
void      map_set_i64(map *m, str key, int64_t i);
#endif
