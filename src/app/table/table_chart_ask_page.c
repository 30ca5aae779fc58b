#include "app/table/table_chart_page.h"

#include <math.h>

static const char *const types[] = { "bars", "columns", "lines", "histogram", "scatter" };
static const char *const periods[] = { "value", "year", "quarter", "month", "weekday", "bin" };
static const char *const aggregates[] = { "count", "sum", "avg", "min", "max", "median", "distinct" };
static const char *const orders[] = { "largest", "smallest", "key" };

const char *table_chart_type_name(table_chart_type k) { return types[k]; }
const char *table_chart_by_name(query_by_kind k) { return periods[k]; }
const char *table_chart_aggregate_name(query_aggregate_kind k) { return aggregates[k]; }
const char *table_chart_order_name(table_chart_order k) { return orders[k]; }

/* --- reading --- */

static bool one_of(ctx *c, const http_req *r, const char *name, const char *const *words, size_t n, size_t *out)
{
    str said = http_arg(r, name);
    buf all = buf_in(c->a);
    if (said.n == 0)
        return true;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(said, str_of(words[i]))) {
            *out = i;
            return true;
        }
        buf_fmt(&all, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    return fail_said(c, INVALID, str_of(name), "“{name}” is one of {words}", { "name", str_of(name) }, { "words", buf_str(&all) });
}

static bool table_chart_ask_column(ctx *c, const query_table *t, const http_req *r, const char *name, size_t *out)
{
    str said = http_arg(r, name);
    return said.n == 0 || query_table_find(t, said, out)
        || fail_said(c, INVALID, str_of(name), "the table has no column “{name}”", { "name", utf8_cut(said, 80) });
}

static bool no_numbers(ctx *c, const char *name, const query_table *t, size_t col)
{
    return fail_said(c, INVALID, str_of(name), "the column “{column}” holds no numbers", { "column", table_column_title(t, col) });
}

bool table_chart_ask_value(ctx *c, const query_table *t, const http_req *r, query_aggregate *out)
{
    size_t kind = QUERY_COUNT, col = SIZE_MAX;
    if (!table_chart_ask_column(c, t, r, "y", &col))
        return false;
    if (col != SIZE_MAX)
        kind = table_chart_counts(query_table_about(t, col)->type) ? QUERY_SUM : QUERY_DISTINCT;
    if (!one_of(c, r, "agg", aggregates, array_len(aggregates), &kind))
        return false;
    if (kind != QUERY_COUNT && col == SIZE_MAX)
        return fail_said(c, INVALID, S("y"), "“{name}” needs a column of values (y)", { "name", str_of(aggregates[kind]) });
    *out = (query_aggregate){ (query_aggregate_kind)kind, kind == QUERY_COUNT ? 0 : col };
    bool adds = kind == QUERY_SUM || kind == QUERY_AVG || kind == QUERY_MEDIAN;
    return !adds || column_type_key(query_table_about(t, col)->type) == COLUMN_KEY_NUMBER
        || no_numbers(c, "y", t, col);
}

static bool read_bin(ctx *c, const http_req *r, double *out)
{
    str said = http_arg(r, "bin");
    return said.n == 0 || (str_to_f64(said, out) && isfinite(*out) && *out > 1e-12 && *out < 1e15)
        || fail_said(c, INVALID, S("bin"), "a bin is a number above 0, not “{value}”", { "value", utf8_cut(said, 40) });
}

static bool read_scatter(ctx *c, const query_table *t, const http_req *r, table_chart *k)
{
    size_t y = SIZE_MAX;
    if (!table_chart_ask_column(c, t, r, "y", &y))
        return false;
    if (y == SIZE_MAX)
        return fail_said(c, INVALID, S("y"), "“{name}” needs a column of values (y)", { "name", S("scatter") });
    k->y = (query_aggregate){ QUERY_AVG, y };
    k->series = SIZE_MAX;
    const size_t both[] = { k->x.col, y };
    for (size_t i = 0; i < 2; i++)
        if (column_type_key(query_table_about(t, both[i])->type) != COLUMN_KEY_NUMBER)
            return no_numbers(c, i == 0 ? "x" : "y", t, both[i]);
    return true;
}

