/* ckan_upsert — datastore_upsert: rows of a program that has a token. A record that replaces another replaces all of it:
 * fields that it does not have are null then (CKAN keeps the old ones; docs/api/ckan.md). */
#include "app/ckan_api/ckan_datastore.h"
#include "app/job/job_worker.h"
#include "app/table/table_rows_api.h"

#include <unistd.h>

static bool how_of(ctx *c, ckan_call *k, table_how *how)
{
    str method = ckan_text(c, k, "method");
    if (method.n == 0 || str_eq(method, S("upsert"))) {
        *how = TABLE_UPSERT;
        return true;
    }
    if (str_eq(method, S("insert"))) {
        *how = TABLE_APPEND;
        return true;
    }
    return ckan_refuse(k, CKAN_VALIDATION, S("method"), S("method is upsert or insert here"));
}

static bool records_of(ctx *c, ckan_call *k, const json **out)
{
    *out = ckan_given(k, "records");
    if (*out == NULL)
        return ckan_missing(k, "records");
    if ((*out)->type != JSON_ARR || (*out)->arr.n == 0)
        return ckan_refuse(k, CKAN_VALIDATION, S("records"), S("records is a list of objects, one a row"));
    for (size_t i = 0; i < (*out)->arr.n; i++)
        if ((*out)->arr.v[i].type != JSON_OBJ)
            return ckan_refuse(k, CKAN_VALIDATION, S("records"), str_fmt(c->a, "record %zu is no object", i + 1));
    return true;
}

bool ckan_read_datastore_upsert(ctx *c, ckan_call *k, json_w *j)
{
    const json *records;
    table_row t;
    table_rows_done d;
    table_rows_wish w = { .name = S("records.json") };
    str id = ckan_text(c, k, "resource_id");
    buf b = buf_in(c->a);
    if (id.n == 0)
        return ckan_missing(k, "resource_id");
    if (!how_of(c, k, &w.how) || !records_of(c, k, &records) || !table_rows_target(c, k->r, id, &t))
        return false;
    w.key = ckan_list(c, k, "primary_key");
    json_dump(&b, records, false);
    auto_fd fd = w.fd = table_rows_file(c, buf_str(&b));
    if (fd < 0 || !table_rows_add(c, &t, &w, &d))
        return false;
    job_worker_wake();
    json_obj(j);
    json_kv(j, "resource_id", id);
    json_kv(j, "method", w.how == TABLE_UPSERT ? "upsert" : "insert");
    table_rows_put(j, &d);
    json_end(j);
    return true;
}
