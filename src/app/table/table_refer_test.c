/* Tables of a dataset that refer to each other: judged when they are loaded, when rows come, and when the other one changes. On both engines; the
 * built program is the child that reads. */
#include "support/datasets.h"
#include "support/jobs.h"

#include "app/table/table_append.h"
#include "app/table/table_load.h"
#include "app/table/table_open.h"
#include "app/table/table_other.h"
#include "app/table/table_refer.h"
#include "app/table/table_rows_api.h"
#include "app/table/table_schema.h"
#include "kit/text/json_read.h"

typedef struct { test_site *t; dataset_row d; distribution_row_list files; } world;

enum { RAIN, STATIONS };
static const char *const titles[] = { "雨量", "測站" };

static world begin(void **state)
{
    world w = { .t = *state };
    ctx *c = &w.t->c;
    bool found;
    dataset_draft d = test_draft("rain", "雨量", "氣象署");
    for (size_t i = 0; i < array_len(titles); i++)
        test_draft_file(c, &d, titles[i], "CSV", str_fmt(c->a, "https://example.tw/%zu.csv", i));
    (void)test_store(c, &d);
    assert_ok(c, q_dataset_by_key(c, S("rain"), &w.d, &found) && q_distribution_of(c, w.d.id, &w.files));
    w.t->site->box_program = test_built_program(c);
    table_cache_start(w.t->site);
    return w;
}

/* All jobs that wait; how many there were. */
static int work(world *w)
{
    ctx *c = &w->t->c;
    int done = 0;
    while (test_work(c))
        done++;
    return done;
}

static table_row table_of(world *w, size_t file)
{
    ctx *c = &w->t->c;
    table_row t;
    bool found;
    assert_ok(c, q_table_by_key(c, w->files.v[file].uid, &t, &found));
    assert_true(found);
    return t;
}

static void put(world *w, size_t file, const char *name, const char *bytes)
{
    ctx *c = &w->t->c;
    table_put p;
    str path = file_join(c->a, w->t->dir, S("in.csv"));
    assert_ok(c, file_write(c, path, str_of(bytes)));
    assert_ok(c, table_put_path(c, &w->d, &w->files.v[file], path, str_of(name), &p));
    work(w);
}

static void keep_to(world *w, size_t file, const char *rules)
{
    ctx *c = &w->t->c;
    table_schema_done d;
    table_row t = table_of(w, file);
    assert_ok(c, table_schema_set(c, &t, &(table_schema_wish){ .given = str_of(rules) }, &d));
    assert_true(d.changed);
    work(w);
}

/* What is said of references, as "code row sample count"; and the score. */
static str said(world *w, size_t file, int64_t *score)
{
    ctx *c = &w->t->c;
    table_row t = table_of(w, file);
    table_version_row v;
    json all, about;
    str_list l = { 0 };
    int64_t counted = 0, told = 0;
    assert_ok(c, q_table_version_get(c, t.id, t.version, &v, &(bool){ 0 }) && json_parse(c, v.findings, &all) && json_parse(c, v.about, &about));
    for (size_t i = 0; i < all.arr.n; i++) {
        const json *o = &all.arr.v[i], *row = json_get(o, "row"), *count = json_get(o, "count");
        str code = json_get_text(c, o, "code");
        if (str_starts(code, S("reference_")))
            list_add(c->a, &l, str_fmt(c->a, "%.*s %" PRId64 " %.*s %" PRId64, S_ARG(code), row != NULL ? row->i : 0, S_ARG(json_get_text(c, o, "sample")), count->i));
        told += str_eq(code, S("reference_broken")) ? count->i : 0;
    }
    const json *n = json_get(json_get(&about, "findings"), "reference_broken");
    counted = n != NULL ? n->i : 0;
    assert_int_equal(counted, told);
    *score = v.score;
    return str_join(c->a, &l, S("; "));
}

static bool add(world *w, size_t file, bool strict, const char *key, const char *bytes, table_rows_done *d)
{
    ctx *c = &w->t->c;
    table_row t = table_of(w, file);
    table_rows_wish wish = { .how = key[0] != '\0' ? TABLE_UPSERT : TABLE_APPEND, .name = S("x.csv"), .strict = strict };
    if (key[0] != '\0')
        list_add(c->a, &wish.key, str_of(key));
    auto_fd fd = wish.fd = table_rows_file(c, str_of(bytes));
    assert_true(fd >= 0);
    return table_rows_add(c, &t, &wish, d);
}

#define RAIN_RULES "{\"fields\":[{\"name\":\"station\",\"title\":\"站\",\"type\":\"string\"},{\"name\":\"mm\",\"title\":\"雨量\",\"type\":\"number\"}]," \
                   "\"foreignKeys\":[{\"fields\":\"station\",\"reference\":{\"resource\":\"測站\",\"fields\":\"code\"}}]}"

