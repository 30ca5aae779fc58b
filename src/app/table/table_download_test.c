/* What people take with them: the selection in each form, and the bytes as they came; on both engines (C8, C10). */
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

static void is(const char *query, const char *want)
{
    http_res r = get(str_z(w.t->c.a, str_cat(w.t->c.a, S("/tables/{open}/download"), str_of(query))));
    if (r.status != 200 || !str_eq(r.body, str_of(want)))
        fail_msg("%s: %d\n%.*s\nnot\n%s", query, r.status, S_ARG(r.body), want);
}

static void csv_is_as_published_and_guarded(void **state)
{
    (void)state;
    is(".csv", "\xef\xbb\xbf站名,數量,比率,日期,啟用\r\n公館,12,0.50,104/07/24,是\r\n臺北車站,\"1,234\",2.25,104/07/25,否\r\n"
               "公館國小,7,,104/08/01,是\r\n'=evil(),-3,1.00,,\r\n西門,7,3.00,105/01/01,是\r\n西門,7,3.00,105/01/01,是\r\n"
               "\"a \"\"b\"\", c\",40,0.05,105/02/29,否\r\n");
    is(".csv?bom=0&guard=0&fields=station&min.amount=-5&max.amount=0", "站名\r\n=evil()\r\n");
    http_res r = get("/tables/{open}/download.csv");
    assert_true(str_has(pages_header(&r, "Content-Disposition"), S("filename*=UTF-8''open.csv")));
}

static void the_selection_of_the_page(void **state)
{
    (void)state;
    is(".ndjson?fields=_id&f.station=公館&f.station=西門&f.day=", "{\"_id\":1}\n{\"_id\":5}\n{\"_id\":6}\n");
    is(".ndjson?fields=_id&has.站名=公館&sort=amount%20desc", "{\"_id\":1}\n{\"_id\":3}\n");
    is(".ndjson?fields=_id&null.rate=yes", "{\"_id\":3}\n");
    is(".ndjson?fields=_id&null.active=no&min.day=2016-01-01&sort=day%20desc,station", "{\"_id\":7}\n{\"_id\":5}\n{\"_id\":6}\n");
    is(".ndjson?fields=_id&q=車站", "{\"_id\":2}\n");
    is(".json?fields=amount,active&q=%22b%22", "[\n{\"amount\":40,\"active\":false}\n]\n");
    is(".json?q=nope", "[\n]\n");
    is(".tsv?fields=station,amount&f.amount=7&sort=station%20desc", "站名\t數量\n西門\t7\n西門\t7\n公館國小\t7\n");
    assert_int_equal(get("/tables/{open}/download.csv?f.nope=1").status, 422);
    assert_int_equal(get("/tables/{open}/download.csv?sort=nope").status, 422);
    assert_int_equal(get("/tables/{open}/download.geojson").status, 422);
    assert_int_equal(get("/tables/{open}/download.csv?version=9").status, 404);
}

static void workbooks_and_what_is_hidden(void **state)
{
    (void)state;
    http_res r = get("/tables/{open}/download.sqlite");
    assert_true(r.status == 200 && str_starts(r.body, S("SQLite format 3")));
    r = get("/tables/{open}/download.xlsx");
    assert_true(r.status == 200 && str_starts(r.body, S("PK")));
    r = get("/tables/{open}/download.ods?f.amount=7");
    assert_true(r.status == 200 && str_starts(r.body, S("PK")));
    static const char *const hidden[] = { "/tables/{closed}/download.csv", "/tables/{draft}/download.json", "/tables/nope/download.csv",
                                          "/files/{closed}/%E8%B3%87%E6%96%99%201.csv", "/files/{draft}/x", "/files/nope/x" };
    for (size_t i = 0; i < array_len(hidden); i++)
        assert_int_equal(get(hidden[i]).status, 404);
}

static void the_bytes_as_they_came(void **state)
{
    (void)state;
    http_res r = get("/files/{open}/%E8%B3%87%E6%96%99%201.csv");
    assert_int_equal(r.status, 200);
    assert_true(str_starts(r.body, S("the original bytes of ")));
    assert_str(r.type, S("application/octet-stream"));
    assert_str(pages_header(&r, "X-Content-Type-Options"), S("nosniff"));
    assert_true(str_starts(pages_header(&r, "Content-Disposition"), S("attachment; filename=")));
    assert_true(str_has(pages_header(&r, "Content-Disposition"), S("UTF-8''%E8%B3%87%E6%96%99%201.csv")));
    r = get("/files/{open}/other.json");
    assert_int_equal(r.status, 302);
    assert_true(str_ends(pages_header(&r, "Location"), S("/%E8%B3%87%E6%96%99%201.csv")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_as_published_and_guarded), cmocka_unit_test(the_selection_of_the_page),
        cmocka_unit_test(workbooks_and_what_is_hidden), cmocka_unit_test(the_bytes_as_they_came),
    };
    return cmocka_run_group_tests(tests, setup, test_site_teardown);
}
