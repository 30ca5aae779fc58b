/* JSON in, JSON out: what is read and written again reads as the same, the canonical form is a fixed point with its
 * keys in order, and any bytes whatever make a valid JSON string when they are quoted. */
#include "fuzz.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

/* A real without a fraction is written as a whole number: the same number. */
static bool same_number(const json *x, const json *y)
{
    return x->type == JSON_REAL && y->type == JSON_INT && (double)y->i == x->r;
}

static bool same(const json *x, const json *y)
{
    if (x->type != y->type)
        return same_number(x, y);
    switch (x->type) {
    case JSON_NULL:
        return true;
    case JSON_BOOL:
        return x->b == y->b;
    case JSON_INT:
        return x->i == y->i;
    case JSON_REAL:
        return x->r == y->r;
    case JSON_STR:
        return str_eq(x->s, y->s);
    case JSON_ARR:
        for (size_t i = 0; i < x->arr.n && i < y->arr.n; i++)
            if (!same(&x->arr.v[i], &y->arr.v[i]))
                return false;
        return x->arr.n == y->arr.n;
    case JSON_OBJ:
        for (size_t i = 0; i < x->obj.n && i < y->obj.n; i++)
            if (!str_eq(x->obj.keys[i], y->obj.keys[i]) || !same(&x->obj.v[i], &y->obj.v[i]))
                return false;
        return x->obj.n == y->obj.n;
    }
    return false;
}

/* Texts are UTF-8, every key can be looked up, and with `sorted` they stand in order. Answers the depth. */
static int check(ctx *c, const json *v, bool sorted)
{
    int deepest = 0;
    if (v->type == JSON_STR)
        must(utf8_valid(v->s, NULL));
    must(utf8_valid(json_text(c, v), NULL));
    for (size_t i = 0; v->type == JSON_ARR && i < v->arr.n; i++) {
        int d = check(c, &v->arr.v[i], sorted) + 1;
        deepest = d > deepest ? d : deepest;
    }
    for (size_t i = 0; v->type == JSON_OBJ && i < v->obj.n; i++) {
        int d = check(c, &v->obj.v[i], sorted) + 1;
        deepest = d > deepest ? d : deepest;
        must(utf8_valid(v->obj.keys[i], NULL) && json_get_s(v, v->obj.keys[i]) == &v->obj.v[i]);
        must(!sorted || i == 0 || str_cmp(v->obj.keys[i - 1], v->obj.keys[i]) < 0);
    }
    return deepest;
}

static str dumped(ctx *c, const json *v, bool sorted)
{
    buf b = buf_in(c->a);
    json_dump(&b, v, sorted);
    return buf_str(&b);
}

static void check_quote(ctx *c, str bytes)
{
    buf b = buf_in(c->a);
    json v;
    json_quote(&b, bytes);
    must(json_parse(c, buf_str(&b), &v) && v.type == JSON_STR);
    if (utf8_valid(bytes, NULL))
        must(str_eq(v.s, bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str in = fuzz_str(data, size);
    ctx c = { .a = arena_new(16384) };
    json v, again;
    check_quote(&c, in);
    if (!json_parse(&c, in, &v)) {
        fuzz_refused(&c, false);
    } else if (check(&c, &v, false) + 2 < JSON_DEPTH_MAX) {
        str plain = dumped(&c, &v, false), canonical = dumped(&c, &v, true);
        must(json_parse(&c, plain, &again) && same(&v, &again));
        must(json_parse(&c, canonical, &again));
        (void)check(&c, &again, true);
        must(str_eq(dumped(&c, &again, true), canonical) && str_eq(dumped(&c, &again, false), canonical));
    }
    arena_free(c.a);
    return 0;
}
