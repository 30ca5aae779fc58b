/* ckan_resource — resources: cut out of their package, so that both show the same. */
#include "app/ckan_api/ckan_package.h"

#include <stdlib.h>

#include "app/policy/policy.h"

#define RESULTS_MOST 1000
#define HITS_MOST 200000

static bool put_resource(json_w *j, str package, str uid)
{
    ckan_json i = ckan_json_in(ckan_json_get(package, "resources"));
    for (str one; ckan_json_element(&i, &one);) {
        str id = ckan_json_get(one, "id");
        if (id.n == uid.n + 2 && str_eq(str_sub(id, 1, id.n - 1), uid)) {
            json_raw(j, one);
            return true;
        }
    }
    return false;
}

/* Of a dataset that may be seen; else it is not there. */
static bool load(ctx *c, ckan_call *k, ckan_resource_row *r, dataset_package_row *d)
{
    str key;
    bool found;
    dataset_package_row_list rows = { 0 };
    if (!ckan_need(c, k, "id", &key) || !q_ckan_resource(c, key, r, &found)
        || (found && !q_dataset_packages(c, (q_ints){ &r->dataset_id, 1 }, &rows)))
        return false;
    if (rows.n == 0 || !ckan_package_visible(rows.v[0].state, rows.v[0].class))
        return ckan_unknown(c, k, "Resource", key);
    *d = rows.v[0];
    return ckan_package_tables(c, d, 1);
}

bool ckan_read_resource_show(ctx *c, ckan_call *k, json_w *j)
{
    ckan_resource_row r;
    dataset_package_row d;
    return load(c, k, &r, &d) && (put_resource(j, d.package_json, r.uid) || ckan_unknown(c, k, "Resource", r.uid));
}

/* There are no stored views: every resource has none. */
bool ckan_read_resource_view_list(ctx *c, ckan_call *k, json_w *j)
{
    ckan_resource_row r;
    dataset_package_row d;
    if (!load(c, k, &r, &d))
        return false;
    json_arr(j);
    json_end(j);
    return true;
}

bool ckan_read_resource_view_show(ctx *c, ckan_call *k, json_w *j)
{
    str key;
    (void)j;
    return ckan_need(c, k, "id", &key) && ckan_unknown(c, k, "Resource view", key);
}

/* --- search --- */

typedef enum { BY_ID, BY_NAME, BY_DESCRIPTION, BY_URL, BY_FORMAT, BY_MEDIA_TYPE, BY_HASH, FIELDS } field;
static const char *const field_names[FIELDS] = { "id", "name", "description", "url", "format", "mimetype", "hash" };

typedef struct {
    str     uid, key;            /* key: what is sorted by */
    int64_t dataset_id;
} hit;

typedef struct {
    struct { hit *v; size_t n, cap; } hits;
    int   order;                 /* a field, or -1 */
    const search_hit *visible;   /* datasets in order of id */
    size_t visible_n;
} found;

static int field_of(str name)
{
    for (int i = 0; i < FIELDS; i++)
        if (str_eq(name, str_of(field_names[i])))
            return i;
    return -1;
}

static str like(ctx *c, str term)
{
    str s = str_lower(c->a, term);
    s = str_replace(c->a, s, S("!"), S("!!"));
    s = str_replace(c->a, s, S("%"), S("!%"));
    return str_fmt(c->a, "%%%.*s%%", S_ARG(str_replace(c->a, s, S("_"), S("!_"))));
}

/* The index knows who may see what: asking it is quicker than the rows of all datasets. */
static bool load_visible(ctx *c, found *f)
{
    search_query q = { .sort = { { .by = SORT_ID } }, .sort_count = 1, .rows = INT32_MAX };
    search_result r;
    bool loose;
    if (!find_search(c, ROLE_VISITOR, NULL, &q, &r, &loose))
        return false;
    f->visible = r.hits;
    f->visible_n = r.hit_count;
    return true;
}

