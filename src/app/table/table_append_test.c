/* Rows that come after the file: added, replaced, put together, put away; against a plain model of what should stand there. The built
 * program is the child that reads. On both engines. */
#include "support/tables.h"

#include "app/table/table_append.h"
#include "app/table/table_compact.h"
#include "app/table/table_rows_api.h"
#include "app/table/table_describe.h"
#include "app/table/table_sweep.h"
#include "app/table/table_thin.h"
#include "kit/text/json_read.h"

typedef struct { test_site *t; table_row row; str uid; } world;

/* 測站,時間,值: code, moment, integer */
static world begin(void **state)
{
    world w = { .t = *state };
    ctx *c = &w.t->c;
    static const char *const titles[] = { "測站", "時間", "值" };
    static const char *const cells[] = { "001", "2025-03-01 01:00", "10", "002", "2025-03-01 01:00", "20" };
    int64_t dataset;
    bool found;
    w.t->site->box_program = test_built_program(c);
    table_cache_start(w.t->site);
    w.uid = test_add(c, "rain", "published", "open", &dataset);
    table_piece p = test_piece(w.t, NULL, titles, 3, cells, 2);
    test_publish(w.t, w.uid, dataset, &p, 1);
    assert_ok(c, q_table_by_key(c, w.uid, &w.row, &found));
    assert_true(found);
    /* test_publish leaves the columns out of the record: a loaded file does not */
    column_file *f;
    assert_ok(c, column_file_open(c, table_path(c, p.file), &f));
    str fields = table_describe_fields(c->a, f);
    column_file_close(f);
    {
        auto_change ch = change_begin(c);
        table_draft d = { .name = S("sheet"), .fields = fields, .about = S("{\"format\":\"CSV\",\"rows\":2,\"findings\":{}}"), .findings = S("[]"),
                          .score = 100, .pieces = (table_piece[]){ p, p }, .piece_count = 2 };
        assert_ok(c, ch.tx.open && table_publish_rows(c, &ch, &w.row, 1, TABLE_APPEND, &d));
        d.piece_count = 1;
        assert_ok(c, table_publish_rows(c, &ch, &w.row, 1, TABLE_LOAD, &d) && change_commit(c, &ch));
    }
    return w;
}

static bool add(world *w, table_how how, const char *key, const char *name, const char *bytes, table_rows_done *d)
{
    ctx *c = &w->t->c;
    table_rows_wish wish = { .how = how, .name = str_of(name) };
    str keys = str_of(key), one;
    while (keys.n > 0 && str_next(&keys, ',', &one))
        list_add(c->a, &wish.key, one);
    auto_fd fd = wish.fd = table_rows_file(c, str_of(bytes));
    assert_true(fd >= 0);
    return table_rows_add(c, &w->row, &wish, d);
}

static str all_rows(world *w, int64_t version)
{
    ctx *c = &w->t->c;
    table_row now;
    bool found;
    buf b = buf_in(c->a);
    char room[COLUMN_NUMBER_ROOM];
    auto_table held = { .site = w->t->site };
    assert_ok(c, q_table_by_id(c, w->row.id, &now, &found));
    assert_ok(c, table_hold(c, &now, version, &held.open));
    query_table *t = held.open->query;
    for (uint32_t r = 0; r < query_table_rows(t); r++)
        for (size_t i = 0; i < query_table_columns(t); i++) {
            query_column q;
            assert_ok(c, query_column_use(c, t, i, &q));
            str s = query_text(&q, r, room);
            buf_fmt(&b, "%.*s%c", S_ARG(s), i + 1 == query_table_columns(t) ? ';' : ' ');
        }
    return str_dup(c->a, buf_str(&b));
}

static void rows_are_added_by_name(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d;
    str old = all_rows(&w, 0);
    assert_str(old, S("001 2025-03-01 01:00 10;002 2025-03-01 01:00 20;"));
    assert_ok(c, add(&w, TABLE_APPEND, "", "x.csv", "值,測站\n30,003\nbad,004\n", &d));
    assert_int_equal(d.added, 2);
    assert_int_equal(d.rows, 4);
    assert_int_equal(d.bad, 1);                         /* bad is no number: kept as it came, and counts as missing */
    assert_str(all_rows(&w, 0), S("001 2025-03-01 01:00 10;002 2025-03-01 01:00 20;003  30;004  bad;"));
    assert_ok(c, add(&w, TABLE_APPEND, "", "x.json", "[{\"測站\":\"005\",\"值\":7,\"時間\":\"2025-03-01T02:00\"}]", &d));
    assert_int_equal(d.rows, 5);
    assert_str(all_rows(&w, w.row.version), old);       /* versions before stay readable */
}

