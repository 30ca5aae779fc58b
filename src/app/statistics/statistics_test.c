/* Tests of the numbers (A4): they add up, they are dated as the header says, and they count nothing that their
 * reader may not see (C8). On both engines. */
#include "support/datasets.h"

#include "app/statistics/statistics.h"

static int64_t day(int year, int month, int d)
{
    return day_from_civil(year, month, d) * DAY_MS - DAY_TAIPEI_MS;
}

static void add(ctx *c, const char *key, const char *org, const char *parent, const char *format, const char *category,
                int64_t issued, const char *state, const char *class_)
{
    dataset_draft d = test_draft(key, str_z(c->a, str_fmt(c->a, "資料集%s", key)), org);
    d.description = S("說明");
    d.category = str_of(category);
    d.licence = S("政府資料開放授權條款-第1版");
    d.publisher.parent_name = str_of(parent);
    d.issued_at = issued;
    d.state = str_of(state);
    d.class_ = str_of(class_);
    (void)test_draft_file(c, &d, "檔案", format, S("https://example.gov.tw/a"));
    (void)test_store(c, &d);
}

static void fill(ctx *c)
{
    add(c, "1", "交通部", "", "CSV", "A00", day(2015, 3, 1), "published", "open");
    add(c, "2", "交通部", "", "CSV", "A00", day(2015, 12, 31), "published", "open");
    add(c, "3", "交通部公路局", "交通部", "PDF", "A00", day(2016, 1, 1), "published", "open");
    add(c, "4", "內政部", "", "JSON", "", day(2020, 6, 1), "published", "limited");
    add(c, "5", "內政部", "", "CSV", "", DAY_NONE, "published", "open");
    add(c, "6", "內政部", "", "CSV", "", day(2099, 1, 1), "published", "open");
    add(c, "7", "內政部", "", "XML", "B00", day(2015, 1, 1), "published", "closed");
    add(c, "8", "國防部", "", "XML", "B00", day(2015, 1, 1), "draft", "open");
    assert_ok(c, find_open(c, c->site));
}

static int64_t count(const statistics_part *p, const char *value)
{
    for (size_t i = 0; i < p->rows.n; i++)
        if (str_eq(p->rows.v[i].value, str_of(value)))
            return p->rows.v[i].count;
    return 0;
}

static void parts_add_up_and_show_nothing_hidden(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    statistics s;
    fill(c);
    assert_ok(c, statistics_run(c, ROLE_VISITOR, NULL, day_now_ms(), &s));
    assert_int_equal(s.total, 6);
    assert_int_equal(s.organizations, 3);
    assert_int_equal(count(&s.parts[STATISTICS_FORMATS], "CSV"), 4);
    assert_int_equal(count(&s.parts[STATISTICS_FORMATS], "XML"), 0);      /* only what is closed or a draft has it */
    assert_int_equal(count(&s.parts[STATISTICS_CATEGORIES], "A00"), 3);
    assert_int_equal(count(&s.parts[STATISTICS_CATEGORIES], "B00"), 0);
    assert_int_equal(s.parts[STATISTICS_CATEGORIES].unsaid, 3);
    for (int k = 0; k < STATISTICS_PARTS; k++) {
        int64_t sum = s.parts[k].unsaid;
        for (size_t i = 0; i < s.parts[k].rows.n; i++)
            sum += s.parts[k].rows.v[i].count;
        if (!s.parts[k].many)
            assert_int_equal(sum, 6);
        assert_true(str_eq(str_of(s.parts[k].name), str_of(statistics_name((statistics_kind)k))));
    }
    assert_ok(c, statistics_run(c, ROLE_OPERATOR, NULL, day_now_ms(), &s));
    assert_int_equal(s.total, 8);
}

static void growth_counts_from_the_issue_date_else_from_coming_here(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    statistics_growth g;
    int64_t totals[6], now = day_now_ms();
    fill(c);
    assert_ok(c, statistics_grow(c, ROLE_VISITOR, NULL, now, &g));
    assert_int_equal(g.issued, 4);
    assert_int_equal(g.created, 1);
    assert_int_equal(g.future, 1);
    assert_int_equal(g.years.v[0].year, 2015);
    assert_int_equal(g.years.v[0].total, 2);      /* the last day of the year is Taiwan's last day */
    assert_int_equal(g.years.v[1].added, 1);
    assert_int_equal(g.years.v[g.years.n - 1].year, day_year_taipei(now));
    assert_int_equal(g.years.v[g.years.n - 1].total, 5);
    assert_int_equal(g.months.v[0].month, 3);
    assert_int_equal(g.months.v[g.months.n - 1].total, 5);
    assert_ok(c, statistics_by_year(c, ROLE_VISITOR, NULL, 2015, 6, totals));
    const int64_t want[] = { 2, 3, 3, 3, 3, 4 };
    for (size_t i = 0; i < array_len(want); i++)
        assert_int_equal(totals[i], want[i]);
}

static void an_organisation_counts_with_what_belongs_to_it(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    statistics s;
    c->lang = LANG_ZH_HANT;
    fill(c);
    assert_ok(c, statistics_run(c, ROLE_VISITOR, NULL, day_now_ms(), &s));
    const statistics_part *p = &s.parts[STATISTICS_ORGANIZATIONS];
    str motc = { 0 };
    for (size_t i = 0; i < p->rows.n; i++)
        if (str_eq(p->rows.v[i].label, S("交通部")))
            motc = p->rows.v[i].value;
    assert_true(motc.n > 0);
    assert_ok(c, statistics_run(c, ROLE_VISITOR, statistics_value(c, FIND_ORG_TREE, motc), day_now_ms(), &s));
    assert_int_equal(s.total, 3);
    assert_int_equal(s.organizations, 2);
    assert_ok(c, statistics_run(c, ROLE_VISITOR, statistics_value(c, FIND_ORG, motc), day_now_ms(), &s));
    assert_int_equal(s.total, 2);
}

static void an_empty_site_has_numbers_too(void **state)
{
    ctx *c = &((test_site *)*state)->c;
    statistics s;
    assert_ok(c, find_open(c, c->site));
    assert_ok(c, statistics_run(c, ROLE_VISITOR, NULL, day_now_ms(), &s));
    assert_int_equal(s.total, 0);
    assert_int_equal(s.growth.years.n, 0);
    assert_int_equal(s.parts[STATISTICS_STARS].rows.n, 6);
}

int main(void)
{
#define site_test(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
    const struct CMUnitTest tests[] = {
        site_test(parts_add_up_and_show_nothing_hidden),
        site_test(growth_counts_from_the_issue_date_else_from_coming_here),
        site_test(an_organisation_counts_with_what_belongs_to_it),
        site_test(an_empty_site_has_numbers_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
