/* openapi_table — the description of one table for programs: its addresses, with its own columns, their types and examples from
 * the data (G3). */
#include "app/openapi/openapi.h"
#include "app/routes.h"
#include "app/table/table_page.h"

/* --- what a column is in JSON --- */

static const char *json_type_of(const column_about *k)
{
    if (k->type == COLUMN_integer || k->type == COLUMN_year)
        return "integer";
    return k->type == COLUMN_boolean ? "boolean" : column_type_key(k->type) == COLUMN_KEY_NUMBER ? "number" : "string";
}

static void put_column(ctx *c, json_w *j, const column_about *k)
{
    json_key(j, k->name);
    json_obj(j);
    json_key(j, S("type"));
    json_arr(j);
    json_str(j, str_of(json_type_of(k)));
    json_str(j, S("null"));
    json_end(j);
    json_kv(j, "title", k->title.n > 0 ? k->title : k->name);
    json_kv(j, "description", T(c, column_type_title(k->type)));
    json_end(j);
}

static str example_of(const column_about *k)
{
    return k->stats.top_count > 0 ? utf8_cut(k->stats.top[0].text, 100) : utf8_cut(k->stats.min_text, 100);
}

/* --- parts of OpenAPI --- */

static void put_query(json_w *j, str name, const char *type, str what, str example)
{
    json_obj(j);
    json_kv(j, "name", name);
    json_kv(j, "in", "query");
    json_kv(j, "required", (bool)false);
    json_kv(j, "description", what);
    json_key(j, S("schema"));
    json_obj(j);
    json_kv(j, "type", type);
    json_end(j);
    if (example.n > 0)
        json_kv(j, "example", example);
    json_end(j);
}

static void put_filters(ctx *c, json_w *j, const query_table *t)
{
    put_query(j, S("q"), "string", T(c, "words, each of which stands in some column"), S(""));
    for (size_t i = 0; i < query_table_columns(t); i++) {
        const column_about *k = query_table_about(t, i);
        str title = k->title.n > 0 ? k->title : k->name;
        put_query(j, str_cat(c->a, S("f."), k->name), "string", lang_with(c, "{column}: rows with this value", { "column", title }), example_of(k));
        if (column_type_key(k->type) != COLUMN_KEY_NONE && k->type != COLUMN_boolean) {
            put_query(j, str_cat(c->a, S("min."), k->name), "string", lang_with(c, "{column}: from this value on", { "column", title }), utf8_cut(k->stats.min_text, 100));
            put_query(j, str_cat(c->a, S("max."), k->name), "string", lang_with(c, "{column}: up to this value", { "column", title }), utf8_cut(k->stats.max_text, 100));
        } else {
            put_query(j, str_cat(c->a, S("has."), k->name), "string", lang_with(c, "{column}: texts that hold this", { "column", title }), S(""));
        }
    }
    put_query(j, S("sort"), "string", T(c, "columns, with asc or desc"), query_table_about(t, 0)->name);
}

static void put_ref(json_w *j, const char *ref)
{
    json_obj(j);
    json_kv(j, "$ref", ref);
    json_end(j);
}

/* responses: 200 with a schema by reference (NULL: any bytes of that type), and errors. */
static void put_responses(json_w *j, const char *media, const char *ref)
{
    json_key(j, S("responses"));
    json_obj(j);
    json_key(j, S("200"));
    json_obj(j);
    json_kv(j, "description", "The rows");
    json_key(j, S("content"));
    json_obj(j);
    json_key(j, str_of(media));
    json_obj(j);
    if (ref != NULL) {
        json_key(j, S("schema"));
        put_ref(j, ref);
    }
    json_end(j);
    json_end(j);
    json_end(j);
    json_key(j, S("default"));
    json_obj(j);
    json_kv(j, "description", "An error, with its code and a message");
    json_end(j);
    json_end(j);
}

static void begin_path(json_w *j, str path, const char *id, str summary)
{
    json_key(j, path);
    json_obj(j);
    json_key(j, S("get"));
    json_obj(j);
    json_kv(j, "operationId", id);
    json_kv(j, "summary", summary);
    json_key(j, S("parameters"));
    json_arr(j);
}

static void end_path(json_w *j, const char *media, const char *ref)
{
    json_end(j);
    put_responses(j, media, ref);
    json_end(j);
    json_end(j);
}

/* --- the paths of a table --- */

