/* cmd_token — programs that may write: openshelf token new | list | end ID. */
#include "app/token/token.h"
#include "bin/cli.h"
#include "bin/table_target.h"
#include "kit/text/json_write.h"

static bool scope_of(ctx *c, str scope, token_wish *w)
{
    str kind, key;
    bool found = false;
    if (!str_cut(scope, S(":"), &kind, &key))
        return fail(c, USAGE, "--scope is dataset:SLUG or organization:SLUG, not “%.*s”", S_ARG(scope));
    w->scope_kind = kind;
    if (str_eq(kind, S("dataset"))) {
        dataset_row d;
        if (!table_target_dataset(c, key, &d, &found))
            return false;
        w->scope_id = found ? d.id : 0;
    } else if (str_eq(kind, S("organization"))) {
        organization_row o;
        if (!q_organization_by_key(c, key, &o, &found))
            return false;
        w->scope_id = found ? o.id : 0;
    } else {
        return fail(c, USAGE, "--scope is dataset:SLUG or organization:SLUG, not “%.*s”", S_ARG(scope));
    }
    return found || fail(c, NOT_FOUND, "there is no %.*s “%.*s”", S_ARG(kind), S_ARG(key));
}

static bool make(ctx *c, const cli_args *a, const token_wish *w)
{
    int64_t id;
    str secret;
    if (!token_new(c, w, &id, &secret))
        return false;
    if (a->json)
        return cli_out(c, str_fmt(c->a, "{\"id\":%" PRId64 ",\"token\":\"%.*s\"}\n", id, S_ARG(secret)));
    cli_say(a, "token %" PRId64 "; it is shown this once:", id);
    return cli_out(c, str_cat(c->a, secret, S("\n")));
}

static const char *state_of(const token_row *t)
{
    return t->ended_at > 0 ? "ended" : t->expires_at > 0 && t->expires_at <= day_now_ms() ? "expired" : "holds";
}

static bool list(ctx *c, const cli_args *a)
{
    token_row_list l;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!q_token_list(c, &l))
        return false;
    if (a->json)
        json_arr(&j);
    list_each (token_row, t, &l) {
        if (!a->json) {
            buf_fmt(&b, "%4" PRId64 "  %-8s %-13.*s %6" PRId64 "  %s  %.*s\n", t->id, state_of(t), S_ARG(t->scope_kind), t->scope_id,
                    str_z(c->a, day_local(c->a, t->created_at)), S_ARG(cli_plain(c->a, t->name)));
            continue;
        }
        json_obj(&j);
        json_kv(&j, "id", t->id);
        json_kv(&j, "name", t->name);
        json_kv(&j, "state", state_of(t));
        json_kv(&j, "scope", t->scope_kind);
        json_kv(&j, "scope_id", t->scope_id);
        json_kv(&j, "created", day_iso(c->a, t->created_at));
        json_key(&j, S("expires"));
        json_str_or_null(&j, t->expires_at > 0 ? day_iso(c->a, t->expires_at) : (str){ 0 });
        json_end(&j);
    }
    if (a->json) {
        json_end(&j);
        buf_byte(&b, '\n');
    }
    return cli_out(c, buf_str(&b));
}

bool cmd_token(ctx *c, cli_args *a)
{
    bool operator = false, done;
    str scope = { 0 }, name = { 0 }, expires = { 0 };
    const cli_opt opts[] = {
        { "operator", CLI_FLAG, &operator, NULL, "for the whole site" },
        { "scope", CLI_TEXT, &scope, "WHAT", "dataset:SLUG, or organization:SLUG with all that belongs to it" },
        { "name", CLI_TEXT, &name, "TEXT", "what it is for" },
        { "expires", CLI_TEXT, &expires, "DATE", "it holds until then; for ever when absent" },
    };
    const cli_form form = {
        .usage = "token new --operator|--scope WHAT [--name TEXT] [--expires DATE] | token list | token end ID",
        .what = "Tokens by which programs write: rows into tables, files of distributions. A new one is printed once, on the last line, and kept only as a hash.",
        .examples = "  openshelf token new --scope dataset:rain-now --name 'rain feeder'\n  openshelf token list\n  openshelf token end 3\n",
        .opts = opts, .opt_count = array_len(opts), .min_rest = 1, .max_rest = 2,
    };
    site *s;
    int64_t id = 0;
    token_wish w = { .scope_kind = S("site") };
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    str what = a->rest.v[0];
    bool makes = str_eq(what, S("new")), lists = str_eq(what, S("list")), ends = str_eq(what, S("end"));
    if ((!makes && !lists && !ends) || (ends && (a->rest.n < 2 || !str_to_i64(a->rest.v[1], &id))))
        return fail(c, USAGE, "want: openshelf %s", form.usage);
    if (makes && operator == (scope.n > 0))
        return fail(c, USAGE, "one of --operator and --scope says what the token is for");
    if (expires.n > 0 && !day_read(expires, &w.expires_at))
        return fail(c, USAGE, "--expires wants a date such as 2027-01-31, not “%.*s”", S_ARG(expires));
    w.name = name.n > 0 ? name : scope.n > 0 ? scope : S("operator");
    if (!cli_site(c, a, true, &s) || (scope.n > 0 && !scope_of(c, scope, &w)))
        return false;
    if (ends && token_end(c, id))
        cli_say(a, "token %" PRId64 " has ended", id);
    return makes ? make(c, a, &w) : lists ? list(c, a) : c->err.code == ERR_OK;
}
