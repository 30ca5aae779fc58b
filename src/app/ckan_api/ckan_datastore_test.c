/* Tables as CKAN's clients read them: shapes, types, filters of both generations, paging, errors, who may see, the dump; on
 * both engines (G4, C8). */
#include "support/pages.h"
#include "support/tables.h"

#include "kit/text/json_read.h"

#include <stdio.h>

static test_tables w;

static int setup(void **state)
{
    return test_tables_setup(&w, state);
}

/* The answer of an action: 200 and its result, else the status and the error. */
static const json *asked(const char *call, int status)
{
    ctx *c = &w.t->c;
    http_res r = pages_get(w.t, str_z(c->a, str_cat(c->a, S("/api/3/action/"), test_tables_named(&w, call))));
    if (r.status != status)
        fail_msg("%s: %d %.*s", call, r.status, S_ARG(r.body));
    json *v = new (c->a, json);
    assert_ok(c, json_parse(c, r.body, v));
    assert_true(json_get_bool(v, "success", status != 200) == (status == 200));
    return json_get(v, status == 200 ? "result" : "error");
}

static str dumped(const json *v)
{
    buf b = buf_in(w.t->c.a);
    json_dump(&b, v, false);
    return buf_str(&b);
}

static void has(const char *call, const char *key, const char *want)
{
    const json *v = json_get(asked(call, 200), key);
    if (v == NULL || !str_eq(dumped(v), str_of(want)))
        fail_msg("%s: %s is %.*s, not %s", call, key, S_ARG(v != NULL ? dumped(v) : S("absent")), want);
}

static void refused(const char *call, int status, const char *type, const char *key, const char *text)
{
    const json *e = asked(call, status), *said = json_get(e, key);
    assert_str(json_get_text(&w.t->c, e, "__type"), str_of(type));
    if (said != NULL && said->type == JSON_ARR)
        said = &said->arr.v[0];
    if (said == NULL || !str_has(json_text(&w.t->c, said), str_of(text)))
        fail_msg("%s: %.*s", call, S_ARG(dumped(e)));
}

/* --- search --- */

static void rows_are_typed(void **state)
{
    (void)state;
    const json *r = asked("datastore_search?resource_id={open}", 200);
    assert_str(dumped(json_get(r, "fields")),
               S("[{\"id\":\"_id\",\"type\":\"int\"},{\"id\":\"station\",\"type\":\"text\",\"info\":{\"label\":\"站名\",\"notes\":\"\",\"kind\":\"text\"}},"
                 "{\"id\":\"amount\",\"type\":\"int8\",\"info\":{\"label\":\"數量\",\"notes\":\"\",\"kind\":\"integer\"}},"
                 "{\"id\":\"rate\",\"type\":\"numeric\",\"info\":{\"label\":\"比率\",\"notes\":\"\",\"kind\":\"decimal\"}},"
                 "{\"id\":\"day\",\"type\":\"date\",\"info\":{\"label\":\"日期\",\"notes\":\"\",\"kind\":\"date\"}},"
                 "{\"id\":\"active\",\"type\":\"bool\",\"info\":{\"label\":\"啟用\",\"notes\":\"\",\"kind\":\"boolean\"}}]"));
    assert_str(dumped(&json_get(r, "records")->arr.v[1]),
               S("{\"_id\":2,\"station\":\"臺北車站\",\"amount\":1234,\"rate\":2.25,\"day\":\"2015-07-25\",\"active\":false}"));
    assert_str(dumped(&json_get(r, "records")->arr.v[3]),
               S("{\"_id\":4,\"station\":\"=evil()\",\"amount\":-3,\"rate\":1,\"day\":null,\"active\":null}"));
    assert_int_equal(json_get(r, "total")->i, TEST_ROWS);
    assert_int_equal(json_get(r, "limit")->i, 100);
    assert_false(json_get_bool(r, "total_was_estimated", true));
    assert_true(json_get_bool(r, "include_total", false));
    assert_int_equal(json_get(r, "total_estimation_threshold")->type, JSON_NULL);
    assert_str(json_get_text(&w.t->c, r, "records_format"), S("objects"));
    assert_str(json_get_text(&w.t->c, r, "resource_id"), w.open);
    assert_null(json_get(r, "next_page"));
    has("datastore_search?id={second}", "total", "2");
}

