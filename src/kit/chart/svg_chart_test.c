/* Tests of the pictures: what they say, and that nothing in a label can break out of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include "kit/chart/svg_chart.h"
#include "kit/chart/svg_map.h"
#include "kit/chart/svg_part.h"

#include <cmocka.h>

typedef html drawer(arena *a, const chart *ch);
static drawer *const drawers[] = { chart_bars, chart_columns, chart_lines };

static bool has(html h, const char *part)
{
    return str_has(h.s, str_of(part));
}

static size_t count(html h, const char *part)
{
    size_t n = 0;
    for (str rest = h.s; str_has(rest, str_of(part)); n++)
        rest = str_from(rest, str_find(rest, str_of(part)) + 1);
    return n;
}

/* Every tag closes, in order; attributes are quoted; text is UTF-8; no number went wrong. */
static void assert_sound(html h)
{
    str open[32];
    size_t depth = 0;
    assert_true(utf8_valid(h.s, NULL));
    assert_false(has(h, "style="));
    assert_false(has(h, "=\"nan"));
    assert_false(has(h, "=\"-nan"));
    assert_false(has(h, "=\"inf"));
    assert_false(has(h, "height=\"-"));
    assert_false(has(h, "width=\"-"));
    for (str rest = h.s; rest.n > 0;) {
        size_t at = str_find_byte(rest, '<');
        if (at == rest.n)
            break;
        rest = str_from(rest, at + 1);
        size_t end = str_find_byte(rest, '>');
        assert_true(end < rest.n);
        str tag = str_sub(rest, 0, end), name, more;
        assert_false(str_has(tag, S("<")));
        (void)str_cut(tag, S(" "), &name, &more);
        if (tag.p[0] == '/') {
            assert_true(depth > 0);
            assert_true(str_eq(str_from(tag, 1), open[--depth]));
        } else if (!str_ends(tag, S("/"))) {
            assert_true(depth < array_len(open));
            open[depth++] = name;
        }
        rest = str_from(rest, end + 1);
    }
    assert_int_equal(depth, 0);
    assert_true(str_starts(h.s, S("<svg ")));
}

static void one_row_says_its_number(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    const double v[] = { 1234 };
    const chart_row row = { .label = S("衛生福利部"), .values = v };
    const chart ch = { .title = S("Datasets by organisation"), .description = S("One bar"), .rows = &row,
                       .row_count = 1, .unit = S(" datasets") };
    for (size_t i = 0; i < array_len(drawers); i++) {
        html h = drawers[i](a, &ch);
        assert_sound(h);
        assert_true(has(h, "role=\"img\""));
        assert_true(has(h, "aria-labelledby=\"chart-"));
        assert_true(has(h, ">Datasets by organisation</title>"));
        assert_true(has(h, ">One bar</desc>"));
        assert_true(has(h, "衛生福利部: 1,234 datasets</title>"));
        assert_true(has(h, "series-1"));
    }
    assert_true(has(chart_bars(a, &ch), "width=\"100.00%\""));
    arena_free(a);
}

static void bars_are_as_long_as_their_numbers(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    const double v[] = { 200, 50, 0, NAN, 1 };
    chart_row rows[5];
    for (size_t i = 0; i < 5; i++)
        rows[i] = (chart_row){ .label = str_fmt(a, "row %zu", i), .values = &v[i] };
    const chart ch = { .title = S("t"), .rows = rows, .row_count = 5 };
    html h = chart_bars(a, &ch);
    assert_sound(h);
    assert_true(has(h, "width=\"100.00%\" height=\"7\" rx=\"2\"><title>row 0: 200<"));
    assert_true(has(h, "width=\"25.00%\" height=\"7\" rx=\"2\"><title>row 1: 50<"));
    assert_true(has(h, "width=\"0.00%\" height=\"7\" rx=\"2\"><title>row 2: 0<"));
    assert_true(has(h, "width=\"0.50%\" height=\"7\" rx=\"2\"><title>row 4: 1<"));
    assert_int_equal(count(h, "class=\"bar"), 4);    /* none for the missing number … */
    assert_true(has(h, "text-anchor=\"end\">–</text>"));    /* … which is said */
    arena_free(a);
}

