#include "support/datasets.h"

#include "queries.h"

dataset_draft test_draft(const char *key, const char *title, const char *publisher)
{
    dataset_draft d = dataset_draft_new();
    d.source = S("test");
    d.source_key = d.slug = str_of(key);
    d.title = str_of(title);
    d.publisher.name = str_of(publisher);
    return d;
}

distribution_draft *test_draft_file(ctx *c, dataset_draft *d, const char *title, const char *format, str url)
{
    list_add(c->a, &d->distributions, (distribution_draft){ .title = str_of(title), .format = str_of(format), .url = url,
                                                            .updated_at = DAY_NONE, .record_count = -1, .byte_count = -1 });
    return &d->distributions.v[d->distributions.n - 1];
}

store_outcome test_store(ctx *c, const dataset_draft *d)
{
    store_outcome out;
    dataset_writer *to;
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open && dataset_writer_new(c, &to) && dataset_store(c, &ch, to, d, &out));
    if (out == STORE_UNCHANGED)
        change_cancel(&ch);
    else
        assert_ok(c, change_commit(c, &ch));
    dataset_writer_free(to);
    return out;
}

str test_add(ctx *c, const char *key, const char *state, const char *class, int64_t *id)
{
    dataset_row row;
    distribution_row_list files;
    bool found;
    dataset_draft d = test_draft(key, key, "臺北市政府");
    d.state = str_of(state);
    d.class_ = str_of(class);
    for (int i = 0; i < 2; i++)
        (void)test_draft_file(c, &d, str_z(c->a, str_fmt(c->a, "file %d", i)), "CSV", str_fmt(c->a, "https://data.example.gov.tw/%s_%d.csv", key, i));
    (void)test_store(c, &d);
    assert_ok(c, q_dataset_by_key(c, str_of(key), &row, &found));
    assert_true(found);
    assert_ok(c, q_distribution_of(c, row.id, &files));
    *id = row.id;
    return str_dup(c->a, files.v[0].uid);
}
