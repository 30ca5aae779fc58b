/* Tests of storing drafts: created, updated, unchanged, refused, renamed, rolled back; on both engines (A1, G4). */
#include "support/datasets.h"

#include "app/dataset/dataset_state.h"
#include "app/ledger/ledger.h"

static dataset_draft draft(const char *key, const char *title)
{
    dataset_draft d = test_draft(key, title, "環境部");
    d.slug = S("");
    d.licence = S("政府資料開放授權條款-第1版");
    return d;
}

static void add_file(ctx *c, dataset_draft *d, const char *url)
{
    (void)test_draft_file(c, d, "", "CSV", str_of(url));
}

static dataset_row read(ctx *c, const char *key)
{
    dataset_row d;
    bool found;
    assert_ok(c, q_dataset_by_key(c, str_of(key), &d, &found));
    assert_true(found);
    return d;
}

static int64_t seq(ctx *c)
{
    int64_t n;
    assert_ok(c, ledger_seq(c, &n));
    return n;
}

static void created_then_unchanged_then_updated(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    dataset_draft d = draft("air-1", "空氣品質");
    add_file(c, &d, "https://example.gov.tw/a.csv");
    assert_int_equal(test_store(c, &d), STORE_CREATED);
    dataset_row first = read(c, "air-1");
    int64_t at = seq(c);
    assert_int_equal(first.ledger_seq, at);
    assert_int_equal(test_store(c, &d), STORE_UNCHANGED);
    assert_int_equal(seq(c), at);                     /* nothing was written */
    d.title = S("空氣品質監測");
    assert_int_equal(test_store(c, &d), STORE_UPDATED);
    dataset_row second = read(c, "air-1");
    assert_str(second.title, S("空氣品質監測"));
    assert_str(second.uid, first.uid);
    assert_int_equal(second.created_at, first.created_at);
    assert_int_equal(seq(c), at + 1);
    ledger_row_list rows;
    assert_ok(c, q_ledger_of_subject(c, S("dataset"), second.id, 10, &rows));
    assert_int_equal(rows.n, 2);
    assert_true(str_has(rows.v[0].before_json, S("\"title\":\"空氣品質\"")));
    assert_true(str_has(rows.v[0].after_json, S("\"title\":\"空氣品質監測\"")));
    assert_false(str_has(rows.v[0].after_json, S("\"licence\"")));
}

static void the_hash_is_that_of_the_state(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    dataset_draft d = draft("hash", "題");
    distribution_row_list files;
    add_file(c, &d, "https://example.gov.tw/a.csv");
    (void)test_store(c, &d);
    dataset_row row = read(c, "hash");
    assert_ok(c, q_distribution_of(c, row.id, &files));
    assert_str(row.content_hash, ledger_hash_json(c->a, dataset_state(c->a, &row, &files)));
}

static void a_poorer_record_does_not_empty(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    dataset_draft d = draft("rich", "題");
    d.description = S("說明");
    add_file(c, &d, "https://example.gov.tw/a.csv");
    (void)test_store(c, &d);
    dataset_draft poor = draft("rich", "題");
    assert_int_equal(test_store(c, &poor), STORE_UNCHANGED);
    assert_str(read(c, "rich").description, S("說明"));
}

static void refused_leaves_nothing_and_the_next_is_stored(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    store_outcome out;
    dataset_writer *w;
    bool found;
    dataset_row row;
    dataset_draft bad = draft("bad", ""), nobody = draft("nobody", "題"), good = draft("good", "題");
    nobody.publisher.name = S("");
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open);
    assert_ok(c, dataset_writer_new(c, &w));
    assert_false(dataset_store(c, &ch, w, &bad, &out));
    assert_str(c->err.field, S("title"));
    err_clear(c);
    assert_false(dataset_store(c, &ch, w, &nobody, &out));
    assert_str(c->err.field, S("publisher"));
    err_clear(c);
    assert_ok(c, dataset_store(c, &ch, w, &good, &out));
    assert_ok(c, change_commit(c, &ch));
    dataset_writer_free(w);
    (void)read(c, "good");
    assert_ok(c, q_dataset_by_key(c, S("bad"), &row, &found));
    assert_false(found);
}

static void a_dry_run_says_and_writes_nothing(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    store_outcome out;
    dataset_writer *w;
    dataset_draft known = draft("known", "題"), fresh = draft("fresh", "題");
    (void)test_store(c, &known);
    int64_t at = seq(c);
    assert_ok(c, dataset_writer_new(c, &w));
    assert_ok(c, dataset_store(c, NULL, w, &fresh, &out));
    assert_int_equal(out, STORE_CREATED);
    assert_ok(c, dataset_store(c, NULL, w, &fresh, &out));
    assert_int_equal(out, STORE_UNCHANGED);           /* the same record twice in a run */
    known.title = S("新題");
    assert_ok(c, dataset_store(c, NULL, w, &known, &out));
    assert_int_equal(out, STORE_UPDATED);
    dataset_writer_free(w);
    assert_int_equal(seq(c), at);
    assert_str(read(c, "known").title, S("題"));
}

