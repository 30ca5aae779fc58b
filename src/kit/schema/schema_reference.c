/* References of a schema to other tables: foreignKeys of Table Schema and of CSVW, which differ in their words only. */
#include "kit/schema/schema_part.h"

#define KEY S("foreignKeys")

static bool names_of(ctx *c, const json *v, str_list *out)
{
    if (v != NULL && v->type == JSON_STR && v->s.n > 0)
        list_add(c->a, out, v->s);
    for (size_t i = 0; v != NULL && v->type == JSON_ARR && i < v->arr.n; i++) {
        if (v->arr.v[i].type != JSON_STR)
            return false;
        list_add(c->a, out, v->arr.v[i].s);
    }
    return out->n > 0;
}

static const json *either(const json *o, const char *ours, const char *csvw)
{
    const json *v = json_get(o, ours);
    return v != NULL ? v : json_get(o, csvw);
}

static bool all_fields(ctx *c, const schema *s, const str_list *names)
{
    for (size_t i = 0; i < names->n; i++) {
        bool found = false;
        for (size_t f = 0; f < s->table.n && !found; f++)
            found = str_eq(s->table.fields[f].name, names->v[i]);
        if (!found)
            return fail_field(c, INVALID, KEY, "“foreignKeys” names “%.*s”, and there is no such field", S_ARG(utf8_cut(names->v[i], 80)));
    }
    return true;
}

static bool take(ctx *c, const json *o, str itself, schema *out)
{
    const json *to = json_get(o, "reference");
    table_reference r = { 0 };
    if (!names_of(c, either(o, "fields", "columnReference"), &r.fields))
        return fail_field(c, INVALID, KEY, "each of “foreignKeys” has “fields”: the name of a field or a list of them");
    if (to == NULL || to->type != JSON_OBJ || !names_of(c, either(to, "fields", "columnReference"), &r.to))
        return fail_field(c, INVALID, KEY, "each of “foreignKeys” has a “reference” with “resource” and “fields”");
    if (r.fields.n != r.to.n)
        return fail_field(c, INVALID, KEY, "“foreignKeys”: %zu fields cannot refer to %zu", r.fields.n, r.to.n);
    r.table = json_get_text(c, to, "resource");
    if (r.table.n == 0)
        r.table = json_get_text(c, to, "schemaReference");
    if (str_eq(r.table, S("self")) || (itself.n > 0 && str_eq(r.table, itself)))
        r.table = (str){ 0 };           /* “self”: drafts of Table Schema */
    if (out->table.references.n == SCHEMA_REFERENCES_MAX)
        return fail_field(c, TOO_LARGE, KEY, "a schema has at most %d “foreignKeys”", SCHEMA_REFERENCES_MAX);
    if (!all_fields(c, out, &r.fields) || (r.table.n == 0 && !all_fields(c, out, &r.to)))
        return false;
    list_add(c->a, &out->table.references, r);
    return true;
}

bool schema_references(ctx *c, const json *list, str itself, schema *out)
{
    if (list == NULL || list->type == JSON_NULL)
        return true;
    if (list->type == JSON_OBJ)         /* CSVW: one may stand alone */
        return take(c, list, itself, out);
    if (list->type != JSON_ARR)
        return fail_field(c, INVALID, KEY, "“foreignKeys” is a list of objects");
    for (size_t i = 0; i < list->arr.n; i++)
        if (!take(c, &list->arr.v[i], itself, out))
            return false;
    return true;
}

static void put_names(json_w *j, const str_list *l)
{
    json_key(j, S("fields"));
    json_arr(j);
    for (size_t i = 0; i < l->n; i++)
        json_str(j, l->v[i]);
    json_end(j);
}

void schema_put_references(json_w *j, const schema *s)
{
    if (s->table.references.n == 0)
        return;
    json_key(j, KEY);
    json_arr(j);
    list_each (const table_reference, r, &s->table.references) {
        json_obj(j);
        put_names(j, &r->fields);
        json_key(j, S("reference"));
        json_obj(j);
        json_kv(j, "resource", r->table);
        put_names(j, &r->to);
        json_end(j);
        json_end(j);
    }
    json_end(j);
}
