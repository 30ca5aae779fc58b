/* ckan_package — datasets: their JSON lies rendered in the record; publisher
 * and groups are spliced in, since they are facts of other rows. */
#include "app/ckan_api/ckan_package.h"

#include <stdlib.h>

#include "app/ckan_api/ckan_group.h"
#include "app/ckan_api/fq.h"
#include "app/site/site.h"

bool ckan_package_visible(str state, str class)
{
    policy_state s;
    policy_class k;
    return policy_state_of(state, &s) && policy_class_of(class, &k) && policy_sees(ROLE_VISITOR, s, k) == SEE_ALL;
}

static void say_table(ctx *c, dataset_package_row *d, str uid)
{
    static const str off = S_INIT("\"datastore_active\":false");
    str text = d->package_json;
    size_t at = str_find(text, str_fmt(c->a, "\"id\":\"%.*s\"", S_ARG(uid)));
    size_t here = at + str_find(str_from(text, at), off);
    if (here >= text.n)
        return;
    buf b = buf_in(c->a);
    buf_add(&b, str_sub(text, 0, here));
    buf_add(&b, S("\"datastore_active\":true"));
    buf_add(&b, str_from(text, here + off.n));
    d->package_json = buf_str(&b);
}

bool ckan_package_tables(ctx *c, dataset_package_row *rows, size_t n)
{
    ckan_table_row_list l = { 0 };
    int64_t *ids = new_n(c->a, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    if (n > 0 && !q_ckan_tables(c, (q_ints){ ids, n }, &l))
        return false;
    list_each (ckan_table_row, t, &l)
        for (size_t i = 0; i < n; i++)
            if (rows[i].id == t->dataset_id)
                say_table(c, &rows[i], t->distribution_uid);
    return true;
}

static bool visible(const dataset_package_row *d)
{
    return ckan_package_visible(d->state, d->class);
}

static const ckan_organization *organization_of(const ckan_organization_list *l, int64_t id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].id == id)
            return &l->v[i];
    return NULL;
}

static void put_organization(ctx *c, json_w *j, const ckan_organization *o)
{
    json_key(j, S("organization"));
    if (o == NULL) {
        json_null(j);
        return;
    }
    json_obj(j);
    json_kv(j, "id", o->uid);
    json_kv(j, "name", o->slug);
    json_kv(j, "title", o->name);
    json_kv(j, "type", "organization");
    json_kv(j, "description", o->description);
    json_kv(j, "image_url", "");
    json_kv(j, "created", day_ckan(c->a, o->created_at));
    json_kv(j, "is_organization", (bool)true);
    json_kv(j, "approval_status", "approved");
    json_kv(j, "state", str_eq(o->state, S("active")) ? "active" : "deleted");
    json_end(j);
}

/* Its members without the brackets, then the two that are spliced in. */
static void put_whole(ctx *c, json_w *j, const dataset_package_row *d, const ckan_organization *o)
{
    must(str_starts(d->package_json, S("{")) && str_ends(d->package_json, S("}")));
    buf b = buf_in(c->a);
    json_w own = json_to(&b);
    json_obj(&own);
    put_organization(c, &own, o);
    json_key(&own, S("groups"));
    json_arr(&own);
    ckan_theme_put(&own, d->theme);
    json_end(&own);
    json_end(&own);
    str parts[] = { str_sub(d->package_json, 0, d->package_json.n - 1), S(","), str_from(buf_str(&b), 1) };
    json_raw(j, (str){ 0 });
    for (size_t i = 0; i < array_len(parts); i++)
        buf_add(j->o, parts[i]);
}

static bool load_organizations(ctx *c, const dataset_package_row_list *rows, ckan_organization_list *out)
{
    int64_t *ids = new_n(c->a, int64_t, rows->n + 1);
    size_t n = 0;
    list_each(dataset_package_row, d, rows) {
        size_t i = 0;
        while (i < n && ids[i] != d->organization_id)
            i++;
        ids[i] = d->organization_id;
        n += i == n;
    }
    return n == 0 || q_ckan_organizations(c, (q_ints){ ids, n }, out);
}

bool ckan_packages_put(ctx *c, json_w *j, const ckan_packages *p, size_t from, size_t to)
{
    dataset_package_row_list rows = { 0 };
    ckan_organization_list orgs = { 0 };
    if (from == to)
        return true;
    if (!q_dataset_packages(c, (q_ints){ p->ids + from, to - from }, &rows) || !ckan_package_tables(c, rows.v, rows.n)
        || !load_organizations(c, &rows, &orgs))
        return false;
    for (size_t i = from; i < to; i++)
        list_each(dataset_package_row, d, &rows) {
            if (d->id != p->ids[i] || !visible(d))
                continue;
            const ckan_organization *o = organization_of(&orgs, d->organization_id);
            if (p->keys != NULL)
                ckan_fl_put(c, j, d, o, p->keys);
            else
                put_whole(c, j, d, o);
        }
    return true;
}