static bool read_groups(ctx *c, const query_table *t, const http_req *r, table_chart *k)
{
    size_t by = QUERY_BY_VALUE, order = k->type == TABLE_CHART_BARS ? TABLE_CHART_LARGEST : TABLE_CHART_BY_KEY;
    int64_t top;
    bool dates = table_chart_dates(query_table_about(t, k->x.col)->type);
    if (!one_of(c, r, "by", periods, QUERY_BY_BIN, &by) || !one_of(c, r, "order", orders, array_len(orders), &order)
        || !http_arg_int(c, r, "top", TABLE_CHART_TOP, 1, TABLE_CHART_TOP_MOST, &top) || !table_chart_ask_value(c, t, r, &k->y)
        || !table_chart_ask_column(c, t, r, "series", &k->series))
        return false;
    if (by != QUERY_BY_VALUE && !dates)
        by = QUERY_BY_VALUE;                /* the form sends what was chosen for the column before */
    k->x.kind = (query_by_kind)by;
    k->order = k->type == TABLE_CHART_LINES ? TABLE_CHART_BY_KEY : (table_chart_order)order;
    k->top = (size_t)top;
    if (k->series == k->x.col)
        k->series = SIZE_MAX;
    return table_chart_numeric(t, &k->y) || no_numbers(c, "y", t, k->y.col);
}

/* A column that was chosen without a type gets what suits it. */
static table_chart_type type_for(const query_table *t, size_t col)
{
    column_type k = query_table_about(t, col)->type;
    return table_chart_dates(k) ? TABLE_CHART_LINES : table_chart_counts(k) ? TABLE_CHART_HISTOGRAM : TABLE_CHART_BARS;
}

bool table_chart_ask(ctx *c, const query_table *t, const http_req *r, table_chart *out, bool *to_map)
{
    table_chart_list fitting = { 0 };
    size_t type = SIZE_MAX;
    *to_map = str_eq(http_arg(r, "type"), S("map"));
    table_chart_choose(c, t, &fitting);
    *out = fitting.n > 0 ? fitting.v[0] : (table_chart){ .series = SIZE_MAX, .top = TABLE_CHART_TOP };
    size_t suggested = out->x.col;
    out->x.col = SIZE_MAX;
    if (*to_map)
        return true;
    if (!table_chart_ask_column(c, t, r, "x", &out->x.col) || !one_of(c, r, "type", types, array_len(types), &type))
        return false;
    if (type == SIZE_MAX && out->x.col == SIZE_MAX) {
        out->x.col = suggested;
        return true;                        /* nothing was said */
    }
    if (out->x.col == SIZE_MAX)
        out->x.col = suggested;
    *out = (table_chart){ .type = type != SIZE_MAX ? (table_chart_type)type : type_for(t, out->x.col), .x = { .col = out->x.col }, .series = SIZE_MAX,
                          .top = TABLE_CHART_TOP };
    if (out->type == TABLE_CHART_SCATTER)
        return read_scatter(c, t, r, out);
    if (out->type != TABLE_CHART_HISTOGRAM)
        return read_groups(c, t, r, out);
    out->x.kind = QUERY_BY_BIN;
    if (column_type_key(query_table_about(t, out->x.col)->type) != COLUMN_KEY_NUMBER)
        return no_numbers(c, "x", t, out->x.col);
    return read_bin(c, r, &out->x.bin_step);
}

bool table_chart_numeric(const query_table *t, const query_aggregate *y)
{
    return (y->kind != QUERY_MIN && y->kind != QUERY_MAX) || column_type_key(query_table_about(t, y->col)->type) == COLUMN_KEY_NUMBER;
}

/* --- writing --- */

void table_chart_put(buf *query, const char *name, str value)
{
    buf_add(query, query->n == 0 ? S("?") : S("&"));
    buf_add(query, str_of(name));
    buf_byte(query, '=');
    url_encode(query, value);
}

str table_chart_query(ctx *c, const query_table *t, const table_ask_page *q, const table_chart *k)
{
    buf b = buf_in(c->a);
    table_ask_page rows = *q;
    rows.rows = TABLE_ASK_ROWS;
    str none = { 0 };
    buf_add(&b, table_ask_page_query(c, t, &rows, NULL, NULL, &none, 0));
    table_chart_put(&b, "type", str_of(types[k->type]));
    table_chart_put(&b, "x", query_table_about(t, k->x.col)->name);
    bool groups = k->type != TABLE_CHART_HISTOGRAM && k->type != TABLE_CHART_SCATTER;
    if (groups && k->x.kind != QUERY_BY_VALUE)
        table_chart_put(&b, "by", str_of(periods[k->x.kind]));
    if (k->type == TABLE_CHART_HISTOGRAM && k->x.bin_step > 0)
        table_chart_put(&b, "bin", str_fmt(c->a, "%.12g", k->x.bin_step));
    if (groups && k->y.kind != QUERY_COUNT)
        table_chart_put(&b, "agg", str_of(aggregates[k->y.kind]));
    if (k->type == TABLE_CHART_SCATTER || (groups && k->y.kind != QUERY_COUNT))
        table_chart_put(&b, "y", query_table_about(t, k->y.col)->name);
    if (groups && k->series != SIZE_MAX)
        table_chart_put(&b, "series", query_table_about(t, k->series)->name);
    if (groups && k->order != (k->type == TABLE_CHART_BARS ? TABLE_CHART_LARGEST : TABLE_CHART_BY_KEY))
        table_chart_put(&b, "order", str_of(orders[k->order]));
    if (groups && k->type != TABLE_CHART_LINES && k->top != TABLE_CHART_TOP)
        table_chart_put(&b, "top", str_fmt(c->a, "%zu", k->top));
    return buf_str(&b);
}

