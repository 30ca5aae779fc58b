#include "app/table/table_chart.h"

#include <math.h>

enum { BINS_FITTING = 24 };

static query_filter both(arena *a, const query_filter *x, const query_filter *y)
{
    query_filter *kids = new_n(a, query_filter, 2);
    size_t n = 0;
    kids[n++] = *x;
    if (y != NULL)
        kids[n++] = *y;
    return (query_filter){ .op = QUERY_AND, .kids = kids, .kid_count = n };
}

static bool count_nulls(ctx *c, query_table *t, const query_filter *filter, size_t col, uint64_t *n)
{
    query_filter null = { .op = QUERY_NULL, .col = col }, f = both(c->a, &null, filter);
    return query_count(c, t, &f, n);
}

/* --- groups --- */

/* The order of the engine: by the value, or by the key. Lines and dates are read from the last of their keys back. */
static query_grouping grouping_of(const table_chart *k, const query_filter *filter)
{
    bool by_key = k->order == TABLE_CHART_BY_KEY;
    return (query_grouping){ .filter = filter, .by = &k->x, .by_count = 1, .aggregates = &k->y, .aggregate_count = 1,
                             .order_by = by_key ? SIZE_MAX : 0, .desc = k->order == TABLE_CHART_LARGEST };
}

static bool too_many(ctx *c)
{
    return fail_said(c, TOO_LARGE, S("x"), "this column has too many values to be groups; put them together by year or bin, or filter the rows");
}

static bool read_groups(ctx *c, query_table *t, const query_filter *filter, const table_chart *k, table_chart_numbers *out)
{
    query_groups g;
    query_grouping q = grouping_of(k, filter);
    size_t most = k->type == TABLE_CHART_LINES ? TABLE_CHART_POINTS_MOST : k->top;
    q.limit = k->type == TABLE_CHART_LINES ? most + 1 : most;
    if (!query_group_by(c, t, &q, &g))
        return c->err.code == ERR_TOO_LARGE ? (err_clear(c), too_many(c)) : false;
    if (k->type == TABLE_CHART_LINES && g.total > most) {   /* the newest, not the oldest */
        q.offset = g.total - most - (out->no_x > 0);
        if (!query_group_by(c, t, &q, &g))
            return false;
    }
    out->groups = new_n(c->a, table_chart_group, g.n + 1);
    for (size_t i = 0; i < g.n; i++)
        if (k->type != TABLE_CHART_LINES || g.v[i].keys[0].p != NULL)   /* a line has no place for rows without a value */
            out->groups[out->group_count++] = (table_chart_group){ g.v[i].keys[0], g.v[i].values };
    out->groups_in_all = g.total - (k->type == TABLE_CHART_LINES && out->no_x > 0);
    return true;
}

/* --- series --- */

static bool read_series_names(ctx *c, query_table *t, const query_filter *filter, const table_chart *k, table_chart_numbers *out)
{
    query_groups g;
    query_aggregate rows = { .kind = QUERY_COUNT };
    query_by by = { .col = k->series };
    if (!query_group_by(c, t, &(query_grouping){ .filter = filter, .by = &by, .by_count = 1, .aggregates = &rows, .aggregate_count = 1, .desc = true,
                                                 .limit = TABLE_CHART_SERIES_MOST }, &g))
        return c->err.code == ERR_TOO_LARGE ? (err_clear(c), too_many(c)) : false;
    out->series = new_n(c->a, str, g.n + 1);
    for (size_t i = 0; i < g.n; i++)
        out->series[out->series_count++] = g.v[i].keys[0];
    out->series_in_all = g.total;
    return true;
}

static str known(arena *a, str key)     /* for a map: a value, or none */
{
    return key.p == NULL ? S("-") : str_cat(a, S("="), key);
}

/* Only rows of the keys, where texts are their values. What has other keys may be spelled in several ways, and is known by
 * the first one that is met: there the rows must stay the same ones. */
static query_filter *only(arena *a, const query_table *t, const query_by *by, const str *keys, size_t n)
{
    if (by->kind != QUERY_BY_VALUE || column_type_key(query_table_about(t, by->col)->type) != COLUMN_KEY_NONE)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (keys[i].p == NULL)
            return NULL;
    query_filter *f = new (a, query_filter);
    *f = (query_filter){ .op = QUERY_EQUAL, .col = by->col, .values = keys, .value_count = n };
    return f;
}