static void forms_of_records(void **state)
{
    (void)state;
    has("datastore_search?resource_id={open}&records_format=lists&limit=1", "records", "[[1,\"公館\",12,0.5,\"2015-07-24\",true]]");
    has("datastore_search?resource_id={open}&records_format=csv&limit=2&offset=5&fields=_id,station,amount", "records",
        "\"6,西門,7\\r\\n7,\\\"a \\\"\\\"b\\\"\\\", c\\\",40\\r\\n\"");
    has("datastore_search?resource_id={open}&records_format=tsv&limit=1&fields=station,rate", "records", "\"公館\\t0.5\\n\"");
    has("datastore_search?resource_id={open}&limit=0", "records", "[]");
    refused("datastore_search?resource_id={open}&records_format=yaml", 409, "Validation Error", "records_format", "csv");
}

static void pages_by_offset_and_by_row(void **state)
{
    (void)state;
    ctx *c = &w.t->c;
    const json *r = asked("datastore_search?resource_id={open}&limit=3&offset=3&sort=", 200), *l = json_get(r, "_links");
    assert_str(json_get_text(c, l, "next"), test_tables_named(&w, "/api/3/action/datastore_search?resource_id={open}&limit=3&sort=&offset=6"));
    assert_str(json_get_text(c, l, "prev"), test_tables_named(&w, "/api/3/action/datastore_search?resource_id={open}&limit=3&sort=&offset=0"));
    assert_str(json_get_text(c, l, "start"), test_tables_named(&w, "/api/3/action/datastore_search?resource_id={open}&limit=3&sort="));
    assert_str(dumped(json_get(r, "next_page")), S("{\"_id\":{\"gt\":6}}"));
    has("datastore_search?resource_id={open}&limit=3&fields=_id&filters={\"_id\":{\"gt\":6}}", "records", "[{\"_id\":7}]");
    assert_null(json_get(asked("datastore_search?resource_id={open}&limit=3&include_next_page=false", 200), "next_page"));
    assert_null(json_get(asked("datastore_search?resource_id={open}&include_total=false", 200), "total"));
    has("datastore_search?resource_id={open}&limit=99999", "limit", "32000");
    refused("datastore_search?resource_id={open}&limit=-1", 409, "Validation Error", "limit", "natural");
    refused("datastore_search?resource_id={open}&offset=x", 409, "Validation Error", "offset", "integer");
}

static void filters_of_both_generations(void **state)
{
    (void)state;
    static const struct { const char *filters, *ids; } t[] = {
        { "{\"amount\":7}", "3,5,6" }, { "{\"amount\":\"7\",\"station\":\"西門\"}", "5,6" }, { "{\"station\":[\"公館\",\"西門\"]}", "1,5,6" },
        { "{\"站名\":\"公館\"}", "1" }, { "{\"amount\":{\"gt\":7,\"lte\":40}}", "1,7" }, { "{\"day\":{\"lt\":\"2015-08-01\"}}", "1,2" },
        { "{\"day\":\"104/8/1\"}", "3" }, { "{\"rate\":null}", "3" }, { "[{\"amount\":12},{\"amount\":40}]", "1,7" },
        { "{\"$or\":[{\"amount\":12},{\"rate\":{\"gte\":3}}]}", "1,5,6" }, { "{\"active\":true}", "1,3,5,6" }, { "{\"amount\":{\"in\":[12,40]}}", "1,7" },
        { "{}", "1,2,3,4,5,6,7" },
    };
    ctx *c = &w.t->c;
    for (size_t i = 0; i < array_len(t); i++) {
        buf got = buf_in(c->a), call = buf_in(c->a);
        buf_add(&call, S("datastore_search?resource_id={open}&fields=_id&filters="));
        url_encode(&call, str_of(t[i].filters));
        const json *rows = json_get(asked(str_z(c->a, buf_str(&call)), 200), "records");
        for (size_t k = 0; k < rows->arr.n; k++)
            buf_fmt(&got, "%s%" PRId64, k > 0 ? "," : "", json_get(&rows->arr.v[k], "_id")->i);
        if (!str_eq(buf_str(&got), str_of(t[i].ids)))
            fail_msg("%s gives %.*s, not %s", t[i].filters, S_ARG(buf_str(&got)), t[i].ids);
    }
    refused("datastore_search?resource_id={open}&filters={\"nope\":1}", 409, "Validation Error", "filters", "nope");
    refused("datastore_search?resource_id={open}&filters=amount:1", 409, "Validation Error", "filters", "JSON");
    refused("datastore_search?resource_id={open}&filters={\"amount\":{\"near\":1}}", 409, "Validation Error", "filters", "near");
}

