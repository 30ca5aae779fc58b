/* routes — the table made of routes.def. */
#ifndef ROUTES_H
#define ROUTES_H
#include "kit/http/http.h"

#define M(m) (1u << HTTP_##m)
#define ROUTE(methods, path, handler, may, where, cache, params, summary) http_handler handler;
#include "app/routes.def"
#undef ROUTE
#undef M

const http_route *routes_all(size_t *n);
#endif