static bool ckan_package_row(ctx *c, ckan_call *k, str key, dataset_package_row *out)
{
    dataset_package_row_list renamed = { 0 };
    alias_row alias;
    bool found;
    if (!q_dataset_package(c, key, out, &found))
        return false;
    if (!found && (!q_alias_find(c, S("dataset"), key, &alias, &found)
                   || (found && !q_dataset_packages(c, (q_ints){ &alias.subject_id, 1 }, &renamed))))
        return false;
    if (renamed.n > 0)
        *out = renamed.v[0];
    return (found && visible(out)) ? ckan_package_tables(c, out, 1) : ckan_unknown(c, k, "Dataset", key);
}

bool ckan_package_needed(ctx *c, ckan_call *k, dataset_package_row *out)
{
    str key = ckan_text(c, k, "id");
    if (key.n == 0)
        key = ckan_text(c, k, "name_or_id");
    return key.n > 0 ? ckan_package_row(c, k, key, out) : ckan_missing(k, "name_or_id");
}

bool ckan_read_package_show(ctx *c, ckan_call *k, json_w *j)
{
    dataset_package_row row;
    ckan_organization_list orgs = { 0 };
    if (!ckan_package_needed(c, k, &row) || !q_ckan_organizations(c, (q_ints){ &row.organization_id, 1 }, &orgs))
        return false;
    put_whole(c, j, &row, organization_of(&orgs, row.organization_id));
    return true;
}

void ckan_packages_follow(ctx *c, ckan_call *k, const search_result *found, const str_list *keys)
{
    int64_t *ids = new_n(c->a, int64_t, found->hit_count + 1);
    for (size_t i = 0; i < found->hit_count; i++)
        ids[i] = found->hits[i].id;
    k->packages = (ckan_packages){ ids, found->hit_count, keys };
}

search_node *ckan_package_where(ctx *c, find_value field, str value)
{
    search_node *n = fq_node(c, Q_VALUE, 0);
    n->field = (int)field;
    n->text = value;
    return n;
}

bool ckan_package_having(ctx *c, ckan_call *k, find_value field, str value, int64_t most)
{
    search_query q = { .where = ckan_package_where(c, field, value), .sort = { { SORT_NUMBER, FIND_MODIFIED, true } },
                       .sort_count = 1, .rows = (size_t)(most < CKAN_ROWS_MOST ? most : CKAN_ROWS_MOST) };
    search_result found;
    bool loose;
    if (!find_search(c, ROLE_VISITOR, NULL, &q, &found, &loose))
        return false;
    ckan_packages_follow(c, k, &found, NULL);
    return true;
}

bool ckan_package_counts(ctx *c, find_value field, const search_node *where, search_facet *out)
{
    const int one = (int)field;
    search_query q = { .where = where, .facets = &one, .facet_count = 1 };
    search_result r;
    bool loose;
    if (!find_search(c, ROLE_VISITOR, NULL, &q, &r, &loose))
        return false;
    *out = r.facets[0];
    return true;
}

static int compare_names(const void *x, const void *y)
{
    return str_cmp(((const search_facet_value *)x)->value, ((const search_facet_value *)y)->value);
}

/* Every name there is to see lies in the index. */
bool ckan_read_package_list(ctx *c, ckan_call *k, json_w *j)
{
    int64_t limit, offset;
    search_facet names;
    if (!ckan_natural(c, k, "limit", INT64_MAX, &limit) || !ckan_natural(c, k, "offset", 0, &offset)
        || !ckan_package_counts(c, FIND_SLUG, NULL, &names))
        return false;
    if (names.n > 1)
        qsort(names.v, names.n, sizeof *names.v, compare_names);
    json_arr(j);
    for (size_t i = 0; i < names.n; i++)
        if ((int64_t)i >= offset && (int64_t)i - offset < limit)
            json_str(j, names.v[i].value);
    json_end(j);
    return true;
}

bool ckan_read_current_package_list_with_resources(ctx *c, ckan_call *k, json_w *j)
{
    int64_t limit, offset, page;
    if (!ckan_natural(c, k, "limit", CKAN_ROWS_MOST, &limit) || !ckan_natural(c, k, "page", 1, &page))
        return false;
    limit = limit < CKAN_ROWS_MOST ? limit : CKAN_ROWS_MOST;
    if (!ckan_natural(c, k, "offset", page > 1 && page < INT32_MAX ? (page - 1) * limit : 0, &offset))
        return false;
    search_query q = { .sort = { { SORT_NUMBER, FIND_MODIFIED, true } }, .sort_count = 1, .start = (size_t)offset, .rows = (size_t)limit };
    search_result all;
    bool loose;
    if (!find_search(c, ROLE_VISITOR, NULL, &q, &all, &loose))
        return false;
    json_arr(j);
    ckan_packages_follow(c, k, &all, NULL);
    return true;
}