static void tables_of_a_dataset(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d;
    int64_t score, before;
    put(&w, RAIN, "rain.csv", "站,雨量\nA1,1.5\nA7,2\n,3\nA8,4\n");
    keep_to(&w, RAIN, RAIN_RULES);
    assert_str(said(&w, RAIN, &before), S("reference_unchecked 0 測站: code 1"));      /* told, not passed */
    int64_t version = table_of(&w, RAIN).version;
    put(&w, STATIONS, "stations.csv", "code,name\nA1,甲\nA2,乙\n");                       /* now it is there, and the other is judged again */
    assert_str(said(&w, RAIN, &score), S("reference_broken 2 A7 1; reference_broken 4 A8 1"));
    assert_true(score < before);
    assert_int_equal(table_of(&w, RAIN).version, version);                                 /* its rows are what they were */
    assert_ok(c, add(&w, STATIONS, false, "code", "code,name\nA7,丙\n", &d));
    assert_true(work(&w) > 0);
    assert_str(said(&w, RAIN, &score), S("reference_broken 4 A8 1"));
    assert_false(add(&w, RAIN, true, "", "站,雨量\nA1,5\nA9,6\n", &d));
    assert_true(str_has(c->err.message, S("row 2, “站”: No row of the table")));
    err_clear(c);
    assert_ok(c, add(&w, RAIN, false, "", "站,雨量\nA1,5\nA9,6\n", &d));
    assert_int_equal(d.wrong, 1);
    assert_str(said(&w, RAIN, &score), S("reference_broken 4 A8 1; reference_broken 6 A9 1"));
    put(&w, STATIONS, "stations.csv", "code,name\nA8,甲\nA9,乙\n");
    assert_str(said(&w, RAIN, &score), S("reference_broken 1 A1 1; reference_broken 2 A7 1; reference_broken 5 A1 1"));
    bool changed;
    assert_ok(c, table_refer(c, table_of(&w, RAIN).id, &changed));
    assert_false(changed);                                                                 /* once more: nothing is written */
    table_row t = table_of(&w, RAIN);
    str hash;
    ledger_row_list h;
    assert_ok(c, table_state_hash(c, &t, &hash) && q_ledger_of_subject(c, S("table"), t.id, 1, &h));
    assert_str(h.v[0].action, S("table.refer"));
    assert_str(h.v[0].state_hash, hash);
    assert_int_equal(h.v[0].seq, t.ledger_seq);
}

static void a_table_that_refers_to_itself(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d;
    int64_t score;
    put(&w, STATIONS, "stations.csv", "code,above\nA1,\nA2,A1\nA3,A9\n");
    keep_to(&w, STATIONS, "{\"fields\":[{\"name\":\"code\",\"type\":\"string\"},{\"name\":\"above\",\"type\":\"string\"}],"
                          "\"foreignKeys\":[{\"fields\":\"above\",\"reference\":{\"resource\":\"\",\"fields\":\"code\"}}]}");
    assert_str(said(&w, STATIONS, &score), S("reference_broken 3 A9 1"));
    assert_ok(c, add(&w, STATIONS, true, "", "code,above\nA4,A5\nA5,A1\n", &d));         /* rows that come together may refer to each other */
    assert_false(add(&w, STATIONS, true, "code", "code,above\nA6,A4\nA4,A7\n", &d));
    assert_true(str_has(c->err.message, S("“A7”")));
    err_clear(c);
}

static void tables_are_found_by_their_names(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_row t;
    bool found;
    put(&w, RAIN, "rain-2024.csv", "a,b\n1,2\n");
    put(&w, STATIONS, "stations.csv", "a,b\n1,2\n");
    struct { str name; size_t file; } cases[] = { { S("測站"), STATIONS }, { S("雨量"), RAIN }, { S("stations"), STATIONS }, { S("data/rain_2024.csv"), RAIN },
                                                  { w.files.v[RAIN].uid, RAIN }, { S("none"), SIZE_MAX }, { S(""), SIZE_MAX } };
    for (size_t i = 0; i < array_len(cases); i++) {
        assert_ok(c, table_other_find(c, w.d.id, cases[i].name, &t, &found));
        if (found != (cases[i].file != SIZE_MAX) || (found && !str_eq(t.uid, w.files.v[cases[i].file].uid)))
            fail_msg("“%.*s”", S_ARG(cases[i].name));
    }
}

static void a_schema_is_tried_with_its_references(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    schema s;
    table_tried tried;
    put(&w, RAIN, "rain.csv", "站,雨量\nA1,1.5\nA7,2\nA8,4\n");
    put(&w, STATIONS, "stations.csv", "code,name\nA1,甲\n");
    table_row t = table_of(&w, RAIN);
    assert_ok(c, schema_read(c, S(RAIN_RULES), &s));
    assert_ok(c, table_schema_try(c, &t, &s, &tried));
    uint64_t n = 0;
    for (size_t i = 0; i < tried.loaded.tables.v[0].findings.n; i++) {
        const table_finding *f = &tried.loaded.tables.v[0].findings.v[i].at;
        n += strcmp(f->code, "reference_broken") == 0 ? f->count : 0;
    }
    assert_int_equal(n, 2);
    table_tried_end(c, &tried);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(tables_of_a_dataset), T(a_table_that_refers_to_itself), T(tables_are_found_by_their_names), T(a_schema_is_tried_with_its_references),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