static query_filter narrowed(ctx *c, const query_table *t, const query_filter *filter, const query_by *by, const table_chart_numbers *out)
{
    str *keys = new_n(c->a, str, out->group_count + 1);
    for (size_t i = 0; i < out->group_count; i++)
        keys[i] = out->groups[i].key;
    const query_filter *parts[] = { filter, only(c->a, t, &by[0], keys, out->group_count), only(c->a, t, &by[1], out->series, out->series_count) };
    query_filter *kids = new_n(c->a, query_filter, array_len(parts));
    size_t n = 0;
    for (size_t i = 0; i < array_len(parts); i++)
        if (parts[i] != NULL)
            kids[n++] = *parts[i];
    return (query_filter){ .op = QUERY_AND, .kids = kids, .kid_count = n };
}

/* Each shown group and series, of one grouping by both. */
static bool read_series(ctx *c, query_table *t, const query_filter *filter, const table_chart *k, table_chart_numbers *out)
{
    query_groups g;
    query_by by[] = { k->x, { .col = k->series } };
    query_grouping q = { .filter = filter, .by = by, .by_count = 2, .aggregates = &k->y, .aggregate_count = 1, .order_by = SIZE_MAX };
    if (!read_series_names(c, t, filter, k, out))
        return false;
    query_filter narrow = narrowed(c, t, filter, by, out);
    q.filter = &narrow;
    if (!query_group_by(c, t, &q, &g))
        return c->err.code == ERR_TOO_LARGE ? (err_clear(c), too_many(c)) : false;
    map groups = map_in(c->a), series = map_in(c->a);
    for (size_t i = 0; i < out->group_count; i++)
        map_set_i64(&groups, known(c->a, out->groups[i].key), (int64_t)i);
    for (size_t i = 0; i < out->series_count; i++)
        map_set_i64(&series, known(c->a, out->series[i]), (int64_t)i);
    query_value *all = new_n(c->a, query_value, out->group_count * out->series_count + 1);
    for (size_t i = 0; i < out->group_count * out->series_count; i++)
        all[i].null = true;
    for (size_t i = 0; i < g.n; i++) {
        int64_t x = map_i64(&groups, known(c->a, g.v[i].keys[0]), -1), s = map_i64(&series, known(c->a, g.v[i].keys[1]), -1);
        if (x >= 0 && s >= 0)
            all[(size_t)x * out->series_count + (size_t)s] = g.v[i].values[0];
    }
    for (size_t i = 0; i < out->group_count; i++)
        out->groups[i].values = &all[i * out->series_count];
    return true;
}

/* --- what lies between two dates --- */

/* Number of a period, so that the next one is one more; false: the key is none. */
static bool period(query_by_kind kind, str key, int64_t *out)
{
    str year, rest;
    int64_t y, part = 1;
    (void)str_cut(key, S("-"), &year, &rest);
    if (!str_to_i64(year, &y) || y < 0)
        return false;
    if (kind == QUERY_BY_QUARTER)
        rest = str_from(rest, 1);
    if (kind != QUERY_BY_YEAR && !str_to_i64(rest, &part))
        return false;
    *out = kind == QUERY_BY_YEAR ? y : kind == QUERY_BY_QUARTER ? y * 4 + part - 1 : y * 12 + part - 1;
    return true;
}

static str period_key(arena *a, query_by_kind kind, int64_t n)
{
    if (kind == QUERY_BY_YEAR)
        return str_fmt(a, "%" PRId64, n);
    return kind == QUERY_BY_QUARTER ? str_fmt(a, "%04d-Q%d", (int)(n / 4), (int)(n % 4) + 1) : str_fmt(a, "%04d-%02d", (int)(n / 12), (int)(n % 12) + 1);
}

/* A line over time has a place for each year, quarter or month, also for those without rows. */
static void fill_periods(ctx *c, const table_chart *k, table_chart_numbers *out)
{
    int64_t first, last, at;
    size_t n = out->group_count;
    if (k->x.kind != QUERY_BY_YEAR && k->x.kind != QUERY_BY_QUARTER && k->x.kind != QUERY_BY_MONTH)
        return;
    if (n < 2 || !period(k->x.kind, out->groups[0].key, &first) || !period(k->x.kind, out->groups[n - 1].key, &last)
        || last - first + 1 <= (int64_t)n || last - first >= TABLE_CHART_POINTS_MOST)
        return;
    query_value *none = new_n(c->a, query_value, out->series_count);
    for (size_t i = 0; i < out->series_count; i++)
        none[i].null = true;
    table_chart_group *all = new_n(c->a, table_chart_group, (size_t)(last - first) + 1);
    for (int64_t i = first; i <= last; i++)
        all[i - first] = (table_chart_group){ period_key(c->a, k->x.kind, i), none };
    for (size_t i = 0; i < n; i++)
        if (period(k->x.kind, out->groups[i].key, &at) && at >= first && at <= last)
            all[at - first] = out->groups[i];
    out->groups = all;
    out->group_count = (size_t)(last - first) + 1;
}

