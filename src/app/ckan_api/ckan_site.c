/* ckan_site — what the site is, its licences, and what is about a reader who is nobody. */
#include "app/ckan_api/ckan_group.h"
#include "app/ckan_api/ckan_package.h"
#include "app/ledger/uid.h"
#include "app/site/site.h"
#include "app/vocabulary/vocabulary.h"

#define ACTIVITIES_MOST 100

bool ckan_read_site_read(ctx *c, ckan_call *k, json_w *j)
{
    (void)c;
    (void)k;
    json_bool(j, true);
    return true;
}

bool ckan_read_status_show(ctx *c, ckan_call *k, json_w *j)
{
    json_obj(j);
    json_kv(j, "ckan_version", CKAN_VERSION);
    json_kv(j, "site_url", ckan_address(c, k, (str){ 0 }));
    json_kv(j, "site_title", c->site->title);
    json_kv(j, "site_description", c->site->description);
    json_key(j, S("error_emails_to"));
    json_null(j);
    json_kv(j, "locale_default", "zh_Hant_TW");
    json_key(j, S("extensions"));
    json_arr(j);
    json_end(j);
    json_kv(j, "openshelf_version", OPENSHELF_VERSION);
    json_end(j);
    return true;
}

static const char *licence_status(const licence *l)
{
    return str_eq(l->status, S("active")) ? "active" : str_eq(l->status, S("earlier")) ? "superseded" : "retired";
}

/* What CKAN's licence list holds of each; these licences are for content and data, not for programs. */
bool ckan_read_license_list(ctx *c, ckan_call *k, json_w *j)
{
    const vocabulary *v = vocabulary_get();
    (void)c;
    (void)k;
    json_arr(j);
    for (size_t i = 0; i < v->licences.n; i++) {
        const licence *l = &v->licences.v[i];
        json_obj(j);
        json_kv(j, "id", l->code);
        json_kv(j, "title", l->title);
        json_kv(j, "url", l->url);
        json_kv(j, "status", licence_status(l));
        json_kv(j, "family", l->family);
        json_kv(j, "maintainer", "");
        json_kv(j, "domain_content", (bool)true);
        json_kv(j, "domain_data", (bool)true);
        json_kv(j, "domain_software", (bool)false);
        json_kv(j, "is_generic", (bool)str_eq(l->family, S("custom")));
        json_kv(j, "od_conformance", l->od_conformance);
        json_kv(j, "osd_conformance", "not reviewed");
        json_kv(j, "is_okd_compliant", (bool)str_eq(l->od_conformance, S("approved")));
        json_kv(j, "is_osi_compliant", (bool)false);
        json_kv(j, "title_en", l->title_en);
        json_end(j);
    }
    json_end(j);
    return true;
}

static bool put_nothing(json_w *j)
{
    json_arr(j);
    json_end(j);
    return true;
}

/* A visitor belongs to no organisation and may edit no group. */
bool ckan_read_organization_list_for_user(ctx *c, ckan_call *k, json_w *j)
{
    (void)c;
    (void)k;
    return put_nothing(j);
}

bool ckan_read_group_list_authz(ctx *c, ckan_call *k, json_w *j)
{
    (void)c;
    (void)k;
    return put_nothing(j);
}

/* --- about one package --- */

bool ckan_read_package_relationships_list(ctx *c, ckan_call *k, json_w *j)
{
    dataset_package_row d;
    return ckan_package_needed(c, k, &d) && put_nothing(j);
}

static const char *activity_type(str action)
{
    return str_ends(action, S(".create")) ? "new package" : str_ends(action, S(".delete")) ? "deleted package" : "changed package";
}

