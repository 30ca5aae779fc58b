/* ckan_fl — a package cut down to the fields of `fl`: its own keys as they are,
 * and those that Solr keeps flat: organization and groups by name, tags and
 * the facts of resources as lists, extras_KEY. */
#include "app/ckan_api/ckan_package.h"

static bool put_list(json_w *j, str key, str array, const char *member)
{
    ckan_json i = ckan_json_in(array);
    json_key(j, key);
    json_arr(j);
    for (str one; ckan_json_element(&i, &one);)
        json_raw(j, ckan_json_get(one, member));
    json_end(j);
    return true;
}

static bool put_extra(ctx *c, json_w *j, str key, str extras)
{
    ckan_json i = ckan_json_in(extras);
    buf want = buf_in(c->a);
    json_quote(&want, str_from(key, 7));
    for (str one; ckan_json_element(&i, &one);)
        if (str_eq(ckan_json_get(one, "key"), buf_str(&want))) {
            json_key(j, key);
            json_raw(j, ckan_json_get(one, "value"));
            return true;
        }
    return false;
}

static bool put_one(ctx *c, json_w *j, const dataset_package_row *d, const ckan_organization *o, str key)
{
    static const struct { str key; const char *of, *member; } lists[] = {
        { S_INIT("tags"), "tags", "name" }, { S_INIT("res_name"), "resources", "name" },
        { S_INIT("res_description"), "resources", "description" }, { S_INIT("res_format"), "resources", "format" },
        { S_INIT("res_url"), "resources", "url" }, { S_INIT("res_type"), "resources", "resource_type" },
    };
    for (size_t i = 0; i < array_len(lists); i++)
        if (str_eq(key, lists[i].key))
            return put_list(j, key, ckan_json_get(d->package_json, lists[i].of), lists[i].member);
    if (str_starts(key, S("extras_")))
        return put_extra(c, j, key, ckan_json_get(d->package_json, "extras"));
    if (str_eq(key, S("organization"))) {
        json_kv(j, "organization", o != NULL ? o->slug : S(""));
        return true;
    }
    if (str_eq(key, S("groups"))) {
        json_key(j, key);
        json_arr(j);
        if (d->theme.n > 0)
            json_str(j, d->theme);
        json_end(j);
        return true;
    }
    str value = ckan_json_get(d->package_json, str_z(c->a, key));
    if (value.n == 0)
        return false;
    json_key(j, key);
    json_raw(j, value);
    return true;
}

void ckan_fl_put(ctx *c, json_w *j, const dataset_package_row *d, const ckan_organization *o, const str_list *keys)
{
    json_obj(j);
    for (size_t i = 0; i < keys->n; i++)
        (void)put_one(c, j, d, o, keys->v[i]);
    json_end(j);
}
