/* Tests of the rendered package: the types that CKAN's clients read, and nothing lost (G4). */
#include "support/support.h"

#include "app/dataset/package_json.h"
#include "kit/text/json_read.h"

static ctx *const c = &test_bare;

static dataset_row row(void)
{
    return (dataset_row){ .uid = S("0f0e0d0c-0000-8000-8000-000000000001"), .slug = S("air"), .title = S("空氣 <b> \"品質\""),
                          .description = S("說明\n第二行"), .state = S("published"), .class = S("open"), .licence = S("OGDL-Taiwan-1.0"),
                          .keywords = S("[\"空氣\",\"a\\\"b\\\\\"]"), .extra = S("{\"k\":1}"), .created_at = 1000, .modified_at = 2000,
                          .issued_at_null = true, .updated_at = 86400000, .record_count = 12 };
}

static json package(const dataset_row *d, const distribution_row_list *files)
{
    json v;
    assert_ok(c, json_parse(c, package_json(c->a, d, files, S("org-uid")), &v));
    return v;
}

static str extra_of(const json *p, const char *key)
{
    const json *all = json_get(p, "extras");
    for (size_t i = 0; i < all->arr.n; i++)
        if (str_eq(json_get_text(c, &all->arr.v[i], "key"), str_of(key)))
            return json_get_text(c, &all->arr.v[i], "value");
    return (str){ 0 };
}

static void types_are_those_of_ckan(void **state)
{
    (void)state;
    dataset_row d = row();
    json p = package(&d, &(distribution_row_list){ 0 });
    assert_int_equal(json_get(&p, "private")->type, JSON_BOOL);
    assert_int_equal(json_get(&p, "isopen")->type, JSON_BOOL);
    assert_true(json_get(&p, "isopen")->b);
    assert_int_equal(json_get(&p, "resources")->type, JSON_ARR);
    assert_int_equal(json_get(&p, "num_resources")->i, 0);
    assert_str(json_get_text(c, &p, "name"), d.slug);
    assert_str(json_get_text(c, &p, "title"), d.title);
    assert_str(json_get_text(c, &p, "notes"), d.description);
    assert_str(json_get_text(c, &p, "owner_org"), S("org-uid"));
    assert_str(json_get_text(c, &p, "metadata_created"), S("1970-01-01T00:00:01.000000"));
    assert_str(json_get_text(c, &p, "license_id"), S("OGDL-Taiwan-1.0"));
}

static void state_is_what_ckan_calls_it(void **state)
{
    (void)state;
    const struct { str ours; const char *theirs; } want[] = { { S("published"), "active" }, { S("draft"), "draft" }, { S("withdrawn"), "deleted" } };
    for (size_t i = 0; i < array_len(want); i++) {
        dataset_row d = row();
        d.state = want[i].ours;
        json p = package(&d, &(distribution_row_list){ 0 });
        assert_str(json_get_text(c, &p, "state"), str_of(want[i].theirs));
    }
}

static void tags_survive_quotes(void **state)
{
    (void)state;
    dataset_row d = row();
    json p = package(&d, &(distribution_row_list){ 0 });
    const json *tags = json_get(&p, "tags");
    assert_int_equal(json_get(&p, "num_tags")->i, 2);
    assert_str(json_get_text(c, &tags->arr.v[0], "name"), S("空氣"));
    assert_str(json_get_text(c, &tags->arr.v[1], "name"), S("a\"b\\"));
    assert_str(json_get_text(c, &tags->arr.v[0], "id"), package_tag_id(c->a, S("空氣")));
}

static void nothing_of_the_standard_is_lost(void **state)
{
    (void)state;
    dataset_row d = row();
    d.identifier = S("A41000000G-000001");
    d.category = S("A00");
    d.frequency_text = S("每1月");
    d.cost_law = S("規費法");
    json p = package(&d, &(distribution_row_list){ 0 });
    assert_str(extra_of(&p, "identifier"), d.identifier);
    assert_str(extra_of(&p, "categoryCode"), d.category);
    assert_str(extra_of(&p, "accrualPeriodicity"), d.frequency_text);
    assert_str(extra_of(&p, "costLaw"), d.cost_law);
    assert_str(extra_of(&p, "numberOfData"), S("12"));
    assert_str(extra_of(&p, "modified"), S("1970-01-02 08:00:00"));
    assert_str(extra_of(&p, "issued"), S(""));
    assert_str(extra_of(&p, "source_extra"), S("{\"k\":1}"));
}

static void resources_say_what_is_known(void **state)
{
    (void)state;
    dataset_row d = row();
    distribution_row f[] = {
        { .uid = S("r1"), .title = S("檔"), .format = S("CSV"), .url = S("https://example.gov.tw/a"), .url_kind = S("download"),
          .byte_count = 42, .updated_at = q_null_int, .updated_at_null = true, .record_count = q_null_int, .fields = S("[{\"name\":\"x\"}]"), .star = 3 },
        { .uid = S("r2"), .description = S("服務"), .url_kind = S("access"), .byte_count = q_null_int, .record_count = 5, .updated_at = 1000,
          .position = 1, .fields = S("[]") },
    };
    json p = package(&d, &(distribution_row_list){ f, 2, 2 });
    const json *r = json_get(&p, "resources");
    const json *one = &r->arr.v[0], *two = &r->arr.v[1];
    assert_int_equal(json_get(one, "size")->i, 42);
    assert_int_equal(json_get(two, "size")->type, JSON_NULL);
    assert_int_equal(json_get(one, "last_modified")->type, JSON_NULL);
    assert_str(json_get_text(c, two, "last_modified"), S("1970-01-01T00:00:01.000000"));
    assert_str(json_get_text(c, two, "name"), S("服務"));
    assert_str(json_get_text(c, two, "resource_type"), S("api"));
    assert_int_equal(json_get(two, "record_count")->i, 5);
    assert_int_equal(json_get(one, "datastore_active")->type, JSON_BOOL);
    assert_int_equal(json_get(one, "fields")->type, JSON_ARR);
    assert_null(json_get(two, "fields"));
    assert_str(json_get_text(c, one, "package_id"), d.uid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(types_are_those_of_ckan, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(state_is_what_ckan_calls_it, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(tags_survive_quotes, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(nothing_of_the_standard_is_lost, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(resources_say_what_is_known, test_bare_setup, test_bare_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