/* --- words --- */

str table_chart_type_label(ctx *c, table_chart_type k)
{
    switch (k) {
    case TABLE_CHART_BARS: return T(c, "Bars");
    case TABLE_CHART_COLUMNS: return T(c, "Upright bars");
    case TABLE_CHART_LINES: return T(c, "Lines");
    case TABLE_CHART_HISTOGRAM: return T(c, "Histogram");
    default: return T(c, "Scatter");
    }
}

str table_chart_value_label(ctx *c, const query_table *t, const query_aggregate *y)
{
    str column = y->kind == QUERY_COUNT ? (str){ 0 } : table_column_title(t, y->col);
    switch (y->kind) {
    case QUERY_SUM: return lang_with(c, "Sum of {column}", { "column", column });
    case QUERY_AVG: return lang_with(c, "Average of {column}", { "column", column });
    case QUERY_MIN: return lang_with(c, "Least {column}", { "column", column });
    case QUERY_MAX: return lang_with(c, "Greatest {column}", { "column", column });
    case QUERY_MEDIAN: return lang_with(c, "Median of {column}", { "column", column });
    case QUERY_DISTINCT: return lang_with(c, "Different values of {column}", { "column", column });
    default: return T(c, "Number of rows");
    }
}

static str x_label(ctx *c, const query_table *t, const query_by *x)
{
    str column = table_column_title(t, x->col);
    switch (x->kind) {
    case QUERY_BY_YEAR: return lang_with(c, "year of {column}", { "column", column });
    case QUERY_BY_QUARTER: return lang_with(c, "quarter of {column}", { "column", column });
    case QUERY_BY_MONTH: return lang_with(c, "month of {column}", { "column", column });
    case QUERY_BY_WEEKDAY: return lang_with(c, "weekday of {column}", { "column", column });
    default: return column;
    }
}

str table_chart_title(ctx *c, const query_table *t, const table_chart *k)
{
    str x = x_label(c, t, &k->x);
    if (k->type == TABLE_CHART_HISTOGRAM)
        return lang_with(c, "How {column} is spread", { "column", x });
    if (k->type == TABLE_CHART_SCATTER)
        return lang_with(c, "{y} against {x}", { "x", x }, { "y", table_column_title(t, k->y.col) });
    str y = table_chart_value_label(c, t, &k->y);
    if (k->series == SIZE_MAX)
        return lang_with(c, "{y} by {x}", { "x", x }, { "y", y });
    return lang_with(c, "{y} by {x} and {series}", { "x", x }, { "y", y }, { "series", table_column_title(t, k->series) });
}

str table_chart_key(ctx *c, const query_by *by, str key)
{
    const str days[] = { T(c, "Monday"), T(c, "Tuesday"), T(c, "Wednesday"), T(c, "Thursday"), T(c, "Friday"), T(c, "Saturday"), T(c, "Sunday") };
    str whole;
    if (key.p == NULL)
        return T(c, "(no value)");
    if (by->kind == QUERY_BY_WEEKDAY && key.n == 1 && key.p[0] >= '1' && key.p[0] <= '7')
        return days[key.p[0] - '1'];
    return key.n == 0 ? T(c, "(empty)") : table_shown(c->a, key, 80, &whole);
}

/* All averages of a column have the same decimals, so that they can be compared by eye. */
static int average_decimals(unsigned scale)
{
    enum { MORE = 2, MOST = 4 };
    return scale + MORE <= MOST ? (int)scale + MORE : MOST;
}

str table_chart_shown(ctx *c, const query_table *t, const query_aggregate *y, const query_value *v)
{
    if (v->null || v->text.p == NULL)
        return S("–");
    str text = v->text;
    if (y->kind == QUERY_AVG && fabs(v->number) < 1e12 && str_find_byte(text, 'e') == text.n)
        text = str_fmt(c->a, "%.*f", average_decimals(query_table_about(t, y->col)->scale), v->number);
    size_t sign = text.n > 0 && text.p[0] == '-', end = sign;
    while (end < text.n && text.p[end] >= '0' && text.p[end] <= '9')
        end++;
    if (end == sign || (end < text.n && text.p[end] != '.'))
        return text;                     /* 1e+20, or no number */
    buf b = buf_in(c->a);
    for (size_t i = 0; i < end; i++) {
        if (i > sign && (end - i) % 3 == 0)
            buf_byte(&b, ',');
        buf_byte(&b, text.p[i]);
    }
    buf_add(&b, str_from(text, end));
    return buf_str(&b);
}