static void words_rank_rows(void **state)
{
    (void)state;
    const json *r = asked("datastore_search?resource_id={open}&q=公館&fields=station,rank", 200);
    assert_str(dumped(json_get(r, "records")), S("[{\"station\":\"公館\",\"rank\":1},{\"station\":\"公館國小\",\"rank\":0.5}]"));
    r = asked("datastore_search?resource_id={open}&q={\"station\":\"國小\"}", 200);
    assert_int_equal(json_get(r, "total")->i, 1);
    assert_str(dumped(&json_get(r, "fields")->arr.v[6]), S("{\"id\":\"rank station\",\"type\":\"float\"}"));
    assert_true(json_get(&json_get(r, "records")->arr.v[0], "rank station")->r == 0.5);
    has("datastore_search?resource_id={open}&q=沒有這個詞", "total", "0");
    refused("datastore_search?resource_id={open}&q={\"nope\":\"x\"}", 409, "Validation Error", "q", "nope");
}

static void orders_and_fields(void **state)
{
    (void)state;
    has("datastore_search?resource_id={open}&fields=_id&sort=rate%20desc,%20_id&limit=3", "records", "[{\"_id\":3},{\"_id\":5},{\"_id\":6}]");
    has("datastore_search?resource_id={open}&fields=_id&sort=rate%20desc%20nulls%20last&limit=1", "records", "[{\"_id\":6}]");
    has("datastore_search?resource_id={open}&fields=[\"amount\",\"station\"]&limit=1", "records", "[{\"amount\":12,\"station\":\"公館\"}]");
    has("datastore_search?resource_id={open}&fields=amount&distinct=true&sort=amount", "records",
        "[{\"amount\":-3},{\"amount\":7},{\"amount\":12},{\"amount\":40},{\"amount\":1234}]");
    has("datastore_search?resource_id={open}&fields=amount&distinct=true", "total", "5");
    refused("datastore_search?resource_id={open}&fields=nope", 409, "Validation Error", "fields", "nope");
    refused("datastore_search?resource_id={open}&sort=nope", 409, "Validation Error", "sort", "nope");
    refused("datastore_search?resource_id={open}&sort=amount%20up", 409, "Validation Error", "sort", "up");
}

static void what_is_not_there(void **state)
{
    (void)state;
    refused("datastore_search", 409, "Validation Error", "resource_id", "Missing value");
    refused("datastore_search?resource_id={open}&foo=1", 409, "Validation Error", "__extras", "foo");
    refused("datastore_search?resource_id=nope", 404, "Not Found Error", "message", "nope");
    refused("datastore_search?resource_id={draft}", 404, "Not Found Error", "message", "not found");
    refused("datastore_search?resource_id={closed}", 404, "Not Found Error", "message", "not found");
    refused("datastore_info?id={closed}", 404, "Not Found Error", "message", "not found");
    assert_int_equal(pages_get(w.t, str_z(w.t->c.a, test_tables_named(&w, "/datastore/dump/{closed}"))).status, 404);
    assert_int_equal(pages_get(w.t, str_z(w.t->c.a, test_tables_named(&w, "/datastore/dump/{draft}"))).status, 404);
}

static void info_tells_the_columns(void **state)
{
    (void)state;
    const json *r = asked("datastore_info?id={open}", 200), *f = &json_get(r, "fields")->arr.v[1];
    assert_int_equal(json_get(json_get(r, "meta"), "count")->i, TEST_ROWS);
    assert_str(json_get_text(&w.t->c, json_get(r, "meta"), "table_type"), S("BASE TABLE"));
    assert_int_equal(json_get(r, "fields")->arr.n, TEST_COLS);
    assert_str(dumped(json_get(f, "schema")),
               S("{\"native_type\":\"int8\",\"index_name\":null,\"is_index\":false,\"notnull\":true,\"uniquekey\":false}"));
}