static void what_does_not_belong_changes_nothing(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d;
    str old = all_rows(&w, 0);
    static const struct { const char *name, *bytes, *says; } bad[] = {
        { "x.csv", "測站,別的\n1,2\n", "no column “別的”" }, { "x.csv", "測站,測站\n1,2\n", "there twice" }, { "x.csv", "", "" },
        { "x.csv", "%PDF-1.7", "" }, { "x.json", "[]", "" }, { "x.json", "[{\"測站\":\"1\"},{\"值\":1", "" },
    };
    for (size_t i = 0; i < array_len(bad); i++) {
        assert_false(add(&w, TABLE_APPEND, "", bad[i].name, bad[i].bytes, &d));
        assert_int_equal(c->err.code, ERR_INVALID);
        if (!str_has(c->err.message, str_of(bad[i].says)))
            fail_msg("%s: %.*s", bad[i].bytes, S_ARG(c->err.message));
        err_clear(c);
    }
    assert_false(add(&w, TABLE_UPSERT, "", "x.csv", "測站,值\n001,1\n", &d));
    assert_str(c->err.field, S("key"));                 /* nobody said yet by what rows are known */
    err_clear(c);
    assert_false(add(&w, TABLE_UPSERT, "測站,時間", "x.csv", "測站,值\n001,1\n", &d));
    assert_true(str_has(c->err.message, S("row 1 has no value in “時間”")));
    err_clear(c);
    assert_str(all_rows(&w, 0), old);
}

static void rows_take_the_place_of_those_with_their_key(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d;
    assert_ok(c, add(&w, TABLE_UPSERT, "測站,時間", "x.csv", "測站,時間,值\n002,2025/3/1 01:00,21\n003,2025-03-01 01:00,30\n", &d));
    assert_int_equal(d.added, 2);
    assert_int_equal(d.replaced, 1);
    assert_str(all_rows(&w, 0), S("001 2025-03-01 01:00 10;002 2025/3/1 01:00 21;003 2025-03-01 01:00 30;"));
    assert_ok(c, q_table_by_id(c, w.row.id, &w.row, &(bool){ 0 }));
    assert_ok(c, add(&w, TABLE_UPSERT, "", "x.csv", "測站,時間,值\n001,2025-03-01 01:00,11\n001,2025-03-01 01:00,12\n", &d));   /* the last one stands */
    assert_int_equal(d.added, 1);
    assert_str(all_rows(&w, 0), S("002 2025/3/1 01:00 21;003 2025-03-01 01:00 30;001 2025-03-01 01:00 12;"));
}

/* Random additions and replacements, put together now and then, are what a plain list of pairs says. */
static void many_steps_are_what_a_model_says(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    enum { STEPS = 40, KEYS = 12, MODEL = 1000 };
    struct { int key, value; } model[MODEL] = { { 1, 10 }, { 2, 20 } };
    size_t n = 2;
    uint32_t dice = 7;
    table_rows_done d;
    for (int step = 0; step < STEPS; step++) {
        buf b = buf_in(c->a);
        bool replaces = step % 3 == 2;
        buf_add(&b, S("測站,時間,值\n"));
        int first = (int)((dice = dice * 1664525u + 1013904223u) >> 16) % KEYS;
        for (int i = 0; i < 3; i++) {
            int key = (first + i * 5) % KEYS + 1, value = step * 10 + i;
            buf_fmt(&b, "%03d,2025-03-01 01:00,%d\n", key, value);
            size_t kept = 0;
            for (size_t k = 0; k < n; k++)
                if (!replaces || model[k].key != key)
                    model[kept++] = model[k];
            n = kept;
            model[n].key = key;
            model[n++].value = value;
        }
        assert_ok(c, add(&w, replaces ? TABLE_UPSERT : TABLE_APPEND, replaces ? "測站" : "", "x.csv", str_z(c->a, buf_str(&b)), &d));
        assert_int_equal(d.rows, n);
        if (step % 7 == 6)
            assert_ok(c, table_compact(c, w.row.id, NULL));
    }
    buf want = buf_in(c->a);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&want, "%03d 2025-03-01 01:00 %d;", model[i].key, model[i].value);
    assert_str(all_rows(&w, 0), buf_str(&want));
    table_piece *p;
    size_t pieces;
    assert_ok(c, q_table_by_id(c, w.row.id, &w.row, &(bool){ 0 }));
    assert_ok(c, table_compact(c, w.row.id, NULL) && q_table_by_id(c, w.row.id, &w.row, &(bool){ 0 }));
    assert_ok(c, table_pieces(c, w.row.id, w.row.version, &p, &pieces));
    assert_true(pieces <= 4);
    assert_str(all_rows(&w, 0), buf_str(&want));
}

