/* token_api — the token that a request shows: Authorization: Bearer SECRET, or as the clients of CKAN send it,
 * Authorization: SECRET or X-CKAN-API-Key: SECRET. */
#ifndef TOKEN_API_H
#define TOKEN_API_H
#include "app/token/token.h"
#include "kit/http/http.h"

/* Whoever may call a route of MAY_WRITE; the ledger then says so (c->actor). FORBIDDEN. */
bool token_api_allow(ctx *c, const http_req *r) nodiscard;
/* … and writes to this dataset. */
bool token_api_covers(ctx *c, const http_req *r, const dataset_row *d) nodiscard;
#endif
