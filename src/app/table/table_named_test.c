/* Schemas that metadata names: found where they stand, used where they fit, told where not; tables are read again when the metadata
 * changes. On both engines; the built program is the child that reads. */
#include "support/jobs.h"
#include "support/loaded.h"

#include "app/table/table_named.h"
#include "app/table/table_schema.h"
#include "kit/text/json_read.h"

static void what_metadata_says(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    static const struct { const char *extra, *code, *said, *why; size_t fields; } cases[] = {
        { "", "", "", "", 0 },
        { "{\"notes\":\"x\"}", "", "", "", 0 },
        { "{\"conformsTo\":\"rainfall\"}", "rainfall@1.0", "rainfall", "", 0 },
        { "{\"conformsTo\":[\"https://example.org/x\",{\"@id\":\"/schemas/rainfall\"}]}", "rainfall@1.0", "/schemas/rainfall", "", 0 },
        { "{\"describedBy\":\"https://example.org/schema.json\"}", "", "https://example.org/schema.json", "", 0 },
        { "{\"schema\":{\"fields\":[{\"name\":\"a\"},{\"name\":\"b\"}]}}", "", "", "", 2 },
        { "{\"schema\":\"{\\\"fields\\\":[{\\\"name\\\":\\\"a\\\"}]}\"}", "", "", "", 1 },
        { "{\"tableSchema\":{\"columns\":[{\"name\":\"a\"}]}}", "", "", "", 1 },
        { "{\"schema\":{\"fields\":[]}}", "", "", "no fields", 0 },
        { "{\"schema\":\"{x\"}", "", "", "JSON", 0 },
        { "{\"extras\":[{\"key\":\"a\",\"value\":\"b\"},{\"key\":\"conforms_to\",\"value\":\"rainfall@1.0\"}]}", "rainfall@1.0", "rainfall@1.0", "", 0 },
    };
    for (size_t i = 0; i < array_len(cases); i++) {
        table_named n;
        bool found = cases[i].code[0] != '\0' || cases[i].fields > 0;
        assert_ok(c, table_named_read(c, str_of(cases[i].extra), TABLE_NAMED_BY_FILE, &n));
        if (n.found != found || !str_eq(n.code, str_of(cases[i].code)) || !str_eq(n.said, str_of(cases[i].said)) || !str_has(n.why, str_of(cases[i].why))
            || (cases[i].fields > 0 && n.schema.table.n != cases[i].fields))
            fail_msg("%s: %.*s, %.*s, %.*s", cases[i].extra, S_ARG(n.code), S_ARG(n.said), S_ARG(n.why));
    }
}

/* --- loading --- */

/* The dataset and its file with what an import did not understand; stored anew, it is an import that changes it. */
static dataset_draft draft_of(ctx *c, const char *of_file, const char *of_dataset)
{
    dataset_draft d = test_draft("rain", "雨量", "氣象署");
    d.extra = str_of(of_dataset);
    test_draft_file(c, &d, "雨量", "CSV", S("https://example.tw/a.csv"))->extra = str_of(of_file);
    return d;
}

static void change_to(test_loaded *w, const char *of_file, const char *of_dataset)
{
    dataset_draft d = draft_of(&w->t->c, of_file, of_dataset);
    (void)test_store(&w->t->c, &d);
}

static void work(test_loaded *w)
{
    while (test_work(&w->t->c))
        ;
}

/* How it was read: the schema, and whether a rule was broken. */
static void expect(test_loaded *w, const char *label, const char *code, bool broken)
{
    ctx *c = &w->t->c;
    table_row t;
    table_version_row v;
    str now;
    json about;
    bool found;
    assert_ok(c, q_table_by_key(c, w->f.uid, &t, &found) && q_table_version_get(c, t.id, t.version, &v, &found) && json_parse(c, v.about, &about));
    assert_str(json_get_text(c, &about, "schema"), str_of(label));
    assert_ok(c, table_schema_label(c, &t, &now));
    assert_str(now, str_of(label));
    assert_int_equal(json_get(json_get(&about, "findings"), code) != NULL, broken);
}

static void a_table_is_read_under_what_its_metadata_names(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    int64_t before, wished;
    dataset_draft first = draft_of(c, "{\"schema\":{\"fields\":[{\"name\":\"a\",\"type\":\"integer\",\"constraints\":{\"maximum\":5}},{\"name\":\"b\"}]}}", "");
    test_loaded w = test_loaded_new(state, &first);
    test_loaded_load(&w, "a,b\n1,x\n7,y\n");
    expect(&w, "file", "out_of_range", true);
    assert_ok(c, ledger_seq(c, &before));
    change_to(&w, "{\"schema\":{\"fields\":[{\"name\":\"a\",\"type\":\"integer\",\"constraints\":{\"maximum\":9}},{\"name\":\"b\"}]}}", "");
    test_loaded_load(&w, "a,b\n1,x\n8,y\n");                         /* the next file is read under what it says then */
    expect(&w, "file", "out_of_range", false);
    change_to(&w, "{\"conformsTo\":\"rainfall\"}", "");
    assert_ok(c, table_named_follow(c, before, &wished));
    assert_int_equal(wished, 1);                        /* … and when the metadata changes */
    work(&w);
    expect(&w, "", "schema_unfit", true);               /* its columns are others: told, and read as it is */
    assert_ok(c, ledger_seq(c, &before));
    change_to(&w, "{\"level\":\"3\"}", "{\"conformsTo\":\"rainfall\"}");
    assert_ok(c, table_named_follow(c, before, &wished));
    test_loaded_load(&w, "a,b\n1,x\n9,y\n");
    expect(&w, "", "schema_unfit", false);              /* of the dataset as a whole: another file may be meant */
}

static void what_was_set_wins(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    table_row row;
    table_schema_done d;
    bool found;
    int64_t before, wished;
    dataset_draft first = draft_of(c, "", "{\"schema\":{\"fields\":[{\"name\":\"a\",\"type\":\"integer\",\"constraints\":{\"maximum\":5}},{\"name\":\"b\"}]}}");
    test_loaded w = test_loaded_new(state, &first);
    test_loaded_load(&w, "a,b\n1,x\n7,y\n");
    expect(&w, "dataset", "out_of_range", true);
    assert_ok(c, q_table_by_key(c, w.f.uid, &row, &found));
    assert_ok(c, table_schema_set(c, &row, &(table_schema_wish){ .given = S("{\"fields\":[{\"name\":\"a\"},{\"name\":\"b\"}]}") }, &d));
    work(&w);
    expect(&w, "table", "out_of_range", false);
    assert_ok(c, ledger_seq(c, &before));
    change_to(&w, "{\"conformsTo\":\"rainfall\"}", "");
    assert_ok(c, table_named_follow(c, before, &wished));
    assert_int_equal(wished, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(what_metadata_says), T(a_table_is_read_under_what_its_metadata_names), T(what_was_set_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