static void no_rows_and_no_numbers_are_drawn_too(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    const double odd[][2] = { { NAN, INFINITY }, { -INFINITY, 0 }, { 0, 0 }, { 1e308, -1e308 }, { 1e-310, 3e-320 },
                              { 1e299, -1e299 }, { 0.1, 0.25 }, { 1e15, 3e18 } };
    chart ch = { .title = S("t") };
    for (size_t i = 0; i < array_len(drawers); i++) {
        ch.row_count = 0;
        assert_sound(drawers[i](a, &ch));
        for (size_t n = 0; n < array_len(odd); n++) {
            const chart_row rows[] = { { .label = S("a"), .values = &odd[n][0] },
                                       { .label = S("b"), .values = &odd[n][1] } };
            ch.rows = rows;
            ch.row_count = 2;
            assert_sound(drawers[i](a, &ch));
        }
    }
    arena_free(a);
}

static void negative_numbers_go_the_other_way(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    const double v[] = { -100, 100 };
    const chart_row rows[] = { { .label = S("less"), .values = &v[0] }, { .label = S("more"), .values = &v[1] } };
    const chart ch = { .title = S("t"), .rows = rows, .row_count = 2 };
    html h = chart_bars(a, &ch);
    assert_sound(h);
    assert_true(has(h, "x=\"0.00%\" y=\"19.0\" width=\"50.00%\""));
    assert_true(has(h, "x=\"50.00%\" y=\"53.0\" width=\"50.00%\""));
    h = chart_columns(a, &ch);
    assert_sound(h);
    assert_true(has(h, ">-100</text>"));
    assert_true(has(h, "class=\"axis\""));
    arena_free(a);
}

static void hostile_labels_stay_labels(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    const double v[] = { 3, 4 };
    const str series[] = { S("</text><script>alert(1)</script>"), S("\"onload=\"x") };
    const chart_row rows[] = {
        { .label = S("</title><script>alert(1)</script>\"'&"), .href = S("javascript:alert(1)"), .values = v },
        { .label = S("\xff\xfe\x80 broken \xe8\xa1"), .href = S("/datasets?q=\"><b>"), .values = v },
        { .label = S("a\nb\nc\x1b[31m\xe2\x80\xae"), .values = v },
        { .label = { 0 }, .values = v },
    };
    const chart ch = { .title = S("<b>\"&"), .description = S("</desc><x>"), .series = series, .series_count = 2,
                       .rows = rows, .row_count = array_len(rows), .unit = S("<u>") };
    for (size_t i = 0; i < array_len(drawers); i++) {
        html h = drawers[i](a, &ch);
        assert_sound(h);
        assert_false(has(h, "<script"));
        assert_false(has(h, "<b>"));
        assert_false(has(h, "<u>"));
        assert_false(has(h, "javascript:"));
        assert_false(has(h, "\x1b"));
        assert_false(has(h, "\xe2\x80\xae"));
        assert_true(has(h, "role=\"group\""));    /* it holds links */
    }
    assert_sound(chart_meter(a, 1, 2, S("\"><script>\xff")));
    assert_false(has(chart_meter(a, 1, 2, S("\"><script>")), "<script"));
    arena_free(a);
}

static void long_labels_are_cut_and_whole_in_the_title(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    const double v[] = { 12345 };
    str name = S("行政院農業委員會動植物防疫檢疫局所屬各分局及檢疫站與其他有關之機關單位聯合資料中心");
    const chart_row row = { .label = name, .values = v };
    const chart ch = { .title = S("t"), .rows = &row, .row_count = 1 };
    html h = chart_bars(a, &ch);
    assert_sound(h);
    assert_true(has(h, "…"));
    assert_true(str_has(h.s, str_cat(a, name, S("</title>"))));
    assert_true(chart_text_width(chart_cut(a, name, 13, 200), 13) <= 200);
    assert_true(str_eq(chart_cut(a, S("短"), 13, 200), S("短")));
    arena_free(a);
}

