#include "app/ckan_api/ckan_group.h"

#include "app/ckan_api/ckan_package.h"
#include "app/ledger/uid.h"
#include "app/vocabulary/vocabulary.h"

#include <pthread.h>

/* Every package of every answer names its theme: the hashes are made once. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char theme_ids[64][37];

static void make_theme_ids(void)
{
    const vocabulary *v = vocabulary_get();
    arena *a = arena_new(8192);
    must(v->themes.n <= array_len(theme_ids));
    for (size_t i = 0; i < v->themes.n; i++) {
        str id = uid_from(a, S("openshelf:group:"), v->themes.v[i].code, (str){ 0 });
        must(id.n < sizeof theme_ids[i]);
        memcpy(theme_ids[i], id.p, id.n);
    }
    arena_free(a);
}

static str id_of(const theme *t)
{
    pthread_once(&once, make_theme_ids);
    return str_of(theme_ids[t - vocabulary_get()->themes.v]);
}

static str ckan_theme_id(arena *a, str code)
{
    const theme *t = theme_by_code(code);
    return t != NULL ? id_of(t) : uid_from(a, S("openshelf:group:"), code, (str){ 0 });
}

void ckan_theme_put(json_w *j, str code)
{
    const theme *t = theme_by_code(code);
    if (t == NULL)
        return;
    json_obj(j);
    json_kv(j, "id", id_of(t));
    json_kv(j, "name", t->code);
    json_kv(j, "title", t->title);
    json_kv(j, "display_name", t->title);
    json_kv(j, "description", t->title_en);
    json_kv(j, "image_display_url", "");
    json_end(j);
}

static bool count_packages(ctx *c, ckan_groups *l)
{
    search_facet values;
    map counts = map_in(c->a);
    if (!ckan_package_counts(c, l->field, NULL, &values))
        return false;
    for (size_t i = 0; i < values.n; i++)
        map_set_i64(&counts, values.v[i].value, values.v[i].count);
    list_each(ckan_group, g, &l->all)
        g->package_count = map_i64(&counts, g->name, 0);
    return true;
}

bool ckan_groups_load(ctx *c, bool organizations, ckan_groups *out)
{
    *out = (ckan_groups){ .organizations = organizations, .field = organizations ? FIND_ORG : FIND_THEME };
    if (organizations) {
        organization_row_list *rows = new (c->a, organization_row_list);
        if (!q_organization_list(c, rows))
            return false;
        out->rows = rows;
        for (size_t i = 0; i < rows->n; i++) {
            const organization_row *o = &rows->v[i];
            if (str_eq(o->state, S("active")))
                list_add(c->a, &out->all, (ckan_group){ o->uid, o->slug, o->name, o->description, o->created_at, 0, i });
        }
    } else {
        const vocabulary *v = vocabulary_get();
        for (size_t i = 0; i < v->themes.n; i++) {
            const theme *t = &v->themes.v[i];
            list_add(c->a, &out->all, (ckan_group){ ckan_theme_id(c->a, t->code), t->code, t->title, t->title_en, DAY_NONE, 0, i });
        }
    }
    return count_packages(c, out);
}

bool ckan_groups_find(ctx *c, const ckan_groups *l, str key, const ckan_group **out)
{
    ckan_organization_key row;
    bool found = false;
    *out = NULL;
    if (l->organizations && !q_ckan_organization_by_key(c, key, &row, &found))
        return false;
    if (found)
        key = row.slug;
    for (size_t i = 0; i < l->all.n && *out == NULL; i++)
        if (str_eq(l->all.v[i].name, key) || str_eq(l->all.v[i].id, key))
            *out = &l->all.v[i];
    return true;
}

void ckan_groups_keep(ctx *c, ckan_groups *l, str words)
{
    const search *index = find_index(c->site);
    str want = search_norm(c->a, index, words);
    size_t kept = 0;
    for (size_t i = 0; i < l->all.n; i++) {
        const ckan_group *g = &l->all.v[i];
        arena_mark m = arena_here(c->a);
        bool fits = words.n == 0 || str_has(search_norm(c->a, index, g->title), want)
                 || str_has(search_norm(c->a, index, g->name), want) || str_has(search_norm(c->a, index, g->description), want);
        arena_back(c->a, m);
        if (fits)
            l->all.v[kept++] = *g;
    }
    l->all.n = kept;
}
