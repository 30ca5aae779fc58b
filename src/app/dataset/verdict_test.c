/* Tests of openness, stars and completeness: each condition for itself, and how they add up (A2, C11). */
#include "support/support.h"

#include "app/dataset/verdict.h"

static dataset_row row_with(const char *licence)
{
    return (dataset_row){ .licence = str_of(licence), .class = S("open"), .cost = S("free") };
}

static distribution_row file_of(const char *format, const char *url)
{
    return (distribution_row){ .format = str_of(format), .url = str_of(url) };
}

static verdict judge(const dataset_row *d, distribution_row *f, size_t n)
{
    return verdict_of(d, &(distribution_row_list){ f, n, n });
}

static void open_needs_all_three(void **state)
{
    (void)state;
    distribution_row csv = file_of("CSV", "https://example.gov.tw/a.csv"), pdf = file_of("PDF", "https://example.gov.tw/a.pdf");
    dataset_row open = row_with("OGDL-Taiwan-1.0"), closed = row_with("CC-BY-NC-4.0");
    assert_int_equal(judge(&open, &csv, 1).all, VERDICT_YES);
    assert_int_equal(judge(&open, &pdf, 1).all, VERDICT_NO);
    assert_int_equal(judge(&open, &pdf, 1).format, VERDICT_NO);
    assert_int_equal(judge(&closed, &csv, 1).all, VERDICT_NO);
    assert_int_equal(judge(&closed, &csv, 1).licence, VERDICT_NO);
    assert_int_equal(judge(&open, NULL, 0).access, VERDICT_NO);
    distribution_row both[] = { pdf, csv };
    assert_int_equal(judge(&open, both, 2).all, VERDICT_YES);
}

static void access_is_free_and_without_application(void **state)
{
    (void)state;
    distribution_row csv = file_of("CSV", "https://example.gov.tw/a.csv"), nowhere = file_of("CSV", "");
    dataset_row d = row_with("OGDL-Taiwan-1.0");
    assert_int_equal(judge(&d, &csv, 1).access, VERDICT_YES);
    assert_int_equal(judge(&d, &nowhere, 1).access, VERDICT_NO);
    d.cost = S("charged");
    assert_int_equal(judge(&d, &csv, 1).access, VERDICT_NO);
    d.cost = S("");
    d.class = S("limited");
    assert_int_equal(judge(&d, &csv, 1).access, VERDICT_NO);
}

static void what_is_not_known_is_neither(void **state)
{
    (void)state;
    distribution_row csv = file_of("CSV", "https://example.gov.tw/a.csv"), zip = file_of("ZIP", "https://example.gov.tw/a.zip");
    dataset_row unsaid = row_with(""), own = row_with("custom"), open = row_with("OGDL-Taiwan-1.0");
    assert_int_equal(judge(&unsaid, &csv, 1).all, VERDICT_UNKNOWN);
    assert_int_equal(judge(&own, &csv, 1).licence, VERDICT_UNKNOWN);
    assert_int_equal(judge(&open, &zip, 1).format, VERDICT_UNKNOWN);
    const char *without = judge(&unsaid, &csv, 1).licence_why;
    unsaid.licence_text = S("本局自訂");
    assert_string_not_equal(without, judge(&unsaid, &csv, 1).licence_why);
    unsaid.cost = S("charged");                      /* one no is enough */
    assert_int_equal(judge(&unsaid, &csv, 1).all, VERDICT_NO);
}

static void stars_follow_the_format(void **state)
{
    (void)state;
    const struct { const char *format; int star; } want[] = { { "PDF", 1 }, { "XLSX", 2 }, { "CSV", 3 }, { "JSON", 3 }, { "?", 1 } };
    dataset_row open = row_with("OGDL-Taiwan-1.0"), closed = row_with("CC-BY-ND-4.0");
    for (size_t i = 0; i < array_len(want); i++) {
        distribution_row f = file_of(want[i].format, "https://example.gov.tw/a");
        assert_int_equal(verdict_star(&open, &f), want[i].star);
        assert_int_equal(verdict_star(&closed, &f), 0);
        f.url = S("");
        assert_int_equal(verdict_star(&open, &f), 0);
    }
    /* shown are those of the bytes; a dataset has the best file's, and of two that are equal the proven one's */
    distribution_row two[] = { { .star = 3 }, { .star = 3, .found_format = S("PDF") } };
    distribution_row_list files = { .v = two, .n = 2 };
    dataset_row d = { 0 };
    verdict_rate(&d, &files);
    assert_int_equal(two[1].rating, 1);
    assert_int_equal(d.rating, 3);
    assert_false(verdict_by_bytes(d.rating_by));
    two[1].found_format = S("JSON");
    verdict_rate(&d, &files);
    assert_true(verdict_by_bytes(d.rating_by));
    two[1].star = 0;                             /* no address, or no open terms: bytes earn nothing */
    verdict_rate(&d, &files);
    assert_int_equal(two[1].rating, 0);
    two[0].found_format = S("an image");
    verdict_rate(&d, &files);
    files.n = 1;                                 /* and so is openness */
    two[0].format = S("CSV");
    assert_int_equal(verdict_declared(&d, &files).format, VERDICT_YES);
    assert_int_equal(verdict_of(&d, &files).format, VERDICT_NO);
    assert_int_equal(d.rating, 1);
    for (int star = 0; star <= 5; star++)
        assert_true(strlen(verdict_star_why(star)) > 10);
    assert_string_equal(verdict_star_why(9), verdict_star_why(0));
}

static void completeness_names_what_is_missing(void **state)
{
    (void)state;
    dataset_row d = row_with("OGDL-Taiwan-1.0");
    d.title = S("題名");
    d.issued_at_null = d.updated_at_null = true;
    completeness k = verdict_completeness(&d, &(distribution_row_list){ 0 });
    bool issued = false, title = false, url = false;
    for (size_t i = 0; i < k.n; i++) {
        issued = issued || strcmp(k.v[i].field, "issued") == 0;
        title = title || strcmp(k.v[i].field, "title") == 0;
        url = url || strcmp(k.v[i].field, "downloadURL") == 0;
    }
    assert_true(issued && url && !title);
    assert_int_equal(k.percent, (int)((k.asked - k.n) * 100 / k.asked));
    d.issued_at_null = false;
    completeness more = verdict_completeness(&d, &(distribution_row_list){ 0 });
    assert_int_equal(more.n, k.n - 1);
    assert_true(more.percent > k.percent);
}

static void a_field_of_files_must_stand_at_each(void **state)
{
    (void)state;
    dataset_row d = row_with("OGDL-Taiwan-1.0");
    distribution_row files[] = { file_of("CSV", "https://example.gov.tw/a"), file_of("", "https://example.gov.tw/b") };
    completeness one = verdict_completeness(&d, &(distribution_row_list){ files, 1, 2 });
    completeness both = verdict_completeness(&d, &(distribution_row_list){ files, 2, 2 });
    assert_int_equal(both.n, one.n + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_needs_all_three),
        cmocka_unit_test(access_is_free_and_without_application),
        cmocka_unit_test(what_is_not_known_is_neither),
        cmocka_unit_test(stars_follow_the_format),
        cmocka_unit_test(completeness_names_what_is_missing),
        cmocka_unit_test(a_field_of_files_must_stand_at_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
