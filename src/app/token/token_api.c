#include "app/token/token_api.h"

static str shown(const http_req *r)
{
    str scheme, rest, said = str_trim(http_header(r, "authorization"));
    if (said.n == 0)
        said = str_trim(http_header(r, "x-ckan-api-key"));
    return str_cut(said, S(" "), &scheme, &rest) && str_ieq(scheme, S("bearer")) ? str_trim(rest) : said;
}

bool token_api_allow(ctx *c, const http_req *r)
{
    token_row t;
    if (!token_find(c, shown(r), &t))
        return false;
    c->actor = str_fmt(c->a, "token:%" PRId64, t.id);
    return true;
}

bool token_api_covers(ctx *c, const http_req *r, const dataset_row *d)
{
    token_row t;
    return token_find(c, shown(r), &t) && token_covers(c, &t, d);
}