static void put_activity(ctx *c, json_w *j, const dataset_package_row *d, const ckan_activity_row *r)
{
    json_obj(j);
    json_kv(j, "id", uid_from(c->a, S("openshelf:ledger:"), str_fmt(c->a, "%" PRId64, r->seq), (str){ 0 }));
    json_kv(j, "timestamp", day_ckan(c->a, r->at));
    json_kv(j, "user_id", r->actor);
    json_key(j, S("object_id"));
    json_raw(j, ckan_json_get(d->package_json, "id"));
    json_kv(j, "activity_type", activity_type(r->action));
    json_key(j, S("data"));
    json_obj(j);
    json_key(j, S("package"));
    json_obj(j);
    static const char *const keys[] = { "id", "name", "title" };
    for (size_t i = 0; i < array_len(keys); i++) {
        json_key(j, str_of(keys[i]));
        json_raw(j, ckan_json_get(d->package_json, keys[i]));
    }
    json_end(j);
    json_end(j);
    json_end(j);
}

bool ckan_read_package_activity_list(ctx *c, ckan_call *k, json_w *j)
{
    dataset_package_row d;
    ckan_activity_row_list rows = { 0 };
    int64_t limit, offset;
    if (!ckan_package_needed(c, k, &d) || !ckan_natural(c, k, "limit", 31, &limit) || !ckan_natural(c, k, "offset", 0, &offset))
        return false;
    if (!q_ckan_activity(c, d.id, limit < ACTIVITIES_MOST ? limit : ACTIVITIES_MOST, offset, &rows))
        return false;
    json_arr(j);
    list_each(ckan_activity_row, r, &rows)
        put_activity(c, j, &d, r);
    json_end(j);
    return true;
}

/* --- members of a group or an organisation: its datasets; people are nobody's business --- */

static bool any_group(ctx *c, ckan_call *k, ckan_groups *l, const ckan_group **g)
{
    str key;
    if (!ckan_need(c, k, "id", &key))
        return false;
    for (int organizations = 1; organizations >= 0; organizations--) {
        if (!ckan_groups_load(c, organizations == 1, l) || !ckan_groups_find(c, l, key, g))
            return false;
        if (*g != NULL)
            return true;
    }
    return ckan_unknown(c, k, "Group", key);
}

bool ckan_read_member_list(ctx *c, ckan_call *k, json_w *j)
{
    ckan_groups l;
    const ckan_group *g;
    str kind = ckan_text(c, k, "object_type");
    if (!any_group(c, k, &l, &g))
        return false;
    search_facet ids;
    if (!ckan_package_counts(c, FIND_UID, ckan_package_where(c, l.field, g->name), &ids))
        return false;
    json_arr(j);
    for (size_t i = 0; (kind.n == 0 || str_eq(kind, S("package"))) && i < ids.n; i++) {
        json_arr(j);
        json_str(j, ids.v[i].value);
        json_z(j, "package");
        json_z(j, "public");
        json_end(j);
    }
    json_end(j);
    return true;
}

bool ckan_read_group_package_show(ctx *c, ckan_call *k, json_w *j)
{
    ckan_groups l;
    const ckan_group *g;
    int64_t limit;
    if (!any_group(c, k, &l, &g) || !ckan_natural(c, k, "limit", CKAN_ROWS_MOST, &limit))
        return false;
    json_arr(j);
    return ckan_package_having(c, k, l.field, g->name, limit);
}

/* Nobody can follow anything here. */
bool ckan_read_dataset_follower_count(ctx *c, ckan_call *k, json_w *j)
{
    dataset_package_row d;
    if (!ckan_package_needed(c, k, &d))
        return false;
    json_int(j, 0);
    return true;
}

bool ckan_read_group_follower_count(ctx *c, ckan_call *k, json_w *j)
{
    ckan_groups l;
    const ckan_group *g;
    if (!any_group(c, k, &l, &g))
        return false;
    json_int(j, 0);
    return true;
}

bool ckan_read_organization_follower_count(ctx *c, ckan_call *k, json_w *j)
{
    return ckan_read_group_follower_count(c, k, j);
}
