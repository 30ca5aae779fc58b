/* list — growing arrays in an arena. A list is any struct { T *v; size_t n, cap; }.
 *
 *     str_list names = { 0 };
 *     list_add(c->a, &names, S("a"));
 */
#ifndef LIST_H
#define LIST_H
#include "arena.h"

#define list_room(a, l)                                                                              \
    ((l)->n < (l)->cap                                                                               \
         ? (void)0                                                                                   \
         : (void)((l)->v = arena_grow((a), (l)->v, (l)->cap * sizeof *(l)->v,                        \
                                      ((l)->cap > 0 ? (l)->cap * 2 : 8) * sizeof *(l)->v),           \
                  (l)->cap = (l)->cap > 0 ? (l)->cap * 2 : 8))

#define list_add(a, l, ...) (list_room((a), (l)), (l)->v[(l)->n++] = (__VA_ARGS__))
#define list_push(a, l) (list_room((a), (l)), &(l)->v[(l)->n++]) /* a zeroed element to fill */
#define list_each(T, it, l) for (T *it = (l)->v; it != (l)->v + (l)->n; it++)
#endif
