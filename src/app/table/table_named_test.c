/* Schemas that metadata names: found where they stand, used where they fit, told where not; tables are read again when the metadata
 * changes. On both engines; the built program is the child that reads. */
#include "support/support.h"

#include "app/dataset/dataset.h"
#include "app/jobs.h"
#include "app/table/table_load.h"
#include "app/table/table_named.h"
#include "app/table/table_open.h"
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

typedef struct { test_site *t; dataset_row d; distribution_row f; } world;

static world store(test_site *t, const char *of_file, const char *of_dataset)
{
    world w = { .t = t };
    ctx *c = &t->c;
    dataset_draft d = dataset_draft_new();
    dataset_writer *writer;
    store_outcome out;
    bool found;
    distribution_row_list l;
    d.source = S("test");
    d.source_key = d.slug = S("rain");
    d.title = S("雨量");
    d.publisher.name = S("氣象署");
    d.extra = str_of(of_dataset);
    list_add(c->a, &d.distributions, (distribution_draft){ .title = S("雨量"), .format = S("CSV"), .url = S("https://example.tw/a.csv"), .extra = str_of(of_file),
                                                           .updated_at = DAY_NONE, .record_count = -1, .byte_count = -1 });
    assert_ok(c, dataset_writer_new(c, &writer));
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open && dataset_store(c, &ch, writer, &d, &out) && change_commit(c, &ch));
    dataset_writer_free(writer);
    assert_ok(c, q_dataset_by_key(c, S("rain"), &w.d, &found) && q_distribution_of(c, w.d.id, &l));
    w.f = l.v[0];
    return w;
}

static void work(world *w)
{
    ctx *c = &w->t->c;
    size_t n;
    const job_kind *kinds = jobs_all(&n);
    for (bool worked = true; worked;)
        assert_ok(c, job_work_one(c, kinds, n, NULL, &worked));
}

static void put(world *w, const char *bytes)
{
    ctx *c = &w->t->c;
    table_put p;
    str path = file_join(c->a, w->t->dir, S("in.csv"));
    assert_ok(c, file_write(c, path, str_of(bytes)) && table_put_path(c, &w->d, &w->f, path, S("in.csv"), &p));
    work(w);
}

/* How it was read: the schema, and whether a rule was broken. */
static void expect(world *w, const char *label, const char *code, bool broken)
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
    test_site *t = *state;
    ctx *c = &t->c;
    int64_t before, wished;
    t->site->box_program = test_built_program(c);
    table_cache_start(t->site);
    world w = store(t, "{\"schema\":{\"fields\":[{\"name\":\"a\",\"type\":\"integer\",\"constraints\":{\"maximum\":5}},{\"name\":\"b\"}]}}", "");
    put(&w, "a,b\n1,x\n7,y\n");
    expect(&w, "file", "out_of_range", true);
    assert_ok(c, ledger_seq(c, &before));
    w = store(t, "{\"schema\":{\"fields\":[{\"name\":\"a\",\"type\":\"integer\",\"constraints\":{\"maximum\":9}},{\"name\":\"b\"}]}}", "");
    put(&w, "a,b\n1,x\n8,y\n");                         /* the next file is read under what it says then */
    expect(&w, "file", "out_of_range", false);
    w = store(t, "{\"conformsTo\":\"rainfall\"}", "");
    assert_ok(c, table_named_follow(c, before, &wished));
    assert_int_equal(wished, 1);                        /* … and when the metadata changes */
    work(&w);
    expect(&w, "", "schema_unfit", true);               /* its columns are others: told, and read as it is */
    assert_ok(c, ledger_seq(c, &before));
    w = store(t, "{\"level\":\"3\"}", "{\"conformsTo\":\"rainfall\"}");
    assert_ok(c, table_named_follow(c, before, &wished));
    put(&w, "a,b\n1,x\n9,y\n");
    expect(&w, "", "schema_unfit", false);              /* of the dataset as a whole: another file may be meant */
}

static void what_was_set_wins(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    table_row row;
    table_schema_done d;
    bool found;
    int64_t before, wished;
    t->site->box_program = test_built_program(c);
    table_cache_start(t->site);
    world w = store(t, "", "{\"schema\":{\"fields\":[{\"name\":\"a\",\"type\":\"integer\",\"constraints\":{\"maximum\":5}},{\"name\":\"b\"}]}}");
    put(&w, "a,b\n1,x\n7,y\n");
    expect(&w, "dataset", "out_of_range", true);
    assert_ok(c, q_table_by_key(c, w.f.uid, &row, &found));
    assert_ok(c, table_schema_set(c, &row, &(table_schema_wish){ .given = S("{\"fields\":[{\"name\":\"a\"},{\"name\":\"b\"}]}") }, &d));
    work(&w);
    expect(&w, "table", "out_of_range", false);
    assert_ok(c, ledger_seq(c, &before));
    w = store(t, "{\"conformsTo\":\"rainfall\"}", "");
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
