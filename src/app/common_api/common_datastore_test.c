/* The common data-access API reads a table: its shapes and each of its codes; on both engines (G4, C8). */
#include "kit/source/zip.h"
#include "support/pages.h"
#include "support/tables.h"

#include "kit/text/json_read.h"

static test_tables w;

static int setup(void **state)
{
    return test_tables_setup(&w, state);
}

static http_res get(const char *address)
{
    return pages_get(w.t, str_z(w.t->c.a, test_tables_named(&w, address)));
}

static void rows_in_the_envelope(void **state)
{
    (void)state;
    http_res r = get("/api/v1/rest/datastore/{open}?filters={\"station\":\"西門\"}&fields=station,amount,day,active&limit=1");
    assert_int_equal(r.status, 200);
    str want = str_replace(w.t->c.a, S("{\"success\":true,\"result\":{\"resource_id\":\"{open}\",\"fields\":[{\"id\":\"station\",\"type\":\"string\",\"title\":\"站名\"},"
        "{\"id\":\"amount\",\"type\":\"integer\",\"title\":\"數量\"},{\"id\":\"day\",\"type\":\"string\",\"title\":\"日期\"},{\"id\":\"active\",\"type\":\"boolean\","
        "\"title\":\"啟用\"}],\"limit\":1,\"offset\":0,\"total\":2,\"records\":[{\"station\":\"西門\",\"amount\":7,\"day\":\"2016-01-01\",\"active\":true}]}}"),
        S("{open}"), w.open);
    assert_str(r.body, want);
    r = get("/api/v1/rest/datastore/{open}?sort=amount%20desc&fields=amount&offset=1&limit=2");
    assert_true(pages_has(&r, "\"records\":[{\"amount\":40},{\"amount\":12}]"));
    r = get("/api/v1/rest/datastore/{open}?q=公館&limit=5");
    assert_true(pages_has(&r, "\"total\":2") && !pages_has(&r, "rank"));
}

static void refused(const char *address, int status, const char *code)
{
    http_res r = get(address);
    json v;
    assert_ok(&w.t->c, json_parse(&w.t->c, r.body, &v));
    if (r.status != status || !str_eq(json_get_text(&w.t->c, json_get(&v, "error"), "type"), str_of(code)))
        fail_msg("%s: %d %.*s", address, r.status, S_ARG(r.body));
    assert_false(json_get_bool(&v, "success", true));
    assert_null(json_get(&v, "result"));
}

static void every_code(void **state)
{
    (void)state;
    refused("/api/v1/rest/datastore/nope", 404, "ER0100");
    refused("/api/v1/rest/datastore/{closed}", 404, "ER0100");
    refused("/api/v1/rest/datastore/{draft}", 404, "ER0100");
    refused("/api/v1/rest/datastore/{open}?top=1", 400, "ER0200");
    refused("/api/v1/rest/datastore/{open}?limit=11.5", 400, "ER0210");
    refused("/api/v1/rest/datastore/{open}?offset=all", 400, "ER0210");
    refused("/api/v1/rest/datastore/{open}?filters=\"station\":\"x\"", 400, "ER0210");
    refused("/api/v1/rest/datastore/{open}?filters=station:x", 400, "ER0210");
    refused("/api/v1/rest/datastore/{open}?filters={\"amount\":{\"near\":3}}", 400, "ER0210");
    refused("/api/v1/rest/datastore/{open}?filters={\"nope\":\"x\"}", 400, "ER0220");
    refused("/api/v1/rest/datastore/{open}?fields=station,nope", 400, "ER0220");
    refused("/api/v1/rest/datastore/{open}?sort=nope", 400, "ER0220");
    refused("/api/v1/dump/datastore/{open}", 400, "ER0210");
    refused("/api/v1/dump/datastore/{open}?format=xlsx", 400, "ER0210");
    refused("/api/v1/dump/datastore/{closed}?format=csv", 404, "ER0100");
}

static void whole_tables(void **state)
{
    (void)state;
    http_res r = get("/api/v1/dump/datastore/{open}?format=csv");
    assert_true(str_starts(r.body, S("station,amount,rate,day,active\r\n公館,12,0.5,2015-07-24,true\r\n")));
    r = get("/dump/datastore/{open}?format=json");
    json v;
    assert_ok(&w.t->c, json_parse(&w.t->c, r.body, &v));
    assert_int_equal(v.arr.n, TEST_ROWS);
    r = get("/dump/datastore/{open}?format=xml");
    assert_true(pages_has(&r, "<row _id=\"1\"><station>公館</station>"));
    refused("/api/v1/dump/datastore/{open}?format=csv&compress=rar", 400, "ER0210");
    str plain = get("/api/v1/dump/datastore/{open}?format=csv").body, member;
    r = get("/api/v1/dump/datastore/{open}?format=csv&compress=zip");
    source packed = source_memory(r.body, S("dump.zip"));
    zip z;
    assert_ok(&w.t->c, zip_open(&w.t->c, &packed, 1 << 20, &z));
    assert_int_equal(z.n, 1);
    assert_true(str_ends(z.v[0].name, S(".csv")));
    assert_ok(&w.t->c, zip_all(&w.t->c, &z, &z.v[0], 1 << 20, &member));
    assert_true(str_eq(member, plain));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(rows_in_the_envelope), cmocka_unit_test(every_code), cmocka_unit_test(whole_tables) };
    return cmocka_run_group_tests(tests, setup, test_site_teardown);
}
