#include "app/ckan_api/ckan_error.h"

#include "app/ckan_api/ckan.h"
#include "app/shell/shell.h"

/* The name of the action that was asked for. False: it was no call. */
static bool action_asked(const http_req *r, str *name)
{
    static const str before[] = { S_INIT("/api/3/action/"), S_INIT("/api/action/") };
    for (size_t i = 0; i < array_len(before); i++)
        if (str_starts(r->path, before[i])) {
            *name = str_from(r->path, before[i].n);
            return true;
        }
    return false;
}

bool ckan_error_belongs(const http_req *r)
{
    str name;
    return action_asked(r, &name);
}

static const char *type_of(err_code code)
{
    switch (code) {
    case ERR_NOT_FOUND:
    case ERR_GONE: return "Not Found Error";
    case ERR_FORBIDDEN: return "Authorization Error";
    case ERR_USAGE:
    case ERR_INVALID: return "Validation Error";
    case ERR_METHOD: return "Method Not Allowed";
    case ERR_CONFLICT:
    case ERR_CANCELLED: return "Conflict";
    case ERR_TOO_LARGE: return "Content Too Large";
    case ERR_RATE: return "Too Many Requests";
    case ERR_BUSY:
    case ERR_TIMEOUT: return "Service Unavailable";
    default: return "Internal Server Error";
    }
}

bool ckan_error(ctx *c, const http_req *r, http_res *w)
{
    str name = { 0 };
    const err e = c->err;
    const ckan_action *action = action_asked(r, &name) ? ckan_action_named(name) : NULL;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    if (action != NULL)
        json_kv(&j, "help", link_absolute(c, r, str_cat(c->a, S("/api/3/action/help_show?name="), str_of(action->name))));
    json_key(&j, S("success"));
    json_bool(&j, false);
    json_key(&j, S("error"));
    json_obj(&j);
    json_kv(&j, "__type", type_of(e.code));
    json_kv(&j, "message", e.message.n > 0 ? e.message : str_of(err_text(e.code)));
    json_key(&j, S("request_id"));
    json_str_or_null(&j, c->request_id);
    json_end(&j);
    json_end(&j);
    w->any_origin = true;
    bool ok = http_body_json(c, w, buf_str(&b));
    w->status = err_http(e.code);
    return ok;
}
