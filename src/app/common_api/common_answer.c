/* common_answer — what every call of the API shares: arguments, refusals, and which dataset is meant. */
#include "app/common_api/common_api.h"
#include "app/policy/policy.h"

static bool send(http_res *w, int status, str body)
{
    w->status = status;
    w->type = S("application/json; charset=utf-8");
    w->body = body;
    w->any_origin = true;
    w->cache_s = status == 200 ? 0 : -1;
    return true;
}

bool common_api_answer(http_res *w, const buf *b)
{
    return send(w, 200, buf_str(b));
}

bool common_api_refuse(ctx *c, http_res *w, int status, const char *type, str message)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    json_kv(&j, "success", (bool)false);
    json_key(&j, S("error"));
    json_obj(&j);
    json_kv(&j, "type", type);
    json_kv(&j, "message", message);
    json_end(&j);
    json_end(&j);
    return send(w, status, buf_str(&b));
}

static bool is_allowed(const char *allowed, str name)
{
    str rest = str_of(allowed);
    for (str one; rest.n > 0 && str_next(&rest, ' ', &one);)
        if (str_eq(one, name))
            return true;
    return false;
}

static bool number(str s, int64_t *out)
{
    return str_to_i64(s, out) && *out >= 0;
}

bool common_api_arguments(ctx *c, const http_req *r, http_res *w, const char *allowed, common_api_window *out)
{
    *out = (common_api_window){ .limit = -1, .modified = DAY_NONE };
    for (size_t i = 0; i < r->args.n; i++) {
        str name = r->args.v[i].name, value = r->args.v[i].value;
        str shown = utf8_cut(name, 100);
        if (!is_allowed(allowed, name)) {
            (void)common_api_refuse(c, w, 400, COMMON_API_UNKNOWN_NAME, str_fmt(c->a, "the parameter %.*s is not in the specification; there is: %s",
                                                                               S_ARG(shown), allowed[0] != 0 ? allowed : "none"));
            return false;
        }
        bool good = str_eq(name, S("limit")) ? number(value, &out->limit) : str_eq(name, S("offset")) ? number(value, &out->offset)
                  : str_eq(name, S("modified")) ? day_read(value, &out->modified) : true;
        if (!good) {
            const char *want = str_eq(name, S("modified")) ? "a date such as 2016-06-25T09:28:53+08:00" : "a whole number from 0";
            (void)common_api_refuse(c, w, 400, COMMON_API_BAD_VALUE, str_fmt(c->a, "the value of %.*s is not %s", S_ARG(shown), want));
            return false;
        }
    }
    return true;
}

bool common_api_visible(str state_text, str class_text)
{
    policy_state state;
    policy_class klass;
    return policy_state_of(state_text, &state) && policy_class_of(class_text, &klass)
        && policy_sees(ROLE_VISITOR, state, klass) == SEE_ALL;
}

str common_api_name(str identifier, str slug)
{
    return identifier.n > 0 ? identifier : slug;
}

bool common_api_dataset(ctx *c, str key, dataset_row *out, bool *found)
{
    if (!q_dataset_by_identifier(c, key, out, found))
        return false;
    if (*found && common_api_visible(out->state, out->class))
        return true;
    if (!q_dataset_by_key(c, key, out, found))
        return false;
    *found = *found && common_api_visible(out->state, out->class);
    return true;
}
