#include "app/ckan_api/ckan_facets.h"

#include <stdlib.h>

#include "app/site/site.h"
#include "app/vocabulary/vocabulary.h"
#include "queries.h"

typedef struct {
    str     name, display;
    int64_t count;
} item;
typedef struct { item *v; size_t n, cap; } items;

bool ckan_facets_read(ctx *c, ckan_call *k, ckan_facets *out)
{
    *out = (ckan_facets){ 0 };
    str_list fields = ckan_list(c, k, "facet.field");
    if (!ckan_integer(c, k, "facet.limit", 50, &out->limit) || !ckan_natural(c, k, "facet.mincount", 1, &out->least))
        return false;
    if (!ckan_flag(c, k, "facet", true))
        return true;
    if (fields.n > CKAN_FACETS_MOST)
        return fail(c, INVALID, "at most %d fields in facet.field", CKAN_FACETS_MOST);
    for (; out->n < fields.n; out->n++) {
        ckan_field *f = &out->fields[out->n];
        out->names[out->n] = fields.v[out->n];
        if (!ckan_field_of(c, fields.v[out->n], f))
            return false;
        if (f->kind == FIELD_OWNER)
            f->field = FIND_ORG;
        else if (f->kind != FIELD_VALUE && f->kind != FIELD_SAME && f->kind != FIELD_NEVER)
            return fail(c, INVALID, "%.*s cannot be counted", S_ARG(utf8_cut(fields.v[out->n], 60)));
        if (f->kind == FIELD_VALUE || f->kind == FIELD_OWNER)
            out->counted[out->counted_n++] = f->field;
    }
    return true;
}

void ckan_facets_ask(ckan_facets *f, search_query *q)
{
    q->facets = f->counted;
    q->facet_count = f->limit == 0 ? 0 : f->counted_n;
    q->facet_limit = f->limit > 0 ? (size_t)f->limit : 0;
}

/* The name that people read, in the language of the record. */
static str display_of(ctx *c, int field, str value)
{
    if (field == FIND_ORG) {
        lang_id lang = c->lang;
        c->lang = LANG_ZH_HANT;
        str name = find_label(c, FIND_ORG, value);
        c->lang = lang;
        return name;
    }
    if (field == FIND_THEME)
        return theme_by_code(value) != NULL ? theme_by_code(value)->title : value;
    if (field == FIND_LICENCE)
        return licence_by_code(value) != NULL ? licence_by_code(value)->title : value;
    if (field == FIND_CATEGORY)
        return category_by_code(value) != NULL ? category_by_code(value)->title : value;
    return value;
}

static bool owner_ids(ctx *c, items *list)
{
    ckan_organization_uid_list rows;
    map by_slug = map_in(c->a);
    if (!q_ckan_uids(c, &rows))
        return false;
    list_each(ckan_organization_uid, o, &rows)
        map_set_ptr(&by_slug, o->slug, o);
    list_each(item, it, list) {
        const ckan_organization_uid *o = map_ptr(&by_slug, it->name);
        it->display = it->name = o != NULL ? o->uid : it->name;
    }
    return true;
}

static bool fill(ctx *c, const ckan_facets *f, size_t i, const search_facet *counts, int64_t total, items *out)
{
    const ckan_field *field = &f->fields[i];
    if (field->kind == FIELD_SAME && total >= f->least && total > 0 && f->limit != 0)
        list_add(c->a, out, (item){ field->same, field->same, total });
    for (size_t v = 0; counts != NULL && v < counts->n; v++)
        if (counts->v[v].count >= f->least)
            list_add(c->a, out, (item){ counts->v[v].value, display_of(c, field->field, counts->v[v].value), counts->v[v].count });
    return field->kind != FIELD_OWNER || owner_ids(c, out);
}

/* As CKAN shows them: by the name that is displayed, descending. */
static int compare_items(const void *x, const void *y)
{
    const item *a = x, *b = y;
    int order = str_cmp(b->display, a->display);
    return order != 0 ? order : str_cmp(b->name, a->name);
}

static void put_items(json_w *j, str field, items *list)
{
    if (list->n > 1)
        qsort(list->v, list->n, sizeof *list->v, compare_items);
    json_key(j, field);
    json_obj(j);
    json_kv(j, "title", field);
    json_key(j, S("items"));
    json_arr(j);
    list_each(item, it, list) {
        json_obj(j);
        json_kv(j, "name", it->name);
        json_kv(j, "display_name", it->display);
        json_kv(j, "count", it->count);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

bool ckan_facets_put(ctx *c, json_w *j, const ckan_facets *f, const search_result *found)
{
    items *all = new_n(c->a, items, f->n + 1);
    json_key(j, S("facets"));
    json_obj(j);
    for (size_t i = 0, at = 0; i < f->n; i++) {
        bool counted = f->fields[i].kind == FIELD_VALUE || f->fields[i].kind == FIELD_OWNER;
        const search_facet *counts = counted && at < found->facet_count ? &found->facets[at++] : NULL;
        if (!fill(c, f, i, counts, found->total, &all[i]))
            return false;
        json_key(j, f->names[i]);
        json_obj(j);
        list_each(item, it, &all[i]) {
            json_key(j, it->name);
            json_int(j, it->count);
        }
        json_end(j);
    }
    json_end(j);
    json_key(j, S("search_facets"));
    json_obj(j);
    for (size_t i = 0; i < f->n; i++)
        put_items(j, f->names[i], &all[i]);
    json_end(j);
    return true;
}
