#include "app/reader/fields.h"

#include "kit/text/json_write.h"

str fields_first(ctx *c, const json *o, const char *const *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        str s = field(c, o, keys[i]);
        if (s.n > 0)
            return s;
    }
    return S("");
}

int64_t fields_time(str said)
{
    int64_t ms;
    return day_read(said, &ms) ? ms : DAY_NONE;
}

int64_t fields_count(str said)
{
    char tmp[32];
    size_t n = 0;
    said = str_trim(said);
    for (size_t i = 0; i < said.n && n < sizeof tmp; i++)
        if (said.p[i] != ',')
            tmp[n++] = said.p[i];
    int64_t v;
    return str_to_i64((str){ tmp, n }, &v) && v >= 0 ? v : -1;
}

str_list fields_split(ctx *c, str packed, char sep)
{
    str_list l = { 0 };
    if (str_trim(packed).n == 0)
        return l;
    for (str part; str_next(&packed, sep, &part);)
        list_add(c->a, &l, str_trim(part));
    return l;
}

/* A list in a cell as our own export writes one whose texts hold the separator. */
static bool array_in_text(ctx *c, str s, json *out)
{
    ctx trial = { .a = c->a };
    return str_starts(str_trim(s), S("[")) && json_parse(&trial, s, out) && out->type == JSON_ARR;
}

str_list fields_packed(ctx *c, str packed, bool addresses)
{
    str_list l = { 0 };
    json array;
    if (array_in_text(c, packed, &array)) {
        for (size_t i = 0; i < array.arr.n; i++)
            list_add(c->a, &l, json_text(c, &array.arr.v[i]));
        return l;
    }
    str_list parts = fields_split(c, packed, ';');
    list_each (const str, p, &parts) {
        bool starts = !addresses || p->n == 0 || str_has(str_sub(*p, 0, 10), S("://"));
        if (starts || l.n == 0)
            list_add(c->a, &l, *p);
        else
            l.v[l.n - 1] = str_fmt(c->a, "%.*s;%.*s", S_ARG(l.v[l.n - 1]), S_ARG(*p));
    }
    return l;
}

str_list fields_words(ctx *c, const json *v)
{
    str_list l = { 0 };
    if (v == NULL)
        return l;
    if (v->type == JSON_ARR) {
        for (size_t i = 0; i < v->arr.n; i++) {
            str s = v->arr.v[i].type == JSON_OBJ ? field(c, &v->arr.v[i], "name") : json_text(c, &v->arr.v[i]);
            if (s.n > 0)
                list_add(c->a, &l, s);
        }
        return l;
    }
    str s = json_text(c, v);
    json array;
    if (array_in_text(c, s, &array))
        return fields_words(c, &array);
    s = str_replace(c->a, s, S("、"), S(";"));
    s = str_replace(c->a, s, S("，"), S(";"));
    s = str_replace(c->a, s, S("；"), S(";"));
    s = str_replace(c->a, s, S(","), S(";"));
    str_list parts = fields_split(c, s, ';');
    list_each (const str, p, &parts)
        if (p->n > 0)
            list_add(c->a, &l, *p);
    return l;
}

static bool known_key(str key, const char *const *known, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(key, str_of(known[i])))
            return true;
    return false;
}

/* Platforms add them when they answer: Comments with commentAuthor, commentEmail … A text called “comment” is something else. */
bool fields_is_comment(str key, const json *v)
{
    bool several = str_ieq(key, S("comments")) && (v->type == JSON_ARR || v->type == JSON_OBJ);
    return several || (key.n > 7 && str_starts(key, S("comment")) && key.p[7] >= 'A' && key.p[7] <= 'Z');
}

/* A copy without any comment, however deep. */
static json without_comments(ctx *c, const json *v)
{
    json out = *v;
    if (v->type == JSON_ARR) {
        out.arr.v = new_n(c->a, json, v->arr.n + 1);
        for (size_t i = 0; i < v->arr.n; i++)
            out.arr.v[i] = without_comments(c, &v->arr.v[i]);
    } else if (v->type == JSON_OBJ) {
        out.obj.keys = new_n(c->a, str, v->obj.n + 1);
        out.obj.v = new_n(c->a, json, v->obj.n + 1);
        out.obj.n = 0;
        for (size_t i = 0; i < v->obj.n; i++) {
            if (fields_is_comment(v->obj.keys[i], &v->obj.v[i]))
                continue;
            out.obj.keys[out.obj.n] = v->obj.keys[i];
            out.obj.v[out.obj.n++] = without_comments(c, &v->obj.v[i]);
        }
    }
    return out;
}

bool fields_says_nothing(const json *v)
{
    return v->type == JSON_NULL || (v->type == JSON_STR && str_trim(v->s).n == 0) || (v->type == JSON_ARR && v->arr.n == 0)
        || (v->type == JSON_OBJ && v->obj.n == 0);
}

str fields_extra(ctx *c, const json *o, const char *const *known, size_t n)
{
    json left = { .type = JSON_OBJ };
    left.obj.keys = new_n(c->a, str, o->obj.n);
    left.obj.v = new_n(c->a, json, o->obj.n);
    for (size_t i = 0; i < o->obj.n; i++) {
        if (known_key(o->obj.keys[i], known, n) || fields_says_nothing(&o->obj.v[i])
            || fields_is_comment(o->obj.keys[i], &o->obj.v[i]))
            continue;
        left.obj.keys[left.obj.n] = o->obj.keys[i];
        left.obj.v[left.obj.n++] = without_comments(c, &o->obj.v[i]);
    }
    if (left.obj.n == 0)
        return S("");
    buf b = buf_in(c->a);
    json_dump(&b, &left, true);
    return buf_str(&b);
}

distribution_draft *fields_file(ctx *c, dataset_draft *d)
{
    distribution_draft *f = list_push(c->a, &d->distributions);
    *f = (distribution_draft){ .updated_at = DAY_NONE, .record_count = -1, .byte_count = -1 };
    return f;
}
