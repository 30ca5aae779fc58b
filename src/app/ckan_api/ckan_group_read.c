/* ckan_group_read — organization_list, organization_show and the same of
 * groups, with CKAN's parameters, silent caps and order. */
#include "app/ckan_api/ckan_group.h"
#include "app/ckan_api/ckan_package.h"

#include <stdlib.h>

#include "app/vocabulary/vocabulary.h"

#define NAMES_MOST 1000
#define WHOLE_MOST 25
#define DATASETS_MOST 10

typedef struct { bool counts, extras, tags, groups, users; } wanted;

static wanted wanted_of(ctx *c, const ckan_call *k, bool one)
{
    return (wanted){ ckan_flag(c, k, "include_dataset_count", true), ckan_flag(c, k, "include_extras", one),
                     ckan_flag(c, k, "include_tags", one), ckan_flag(c, k, "include_groups", one),
                     ckan_flag(c, k, "include_users", one) };
}

static void put_extra(json_w *j, const char *key, str value)
{
    if (value.n == 0)
        return;
    json_obj(j);
    json_kv(j, "key", key);
    json_kv(j, "value", value);
    json_kv(j, "state", "active");
    json_end(j);
}

static void put_organization_extras(json_w *j, const organization_row *o)
{
    put_extra(j, "code", o->code);
    put_extra(j, "oid", o->oid);
    put_extra(j, "kind", o->kind);
    put_extra(j, "grade", o->grade);
    put_extra(j, "name_en", o->name_en);
    put_extra(j, "short_name", o->short_name);
    put_extra(j, "homepage", o->homepage);
}

static void put_extras(ctx *c, json_w *j, const ckan_groups *l, const ckan_group *g)
{
    json_key(j, S("extras"));
    json_arr(j);
    if (l->organizations) {
        put_organization_extras(j, &((const organization_row_list *)l->rows)->v[g->at]);
    } else {
        const theme *t = &vocabulary_get()->themes.v[g->at];
        put_extra(j, "title_en", t->title_en);
        put_extra(j, "categories", str_join(c->a, &t->categories, S(" ")));
    }
    json_end(j);
}

/* The organisation above it, as ckanext-hierarchy shows it. */
static void put_parents(json_w *j, const ckan_groups *l, const ckan_group *g)
{
    json_key(j, S("groups"));
    json_arr(j);
    const organization_row_list *rows = l->rows;
    for (size_t i = 0; l->organizations && i < rows->n; i++)
        if (rows->v[i].id == rows->v[g->at].parent_id) {
            json_obj(j);
            json_kv(j, "id", rows->v[i].uid);
            json_kv(j, "name", rows->v[i].slug);
            json_kv(j, "title", rows->v[i].name);
            json_kv(j, "display_name", rows->v[i].name);
            json_kv(j, "capacity", "public");
            json_end(j);
        }
    json_end(j);
}

static void put_empty(json_w *j, const char *key)
{
    json_key(j, str_of(key));
    json_arr(j);
    json_end(j);
}

/* Its members; the object stays open. */
static void put_members(ctx *c, json_w *j, const ckan_groups *l, const ckan_group *g, wanted w)
{
    json_obj(j);
    json_kv(j, "id", g->id);
    json_kv(j, "name", g->name);
    json_kv(j, "title", g->title);
    json_kv(j, "display_name", g->title);
    json_kv(j, "description", g->description);
    json_kv(j, "type", l->organizations ? "organization" : "group");
    json_kv(j, "is_organization", l->organizations);
    json_kv(j, "state", "active");
    json_kv(j, "approval_status", "approved");
    json_kv(j, "image_url", "");
    json_kv(j, "image_display_url", "");
    json_key(j, S("created"));
    json_str_or_null(j, g->created == DAY_NONE ? (str){ 0 } : day_ckan(c->a, g->created));
    json_kv(j, "num_followers", 0);
    if (w.counts)
        json_kv(j, "package_count", g->package_count);
    if (w.extras)
        put_extras(c, j, l, g);
    if (w.tags)
        put_empty(j, "tags");
    if (w.groups)
        put_parents(j, l, g);
    if (w.users)
        put_empty(j, "users");
}

/* --- lists --- */

static int by_title(const void *x, const void *y)
{
    const ckan_group *a = x, *b = y;
    int order = str_cmp(a->title, b->title);
    return order != 0 ? order : str_cmp(a->name, b->name);
}

static int by_name(const void *x, const void *y)
{
    return str_cmp(((const ckan_group *)x)->name, ((const ckan_group *)y)->name);
}

