/* tables — for tests: rows of text become the live table of a
 * distribution, as a loaded file would, without a file. */
#ifndef TABLES_H
#define TABLES_H
#include "support/support.h"

#include "app/dataset/dataset.h"
#include "app/table/table_open.h"
#include "kit/blob/blob.h"
#include "kit/table/column_make_test.h"

/* A column file in the store; the piece that a version consists of. schema NULL: types are found. */
static inline table_piece test_piece(test_site *t, const table_schema *schema, const char *const *titles, size_t cols,
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

/* The tables of a distribution: one a piece, each in one segment. */
static inline void test_publish(test_site *t, str distribution, int64_t dataset_id, const table_piece *pieces, size_t n)
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

enum { TEST_COLS = 5, TEST_ROWS = 7 };
static const char *const test_titles[TEST_COLS] = { "站名", "數量", "比率", "日期", "啟用" };
static const char *const test_names[TEST_COLS] = { "station", "amount", "rate", "day", "active" };
static const column_type test_types[TEST_COLS] = { COLUMN_text, COLUMN_integer, COLUMN_decimal, COLUMN_date, COLUMN_boolean };
static const char *const test_cells[TEST_ROWS * TEST_COLS] = {
    "公館", "12", "0.50", "104/07/24", "是",
    "臺北車站", "1,234", "2.25", "104/07/25", "否",
    "公館國小", "7", "", "104/08/01", "是",
    "=evil()", "-3", "1.00", "", "",
    "西門", "7", "3.00", "105/01/01", "是",
    "西門", "7", "3.00", "105/01/01", "是",
    "a \"b\", c", "40", "0.05", "105/02/29", "否",
};


typedef struct { test_site *t; str open, draft, closed, second; } test_tables;

static inline str test_add(ctx *c, dataset_writer *to, change *ch, const char *key, const char *state, const char *class, int64_t *id)
{
    store_outcome out;
    dataset_row row;
    distribution_row_list files;
    bool found;
    dataset_draft d = dataset_draft_new();
    d.source = S("test");
    d.source_key = d.slug = d.title = str_of(key);
    d.publisher.name = S("臺北市政府");
    d.state = str_of(state);
    d.class_ = str_of(class);
    for (int i = 0; i < 2; i++)
        list_add(c->a, &d.distributions, (distribution_draft){ .title = str_fmt(c->a, "file %d", i), .format = S("CSV"), .updated_at = DAY_NONE,
            .url = str_fmt(c->a, "https://data.example.gov.tw/%s_%d.csv", key, i), .record_count = -1, .byte_count = -1 });
    assert_ok(c, dataset_store(c, ch, to, &d, &out));
    assert_ok(c, q_dataset_by_key(c, str_of(key), &row, &found));
    assert_true(found);
    assert_ok(c, q_distribution_of(c, row.id, &files));
    *id = row.id;
    return str_dup(c->a, files.v[0].uid);
}

static inline test_tables test_tables_new(void)
{
    test_site *t = test_site_new();
    ctx *c = &t->c;
    dataset_writer *to;
    int64_t id[3];
    table_field fields[TEST_COLS] = { 0 };
    for (size_t i = 0; i < TEST_COLS; i++)
        fields[i] = (table_field){ .name = str_of(test_names[i]), .title = str_of(test_titles[i]), .has_type = true, .type = test_types[i] };
    table_schema schema = { .fields = fields, .n = TEST_COLS };
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open && dataset_writer_new(c, &to));
    test_tables w = { .t = t };
    w.open = test_add(c, to, &ch, "open", "published", "open", &id[0]);
    w.draft = test_add(c, to, &ch, "draft", "draft", "open", &id[1]);
    w.closed = test_add(c, to, &ch, "closed", "published", "closed", &id[2]);
    assert_ok(c, change_commit(c, &ch));
    dataset_writer_free(to);
    table_piece piece[2] = { test_piece(t, &schema, test_titles, TEST_COLS, test_cells, TEST_ROWS), test_piece(t, &schema, test_titles, TEST_COLS, test_cells, 2) };
    test_publish(t, w.open, id[0], piece, 2);
    test_publish(t, w.draft, id[1], piece, 1);
    test_publish(t, w.closed, id[2], piece, 1);
    table_row_list l;
    assert_ok(c, q_table_of_distribution(c, w.open, &l));
    w.second = str_dup(c->a, l.v[1].uid);
    table_cache_start(t->site);
    return w;
}

static inline void test_tables_end(test_tables *w)
{
    table_cache_end(w->t->site);
}
#endif
