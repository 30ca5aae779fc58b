/* The only file that knows jansson. */
#include "kit/text/json_read.h"

/* Three of its names are ours too. */
#define json_type jansson_type
#define JSON_REAL JANSSON_REAL
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#undef json_type
#undef JSON_REAL
#undef JSON_NULL

#define DEPTH_MAX 100

static bool convert(ctx *c, const json_t *from, json *to, int depth)
{
    if (depth > DEPTH_MAX)
        return fail(c, INVALID, "the JSON is nested more than %d levels deep", DEPTH_MAX);
    switch (json_typeof(from)) {
    case JSON_OBJECT: {
        size_t n = json_object_size(from), i = 0;
        to->type = JSON_OBJ;
        to->obj.keys = new_n(c->a, str, n);
        to->obj.v = new_n(c->a, json, n);
        to->obj.n = n;
        void *it = json_object_iter((json_t *)(uintptr_t)from);
        for (; it != NULL; it = json_object_iter_next((json_t *)(uintptr_t)from, it), i++) {
            str key = { json_object_iter_key(it), json_object_iter_key_len(it) };
            to->obj.keys[i] = str_dup(c->a, key);
            if (!convert(c, json_object_iter_value(it), &to->obj.v[i], depth + 1))
                return false;
        }
        return true;
    }
    case JSON_ARRAY:
        to->type = JSON_ARR;
        to->arr.n = json_array_size(from);
        to->arr.v = new_n(c->a, json, to->arr.n);
        for (size_t i = 0; i < to->arr.n; i++)
            if (!convert(c, json_array_get(from, i), &to->arr.v[i], depth + 1))
                return false;
        return true;
    case JSON_STRING:
        to->type = JSON_STR;
        to->s = str_dup(c->a, (str){ json_string_value(from), json_string_length(from) });
        return true;
    case JSON_INTEGER:
        to->type = JSON_INT;
        to->i = json_integer_value(from);
        return true;
    case JANSSON_REAL:
        to->type = JSON_REAL;
        to->r = json_real_value(from);
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
        to->type = JSON_BOOL;
        to->b = json_is_true(from);
        return true;
    default:
        to->type = JSON_NULL;
        return true;
    }
}

bool json_parse(ctx *c, str text, json *out)
{
    json_error_t e;
    if (str_starts(text, S("\xef\xbb\xbf")))
        text = str_from(text, 3);
    json_t *root = json_loadb(text.n > 0 ? text.p : "", text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
    if (root == NULL) {
        str what = str_of(e.text);   /* without “near …”: the bytes it would quote can hold a key or a name */
        what = str_sub(what, 0, str_find(what, S(" near ")));
        return fail(c, INVALID, "this is not valid JSON: %.*s (line %d, column %d, byte %d)", S_ARG(what), e.line, e.column,
                    e.position);
    }
    *out = (json){ 0 };
    bool ok = convert(c, root, out, 0);
    json_decref(root);
    return ok;
}

const json *json_get_s(const json *o, str key)
{
    if (o == NULL || o->type != JSON_OBJ)
        return NULL;
    for (size_t i = 0; i < o->obj.n; i++)
        if (str_eq(o->obj.keys[i], key))
            return &o->obj.v[i];
    return NULL;
}

const json *json_get(const json *o, const char *key)
{
    return json_get_s(o, str_of(key));
}

str json_text(ctx *c, const json *v)
{
    if (v == NULL)
        return S("");
    buf b = buf_in(c->a);
    switch (v->type) {
    case JSON_STR:
        return v->s;
    case JSON_INT:
        buf_i64(&b, v->i);
        return buf_str(&b);
    case JSON_REAL:
        buf_f64(&b, v->r);
        return buf_str(&b);
    case JSON_BOOL:
        return v->b ? S("true") : S("false");
    default:
        return S("");
    }
}

str json_get_text(ctx *c, const json *o, const char *key)
{
    return json_text(c, json_get(o, key));
}

int64_t json_get_int(const json *o, const char *key, int64_t absent)
{
    const json *v = json_get(o, key);
    return v != NULL && v->type == JSON_INT ? v->i : absent;
}

bool json_get_bool(const json *o, const char *key, bool absent)
{
    const json *v = json_get(o, key);
    return v != NULL && v->type == JSON_BOOL ? v->b : absent;
}
