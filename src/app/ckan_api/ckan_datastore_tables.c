/* ckan_datastore_tables — the table `_table_metadata` of CKAN's datastore: which tables there are. Programs list a site's
 * tables by it (ckan.js, dbListTables of ckanr). Tables have no other names here, so alias_of is always null. */
#include "app/ckan_api/ckan_datastore.h"
#include "app/policy/policy.h"

typedef struct {
    json_w  j;
    int64_t offset, limit, total, put;
    bool    lists;
} listing;

static void put_cells(json_w *j, bool lists, str id, str name, int64_t oid)
{
    static const char *const names[] = { "_id", "name", "oid", "alias_of" };
    if (lists)
        json_arr(j);
    else
        json_obj(j);
    for (size_t i = 0; i < array_len(names); i++) {
        if (!lists)
            json_key(j, str_of(names[i]));
        switch (i) {
        case 0: json_str(j, id); break;
        case 1: json_str(j, name); break;
        case 2: json_int(j, oid); break;
        default: json_null(j);
        }
    }
    json_end(j);
}

static bool put_table(ctx *c, const table_of_site_row *t, void *to)
{
    listing *l = to;
    policy_state state;
    policy_class class;
    if (!policy_state_of(t->state, &state) || !policy_class_of(t->class, &class) || policy_sees(ROLE_VISITOR, state, class) != SEE_ALL)
        return true;
    if (l->total++ < l->offset || l->put >= l->limit)
        return true;
    l->put++;
    put_cells(&l->j, l->lists, str_sub(str_replace(c->a, t->uid, S("-"), S("")), 0, 16), t->uid, t->id);
    return buf_fits(l->j.o) || fail(c, TOO_LARGE, "the answer is too large: ask for fewer tables");
}

static void put_fields(json_w *j)
{
    static const char *const fields[][2] = { { "_id", "text" }, { "name", "name" }, { "oid", "oid" }, { "alias_of", "name" } };
    json_key(j, S("fields"));
    json_arr(j);
    for (size_t i = 0; i < array_len(fields); i++) {
        json_obj(j);
        json_kv(j, "id", fields[i][0]);
        json_kv(j, "type", fields[i][1]);
        json_end(j);
    }
    json_end(j);
}

/* Refused rather than left out: an answer to another question is worse than none. */
static bool plain_question(ctx *c, ckan_call *k)
{
    static const char *const others[] = { "filters", "q", "full_text", "fields", "sort", "distinct" };
    for (size_t i = 0; i < array_len(others); i++)
        if (ckan_given(k, others[i]) != NULL)
            return ckan_refuse(k, CKAN_VALIDATION, str_of(others[i]), str_fmt(c->a, "%s lists all tables: only limit and offset choose among them", CKAN_DATASTORE_TABLES));
    return true;
}

bool ckan_datastore_tables(ctx *c, ckan_call *k, json_w *j, int64_t limit, int64_t offset, bool lists)
{
    buf rows = buf_in(c->a);
    listing l = { .j = json_to(&rows), .offset = offset, .limit = limit, .lists = lists };
    if (!plain_question(c, k))
        return false;
    json_arr(&l.j);
    if (!q_table_of_site(c, put_table, &l))
        return false;
    json_end(&l.j);
    json_obj(j);
    json_kv(j, "include_total", (bool)true);
    json_kv(j, "limit", limit);
    if (offset > 0)
        json_kv(j, "offset", offset);
    json_kv(j, "records_format", lists ? "lists" : "objects");
    json_kv(j, "resource_id", CKAN_DATASTORE_TABLES);
    json_key(j, S("total_estimation_threshold"));
    json_null(j);
    put_fields(j);
    json_key(j, S("records"));
    json_raw(j, buf_str(&rows));
    json_kv(j, "total", l.total);
    json_kv(j, "total_was_estimated", (bool)false);
    json_end(j);
    return true;
}
