#include "kit/http/router.h"

#include <stdlib.h>

typedef enum { LITERAL, PARAM, REST } kind;

typedef struct node {
    kind kind;
    str text, after;                  /* literal; or what stands before and after the braces */
    struct node **v;                  /* children: literals sorted by text, then parameters, then rest */
    size_t n, cap, literals;
    const http_route *routes[HTTP_METHODS];
    unsigned methods;
} node;

struct router {
    node root;
};

static bool same_node(const node *x, const node *y)
{
    return x->kind == y->kind && str_eq(x->text, y->text) && str_eq(x->after, y->after);
}

static node read_segment(str s)
{
    size_t open = str_find_byte(s, '{'), close = str_rfind_byte(s, '}');
    if (open == s.n)
        return (node){ .kind = LITERAL, .text = s };
    must(close < s.n && open + 1 < close);
    if (s.p[close - 1] == '*')
        return (node){ .kind = REST };
    return (node){ .kind = PARAM, .text = str_sub(s, 0, open), .after = str_from(s, close + 1) };
}

static node *child_for(arena *a, node *parent, node want)
{
    for (size_t i = 0; i < parent->n; i++)
        if (same_node(parent->v[i], &want))
            return parent->v[i];
    node *made = new(a, node);
    *made = want;
    list_add(a, parent, made);
    return made;
}

static int by_rank(const void *x, const void *y)
{
    const node *p = *(node *const *)x, *q = *(node *const *)y;
    if (p->kind != q->kind)
        return (int)p->kind - (int)q->kind;
    if (p->kind == LITERAL)
        return str_cmp(p->text, q->text);
    size_t ends_p = p->text.n + p->after.n, ends_q = q->text.n + q->after.n;
    return ends_p < ends_q ? 1 : -(ends_p > ends_q);
}

static void sort_children(node *n)
{
    if (n->n > 1)
        qsort(n->v, n->n, sizeof *n->v, by_rank);
    while (n->literals < n->n && n->v[n->literals]->kind == LITERAL)
        n->literals++;
    for (size_t i = 0; i < n->n; i++)
        sort_children(n->v[i]);
}

static void add_route(arena *a, router *r, const http_route *route)
{
    str path = str_of(route->path), segment;
    must(str_starts(path, S("/")));
    path = str_from(path, 1);
    node *at = &r->root;
    if (path.n > 0)
        while (str_next(&path, '/', &segment))
            at = child_for(a, at, read_segment(segment));
    for (int m = 0; m < HTTP_METHODS; m++) {
        if ((route->methods & 1u << m) == 0)
            continue;
        must(at->routes[m] == NULL);
        at->routes[m] = route;
    }
    at->methods |= route->methods;
    if ((at->methods & 1u << HTTP_GET) != 0)
        at->methods |= 1u << HTTP_HEAD;
}

router *router_make(arena *a, const http_route *routes, size_t n)
{
    router *r = new(a, router);
    for (size_t i = 0; i < n; i++)
        add_route(a, r, &routes[i]);
    sort_children(&r->root);
    return r;
}

typedef struct {
    const str_list *segments;
    http_method method;
    router_hit *out;
} search;

/* The node fits the path's end: is there a route for the method? */
static bool arrive(search *s, const node *n)
{
    if (n->methods == 0)
        return false;
    s->out->methods |= n->methods;
    const http_route *route = n->routes[s->method];
    if (route == NULL)
        return false;
    s->out->route = route;
    s->out->exact_end = n->kind != PARAM || n->after.n > 0;
    return true;
}

static const node *literal_child(const node *n, str segment)
{
    size_t lo = 0, hi = n->literals;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int d = str_cmp(n->v[mid]->text, segment);
        if (d == 0)
            return n->v[mid];
        if (d < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

static bool walk(search *s, const node *n, size_t depth)
{
    if (depth == s->segments->n)
        return arrive(s, n);
    str segment = s->segments->v[depth];
    const node *literal = literal_child(n, segment);
    if (literal != NULL && walk(s, literal, depth + 1))
        return true;
    for (size_t i = n->literals; i < n->n; i++) {
        const node *k = n->v[i];
        if (k->kind == REST) {
            if (arrive(s, k))
                return true;
        } else if (segment.n > k->text.n + k->after.n && str_starts(segment, k->text)
                   && str_ends(segment, k->after) && walk(s, k, depth + 1)) {
            return true;
        }
    }
    return false;
}

static void take_params(arena *a, const str_list *segments, router_hit *hit)
{
    str path = str_from(str_of(hit->route->path), 1), part;
    for (size_t i = 0; i < segments->n && str_next(&path, '/', &part); i++) {
        size_t open = str_find_byte(part, '{'), close = str_rfind_byte(part, '}');
        if (open == part.n)
            continue;
        str segment = segments->v[i];
        url_pair p = { str_sub(part, open + 1, close), str_sub(segment, open, segment.n - (part.n - close - 1)) };
        if (str_ends(p.name, S("*"))) {
            str_list rest = { .v = segments->v + i, .n = segments->n - i };
            p = (url_pair){ str_sub(p.name, 0, p.name.n - 1), str_join(a, &rest, S("/")) };
            list_add(a, &hit->params, p);
            return;
        }
        list_add(a, &hit->params, p);
    }
}

void router_find(const router *r, arena *a, const str_list *segments, http_method m, router_hit *out)
{
    *out = (router_hit){ 0 };
    if (segments->n > ROUTER_DEPTH)
        return;
    search s = { segments, m == HTTP_HEAD ? HTTP_GET : m, out };
    if (walk(&s, &r->root, 0))
        take_params(a, segments, out);
}
