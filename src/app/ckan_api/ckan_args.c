/* ckan_args — arguments as CKAN's clients send them: in the query, as a form,
 * as multipart, as a JSON object, as a JSON object that pretends to be a form
 * (curl -d), all at once. What the body says goes before what the query says. */
#include "app/ckan_api/ckan.h"

#define PAIRS_MOST 200

static void set_arg(ctx *c, ckan_call *k, str name, const json *v)
{
    list_each(ckan_arg, a, &k->args)
        if (str_eq(a->name, name)) {
            a->value = *v;
            return;
        }
    list_add(c->a, &k->args, (ckan_arg){ name, *v });
}

static void add_json(ctx *c, ckan_call *k, const json *object)
{
    for (size_t i = 0; i < object->obj.n; i++)
        set_arg(c, k, object->obj.keys[i], &object->obj.v[i]);
}

/* A name that is repeated becomes a list. */
static void add_pairs(ctx *c, ckan_call *k, const url_pairs *p)
{
    for (size_t i = 0; i < p->n; i++) {
        size_t n = 0, first = i;
        for (size_t q = 0; q < p->n; q++)
            if (str_eq(p->v[q].name, p->v[i].name)) {
                first = q < first ? q : first;
                n++;
            }
        if (first < i)
            continue;
        json v = { .type = JSON_STR, .s = p->v[i].value };
        if (n > 1) {
            v = (json){ .type = JSON_ARR, .arr = { new_n(c->a, json, n), 0 } };
            for (size_t q = i; q < p->n; q++)
                if (str_eq(p->v[q].name, p->v[i].name))
                    v.arr.v[v.arr.n++] = (json){ .type = JSON_STR, .s = p->v[q].value };
        }
        set_arg(c, k, p->v[i].name, &v);
    }
}

static bool parse_object(ctx *c, str text, json *out, str *problem)
{
    if (!json_parse(c, text, out)) {
        *problem = str_fmt(c->a, "JSON Error: Error decoding JSON data. Error: %.*s", S_ARG(c->err.message));
        err_clear(c);
        return false;
    }
    if (out->type == JSON_OBJ)
        return true;
    *problem = S("JSON Error: Request data JSON decoded to something that is no object, but it needs to be a dictionary.");
    return false;
}

static bool read_form(ctx *c, ckan_call *k, str body, str *problem)
{
    url_pairs pairs = { 0 };
    json object;
    if (str_starts(str_trim(body), S("{")) && json_parse(c, body, &object) && object.type == JSON_OBJ) {
        add_json(c, k, &object);     /* curl -d '{…}': JSON that was never meant as a form */
        return true;
    }
    err_clear(c);
    if (!url_query(c, body, PAIRS_MOST, &pairs))
        return false;
    bool one = pairs.n == 1 && (pairs.v[0].value.n == 0 || str_eq(pairs.v[0].value, S("1")));
    if (!one) {
        add_pairs(c, k, &pairs);
        return true;
    }
    if (!parse_object(c, pairs.v[0].name, &object, problem))
        return false;
    add_json(c, k, &object);
    return true;
}

static bool read_multipart(ctx *c, ckan_call *k)
{
    http_parts parts = { 0 };
    url_pairs pairs = { 0 };
    if (!http_multipart(c, k->r, &parts))
        return false;
    for (size_t i = 0; i < parts.n; i++)
        if (parts.v[i].filename.n == 0)
            list_add(c->a, &pairs, (url_pair){ parts.v[i].name, parts.v[i].value });
    add_pairs(c, k, &pairs);
    return true;
}

bool ckan_args_read(ctx *c, ckan_call *k, str *problem)
{
    const http_req *r = k->r;
    str type = str_lower(c->a, http_header(r, "content-type"));
    json object;
    add_pairs(c, k, &r->args);
    if (r->method != HTTP_POST || str_trim(r->body).n == 0)
        return true;
    if (str_starts(type, S("multipart/form-data")))
        return read_multipart(c, k);
    if (str_starts(type, S("application/x-www-form-urlencoded")))
        return read_form(c, k, r->body, problem);
    if (!parse_object(c, r->body, &object, problem))
        return false;
    add_json(c, k, &object);
    return true;
}

const json *ckan_given(const ckan_call *k, const char *name)
{
    str want = str_of(name);
    for (size_t i = 0; i < k->args.n; i++)
        if (str_eq(k->args.v[i].name, want))
            return k->args.v[i].value.type == JSON_NULL ? NULL : &k->args.v[i].value;
    return NULL;
}

/* Of a list the last, as a form of one value would give it. */
str ckan_text(ctx *c, const ckan_call *k, const char *name)
{
    const json *v = ckan_given(k, name);
    if (v != NULL && v->type == JSON_ARR)
        v = v->arr.n > 0 ? &v->arr.v[v->arr.n - 1] : NULL;
    return v != NULL ? str_trim(json_text(c, v)) : (str){ 0 };
}

bool ckan_need(ctx *c, ckan_call *k, const char *name, str *out)
{
    *out = ckan_text(c, k, name);
    return out->n > 0 || ckan_missing(k, name);
}

bool ckan_integer(ctx *c, ckan_call *k, const char *name, int64_t absent, int64_t *out)
{
    str v = ckan_text(c, k, name);
    *out = absent;
    return v.n == 0 || str_to_i64(v, out) || ckan_refuse(k, CKAN_VALIDATION, str_of(name), S("Invalid integer"));
}

bool ckan_natural(ctx *c, ckan_call *k, const char *name, int64_t absent, int64_t *out)
{
    if (!ckan_integer(c, k, name, absent, out))
        return false;
    return *out >= 0 || ckan_refuse(k, CKAN_VALIDATION, str_of(name), S("Must be a natural number"));
}

bool ckan_flag(ctx *c, const ckan_call *k, const char *name, bool absent)
{
    static const str yes[] = { S_INIT("true"), S_INIT("1"), S_INIT("on"), S_INIT("yes"), S_INIT("t"), S_INIT("y") };
    str v = ckan_text(c, k, name);
    if (v.n == 0)
        return absent;
    for (size_t i = 0; i < array_len(yes); i++)
        if (str_ieq(v, yes[i]))
            return true;
    return false;
}

str_list ckan_list(ctx *c, const ckan_call *k, const char *name)
{
    str_list out = { 0 };
    json inside;
    const json *v = ckan_given(k, name);
    if (v == NULL)
        return out;
    if (v->type == JSON_STR && str_starts(str_trim(v->s), S("["))) {
        if (json_parse(c, v->s, &inside) && inside.type == JSON_ARR)
            v = &inside;
        else
            err_clear(c);
    }
    for (size_t i = 0; v->type == JSON_ARR && i < v->arr.n; i++)
        if (json_text(c, &v->arr.v[i]).n > 0)
            list_add(c->a, &out, json_text(c, &v->arr.v[i]));
    str rest = v->type != JSON_ARR ? json_text(c, v) : (str){ 0 }, one;
    while (rest.n > 0 && str_next(&rest, ',', &one))
        if (str_trim(one).n > 0)
            list_add(c->a, &out, str_trim(one));
    return out;
}