static bool is_visible(const found *f, int64_t id)
{
    size_t low = 0, high = f->visible_n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (f->visible[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < f->visible_n && f->visible[low].id == id;
}

static bool take(ctx *c, const ckan_resource_hit *r, void *data)
{
    found *f = data;
    if (!is_visible(f, r->dataset_id))
        return true;
    if (f->hits.n == HITS_MOST)
        return fail(c, INVALID, "more than %d resources are like this: say more", HITS_MOST);
    str key = f->order == BY_NAME ? r->name : f->order == BY_DESCRIPTION ? r->description : f->order == BY_URL ? r->url
            : f->order == BY_FORMAT ? r->format : f->order == BY_ID ? r->uid : (str){ 0 };
    list_add(c->a, &f->hits, (hit){ str_dup(c->a, r->uid), str_dup(c->a, key), r->dataset_id });
    return true;
}

static int compare(const void *x, const void *y)
{
    const hit *a = x, *b = y;
    int order = str_cmp(a->key, b->key);
    return order != 0 ? order : str_cmp(a->uid, b->uid);
}

/* "field:term", or several, all of which must hold; `none`: nothing can be like that. */
static bool read_terms(ctx *c, ckan_call *k, str patterns[FIELDS], bool *none)
{
    const json *said = ckan_given(k, "query");
    str_list terms = { 0 };
    if (said == NULL)
        return ckan_missing(k, "query");
    if (said->type == JSON_STR && !str_starts(said->s, S("[")))
        list_add(c->a, &terms, said->s);
    else
        terms = ckan_list(c, k, "query");
    for (size_t i = 0; i < terms.n; i++) {
        str name, term;
        if (!str_cut(terms.v[i], S(":"), &name, &term))
            return ckan_refuse(k, CKAN_VALIDATION, S("query"), S("Must be <field>:<value> pair(s)"));
        int f = field_of(name);
        if (f < 0)
            return ckan_refuse(k, CKAN_VALIDATION, S("query"),
                               str_fmt(c->a, "Field \"%.*s\" not recognised in resource_search.", S_ARG(utf8_cut(name, 60))));
        *none = *none || (f == BY_HASH && term.n > 0);      /* no resource has one yet */
        patterns[f] = term.n > 0 ? like(c, term) : (str){ 0 };
    }
    return terms.n > 0 || ckan_missing(k, "query");
}

static bool put_hits(ctx *c, json_w *j, const found *f, size_t from, size_t to)
{
    dataset_package_row_list rows = { 0 };
    int64_t *ids = new_n(c->a, int64_t, to - from + 1);
    for (size_t i = from; i < to; i++)
        ids[i - from] = f->hits.v[i].dataset_id;
    if (to > from && (!q_dataset_packages(c, (q_ints){ ids, to - from }, &rows) || !ckan_package_tables(c, rows.v, rows.n)))
        return false;
    map by_id = map_in(c->a);
    list_each(dataset_package_row, d, &rows)
        map_set_ptr(&by_id, str_fmt(c->a, "%" PRId64, d->id), d);
    for (size_t i = from; i < to; i++) {
        const dataset_package_row *d = map_ptr(&by_id, str_fmt(c->a, "%" PRId64, f->hits.v[i].dataset_id));
        if (d != NULL && ckan_package_visible(d->state, d->class))
            (void)put_resource(j, d->package_json, f->hits.v[i].uid);
    }
    return true;
}

bool ckan_read_resource_search(ctx *c, ckan_call *k, json_w *j)
{
    str p[FIELDS] = { { 0 } }, order = ckan_text(c, k, "order_by");
    found f = { .order = order.n > 0 ? field_of(order) : -1 };
    int64_t limit, offset;
    bool none = false;
    if (order.n > 0 && f.order < 0)
        return ckan_refuse(k, CKAN_VALIDATION, S("order_by"), str_fmt(c->a, "Cannot order by “%.*s”", S_ARG(utf8_cut(order, 60))));
    if (!read_terms(c, k, p, &none) || !ckan_natural(c, k, "limit", RESULTS_MOST, &limit) || !ckan_natural(c, k, "offset", 0, &offset))
        return false;
    if (!none && (!load_visible(c, &f)
                  || !q_ckan_resources(c, p[BY_ID], p[BY_NAME], p[BY_DESCRIPTION], p[BY_URL], p[BY_FORMAT], p[BY_MEDIA_TYPE], take, &f)))
        return false;
    if (f.order >= 0 && f.hits.n > 1)
        qsort(f.hits.v, f.hits.n, sizeof *f.hits.v, compare);
    limit = limit < RESULTS_MOST ? limit : RESULTS_MOST;
    size_t from = offset < (int64_t)f.hits.n ? (size_t)offset : f.hits.n;
    size_t to = (int64_t)(f.hits.n - from) > limit ? from + (size_t)limit : f.hits.n;
    json_obj(j);
    json_kv(j, "count", f.hits.n);
    json_key(j, S("results"));
    json_arr(j);
    if (!put_hits(c, j, &f, from, to))
        return false;
    json_end(j);
    json_end(j);
    return true;
}
