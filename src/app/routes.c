#include "app/routes.h"

#include "app/policy/policy.h"

#define M(m) (1u << HTTP_##m)
static const http_route table[] = {
#define ROUTE(methods_, path_, handler_, may_, where_, cache_, params_, summary_)                      \
    { .methods = (methods_), .path = (path_), .handler = (handler_), .may = MAY_##may_,               \
      .where = HTTP_ON_##where_, .cache = HTTP_CACHE_##cache_, .name = #handler_,                     \
      .summary = (summary_), .params = (params_), .large_body = MAY_##may_ == MAY_WRITE },
#include "app/routes.def"
#undef ROUTE
    { .path = NULL },
};
#undef M

const http_route *routes_all(size_t *n)
{
    *n = array_len(table) - 1;
    return table;
}