static void the_same_wish_gets_a_number(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    dataset_draft one = draft("k1", "題"), two = draft("k2", "題");
    one.slug = two.slug = S("Same Name");
    (void)test_store(c, &one);
    (void)test_store(c, &two);
    assert_str(read(c, "same-name").source_key, S("k1"));
    assert_str(read(c, "same-name-2").source_key, S("k2"));
    assert_int_equal(test_store(c, &two), STORE_UNCHANGED);
}

static int64_t alias_of(ctx *c, const char *slug)
{
    alias_row a = { 0 };
    bool found;
    assert_ok(c, q_alias_find(c, S("dataset"), str_of(slug), &a, &found));
    return found ? a.subject_id : 0;
}

static void a_new_slug_leaves_an_alias(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    dataset_draft d = draft("k", "題"), other = draft("other", "題");
    d.slug = S("first");
    (void)test_store(c, &d);
    int64_t id = read(c, "first").id;
    d.slug = S("second");
    assert_int_equal(test_store(c, &d), STORE_UPDATED);
    assert_int_equal(read(c, "second").id, id);
    assert_int_equal(alias_of(c, "first"), id);
    other.slug = S("first");                          /* an old name is never given to another */
    (void)test_store(c, &other);
    assert_str(read(c, "first-2").source_key, S("other"));
    d.slug = S("first-2");                            /* taken: it keeps what it has */
    assert_int_equal(test_store(c, &d), STORE_UNCHANGED);
    d.slug = S("first");                              /* its own old name it may have again */
    assert_int_equal(test_store(c, &d), STORE_UPDATED);
    assert_int_equal(read(c, "first").id, id);
    assert_int_equal(alias_of(c, "second"), id);
}

static void rolled_back_is_forgotten(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    store_outcome out;
    dataset_writer *w;
    dataset_draft known = draft("known", "題"), fresh = draft("fresh", "題");
    known.slug = S("one");
    (void)test_store(c, &known);
    assert_ok(c, dataset_writer_new(c, &w));
    known.slug = S("two");
    for (int times = 0; times < 2; times++) {         /* the second run must find the same as the first */
        change ch = change_begin(c);
        assert_ok(c, ch.tx.open);
        assert_ok(c, dataset_store(c, &ch, w, &fresh, &out));
        assert_int_equal(out, STORE_CREATED);
        assert_ok(c, dataset_store(c, &ch, w, &known, &out));
        assert_int_equal(out, STORE_UPDATED);
        if (times == 0) {
            change_cancel(&ch);
            dataset_writer_undo(w);
            assert_str(read(c, "one").source_key, S("known"));
        } else {
            assert_ok(c, change_commit(c, &ch));
            dataset_writer_keep(w);
        }
    }
    dataset_writer_free(w);
    assert_str(read(c, "two").source_key, S("known"));
    assert_true(alias_of(c, "one") > 0);
    (void)read(c, "fresh");
}

static void files_are_replaced_whole(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    dataset_draft d = draft("files", "題");
    distribution_row_list files;
    add_file(c, &d, "https://example.gov.tw/a.csv");
    add_file(c, &d, "https://example.gov.tw/b.csv");
    (void)test_store(c, &d);
    int64_t id = read(c, "files").id;
    assert_ok(c, q_distribution_of(c, id, &files));
    assert_int_equal(files.n, 2);
    str kept = files.v[1].uid;
    dataset_draft less = draft("files", "題");
    add_file(c, &less, "https://example.gov.tw/b.csv");
    assert_int_equal(test_store(c, &less), STORE_UPDATED);
    assert_ok(c, q_distribution_of(c, id, &files));
    assert_int_equal(files.n, 1);
    assert_str(files.v[0].uid, kept);
    assert_int_equal(files.v[0].position, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
    const struct CMUnitTest tests[] = {
        TEST(created_then_unchanged_then_updated),
        TEST(the_hash_is_that_of_the_state),
        TEST(a_poorer_record_does_not_empty),
        TEST(refused_leaves_nothing_and_the_next_is_stored),
        TEST(a_dry_run_says_and_writes_nothing),
        TEST(the_same_wish_gets_a_number),
        TEST(a_new_slug_leaves_an_alias),
        TEST(rolled_back_is_forgotten),
        TEST(files_are_replaced_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
