/* token — programs that may write, before people have accounts: a station that
 * adds its rows, a script that puts a file. An operator makes a token for one
 * dataset, for an organisation with all that belongs to it, or for the site; the
 * program shows its secret with every request. Only its hash is kept.
 *
 * A secret is 32 random bytes, so that finding it by its hash needs no slow
 * hash and no comparison in constant time. Errors: FORBIDDEN, NOT_FOUND, INVALID. */
#ifndef TOKEN_H
#define TOKEN_H
#include "app/ledger/ledger.h"
#include "base.h"
#include "queries.h"

typedef struct {
    str     name;
    str     scope_kind;                 /* site, organization, dataset */
    int64_t scope_id;
    int64_t expires_at;                 /* 0: never */
} token_wish;

bool token_new(ctx *c, const token_wish *w, int64_t *id, str *secret) nodiscard;
bool token_end(ctx *c, int64_t id) nodiscard;

/* The token of a secret; FORBIDDEN when there is none, or it has ended. */
bool token_find(ctx *c, str secret, token_row *out) nodiscard;
/* Whether it may write to a dataset; FORBIDDEN. */
bool token_covers(ctx *c, const token_row *t, const dataset_row *d) nodiscard;
#endif