static void a_package_says_which_files_are_tables(void **state)
{
    (void)state;
    const json *r = json_get(asked("package_show?id=open", 200), "resources");
    assert_true(json_get_bool(&r->arr.v[0], "datastore_active", false));
    assert_false(json_get_bool(&r->arr.v[1], "datastore_active", true));
    r = json_get(&json_get(asked("package_search?q=open", 200), "results")->arr.v[0], "resources");
    assert_true(json_get_bool(&r->arr.v[0], "datastore_active", false));
    assert_true(json_get_bool(asked("resource_show?id={open}", 200), "datastore_active", false));
}

/* --- SQL --- */

static const json *sql(const char *text, int status)
{
    buf b = buf_in(w.t->c.a);
    buf_add(&b, S("datastore_search_sql?sql="));
    url_encode(&b, test_tables_named(&w, text));
    return asked(str_z(w.t->c.a, buf_str(&b)), status);
}

/* What ckan.js and ckanr ask to learn which tables there are; drafts and closed ones are not among them. */
static void all_tables_are_listed(void **state)
{
    (void)state;
    const json *all = asked("datastore_search?resource_id=_table_metadata", 200);
    const json *records = json_get(all, "records");
    str said = dumped(records);
    assert_true(str_has(said, w.open) && str_has(said, w.second) && !str_has(said, w.draft) && !str_has(said, w.closed));
    assert_true(str_eq(dumped(json_get(all, "total")), str_fmt(w.t->c.a, "%zu", records->arr.n)));
    const json *page = json_get(asked("datastore_search?resource_id=_table_metadata&limit=1&offset=1&records_format=lists", 200), "records");
    assert_int_equal(page->arr.n, 1);
    for (size_t i = 0; i < 4; i++)
        assert_true(str_eq(dumped(&page->arr.v[0].arr.v[i]), dumped(&records->arr.v[1].obj.v[i])));
    asked("datastore_search?resource_id=_table_metadata&sort=name", 409);
}

static void sql_reads_tables(void **state)
{
    (void)state;
    ctx *c = &w.t->c;
    const json *r = sql("SELECT station, sum(amount) AS total, max(day) AS latest, min(active) FROM \"{open}\" WHERE \"日期\" >= '2015-08-01'"
                        " GROUP BY station ORDER BY total DESC", 200);
    assert_str(dumped(json_get(r, "records")),
               S("[{\"station\":\"a \\\"b\\\", c\",\"total\":40,\"latest\":\"2016-02-29\",\"min(active)\":0},"
                 "{\"station\":\"西門\",\"total\":14,\"latest\":\"2016-01-01\",\"min(active)\":1},"
                 "{\"station\":\"公館國小\",\"total\":7,\"latest\":\"2015-08-01\",\"min(active)\":1}]"));
    assert_str(dumped(json_get(r, "fields")), S("[{\"id\":\"station\",\"type\":\"text\"},{\"id\":\"total\",\"type\":\"int8\"},"
                                                "{\"id\":\"latest\",\"type\":\"text\"},{\"id\":\"min(active)\",\"type\":\"int8\"}]"));
    assert_null(json_get(r, "records_truncated"));
    r = sql("SELECT a._id, b.station, a.active FROM \"{open}\" a JOIN \"{second}\" b ON a.station = b.station ORDER BY 1", 200);
    assert_str(dumped(json_get(r, "records")), S("[{\"_id\":1,\"station\":\"公館\",\"active\":true},{\"_id\":2,\"station\":\"臺北車站\",\"active\":false}]"));
    assert_true(str_has(json_get_text(c, r, "sql"), w.open));
    r = sql("SELECT a._id FROM \"{open}\" a, \"{open}\" b, \"{open}\" c, \"{open}\" d, \"{open}\" e, \"{open}\" f", 200);
    assert_true(json_get_bool(r, "records_truncated", false));
    assert_int_equal(json_get(r, "records")->arr.n, 32000);
}

