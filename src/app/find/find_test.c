/* The index against the record: what is fed, who sees it, how it follows the
 * ledger forwards, over organisations and over a restore; on both engines. */
#include "support/support.h"

#include "app/find/inside.h"
#include "app/ledger/ledger.h"

#include <time.h>

typedef struct {
    int64_t id, org;
    const char *title, *state, *class, *keywords, *format, *description;
    int64_t updated, views;
} made;

static void run_sql(ctx *c, buf *b)
{
    assert_ok(c, db_script(c, buf_str(b)));
}

static const char *or_else(const char *s, const char *usual)
{
    return s != NULL ? s : usual;
}

/* A row with its distribution, and the ledger row that says so. The dataset module is not used: this is about reading. */
static void make_dataset(ctx *c, const made *m)
{
    auto_change ch = change_begin(c);
    assert_ok(c, ch.tx.open);
    buf b = buf_in(c->a);
    buf_fmt(&b, "DELETE FROM distribution WHERE dataset_id = %" PRId64 "; DELETE FROM dataset WHERE id = %" PRId64 ";"
            "INSERT INTO dataset (id, uid, slug, source, source_key, identifier, organization_id, state, class, title, title_en,"
            " description, field_description, type, category, category_dataset, theme, licence, licence_text, licence_url, cost,"
            " cost_text, cost_url, cost_law, contact_org, contact_name, contact_phone, contact_email, publisher_name,"
            " publisher_contact, publisher_phone, publisher_email, publisher_oid, publisher_code, frequency, frequency_text,"
            " temporal_from, temporal_to, issued_at, updated_at, spatial, language, landing_page, keywords, record_count, notes,"
            " quality_badge, view_count, download_count, star, rating, open_verdict, openness, completeness, extra, content_hash, package_json,"
            " created_at, modified_at, ledger_seq) VALUES (", m->id, m->id);
    buf_fmt(&b, "%" PRId64 ", 'uid-%" PRId64 "', 'set-%" PRId64 "', 'test', 'k%" PRId64 "', '', %" PRId64 ", '%s', '%s', '%s', '',"
            " '%s', '', 'rawData', '300', '', 'transport', 'OGDL-Taiwan-1.0', '', '', 'free',", m->id, m->id, m->id, m->id, m->org,
            or_else(m->state, "published"), or_else(m->class, "open"), m->title, or_else(m->description, ""));
    for (int i = 0; i < 13; i++)
        buf_add(&b, S(" '',"));
    buf_fmt(&b, " 'month', '', '', '', NULL, %" PRId64 ", '', '', '', '%s', NULL, '', '', %" PRId64 ", 0, 1, 3, 'open', 'open', 80, '{}', '',"
            " '{}', 1600000000000, 1600000000000, 1);", m->updated, or_else(m->keywords, "[]"), m->views);
    buf_fmt(&b, "INSERT INTO distribution (id, uid, dataset_id, position, identifier, title, description, format, format_text,"
            " media_type, url_kind, url, charset, updated_at, record_count, byte_count, fields, metadata_url, notes, star, extra)"
            " VALUES (%" PRId64 ", 'd%" PRId64 "', %" PRId64 ", 0, '', 'resource of %" PRId64 "', '', '%s', '', '', 'download',"
            " 'http://x/', '', NULL, NULL, NULL, '[{\"name\":\"stop_code\",\"description\":\"站牌代碼\"}]', '', '', 3, '{}')",
            m->id, m->id, m->id, m->id, or_else(m->format, "CSV"));
    run_sql(c, &b);
    assert_ok(c, change_record(c, &ch, &(ledger_entry){ .action = S("dataset.update"), .subject_kind = S("dataset"),
                                                        .subject_id = m->id, .after = S("{}") }));
    assert_ok(c, change_commit(c, &ch));
}

static void make_org(ctx *c, int64_t id, const char *slug, const char *name, int64_t parent)
{
    auto_change ch = change_begin(c);
    buf b = buf_in(c->a);
    buf_fmt(&b, "DELETE FROM organization WHERE id = %" PRId64 ";"
            "INSERT INTO organization (id, uid, slug, name, name_en, short_name, code, oid, kind, grade, parent_id, description,"
            " homepage, state, extra, created_at, modified_at, ledger_seq) VALUES (%" PRId64 ", 'o%" PRId64 "', '%s', '%s', 'Office %"
            PRId64 "', '', 'C%" PRId64 "', '', 'central', 'A', %" PRId64 ", '', '', 'active', '{}', 1, 1, 1)", id, id, id, slug, name,
            id, id, parent);
    run_sql(c, &b);
    assert_ok(c, change_record(c, &ch, &(ledger_entry){ .action = S("organization.update"), .subject_kind = S("organization"),
                                                        .subject_id = id, .after = S("{}") }));
    assert_ok(c, change_commit(c, &ch));
}