static void axes_have_round_steps(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    const struct { double most, step, hi; } want[] = {
        { 52547, 20000, 60000 }, { 1, 1, 1 }, { 3, 1, 3 }, { 10, 2.5, 10 }, { 100, 25, 100 }, { 17, 5, 20 }, { 0.5, 0.2, 0.6 },
    };
    for (size_t i = 0; i < array_len(want); i++) {
        const chart_row row = { .values = &want[i].most };
        const chart ch = { .rows = &row, .row_count = 1 };
        chart_scale s = chart_scale_of(&ch);
        assert_true(s.lo == 0);
        assert_true(fabs(s.step - want[i].step) < 1e-9);
        assert_true(fabs(s.hi - want[i].hi) < 1e-9);
        assert_true(s.hi >= want[i].most);
    }
    const double year[] = { 52547 };
    const chart_row row = { .label = S("2024\n民國113"), .values = year };
    const chart ch = { .title = S("t"), .rows = &row, .row_count = 1 };
    html h = chart_lines(a, &ch);
    assert_true(has(h, ">60,000</text>"));
    assert_true(has(h, ">2024</text>"));
    assert_true(has(h, ">民國113</text>"));
    arena_free(a);
}

static void many_rows_thin_their_labels_and_keep_the_last(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    double v[200];
    chart_row rows[200];
    for (size_t i = 0; i < 200; i++) {
        v[i] = i % 7 == 3 ? NAN : (double)i;
        rows[i] = (chart_row){ .label = str_fmt(a, "%zu", 1000 + i), .values = &v[i] };
    }
    const chart ch = { .title = S("t"), .rows = rows, .row_count = 200 };
    html h = chart_lines(a, &ch);
    assert_sound(h);
    assert_true(has(h, ">1199</text>"));
    assert_true(count(h, "class=\"tick\" x=\"") < 16);
    assert_int_equal(count(h, "<circle"), 200 - 29);    /* 3, 10 … 199 have no number */
    arena_free(a);
}

/* Lines are told apart by their dashes as well: so must the legend. */
static void a_legend_looks_like_what_it_names(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    const double v[] = { 1, 2, 3, 4 };
    const str series[] = { S("甲"), S("乙") };
    const chart_row rows[] = { { .label = S("a"), .values = v }, { .label = S("b"), .values = v + 2 } };
    const chart ch = { .title = S("t"), .rows = rows, .row_count = 2, .series = series, .series_count = 2 };
    assert_int_equal(count(chart_lines(a, &ch), "<line class=\"line series-2\""), 1);
    assert_int_equal(count(chart_bars(a, &ch), "<line class=\"line"), 0);
    assert_sound(chart_lines(a, &ch));
    arena_free(a);
}

