#include "app/table/table_chart_page.h"
#include "kit/chart/svg_chart.h"

#include <math.h>

static str description(ctx *c, const table_chart_numbers *n)
{
    return lang_with(c, "Of {rows} rows; the table beside it has the same numbers.", { "rows", num_grouped(c->a, (int64_t)n->rows) });
}

/* Rows of the group: the conditions that are on, and its value. Dates that were put together have none. */
static str href_of(ctx *c, const table_asked *t, const table_ask_page *q, const table_chart *k, str key)
{
    const query_table *table = t->held.open->query;
    if (k->x.kind != QUERY_BY_VALUE || (key.p != NULL && key.n == 0))
        return (str){ 0 };
    table_ask_condition is = { key.p != NULL ? TABLE_ASK_IS : TABLE_ASK_NULL, k->x.col, key.p != NULL ? key : S("yes") };
    str none = { 0 };
    return str_cat(c->a, link_to(c, t->path), table_ask_page_query(c, table, q, NULL, &is, &none, 0));
}

static double number_of(const query_value *v)
{
    return v->null ? (double)NAN : v->number;
}

static html draw_groups(ctx *c, const table_asked *t, const table_ask_page *q, const table_chart *k, const table_chart_numbers *n)
{
    chart_row *rows = new_n(c->a, chart_row, n->group_count + 1);
    double *values = new_n(c->a, double, n->group_count * n->series_count + 1);
    str *names = new_n(c->a, str, n->series_count + 1);
    for (size_t i = 0; i < n->group_count; i++) {
        str label = table_chart_key(c, &k->x, n->groups[i].key);
        if (k->type != TABLE_CHART_BARS && query_table_about(t->held.open->query, k->x.col)->type == COLUMN_datetime)
            label = str_replace(c->a, str_replace(c->a, label, S(" "), S("\n")), S("T"), S("\n"));     /* day and time */
        rows[i] = (chart_row){ label, (str){ 0 }, &values[i * n->series_count] };
        if (k->type == TABLE_CHART_BARS)
            rows[i].href = href_of(c, t, q, k, n->groups[i].key);
        for (size_t s = 0; s < n->series_count; s++)
            values[i * n->series_count + s] = number_of(&n->groups[i].values[s]);
    }
    for (size_t s = 0; s < n->series_count; s++)
        names[s] = table_chart_key(c, &(query_by){ .col = k->series }, n->series[s]);
    chart ch = { .title = table_chart_title(c, t->held.open->query, k), .description = description(c, n), .rows = rows, .row_count = n->group_count };
    if (k->series != SIZE_MAX) {
        ch.series = names;
        ch.series_count = n->series_count;
    }
    switch (k->type) {
    case TABLE_CHART_BARS: return chart_bars(c->a, &ch);
    case TABLE_CHART_COLUMNS: return chart_columns(c->a, &ch);
    case TABLE_CHART_LINES: ch.height = 300; return chart_lines(c->a, &ch);
    default: ch.height = 260; return chart_histogram(c->a, &ch, n->bin_from, n->bin_step);
    }
}

static html draw_cloud(ctx *c, const table_asked *t, const table_chart *k, const table_chart_numbers *n)
{
    const query_table *table = t->held.open->query;
    chart_point *points = new_n(c->a, chart_point, n->cloud.point_count + 1);
    for (size_t i = 0; i < n->cloud.point_count; i++)
        points[i] = (chart_point){ n->cloud.points[i].x, n->cloud.points[i].y };
    chart_cloud cloud = { .title = table_chart_title(c, table, k), .description = description(c, n), .x_title = table_column_title(table, k->x.col),
        .y_title = table_column_title(table, k->y.col), .x_min = n->cloud.x_min, .x_max = n->cloud.x_max, .y_min = n->cloud.y_min,
        .y_max = n->cloud.y_max, .points = points, .point_count = n->cloud.point_count, .cells = n->cloud.cells, .across = n->cloud.across,
        .up = n->cloud.up };
    return chart_scatter(c->a, &cloud);
}

html table_chart_picture(ctx *c, const table_asked *t, const table_ask_page *q, const table_chart *k, const table_chart_numbers *n)
{
    return k->type == TABLE_CHART_SCATTER ? draw_cloud(c, t, k, n) : draw_groups(c, t, q, k, n);
}