static int setup(void **state)
{
    test_site *t = test_site_new();
    ctx *c = &t->c;
    *state = t;
    make_org(c, 1, "motc", "交通部", 0);
    make_org(c, 2, "thb", "交通部公路局", 1);
    make_org(c, 3, "moenv", "環境部", 0);
    make_dataset(c, &(made){ 1, 2, .title = "臺北市公車站牌位置", .keywords = "[\"公車\",\"站牌\"]", .updated = 1700000000000, .views = 5 });
    make_dataset(c, &(made){ 2, 1, .title = "停車場即時資訊", .format = "JSON", .updated = 1500000000000, .views = 50 });
    make_dataset(c, &(made){ 3, 3, .title = "空氣品質監測值", .description = "每小時公車站附近", .updated = 1600000000000 });
    make_dataset(c, &(made){ 4, 3, .title = "公車草稿", .state = "draft" });
    make_dataset(c, &(made){ 5, 3, .title = "公車撤下", .state = "withdrawn" });
    make_dataset(c, &(made){ 6, 3, .title = "公車不公開", .class = "closed" });
    make_dataset(c, &(made){ 7, 3, .title = "公車有限", .class = "limited" });
    assert_ok(c, find_open(c, t->site));
    return 0;
}

static find_answer ask(ctx *c, policy_role role, const char *words)
{
    find_answer a;
    assert_ok(c, find_run(c, role, &(find_request){ .words = str_of(words), .rows = 20, .facets = true }, &a));
    return a;
}

#define assert_ids(c, words, ...)                                                                              \
    do {                                                                                                       \
        const int64_t want_[] = { __VA_ARGS__ };                                                               \
        find_answer got_ = ask((c), ROLE_VISITOR, (words));                                                    \
        assert_int_equal(got_.total, array_len(want_));                                                        \
        for (size_t i_ = 0; i_ < array_len(want_); i_++)                                                       \
            assert_int_equal(got_.ids[i_], want_[i_]);                                                         \
    } while (0)

static int64_t facet_count_of(const find_answer *a, find_value field, const char *value)
{
    for (size_t i = 0; i < a->facet_count; i++)
        for (size_t k = 0; k < a->facets[i].n && a->facets[i].field == (int)field; k++)
            if (str_eq(a->facets[i].v[k].value, str_of(value)))
                return a->facets[i].v[k].count;
    return 0;
}

static void finds_what_is_there(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    assert_ids(c, "台北 公車", 1);
    assert_ids(c, "公車", 1, 7, 3);          /* title and keyword, title, description */
    assert_ids(c, "stop_code title:停車", 2);
    assert_ids(c, "set-3", 3);
}

static void counts_facets(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    find_answer a = ask(c, ROLE_VISITOR, "");
    assert_int_equal(a.total, 4);
    assert_int_equal(a.ids[0], 1);            /* the newest first */
    assert_int_equal(facet_count_of(&a, FIND_ORG, "moenv"), 2);
    assert_int_equal(facet_count_of(&a, FIND_FORMAT, "CSV"), 3);
    assert_int_equal(facet_count_of(&a, FIND_FORMAT, "JSON"), 1);
    assert_int_equal(facet_count_of(&a, FIND_TAG, "公車"), 1);
    assert_int_equal(facet_count_of(&a, FIND_STATE, "draft"), 0);
    find_filter both[] = { { FIND_FORMAT, S_INIT("CSV") }, { FIND_FORMAT, S_INIT("JSON") }, { FIND_ORG, S_INIT("motc") } };
    assert_ok(c, find_run(c, ROLE_VISITOR, &(find_request){ .filters = both, .filter_count = 3, .rows = 5 }, &a));
    assert_int_equal(a.total, 1);
    both[2] = (find_filter){ FIND_ORG_TREE, S("motc") };
    assert_ok(c, find_run(c, ROLE_VISITOR, &(find_request){ .filters = both, .filter_count = 3, .rows = 5, .sort = FIND_BY_POPULARITY }, &a));
    assert_int_equal(a.total, 2);
    assert_int_equal(a.ids[0], 2);
}

static void shows_to_each_what_he_may_see(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    find_answer a = ask(c, ROLE_VISITOR, "公車");
    for (size_t i = 0; i < a.id_count; i++)
        assert_true(a.ids[i] != 4 && a.ids[i] != 5 && a.ids[i] != 6);
    assert_int_equal(ask(c, ROLE_OPERATOR, "公車").total, 6);
    search_facet f;
    assert_ok(c, find_values(c, ROLE_VISITOR, FIND_TAG, S("公"), 10, &f));
    assert_int_equal(f.n, 1);
    make_dataset(c, &(made){ 6, 3, .title = "公車不公開", .class = "closed", .keywords = "[\"公務機密\"]" });
    assert_ok(c, find_catch_up(c, c->site));
    assert_ok(c, find_values(c, ROLE_VISITOR, FIND_TAG, S("公"), 10, &f));
    assert_int_equal(f.n, 1);
    assert_ok(c, find_values(c, ROLE_OPERATOR, FIND_TAG, S("公"), 10, &f));
    assert_int_equal(f.n, 2);
}

