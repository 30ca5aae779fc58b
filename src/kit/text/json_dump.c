/* json_dump — a tree back to text; with sorted keys it is the canonical form that is hashed. */
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

static void dump(json_w *j, const json *v, bool sorted);

static void dump_object(json_w *j, const json *v, bool sorted)
{
    json_obj(j);
    /* Selection by repeated minimum: objects of metadata are small, and no memory is needed. */
    str last = { 0 };
    bool any = false;
    for (size_t done = 0; done < v->obj.n; done++) {
        size_t pick = done;
        if (sorted) {
            pick = v->obj.n;
            for (size_t i = 0; i < v->obj.n; i++) {
                bool after = !any || str_cmp(v->obj.keys[i], last) > 0;
                if (after && (pick == v->obj.n || str_cmp(v->obj.keys[i], v->obj.keys[pick]) < 0))
                    pick = i;
            }
            if (pick == v->obj.n)
                break;
        }
        last = v->obj.keys[pick];
        any = true;
        json_key(j, last);
        dump(j, &v->obj.v[pick], sorted);
    }
    json_end(j);
}

static void dump(json_w *j, const json *v, bool sorted)
{
    switch (v->type) {
    case JSON_NULL:
        json_null(j);
        break;
    case JSON_BOOL:
        json_bool(j, v->b);
        break;
    case JSON_INT:
        json_int(j, v->i);
        break;
    case JSON_REAL:
        json_real(j, v->r);
        break;
    case JSON_STR:
        json_str(j, v->s);
        break;
    case JSON_ARR:
        json_arr(j);
        for (size_t i = 0; i < v->arr.n; i++)
            dump(j, &v->arr.v[i], sorted);
        json_end(j);
        break;
    case JSON_OBJ:
        dump_object(j, v, sorted);
    }
}

static int depth_of(const json *v)
{
    int deepest = 0;
    size_t n = v->type == JSON_ARR ? v->arr.n : v->type == JSON_OBJ ? v->obj.n : 0;
    const json *kids = v->type == JSON_ARR ? v->arr.v : v->type == JSON_OBJ ? v->obj.v : NULL;
    for (size_t i = 0; i < n; i++) {
        int d = depth_of(&kids[i]) + 1;
        if (d > deepest)
            deepest = d;
    }
    return deepest;
}

void json_dump(buf *o, const json *v, bool sorted_keys)
{
    json_w j = json_to(o);
    if (depth_of(v) + 2 >= JSON_DEPTH_MAX) { /* deeper than the writer goes: readers refuse such records before */
        json_null(&j);
        return;
    }
    dump(&j, v, sorted_keys);
}
