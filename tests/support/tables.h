/* tables — for tests: rows of text become the live table of a
 * distribution, as a loaded file would, without a file. */
#ifndef TABLES_H
#define TABLES_H
#include "support/support.h"

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
#endif
