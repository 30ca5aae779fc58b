/* Tests of the canonical form: the same for the same record, smaller changes, and merging that never empties. */
#include "support/support.h"

#include "app/dataset/dataset_state.h"
#include "kit/text/json_read.h"

static ctx *const c = &test_bare;

static dataset_row row(void)
{
    return (dataset_row){ .uid = S("u"), .slug = S("s"), .title = S("題"), .state = S("published"), .class = S("open"),
                          .keywords = S("[\"a\"]"), .extra = S("{}"), .issued_at = q_null_int, .issued_at_null = true,
                          .updated_at = 5, .record_count = q_null_int, .record_count_null = true, .organization_id = 7 };
}

static distribution_row file(const char *url)
{
    return (distribution_row){ .uid = str_of(url), .url = str_of(url), .fields = S("[]"), .extra = S("{}"),
                               .updated_at = q_null_int, .record_count = q_null_int, .byte_count = q_null_int };
}

static void keys_are_sorted_and_what_is_empty_is_left_out(void **state)
{
    (void)state;
    dataset_row d = row();
    distribution_row f = file("https://example.gov.tw/a");
    distribution_row_list files = { &f, 1, 1 };
    str text = dataset_state(c->a, &d, &files);
    json v;
    assert_ok(c, json_parse(c, text, &v));
    for (size_t i = 1; i < v.obj.n; i++)
        assert_true(str_cmp(v.obj.keys[i - 1], v.obj.keys[i]) < 0);
    assert_null(json_get(&v, "description"));
    assert_null(json_get(&v, "issued_at"));
    assert_null(json_get(&v, "extra"));
    assert_int_equal(json_get(&v, "updated_at")->i, 5);
    buf again = buf_in(c->a);
    json_dump(&again, &v, true);
    assert_str(text, buf_str(&again));               /* canonical: any program that sorts keys gets the same bytes */
}

static void facts_of_this_hub_are_no_part_of_it(void **state)
{
    (void)state;
    dataset_row d = row(), later = row();
    later.created_at = later.modified_at = later.ledger_seq = later.id = 99;
    assert_str(dataset_state(c->a, &d, &(distribution_row_list){ 0 }), dataset_state(c->a, &later, &(distribution_row_list){ 0 }));
}

static void changes_hold_only_what_differs(void **state)
{
    (void)state;
    dataset_row old = row(), now = row();
    distribution_row f = file("https://example.gov.tw/a");
    distribution_row_list files = { &f, 1, 1 }, none = { 0 };
    now.title = S("新題");
    now.updated_at = q_null_int;
    assert_str(dataset_changes(c->a, &old, &files, &now, &files), S("{\"title\":\"題\",\"updated_at\":5}"));
    assert_str(dataset_changes(c->a, &now, &files, &old, &files), S("{\"title\":\"新題\",\"updated_at\":null}"));
    assert_str(dataset_changes(c->a, &old, &files, &old, &files), S("{}"));
    assert_true(str_has(dataset_changes(c->a, &old, &files, &old, &none), S("\"distributions\":[{")));
    assert_str(dataset_changes(c->a, &old, &none, &old, &files), S("{\"distributions\":[]}"));
}

static void merging_never_empties(void **state)
{
    (void)state;
    dataset_row old = row(), now = row();
    distribution_row f = file("https://example.gov.tw/a"), same = file("https://example.gov.tw/a"), fresh = file("https://example.gov.tw/b");
    old.description = S("舊說明");
    old.issued_at = 3;
    old.issued_at_null = false;
    old.title = S("舊題");
    f.description = S("檔案說明");
    f.uid = S("permanent");
    distribution_row_list had = { &f, 1, 1 }, none = { 0 };
    dataset_merge(c->a, &now, &none, &old, &had);
    assert_str(now.description, S("舊說明"));
    assert_str(now.title, S("題"));                  /* what is said anew stands */
    assert_int_equal(now.issued_at, 3);
    assert_false(now.issued_at_null);
    assert_int_equal(none.n, 1);
    distribution_row both[] = { fresh, same };
    distribution_row_list list = { both, 2, 2 };
    dataset_merge(c->a, &now, &list, &old, &had);
    assert_int_equal(list.n, 2);
    assert_str(list.v[1].uid, S("permanent"));       /* found by its address */
    assert_str(list.v[1].description, S("檔案說明"));
    assert_str(list.v[0].description, S(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_are_sorted_and_what_is_empty_is_left_out, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(facts_of_this_hub_are_no_part_of_it, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(changes_hold_only_what_differs, test_bare_setup, test_bare_teardown),
        cmocka_unit_test_setup_teardown(merging_never_empties, test_bare_setup, test_bare_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