static void old_steps_are_put_away(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d;
    table_version_row v;
    bool found;
    str hash;
    ledger_row_list h;
    for (int i = 0; i < TABLE_STEPS_KEPT + 6; i++) {
        assert_ok(c, add(&w, TABLE_APPEND, "", "x.csv", str_z(c->a, str_fmt(c->a, "測站,值\n%03d,%d\n", i, i)), &d));
        if (i == 3 || i == 50)
            assert_ok(c, table_compact(c, w.row.id, NULL));
    }
    assert_ok(c, table_compact(c, w.row.id, NULL) && q_table_by_id(c, w.row.id, &w.row, &found));
    assert_ok(c, q_table_version_get(c, w.row.id, 4, &v, &found));
    assert_false(found);                                /* an addition long ago */
    assert_ok(c, q_table_version_get(c, w.row.id, 1, &v, &found));
    assert_true(found);                                 /* what was loaded stays */
    assert_ok(c, q_table_version_get(c, w.row.id, w.row.version - TABLE_STEPS_KEPT + 1, &v, &found));
    assert_true(found);
    assert_ok(c, q_ledger_of_subject(c, S("table"), w.row.id, 1, &h) && table_state_hash(c, &w.row, &hash));
    assert_str(h.v[0].state_hash, hash);
    assert_int_equal(w.row.ledger_seq, h.v[0].seq);
    assert_int_equal(w.row.rows, 2 + TABLE_STEPS_KEPT + 6);
    str before = all_rows(&w, 0);                       /* every file of the newest version is there … */
    int64_t removed, none;
    assert_ok(c, table_sweep(c, TABLE_SWEEP_AGE_S, &none) && table_sweep(c, 0, &removed));
    assert_int_equal(none, 0);                          /* what was put away just now stays a day */
    assert_true(removed > 0);
    table_cache_end(w.t->site);
    table_cache_start(w.t->site);
    assert_str(all_rows(&w, 0), before);                /* … also when the others are gone, and so is that of a version that is kept */
    all_rows(&w, 1);
    all_rows(&w, w.row.version - TABLE_STEPS_KEPT + 1);
}

static void a_key_may_come_from_the_schema(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d;
    str_list key;
    w.row.given_schema = S("{\"fields\":[{\"name\":\"測站\"}],\"primaryKey\":[\"測站\"]}");
    assert_ok(c, add(&w, TABLE_UPSERT, "", "x.csv", "測站,值\n001,11\n", &d));
    assert_int_equal(d.replaced, 1);
    w.row.given_schema = S("{\"primaryKey\":\"時間\"}");
    assert_ok(c, table_key_names(c, &w.row, &key));
    assert_int_equal(key.n, 1);
    assert_str(key.v[0], S("時間"));
}

