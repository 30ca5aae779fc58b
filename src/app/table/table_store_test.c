/* Files and versions of tables: what is new, what is the same, what ends; on both engines. */
#include "support/support.h"

#include "app/table/table.h"

#define FILE_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define FILE_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static int64_t put(ctx *c, const char *blob, bool *fresh)
{
    int64_t id = 0;
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open);
    assert_ok(c, table_put_file(c, &ch, &(table_file_draft){ .distribution_uid = S("dist-1"), .dataset_id = 7, .organization_id = 3,
                                                             .blob = str_of(blob), .bytes = 10, .name = S("x.csv") }, &id, fresh));
    assert_ok(c, change_commit(c, &ch));
    return id;
}

static size_t publish(ctx *c, int64_t file, const char *const *pieces, size_t n)
{
    size_t changed = 0;
    table_file_row f;
    bool found;
    table_draft d[8] = { 0 };
    table_piece p[8];
    assert_ok(c, q_table_file_get(c, file, &f, &found));
    assert_true(found);
    for (size_t i = 0; i < n; i++) {
        p[i] = (table_piece){ str_of(pieces[i]), 100, 5 };
        d[i] = (table_draft){ .name = S("sheet"), .fields = S("[]"), .about = S("{}"), .findings = S("[]"), .score = 90,
                              .pieces = &p[i], .piece_count = 1 };
    }
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open);
    assert_ok(c, table_publish(c, &ch, &f, 3, d, n, &changed));
    assert_ok(c, change_commit(c, &ch));
    return changed;
}

static table_row_list all(ctx *c)
{
    table_row_list l;
    assert_ok(c, q_table_of_distribution(c, S("dist-1"), &l));
    return l;
}

/* What the ledger says of each table is what the record says. */
static void assert_states(ctx *c)
{
    table_row_list l = all(c);
    list_each (table_row, t, &l) {
        ledger_row_list h;
        str hash;
        assert_ok(c, q_ledger_of_subject(c, S("table"), t->id, 1, &h));
        assert_ok(c, table_state_hash(c, t, &hash));
        assert_int_equal(h.n, 1);
        assert_str(h.v[0].state_hash, hash);
    }
}

static void the_same_bytes_are_no_new_file(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    bool fresh;
    int64_t first = put(c, FILE_A, &fresh);
    assert_true(fresh);
    assert_int_equal(put(c, FILE_A, &fresh), first);
    assert_false(fresh);
    assert_int_not_equal(put(c, FILE_B, &fresh), first);
    assert_true(fresh);
    assert_true(put(c, FILE_A, &fresh) > first); /* back to old bytes is news */
    assert_true(fresh);
    table_file_row_list l;
    assert_ok(c, q_table_files_of(c, S("dist-1"), &l));
    assert_int_equal(l.n, 3);
}

static void versions_follow_the_pieces(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    bool fresh;
    int64_t file = put(c, FILE_A, &fresh);
    assert_int_equal(publish(c, file, (const char *[]){ FILE_A, FILE_B }, 2), 2);
    table_row_list l = all(c);
    assert_int_equal(l.n, 2);
    assert_str(l.v[0].uid, S("dist-1"));
    assert_false(str_eq(l.v[1].uid, l.v[0].uid));
    assert_int_equal(l.v[0].version, 1);
    assert_int_equal(l.v[0].rows, 5);
    assert_states(c);
    assert_int_equal(publish(c, file, (const char *[]){ FILE_A, FILE_B }, 2), 0);
    assert_int_equal(publish(c, file, (const char *[]){ FILE_A, FILE_A }, 2), 1);
    l = all(c);
    assert_int_equal(l.v[0].version, 1);
    assert_int_equal(l.v[1].version, 2);
    assert_states(c);
}

static void what_the_file_lost_ends_and_may_come_back(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    bool fresh;
    int64_t file = put(c, FILE_A, &fresh);
    (void)publish(c, file, (const char *[]){ FILE_A, FILE_B }, 2);
    assert_int_equal(publish(c, file, (const char *[]){ FILE_A }, 1), 0);
    assert_str(all(c).v[1].state, S("ended"));
    assert_states(c);
    assert_int_equal(publish(c, file, (const char *[]){ FILE_A, FILE_B }, 2), 1);
    assert_str(all(c).v[1].state, S("live"));
    assert_int_equal(all(c).v[1].version, 2);
    assert_states(c);
}

static void rows_are_added_as_a_version(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    bool fresh, found;
    int64_t file = put(c, FILE_A, &fresh);
    (void)publish(c, file, (const char *[]){ FILE_A }, 1);
    table_piece p[2] = { { S(FILE_A), 100, 5 }, { S(FILE_B), 50, 2 } };
    table_draft d = { .fields = S("[]"), .about = S("{}"), .findings = S("[]"), .pieces = p, .piece_count = 2 };
    table_row t = all(c).v[0];
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open);
    assert_ok(c, table_publish_rows(c, &ch, &t, 3, TABLE_APPEND, &d));
    assert_ok(c, change_commit(c, &ch));
    t = all(c).v[0];
    assert_int_equal(t.rows, 7);
    assert_int_equal(t.version, 2);
    assert_str(t.name, S("sheet"));
    table_version_row v;
    assert_ok(c, q_table_version_get(c, t.id, 2, &v, &found));
    assert_true(found);
    assert_str(v.how, S("append"));
    assert_int_equal(v.file_id, file);
    assert_states(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(the_same_bytes_are_no_new_file), T(versions_follow_the_pieces), T(what_the_file_lost_ends_and_may_come_back),
        T(rows_are_added_as_a_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