static void put_store_path(ctx *c, json_w *j, str path, const char *id, const char *ref, bool ckan)
{
    begin_path(j, path, id, ckan ? T(c, "The rows by CKAN's datastore_search") : T(c, "The rows by the common data-access API"));
    if (ckan) {
        json_obj(j);
        json_kv(j, "name", "resource_id");
        json_kv(j, "in", "query");
        json_kv(j, "required", (bool)true);
        json_key(j, S("schema"));
        json_obj(j);
        json_kv(j, "type", "string");
        json_end(j);
        json_end(j);
    }
    put_query(j, S("filters"), "string", T(c, "a JSON object of columns and values"), S(""));
    put_query(j, S("q"), "string", T(c, "words, each of which stands in some column"), S(""));
    put_query(j, S("fields"), "string", T(c, "columns, with commas; all when absent"), S(""));
    put_query(j, S("sort"), "string", T(c, "columns, with asc or desc"), S(""));
    put_query(j, S("limit"), "integer", T(c, "rows at most"), S(""));
    put_query(j, S("offset"), "integer", T(c, "leave out the first ones"), S(""));
    end_path(j, "application/json", ref);
}

static void put_paths(ctx *c, json_w *j, const table_asked *t)
{
    const query_table *table = t->held.open->query;
    json_key(j, S("paths"));
    json_obj(j);
    begin_path(j, str_cat(c->a, t->path, S(".json")), "rows", T(c, "Rows, filtered and sorted, in pages; values as published"));
    put_filters(c, j, table);
    put_query(j, S("page"), "integer", T(c, "from 1"), S(""));
    put_query(j, S("rows"), "integer", T(c, "rows a page, at most 500"), S(""));
    end_path(j, "application/json", "#/components/schemas/Page");
    static const struct { const char *ending, *media, *id; } files[] = { { "csv", "text/csv", "download_csv" }, { "ndjson", "application/x-ndjson", "download_ndjson" } };
    for (size_t i = 0; i < array_len(files); i++) {
        begin_path(j, str_fmt(c->a, "%.*s/download.%s", S_ARG(t->path), files[i].ending), files[i].id, T(c, "All rows that are asked for, as a file"));
        put_filters(c, j, table);
        end_path(j, files[i].media, NULL);
    }
    put_store_path(c, j, S("/api/3/action/datastore_search"), "datastore_search", "#/components/schemas/Found", true);
    put_store_path(c, j, str_cat(c->a, S("/api/v1/rest/datastore/"), t->t.uid), "common_datastore", "#/components/schemas/Found", false);
    json_end(j);
}

/* --- the schemas --- */

static void begin_schema(json_w *j, const char *name)
{
    json_key(j, str_of(name));
    json_obj(j);
    json_kv(j, "type", "object");
    json_key(j, S("properties"));
    json_obj(j);
}

static void put_rows_of(json_w *j, const char *key, const char *ref)
{
    json_key(j, str_of(key));
    json_obj(j);
    json_kv(j, "type", "array");
    json_key(j, S("items"));
    put_ref(j, ref);
    json_end(j);
}

static void put_type(json_w *j, const char *key, const char *type)
{
    json_key(j, str_of(key));
    json_obj(j);
    json_kv(j, "type", type);
    json_end(j);
}

static void put_schemas(ctx *c, json_w *j, const query_table *t)
{
    json_key(j, S("components"));
    json_obj(j);
    json_key(j, S("schemas"));
    json_obj(j);
    begin_schema(j, "Row");
    put_type(j, "_id", "integer");
    for (size_t i = 0; i < query_table_columns(t); i++)
        put_column(c, j, query_table_about(t, i));
    json_end(j);
    json_end(j);
    begin_schema(j, "PublishedRow");        /* texts as they stand in the file */
    put_type(j, "_id", "integer");
    for (size_t i = 0; i < query_table_columns(t); i++) {
        json_key(j, query_table_about(t, i)->name);
        json_obj(j);
        json_key(j, S("type"));
        json_arr(j);
        json_str(j, S("string"));
        json_str(j, S("null"));
        json_end(j);
        json_end(j);
    }
    json_end(j);
    json_end(j);
    begin_schema(j, "Page");
    put_type(j, "total", "integer");
    put_rows_of(j, "rows", "#/components/schemas/PublishedRow");
    json_end(j);
    json_end(j);
    begin_schema(j, "Found");
    put_type(j, "success", "boolean");
    json_key(j, S("result"));
    json_obj(j);
    json_kv(j, "type", "object");
    json_key(j, S("properties"));
    json_obj(j);
    put_type(j, "total", "integer");
    put_rows_of(j, "records", "#/components/schemas/Row");
    json_end(j);
    json_end(j);
    json_end(j);
    json_end(j);
    json_end(j);
    json_end(j);
}

bool openapi_table_get(ctx *c, const http_req *r, http_res *w)
{
    auto_asked t = { 0 };
    if (!table_asked_read(c, r, &t))
        return false;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    openapi_begin(c, r, &j, t.title, S(""), str_fmt(c->a, "%" PRId64, t.v.number));
    put_paths(c, &j, &t);
    put_schemas(c, &j, t.held.open->query);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}