/* --- histograms --- */

static double round_step(double span)
{
    double rough = span / BINS_FITTING, power = pow(10, floor(log10(rough))), lead = rough / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static bool find_bins(ctx *c, query_table *t, const query_filter *filter, const table_chart *k, table_chart_numbers *out, size_t *bins)
{
    query_groups g;
    const query_aggregate ends[] = { { QUERY_MIN, k->x.col }, { QUERY_MAX, k->x.col } };
    *bins = 0;
    if (!query_group_by(c, t, &(query_grouping){ .filter = filter, .aggregates = ends, .aggregate_count = 2, .order_by = SIZE_MAX }, &g))
        return false;
    if (g.n == 0 || g.v[0].values[0].null)
        return true;
    double least = g.v[0].values[0].number, most = g.v[0].values[1].number, span = most - least;
    out->bin_step = k->x.bin_step > 0 ? k->x.bin_step : span > 0 ? round_step(span) : 1;
    if (k->x.bin_step <= 0 && out->bin_step < 1 && query_table_about(t, k->x.col)->type == COLUMN_integer)
        out->bin_step = 1;
    out->bin_from = floor(least / out->bin_step) * out->bin_step;
    double n = floor((most - out->bin_from) / out->bin_step) + 1;
    if (!(n <= TABLE_CHART_BINS_MOST))
        return fail_said(c, INVALID, S("bin"), "bins of {step} would be {n} columns; a histogram has {most} at most",
                         { "step", str_fmt(c->a, "%g", out->bin_step) }, { "n", str_fmt(c->a, "%.0f", n) },
                         { "most", str_fmt(c->a, "%d", TABLE_CHART_BINS_MOST) });
    *bins = n < 1 ? 1 : (size_t)n;
    return true;
}

static bool read_histogram(ctx *c, query_table *t, const query_filter *filter, const table_chart *k, table_chart_numbers *out)
{
    query_groups g;
    size_t bins;
    if (!find_bins(c, t, filter, k, out, &bins))
        return false;
    if (bins == 0)
        return true;
    query_by by = { k->x.col, QUERY_BY_BIN, out->bin_from, out->bin_step };
    query_aggregate rows = { .kind = QUERY_COUNT };
    if (!query_group_by(c, t, &(query_grouping){ .filter = filter, .by = &by, .by_count = 1, .aggregates = &rows, .aggregate_count = 1, .order_by = SIZE_MAX }, &g))
        return false;
    query_value *counts = new_n(c->a, query_value, bins);
    out->groups = new_n(c->a, table_chart_group, bins);
    for (size_t i = 0; i < bins; i++) {
        buf b = buf_in(c->a);
        buf_f64(&b, out->bin_from + (double)i * out->bin_step);
        counts[i].text = S("0");
        out->groups[i] = (table_chart_group){ buf_str(&b), &counts[i] };
    }
    for (size_t i = 0; i < g.n; i++) {
        double from = 0;
        if (g.v[i].keys[0].p == NULL || !str_to_f64(g.v[i].keys[0], &from))
            continue;
        double at = rint((from - out->bin_from) / out->bin_step);
        counts[at < 0 ? 0 : at >= (double)bins ? bins - 1 : (size_t)at] = g.v[i].values[0];
    }
    out->group_count = out->groups_in_all = bins;
    return true;
}

bool table_chart_read(ctx *c, query_table *t, const query_filter *filter, const table_chart *k, table_chart_numbers *out)
{
    *out = (table_chart_numbers){ .series_count = 1, .series_in_all = 1, .series = new_n(c->a, str, 1) };
    if (!query_count(c, t, filter, &out->rows) || !count_nulls(c, t, filter, k->x.col, &out->no_x))
        return false;
    if (k->y.kind != QUERY_COUNT && !count_nulls(c, t, filter, k->y.col, &out->no_y))
        return false;
    if (k->type == TABLE_CHART_SCATTER)
        return table_cloud_read(c, t, filter, k->x.col, k->y.col, NULL, TABLE_CHART_ACROSS, TABLE_CHART_UP, &out->cloud);
    if (k->type == TABLE_CHART_HISTOGRAM)
        return read_histogram(c, t, filter, k, out);
    if (!read_groups(c, t, filter, k, out))
        return false;
    if (k->series != SIZE_MAX) {
        out->series_count = 0;
        if (!read_series(c, t, filter, k, out))
            return false;
    }
    if (k->type == TABLE_CHART_LINES)
        fill_periods(c, k, out);
    return true;
}