static void sql_is_refused_in_ckans_words(void **state)
{
    (void)state;
    ctx *c = &w.t->c;
    const json *e = sql("SELECT nope FROM \"{open}\"", 409);
    assert_str(json_get_text(c, e, "__type"), S("Validation Error"));
    assert_str(dumped(json_get(e, "query")), S("[\"no such column: nope\"]"));
    assert_str(dumped(json_get(json_get(e, "info"), "orig")), S("[\"no such column: nope\"]"));
    assert_true(str_has(dumped(json_get(json_get(e, "info"), "statement")), S("SELECT nope")));
    e = sql("SELECT * FROM \"{closed}\"", 409); /* as if it were not there */
    assert_true(str_has(dumped(json_get(e, "query")), S("does not exist")));
    (void)sql("SELECT * FROM \"{draft}\"", 409);
    e = sql("SELECT load_extension('x') FROM \"{open}\"", 403);
    assert_true(str_has(json_get_text(c, e, "message"), S("Not authorized to call function load_extension")));
    (void)sql("PRAGMA database_list", 403);
    (void)sql("SELECT 1; SELECT 2", 409);
    refused("datastore_search_sql", 409, "Validation Error", "sql", "Missing value");
}

/* --- dump --- */

static void dump(const char *query, const char *want)
{
    http_res r = pages_get(w.t, str_z(w.t->c.a, str_cat(w.t->c.a, test_tables_named(&w, "/datastore/dump/{open}"), str_of(query))));
    assert_int_equal(r.status, 200);
    if (!str_eq(r.body, str_of(want)))
        fail_msg("%s:\n%.*s\nnot\n%s", query, S_ARG(r.body), want);
}

static void dumps_in_every_form(void **state)
{
    (void)state;
    dump("?limit=2", "_id,station,amount,rate,day,active\r\n1,公館,12,0.5,2015-07-24,true\r\n2,臺北車站,1234,2.25,2015-07-25,false\r\n");
    dump("?bom=true&fields=station&offset=3&limit=1", "\xef\xbb\xbfstation\r\n=evil()\r\n");
    dump("?format=tsv&fields=station,amount&filters={\"amount\":40}", "station\tamount\na \"b\", c\t40\n");
    dump("?format=xml&fields=_id,station,rate&filters={\"_id\":3}",
         "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<data xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
         "<row _id=\"3\"><station>公館國小</station><rate xsi:nil=\"true\"/></row>\n</data>\n");
    dump("?format=json&fields=_id,amount&sort=amount%20desc&limit=2",
         "{\n  \"fields\": [{\"id\":\"_id\",\"type\":\"int\"},{\"id\":\"amount\",\"type\":\"int8\",\"info\":{\"label\":\"數量\",\"notes\":\"\","
         "\"kind\":\"integer\"}}],\n  \"records\": [\n[2,1234],\n[7,40]\n]\n}\n");
    http_res r = pages_get(w.t, str_z(w.t->c.a, test_tables_named(&w, "/datastore/dump/{open}?format=yaml")));
    assert_int_equal(r.status, 422);
    r = pages_get(w.t, str_z(w.t->c.a, test_tables_named(&w, "/datastore/dump/{open}?format=csv")));
    assert_true(str_has(pages_header(&r, "Content-Disposition"), S(".csv\"")));
    assert_true(str_starts(r.type, S("text/csv")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_typed), cmocka_unit_test(forms_of_records), cmocka_unit_test(pages_by_offset_and_by_row),
        cmocka_unit_test(filters_of_both_generations), cmocka_unit_test(words_rank_rows), cmocka_unit_test(orders_and_fields),
        cmocka_unit_test(what_is_not_there), cmocka_unit_test(info_tells_the_columns), cmocka_unit_test(a_package_says_which_files_are_tables),
        cmocka_unit_test(all_tables_are_listed), cmocka_unit_test(sql_reads_tables), cmocka_unit_test(sql_is_refused_in_ckans_words), cmocka_unit_test(dumps_in_every_form),
    };
    return cmocka_run_group_tests(tests, setup, test_site_teardown);
}
