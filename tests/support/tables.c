#include "support/tables.h"

#include "kit/blob/blob.h"
#include "kit/table/column_make_test.h"

table_piece test_piece(test_site *t, const table_schema *schema, const char *const *titles, size_t cols,
                                     const char *const *cells, size_t rows)
{
    ctx *c = &t->c;
    test_table made;
    blob_id id;
    str path = file_join(c->a, t->dir, S("made.ocf"));
    str *heads = new_n(c->a, str, cols), *values = new_n(c->a, str, cols * rows + 1), bytes;
    for (size_t i = 0; i < cols; i++)
        heads[i] = str_of(titles[i]);
    for (size_t i = 0; i < cols * rows; i++)
        values[i] = str_of(cells[i]);
    test_open(&made, c);
    made.plan.schema = schema;
    test_build(&made, heads, cols, values, rows);
    assert_ok(c, file_read(c, str_fmt(c->a, "/proc/self/fd/%d", made.out), 1 << 28, &bytes));
    assert_ok(c, file_make_dir(c, t->site->blob_dir));
    assert_ok(c, file_write(c, path, bytes));
    assert_ok(c, blob_keep_file(c, t->site->blob_dir, path, &id));
    test_close(&made);
    return (table_piece){ str_dup(c->a, str_of(id.hex)), id.bytes, (int64_t)rows };
}

void test_publish(test_site *t, str distribution, int64_t dataset_id, const table_piece *pieces, size_t n)
{
    ctx *c = &t->c;
    int64_t file;
    size_t changed;
    bool fresh, found;
    blob_id id;
    table_file_row f;
    table_draft *d = new_n(c->a, table_draft, n);
    for (size_t i = 0; i < n; i++)
        d[i] = (table_draft){ .name = str_fmt(c->a, "sheet %zu", i + 1), .fields = S("[]"), .about = S("{}"), .findings = S("[]"),
                              .score = 90, .pieces = &pieces[i], .piece_count = 1 };
    str original = str_cat(c->a, S("the original bytes of "), pieces[0].file);
    assert_ok(c, file_make_dir(c, t->site->blob_dir));
    assert_ok(c, blob_keep(c, t->site->blob_dir, original, &id));
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open);
    assert_ok(c, table_put_file(c, &ch, &(table_file_draft){ .distribution_uid = distribution, .dataset_id = dataset_id, .organization_id = 1,
                                                             .blob = str_of(id.hex), .bytes = id.bytes, .name = S("資料 1.csv") }, &file, &fresh));
    assert_ok(c, q_table_file_get(c, file, &f, &found));
    assert_true(found);
    assert_ok(c, table_publish(c, &ch, &f, 1, d, n, &changed));
    assert_ok(c, change_commit(c, &ch));
    assert_int_equal(changed, n);
}

/* --- a dataset with two tables, and two that nobody may see --- */

const char *const test_titles[TEST_COLS] = { "站名", "數量", "比率", "日期", "啟用" };
const char *const test_names[TEST_COLS] = { "station", "amount", "rate", "day", "active" };
const column_type test_types[TEST_COLS] = { COLUMN_text, COLUMN_integer, COLUMN_decimal, COLUMN_date, COLUMN_boolean };
const char *const test_cells[TEST_ROWS * TEST_COLS] = {
    "公館", "12", "0.50", "104/07/24", "是",
    "臺北車站", "1,234", "2.25", "104/07/25", "否",
    "公館國小", "7", "", "104/08/01", "是",
    "=evil()", "-3", "1.00", "", "",
    "西門", "7", "3.00", "105/01/01", "是",
    "西門", "7", "3.00", "105/01/01", "是",
    "a \"b\", c", "40", "0.05", "105/02/29", "否",
};

int test_tables_setup(test_tables *w, void **state)
{
    test_site *t = test_site_new();
    ctx *c = &t->c;
    int64_t id[3];
    table_field fields[TEST_COLS] = { 0 };
    for (size_t i = 0; i < TEST_COLS; i++)
        fields[i] = (table_field){ .name = str_of(test_names[i]), .title = str_of(test_titles[i]), .has_type = true, .type = test_types[i] };
    table_schema schema = { .fields = fields, .n = TEST_COLS };
    *state = t;
    *w = (test_tables){ .t = t };
    w->open = test_add(c, "open", "published", "open", &id[0]);
    w->draft = test_add(c, "draft", "draft", "open", &id[1]);
    w->closed = test_add(c, "closed", "published", "closed", &id[2]);
    table_piece piece[2] = { test_piece(t, &schema, test_titles, TEST_COLS, test_cells, TEST_ROWS), test_piece(t, &schema, test_titles, TEST_COLS, test_cells, 2) };
    test_publish(t, w->open, id[0], piece, 2);
    test_publish(t, w->draft, id[1], piece, 1);
    test_publish(t, w->closed, id[2], piece, 1);
    table_row_list l;
    assert_ok(c, q_table_of_distribution(c, w->open, &l));
    w->second = str_dup(c->a, l.v[1].uid);
    table_cache_start(t->site);
    return 0;
}

str test_tables_named(const test_tables *w, const char *text)
{
    arena *a = w->t->c.a;
    str s = str_replace(a, str_of(text), S("{open}"), w->open);
    s = str_replace(a, s, S("{draft}"), w->draft);
    s = str_replace(a, s, S("{closed}"), w->closed);
    return str_replace(a, s, S("{second}"), w->second);
}
