#include "app/token/token.h"

#include "kit/blob/blob.h"
#include "kit/text/json_write.h"

#include <sys/random.h>

#define SECRET_BYTES 32
#define NAME_MOST 100

static str hex(arena *a, const unsigned char *p, size_t n)
{
    buf b = buf_in(a);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "%02x", p[i]);
    return buf_str(&b);
}

static str hash_of(arena *a, str secret)
{
    unsigned char sum[32];
    blob_sha256(secret, sum);
    return hex(a, sum, sizeof sum);
}

static str state_json(ctx *c, int64_t id, const char *state, const token_wish *w)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    if (w->expires_at > 0)
        json_kv(&j, "expires", day_iso(c->a, w->expires_at));
    json_kv(&j, "id", id);
    json_kv(&j, "name", w->name);
    json_kv(&j, "scope", w->scope_kind);
    json_kv(&j, "scope_id", w->scope_id);
    json_kv(&j, "state", state);
    json_end(&j);
    return buf_str(&b);
}

bool token_new(ctx *c, const token_wish *w, int64_t *id, str *secret)
{
    unsigned char dice[SECRET_BYTES];
    if (w->name.n == 0 || w->name.n > NAME_MOST || !utf8_valid(w->name, NULL))
        return fail_field(c, INVALID, S("name"), "a token has a name of 1 to %d bytes: what it is for", NAME_MOST);
    must(getrandom(dice, sizeof dice, 0) == (ssize_t)sizeof dice);
    *secret = str_cat(c->a, S("osk_"), hex(c->a, dice, sizeof dice));
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !change_ids(c, &ch, "api_token", 1, id))
        return false;
    str state = state_json(c, *id, "holds", w);
    ledger_entry e = { .action = S("token.new"), .subject_kind = S("token"), .subject_id = *id, .subject_key = w->name, .after = state,
                       .state_hash = ledger_hash_json(c->a, state) };
    return change_record(c, &ch, &e)
        && q_token_insert(c, *id, w->name, hash_of(c->a, *secret), w->scope_kind, w->scope_id, ch.at, w->expires_at, ch.seq)
        && change_commit(c, &ch);
}

bool token_end(ctx *c, int64_t id)
{
    token_row t;
    bool found;
    auto_change ch = change_begin(c);
    if (!ch.tx.open || !q_token_by_id(c, id, &t, &found))
        return false;
    if (!found || t.ended_at > 0)
        return fail(c, NOT_FOUND, "there is no token %" PRId64 ", or it has ended", id);
    token_wish w = { t.name, t.scope_kind, t.scope_id, t.expires_at };
    str state = state_json(c, id, "ended", &w);
    ledger_entry e = { .action = S("token.end"), .subject_kind = S("token"), .subject_id = id, .subject_key = t.name, .after = state,
                       .state_hash = ledger_hash_json(c->a, state) };
    return change_record(c, &ch, &e) && q_token_set_end(c, id, ch.at, ch.seq) && change_commit(c, &ch);
}

bool token_find(ctx *c, str secret, token_row *out)
{
    bool found = false;
    if (secret.n == 0)
        return fail(c, FORBIDDEN, "this needs a token: Authorization: Bearer osk_… (an operator makes it by `openshelf token new`)");
    if (!q_token_by_hash(c, hash_of(c->a, secret), out, &found))
        return false;
    if (!found || out->ended_at > 0 || (out->expires_at > 0 && out->expires_at <= day_now_ms()))
        return fail(c, FORBIDDEN, "there is no such token, or it has ended");
    return true;
}

/* The organisation itself, or one above it in the tree. */
static bool is_under(ctx *c, int64_t organization, int64_t top, bool *yes)
{
    *yes = organization == top;
    for (int depth = 0; !*yes && organization > 0 && depth < 32; depth++) {
        organization_row o;
        if (!q_organization_by_id(c, organization, &o))
            return false;
        organization = o.parent_id;
        *yes = organization == top;
    }
    return true;
}

bool token_covers(ctx *c, const token_row *t, const dataset_row *d)
{
    bool yes = str_eq(t->scope_kind, S("site")) || (str_eq(t->scope_kind, S("dataset")) && t->scope_id == d->id);
    if (!yes && str_eq(t->scope_kind, S("organization")) && !is_under(c, d->organization_id, t->scope_id, &yes))
        return false;
    return yes || fail(c, FORBIDDEN, "this token is for other datasets than “%.*s”", S_ARG(d->slug));
}