static void rows_for_a_version_that_has_passed(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d, tried;
    table_rows_wish wish = { .how = TABLE_UPSERT, .name = S("x.csv"), .version = w.row.version };
    list_add(c->a, &wish.key, S("測站"));
    assert_ok(c, add(&w, TABLE_APPEND, "", "x.csv", "測站,值\n005,5\n", &d));
    auto_fd fd = wish.fd = table_rows_file(c, S("測站,值\n001,11\n"));
    assert_true(fd >= 0);
    assert_false(table_rows_add(c, &w.row, &wish, &tried));
    assert_int_equal(c->err.code, ERR_CONFLICT);
    err_clear(c);
    str before = all_rows(&w, 0);
    wish.version = d.version;
    wish.dry_run = true;
    assert_ok(c, table_rows_add(c, &w.row, &wish, &tried));
    assert_int_equal(tried.added, 1);
    assert_str(all_rows(&w, 0), before);
    wish.dry_run = false;
    assert_ok(c, table_rows_add(c, &w.row, &wish, &tried));
    assert_int_equal(tried.replaced, 1);
}

/* --- rows against the schema of their table --- */

#define RULES "{\"fields\":[{\"name\":\"測站\",\"type\":\"string\",\"constraints\":{\"pattern\":\"[0-9]{3}\"}}," \
              "{\"name\":\"時間\",\"type\":\"datetime\"}," \
              "{\"name\":\"值\",\"type\":\"integer\",\"missingValues\":[\"\",\"無\"],\"constraints\":{\"minimum\":0,\"maximum\":100,\"unique\":true}}]," \
              "\"primaryKey\":[\"測站\",\"時間\"]}"

static void keep_to(world *w, const char *rules)
{
    ctx *c = &w->t->c;
    assert_ok(c, q_table_set_schema(c, w->row.id, str_of(rules), (str){ 0 }, w->row.ledger_seq) && q_table_by_id(c, w->row.id, &w->row, &(bool){ 0 }));
}

/* What the newest version says is wrong, as "code row column sample count", without notes; and its score. */
static str wrong(world *w, int64_t *score)
{
    ctx *c = &w->t->c;
    table_row now;
    table_version_row v;
    json all;
    str_list l = { 0 };
    assert_ok(c, q_table_by_id(c, w->row.id, &now, &(bool){ 0 }) && q_table_version_get(c, now.id, now.version, &v, &(bool){ 0 }));
    assert_ok(c, json_parse(c, v.findings, &all));
    for (size_t i = 0; i < all.arr.n; i++) {
        const json *o = &all.arr.v[i], *row = json_get(o, "row");
        str code = json_get_text(c, o, "code");
        if (load_rule_of(str_z(c->a, code))->severity != LOAD_NOTE)
            list_add(c->a, &l, str_fmt(c->a, "%.*s %" PRId64 " %" PRId64 " %.*s %" PRId64, S_ARG(code), row != NULL ? row->i : 0, json_get(o, "col")->i,
                                       S_ARG(json_get_text(c, o, "sample")), json_get(o, "count")->i));
    }
    *score = v.score;
    return str_join(c->a, &l, S("; "));
}

static void what_breaks_the_schema_is_found(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d;
    int64_t score;
    keep_to(&w, RULES);
    assert_ok(c, add(&w, TABLE_APPEND, "", "x.csv", "測站,時間,值\n003,2025-03-01 02:00,30\n001,2025-03-01 01:00,500\nx4,2025-03-01 02:00,20\n005,,無\n", &d));
    assert_str(wrong(&w, &score), S("pattern_differs 5 1 x4 1; out_of_range 4 3 500 1; required_missing 6 2  1; not_unique 5 3 20 1; "
                                    "key_repeated 4 1 001, 2025-03-01 01:00 1"));
    assert_int_equal(d.wrong, 5);
    assert_int_equal(d.bad, 0);
    assert_int_equal(d.told.n, 5);
    assert_string_equal(d.told.v[0].rule->code, "pattern_differs");
    assert_int_equal(d.told.v[0].row, 3);               /* of what was sent */
    assert_str(d.told.v[0].column, S("測站"));
    assert_in_range(score, 20, 40);                     /* five errors, as if all had come at once */
    /* rows that are mended take what was found of them along; those that stay move up */
    assert_ok(c, add(&w, TABLE_UPSERT, "測站", "x.csv", "測站,時間,值\n001,2025-03-01 03:00,50\n", &d));
    assert_int_equal(d.replaced, 2);
    assert_int_equal(d.wrong, 0);
    assert_str(wrong(&w, &score), S("pattern_differs 3 1 x4 1; required_missing 4 2  1; not_unique 3 3 20 1"));
    assert_in_range(score, 50, 65);
    assert_ok(c, add(&w, TABLE_UPSERT, "測站", "x.csv", "測站,時間,值\n005,2025-03-01 04:00,51\n", &d));
    assert_str(wrong(&w, &score), S("pattern_differs 3 1 x4 1; not_unique 3 3 20 1"));
}