static int by_count(const void *x, const void *y)
{
    const ckan_group *a = x, *b = y;
    return a->package_count != b->package_count ? (a->package_count > b->package_count) - (a->package_count < b->package_count)
                                                : by_title(x, y);
}

/* "title asc"; counts are meant descending when nothing is said. */
static bool order(ctx *c, ckan_call *k, ckan_groups *l)
{
    static const struct { const char *name; int (*compare)(const void *, const void *); } ways[] = {
        { "title", by_title }, { "name", by_name }, { "package_count", by_count }, { "packages", by_count },
    };
    str said = ckan_text(c, k, "sort"), name, way;
    if (said.n == 0)
        said = ckan_text(c, k, "order_by");
    if (said.n == 0)
        said = S("title asc");
    (void)str_cut(said, S(" "), &name, &way);
    way = str_trim(way);
    for (size_t i = 0; i < array_len(ways); i++) {
        if (!str_eq(name, str_of(ways[i].name)))
            continue;
        bool down = str_ieq(way, S("desc")) || (way.n == 0 && ways[i].compare == by_count);
        if (l->all.n > 1)
            qsort(l->all.v, l->all.n, sizeof *l->all.v, ways[i].compare);
        for (size_t a = 0, b = l->all.n; down && a + 1 < b; a++) {
            ckan_group g = l->all.v[a];
            l->all.v[a] = l->all.v[--b];
            l->all.v[b] = g;
        }
        return true;
    }
    return ckan_refuse(k, CKAN_VALIDATION, S("sort"), str_fmt(c->a, "Cannot sort by field `%.*s`", S_ARG(utf8_cut(name, 60))));
}

static void keep_named(ckan_groups *l, const str_list *names)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->all.n; i++)
        for (size_t n = 0; n < names->n; n++)
            if (str_eq(l->all.v[i].name, names->v[n])) {
                l->all.v[kept++] = l->all.v[i];
                break;
            }
    l->all.n = kept;
}

static bool put_list(ctx *c, ckan_call *k, json_w *j, bool organizations)
{
    ckan_groups l;
    int64_t limit, offset;
    bool whole = ckan_flag(c, k, "all_fields", false);
    str_list names = ckan_list(c, k, organizations ? "organizations" : "groups");
    wanted w = wanted_of(c, k, false);
    if (!ckan_natural(c, k, "limit", INT64_MAX, &limit) || !ckan_natural(c, k, "offset", 0, &offset)
        || !ckan_groups_load(c, organizations, &l) || !order(c, k, &l))
        return false;
    if (names.n > 0)
        keep_named(&l, &names);
    ckan_groups_keep(c, &l, ckan_text(c, k, "q"));
    int64_t most = whole ? WHOLE_MOST : NAMES_MOST;
    limit = limit < most ? limit : most;
    json_arr(j);
    for (size_t i = 0; i < l.all.n; i++) {
        if ((int64_t)i < offset || (int64_t)i - offset >= limit)
            continue;
        if (!whole) {
            json_str(j, l.all.v[i].name);
            continue;
        }
        put_members(c, j, &l, &l.all.v[i], w);
        json_end(j);
    }
    json_end(j);
    return true;
}

bool ckan_read_organization_list(ctx *c, ckan_call *k, json_w *j)
{
    return put_list(c, k, j, true);
}

bool ckan_read_group_list(ctx *c, ckan_call *k, json_w *j)
{
    return put_list(c, k, j, false);
}

/* --- one --- */

static bool put_one(ctx *c, ckan_call *k, json_w *j, bool organizations)
{
    ckan_groups l;
    const ckan_group *g;
    str key;
    if (!ckan_need(c, k, "id", &key) || !ckan_groups_load(c, organizations, &l) || !ckan_groups_find(c, &l, key, &g))
        return false;
    if (g == NULL)
        return ckan_unknown(c, k, organizations ? "Organization" : "Group", key);
    put_members(c, j, &l, g, wanted_of(c, k, true));
    if (!ckan_flag(c, k, "include_datasets", false)) {
        json_end(j);
        return true;
    }
    json_key(j, S("packages"));
    json_arr(j);
    return ckan_package_having(c, k, l.field, g->name, organizations ? DATASETS_MOST : CKAN_ROWS_MOST);
}

bool ckan_read_organization_show(ctx *c, ckan_call *k, json_w *j)
{
    return put_one(c, k, j, true);
}

bool ckan_read_group_show(ctx *c, ckan_call *k, json_w *j)
{
    return put_one(c, k, j, false);
}
