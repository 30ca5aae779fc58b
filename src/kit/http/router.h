/* router — from a path to a route: a tree made once from the route table.
 *
 * A segment of a pattern is a literal ("datasets"), a parameter with literal
 * ends ("{id}", "{slug}.atom"), or "{rest*}", which takes all remaining
 * segments. Literals win over parameters, longer literal ends over shorter,
 * any of them over {rest*}; what leads nowhere is taken back. */
#ifndef ROUTER_H
#define ROUTER_H
#include "kit/http/http.h"

#define ROUTER_DEPTH 32

typedef struct router router;

typedef struct {
    const http_route *route;    /* NULL: none for this method */
    unsigned methods;           /* of all routes with this path: 0 means 404 */
    url_pairs params;
    bool exact_end;             /* the last segment was literal, had a literal ending, or was taken by {rest*} */
} router_hit;

/* Two routes for one method and path are a programmer's error. */
router *router_make(arena *a, const http_route *routes, size_t n);
/* Segments decoded, without slashes; "/" has none. The method HEAD finds GET's route. */
void router_find(const router *r, arena *a, const str_list *segments, http_method m, router_hit *out);
#endif