static html labelled(arena *a, size_t n, str (*label)(arena *, size_t))
{
    static const double one[] = { 1 };
    chart_row *rows = new_n(a, chart_row, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = (chart_row){ .label = label(a, i), .values = one };
    html h = chart_lines(a, &(chart){ .title = S("t"), .rows = rows, .row_count = n });
    assert_sound(h);
    return h;
}

static str hour(arena *a, size_t i)
{
    i += 5;
    return str_fmt(a, "2025-03-%02zu\n%02zu:00", 3 + i / 24, i % 24);
}

static str month(arena *a, size_t i)
{
    i += 6;
    return str_fmt(a, "%zu-%02zu", 2011 + i / 12, 1 + i % 12);
}

static str number(arena *a, size_t i)
{
    return str_fmt(a, "number %04zu", i);
}

/* Under hours of a week stand midnights, under months Januaries. */
static void labels_stand_where_rounds_begin(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    html week = labelled(a, 168, hour), years = labelled(a, 120, month), days = labelled(a, 60, hour);
    assert_true(count(week, ">00:00</text>") >= 2);
    assert_int_equal(count(week, ":00</text>"), count(week, ">00:00</text>"));
    assert_true(count(years, "-01</text>") >= 2);
    assert_int_equal(count(years, "\"middle\">") + count(years, "\"end\">20"), count(years, "-01</text>"));
    assert_true(has(days, ">00:00</text>"));
    arena_free(a);
}

/* The last label is moved to the left, into the picture: the one before it makes room. */
static void labels_do_not_overlap(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    for (size_t n = 2; n < 60; n++) {
        html h = labelled(a, n, number);
        const double room = 330 - 52;
        double before = -1000, wide = chart_text_width(S("number 0000"), 12);
        size_t labels = 0;
        for (str rest = h.s, tag; str_cut(rest, S("<text class=\"tick\" x=\""), &tag, &rest);) {
            double x;
            str at = str_sub(rest, 0, str_find_byte(rest, '%')), text = { 0 };
            if (!str_starts(str_from(rest, str_find_byte(rest, '>')), S(">number")))
                continue;
            assert_true(str_to_f64(at, &x) && str_cut(rest, S("</text>"), &text, &rest));
            double from = x / 100 * room - (str_has(text, S("\"end\"")) ? wide : wide / 2);
            if (from < before)
                fail_msg("%zu rows: a label begins at %.1f, the one before ends at %.1f", n, from, before);
            before = from + wide;
            labels++;
        }
        assert_true(labels >= 1);
    }
    arena_free(a);
}

static void a_meter_says_actual_and_least(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    html behind = chart_meter(a, 480, 960, S("內政部")), met = chart_meter(a, 2000, 1000, S("內政部"));
    assert_sound(behind);
    assert_sound(met);
    assert_true(has(behind, "aria-label=\"內政部: 480 / 960\""));
    assert_true(has(behind, "meter behind"));
    assert_true(has(behind, "width=\"50.00%\""));
    assert_true(has(met, "meter met"));
    assert_true(has(met, "class=\"least\" x1=\"50.00%\""));
    const double odd[] = { NAN, INFINITY, -5, 0 };
    for (size_t i = 0; i < array_len(odd); i++)
        for (size_t k = 0; k < array_len(odd); k++)
            assert_sound(chart_meter(a, odd[i], odd[k], S("x")));
    assert_true(has(chart_meter(a, 5, NAN, S("x")), "meter none"));
    arena_free(a);
}

static void numbers_are_written_for_people(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    assert_true(str_eq(chart_number(a, 52547), S("52,547")));
    assert_true(str_eq(chart_number(a, -1000), S("-1,000")));
    assert_true(str_eq(chart_number(a, 2.5), S("2.50")));
    assert_true(str_eq(chart_number(a, -16836.47), S("-16,836.5")) && str_eq(chart_number(a, 999.94), S("999.9")));
    assert_true(str_eq(chart_number(a, 1e20), S("1e+20")));
    assert_true(str_eq(chart_number(a, NAN), S("–")));
    arena_free(a);
}

static void histograms_stand_side_by_side(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    double counts[] = { 3, 0, NAN, 10 };
    chart_row rows[] = { { S("0"), S(""), &counts[0] }, { S("5"), S(""), &counts[1] }, { S("10"), S(""), &counts[2] }, { S("15"), S(""), &counts[3] } };
    html h = chart_histogram(a, &(chart){ .title = S("AQI"), .rows = rows, .row_count = 4 }, 0, 5);
    assert_sound(h);
    assert_int_equal(count(h, "class=\"bar"), 2);
    assert_true(has(h, ">0</text>") && has(h, ">20</text>"));
    assert_sound(chart_histogram(a, &(chart){ .title = S("AQI") }, 0, 1));
    arena_free(a);
}

static void clouds_are_points_or_counted_cells(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    const chart_point points[] = { { 1, 2 }, { 3, -4 }, { NAN, 1 }, { 2, INFINITY } };
    chart_cloud k = { .title = S("y & x"), .x_title = S("<x>"), .y_title = S("y"), .x_min = 1, .x_max = 3, .y_min = -4, .y_max = 2, .points = points, .point_count = 4 };
    html h = chart_scatter(a, &k);
    assert_sound(h);
    assert_int_equal(count(h, "<circle"), 2);
    assert_true(has(h, "&lt;x&gt;"));
    const uint64_t cells[] = { 0, 7, 1, 0 };
    k.cells = cells;
    k.across = k.up = 2;
    h = chart_scatter(a, &k);
    assert_sound(h);
    assert_int_equal(count(h, "<rect class=\"level-"), 2);
    assert_true(has(h, "<rect class=\"level-5\"") && has(h, ": 7</title>"));
    const chart_cloud odd[] = { { .x_min = NAN }, { .x_min = 5, .x_max = 5, .y_min = -1e299, .y_max = 1e299 }, { .x_min = 1e-12, .x_max = 2e-12, .y_max = -3 } };
    for (size_t i = 0; i < array_len(odd); i++)
        assert_sound(chart_scatter(a, &odd[i]));
    arena_free(a);
}

static void classes_have_about_as_many_values_each(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    double v[20];
    for (int i = 0; i < 20; i++)
        v[i] = i;
    chart_levels l = chart_levels_of(a, v, 20);
    assert_int_equal(l.n, CHART_LEVELS);
    assert_true(l.least[0] == 0 && l.most[0] == 3 && l.least[4] == 16 && l.most[4] == 19);
    assert_int_equal(chart_level(&l, 0), 1);
    assert_int_equal(chart_level(&l, 19), 5);
    assert_int_equal(chart_level(&l, NAN), 0);
    const double same[] = { 7, 7, NAN, 7 };
    l = chart_levels_of(a, same, 4);
    assert_int_equal(l.n, 1);
    assert_int_equal(chart_level(&l, 7), CHART_LEVELS);
    assert_int_equal(chart_levels_of(a, NULL, 0).n, 0);
    arena_free(a);
}

static void maps_say_what_they_shade(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    const map_area areas[] = { { S("M0 0l10 0l0 10z"), S("臺北市: 3"), S("/x?a=1&b=2"), 5 }, { S("M0 0l1 1z"), S("\"><script>"), S(""), 0 }, { S("M0 0z"), S(""), S(""), MAP_LAND } };
    const map_mark marks[] = { { 1, 2, 3, S("4 rows"), S("javascript:alert(1)"), 2 }, { 5, 6, 1, S(""), S(""), 0 } };
    const map_label labels[] = { { 1, 2, S("<Kinmen>") } };
    html h = chart_map(a, &(map_picture){ .title = S("</title><b>"), .description = S("d"), .height = 100, .areas = areas, .area_count = 3, .marks = marks,
                                          .mark_count = 2, .labels = labels, .label_count = 1, .borders = S("M0 0l1 1"), .frames = S("M0 0H5") });
    assert_sound(h);
    assert_false(has(h, "<script") || has(h, "<b>") || has(h, "javascript:"));
    assert_true(has(h, "url(#level-5)") && has(h, "class=\"area land\"") && has(h, "<title>臺北市: 3</title>"));
    assert_sound(chart_swatch(a, 3));
    assert_sound(chart_map(a, &(map_picture){ .height = 10 }));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_row_says_its_number),
        cmocka_unit_test(bars_are_as_long_as_their_numbers),
        cmocka_unit_test(no_rows_and_no_numbers_are_drawn_too),
        cmocka_unit_test(negative_numbers_go_the_other_way),
        cmocka_unit_test(hostile_labels_stay_labels),
        cmocka_unit_test(long_labels_are_cut_and_whole_in_the_title),
        cmocka_unit_test(axes_have_round_steps),
        cmocka_unit_test(many_rows_thin_their_labels_and_keep_the_last), cmocka_unit_test(labels_stand_where_rounds_begin), cmocka_unit_test(labels_do_not_overlap), cmocka_unit_test(a_legend_looks_like_what_it_names),
        cmocka_unit_test(a_meter_says_actual_and_least),
        cmocka_unit_test(numbers_are_written_for_people),
        cmocka_unit_test(histograms_stand_side_by_side),
        cmocka_unit_test(clouds_are_points_or_counted_cells),
        cmocka_unit_test(classes_have_about_as_many_values_each),
        cmocka_unit_test(maps_say_what_they_shade),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