static void follows_changes(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    uint64_t before = find_version(c->site);
    make_dataset(c, &(made){ 3, 3, .title = "河川水質", .updated = 1600000000000 });
    assert_int_equal(ask(c, ROLE_VISITOR, "空氣品質").total, 1);      /* not told yet */
    assert_ok(c, find_catch_up(c, c->site));
    assert_true(find_version(c->site) > before);
    assert_int_equal(ask(c, ROLE_VISITOR, "空氣品質").total, 0);
    assert_ids(c, "水質", 3);
    make_dataset(c, &(made){ 3, 3, .title = "河川水質", .state = "withdrawn" });
    assert_ok(c, find_catch_up(c, c->site));
    assert_int_equal(ask(c, ROLE_VISITOR, "水質").total, 0);
}

static void follows_organisations(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    assert_int_equal(ask(c, ROLE_VISITOR, "organization:motc").total, 2);
    assert_int_equal(ask(c, ROLE_VISITOR, "organization:交通部").total, 2);
    assert_int_equal(ask(c, ROLE_VISITOR, "機關:公路局").total, 1);      /* part of a name */
    make_org(c, 1, "mot", "運輸部", 0);
    assert_ok(c, find_catch_up(c, c->site));
    assert_int_equal(ask(c, ROLE_VISITOR, "organization:mot").total, 2);
    assert_int_equal(ask(c, ROLE_VISITOR, "organization:motc").total, 0);
    assert_str(find_label(c, FIND_ORG, S("mot")), S("Office 1"));
    c->lang = LANG_ZH_HANT;
    assert_str(find_label(c, FIND_ORG, S("mot")), S("運輸部"));
    make_org(c, 3, "moenv", "環境部", 1);     /* moved below another */
    assert_ok(c, find_catch_up(c, c->site));
    assert_int_equal(ask(c, ROLE_VISITOR, "organization:mot").total, 4);
}

/* As a restore leaves it: fewer rows than were applied; then as many, but others. */
static void follows_a_restore(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    uint64_t before = find_version(c->site);
    assert_ok(c, db_script(c, S("DELETE FROM dataset WHERE id = 7; DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger);"
                                "UPDATE ledger_head SET seq = (SELECT max(seq) FROM ledger),"
                                " hash = (SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1)")));
    assert_ok(c, find_catch_up(c, c->site));
    assert_int_equal(find_version(c->site), before - 1);
    assert_int_equal(ask(c, ROLE_VISITOR, "有限").total, 0);
    assert_int_equal(ask(c, ROLE_VISITOR, "").total, 3);
    assert_ok(c, db_script(c, S("UPDATE dataset SET title = 'another' WHERE id = 1;"
                                "UPDATE ledger SET hash = replace(hash, substr(hash, 1, 1), 'z') WHERE seq = (SELECT max(seq) FROM ledger);"
                                "UPDATE ledger_head SET hash = (SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1)")));
    make_dataset(c, &(made){ 8, 3, .title = "after the restore" });
    assert_ok(c, find_catch_up(c, c->site));
    assert_int_equal(ask(c, ROLE_VISITOR, "another").total, 1);
    assert_int_equal(ask(c, ROLE_VISITOR, "restore").total, 1);
}

static void the_follower_keeps_up(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    assert_ok(c, find_start_following(c, c->site));
    for (int64_t id = 100; id < 130; id++)
        make_dataset(c, &(made){ id, 3, .title = "新資料" });
    int64_t seq, until = day_now_mono_ms() + 10000;
    assert_ok(c, ledger_seq(c, &seq));
    while (find_version(c->site) < (uint64_t)seq && day_now_mono_ms() < until)
        nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
    assert_int_equal(find_version(c->site), seq);
    assert_int_equal(ask(c, ROLE_VISITOR, "新資料").total, 30);
}

static void takes_long_words_apart(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    find_answer a = ask(c, ROLE_VISITOR, "台北公車站牌");
    assert_int_equal(a.total, 1);
    assert_true(a.loose);
    assert_int_equal(a.ids[0], 1);
    assert_false(ask(c, ROLE_VISITOR, "公車站牌").loose);
    assert_int_equal(ask(c, ROLE_VISITOR, "「台北公車站牌」").total, 0);     /* quotes mean what they say */
    assert_false(ask(c, ROLE_VISITOR, "沒有的東西").loose);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_what_is_there, setup, test_site_teardown),
        cmocka_unit_test_setup_teardown(counts_facets, setup, test_site_teardown),
        cmocka_unit_test_setup_teardown(shows_to_each_what_he_may_see, setup, test_site_teardown),
        cmocka_unit_test_setup_teardown(follows_changes, setup, test_site_teardown),
        cmocka_unit_test_setup_teardown(follows_organisations, setup, test_site_teardown),
        cmocka_unit_test_setup_teardown(follows_a_restore, setup, test_site_teardown),
        cmocka_unit_test_setup_teardown(the_follower_keeps_up, setup, test_site_teardown),
        cmocka_unit_test_setup_teardown(takes_long_words_apart, setup, test_site_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