static void who_is_strict_gets_all_or_nothing(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d;
    keep_to(&w, RULES);
    str old = all_rows(&w, 0);
    static const struct { table_how how; const char *bytes, *field, *says; } bad[] = {
        { TABLE_APPEND, "測站,時間,值\n003,2025-03-01 02:00,30\n004,2025-03-01 02:00,101\n", "值", "row 2, “值”: The value lies outside" },
        { TABLE_APPEND, "測站,時間,值\n003,2025-03-01 02:00,many\n", "值", "row 1, “值”: The value is none of its column's type" },
        { TABLE_APPEND, "測站,時間,值\n003,2025-03-01 02:00,30\n002,2025-03-01 01:00,31\n", "測站", "row 2, “測站”: Rows have the same key" },
        { TABLE_APPEND, "測站,值\n003,30\n", "時間", "row 1, “時間”: Values are missing" },
        { TABLE_UPSERT, "測站,時間,值\n001,2025-03-01 01:00,20\n", "值", "row 1, “值”: Values occur twice" },
    };
    for (size_t i = 0; i < array_len(bad); i++) {
        table_rows_wish wish = { .how = bad[i].how, .name = S("x.csv"), .strict = true };
        auto_fd fd = wish.fd = table_rows_file(c, str_of(bad[i].bytes));
        assert_true(fd >= 0);
        assert_false(table_rows_add(c, &w.row, &wish, &d));
        assert_int_equal(c->err.code, ERR_INVALID);
        if (!str_has(c->err.message, str_of(bad[i].says)) || !str_eq(c->err.field, str_of(bad[i].field)))
            fail_msg("%s: %.*s (%.*s)", bad[i].bytes, S_ARG(c->err.message), S_ARG(c->err.field));
        err_clear(c);
    }
    assert_str(all_rows(&w, 0), old);
    table_rows_wish wish = { .how = TABLE_UPSERT, .name = S("x.csv"), .strict = true };      /* its own value is not there twice */
    auto_fd fd = wish.fd = table_rows_file(c, S("測站,時間,值\n001,2025-03-01 01:00,10\n003,2025-03-01 01:00,30\n"));
    assert_true(fd >= 0);
    assert_ok(c, table_rows_add(c, &w.row, &wish, &d));
    assert_int_equal(d.rows, 3);
}

/* Marks of the schema stay marks when segments are put together. */
static void values_are_read_again_as_they_were_read(void **state)
{
    world w = begin(state);
    ctx *c = &w.t->c;
    table_rows_done d;
    keep_to(&w, RULES);
    for (int i = 0; i < 3; i++)
        assert_ok(c, add(&w, TABLE_APPEND, "", "x.csv", i == 1 ? "測站,值\n003,無\n" : "測站,值\n004,4\n", &d));
    assert_ok(c, table_compact(c, w.row.id, NULL) && q_table_by_id(c, w.row.id, &w.row, &(bool){ 0 }));
    {
        auto_table held = { .site = w.t->site };
        assert_ok(c, table_hold(c, &w.row, 0, &held.open));
        assert_int_equal(held.open->n, 1);
        const column_stats *s = &column_file_about(held.open->files[0], 2)->stats;
        assert_int_equal(s->nulls[COLUMN_NULL_MARK], 1);
        assert_int_equal(s->nulls[COLUMN_NULL_BAD], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(rows_are_added_by_name), T(what_does_not_belong_changes_nothing), T(rows_take_the_place_of_those_with_their_key),
        T(many_steps_are_what_a_model_says), T(old_steps_are_put_away),
        T(a_key_may_come_from_the_schema), T(rows_for_a_version_that_has_passed),
        T(what_breaks_the_schema_is_found), T(who_is_strict_gets_all_or_nothing), T(values_are_read_again_as_they_were_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
