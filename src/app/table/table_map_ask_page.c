#include "app/table/table_map_page.h"

#include <math.h>

enum { ACROSS = 26 };
/* Taiwan with all its islands, as far as the outlines go. */
static const cloud_box country = { 118.1, 122.1, 21.8, 26.5 };

bool table_map_can(ctx *c, const query_table *t)
{
    table_map_columns k = table_map_columns_of(c, t);
    return k.county != SIZE_MAX || k.town != SIZE_MAX || k.code != SIZE_MAX || table_map_has_points(&k);
}

static bool has_areas(const table_map_columns *k)
{
    return k->county != SIZE_MAX || k->town != SIZE_MAX || k->code != SIZE_MAX;
}

/* Cells about as high as they are wide on the map. */
static void grid(table_map *k)
{
    double squeeze = cos((k->box.y_min + k->box.y_max) / 2 * M_PI / 180), shape = (k->box.y_max - k->box.y_min) / ((k->box.x_max - k->box.x_min) * squeeze);
    k->across = k->boxed ? ACROSS : ACROSS * 4 / 3;
    double up = rint(k->across * shape);
    k->up = up < 4 ? 4 : up > 80 ? 80 : (unsigned)up;
}

table_map table_map_whole(const table_map *k)
{
    table_map m = *k;
    m.in = NULL;
    m.boxed = false;
    m.box = country;
    grid(&m);
    return m;
}

table_map table_map_in(const table_map *k, const table_area *county)
{
    table_map m = *k;
    double x = (county->east - county->west) * 0.04, y = (county->north - county->south) * 0.04;
    m.in = county;
    m.towns = m.points ? m.towns : m.col.town != SIZE_MAX || m.col.code != SIZE_MAX;
    m.boxed = true;
    m.box = (cloud_box){ county->west - x, county->east + x, county->south - y, county->north + y };
    grid(&m);
    return m;
}

table_map table_map_boxed(const table_map *k, cloud_box box)
{
    table_map m = *k;
    m.in = NULL;
    m.boxed = true;
    m.box = box;
    grid(&m);
    return m;
}

static bool read_box(ctx *c, const http_req *r, table_map *k)
{
    double v[4];
    str rest = http_arg(r, "box"), part;
    size_t n = 0;
    while (n < 4 && str_next(&rest, ',', &part) && str_to_f64(str_trim(part), &v[n]) && isfinite(v[n]))
        n++;
    if (n < 4 || rest.n > 0 || v[0] < 100 || v[2] > 140 || v[1] < 0 || v[3] > 50 || v[2] - v[0] < 1e-4 || v[3] - v[1] < 1e-4)
        return fail_said(c, INVALID, S("box"), "a box is west,south,east,north in degrees, such as 121.4,24.9,121.7,25.2");
    *k = table_map_boxed(k, (cloud_box){ v[0], v[2], v[1], v[3] });
    return true;
}

/* Points where nearly every row has a place of its own; a county's measurements over time are areas. */
static bool rather_points(const query_table *t, const table_map_columns *k)
{
    if (!table_map_has_points(k) || !has_areas(k))
        return table_map_has_points(k);
    size_t col = k->lon != SIZE_MAX ? k->lon : k->geometry != SIZE_MAX ? k->geometry : k->easting;
    return query_table_about(t, col)->stats.distinct * 4 >= query_table_rows(t);
}

static bool read_words(ctx *c, const http_req *r, table_map *k)
{
    str type = http_arg(r, "type"), level = http_arg(r, "level");
    if (type.n > 0 && !str_eq(type, S("areas")) && !str_eq(type, S("points")))
        return fail_said(c, INVALID, S("type"), "“{name}” is one of {words}", { "name", S("type") }, { "words", S("areas, points") });
    if (level.n > 0 && !str_eq(level, S("county")) && !str_eq(level, S("town")))
        return fail_said(c, INVALID, S("level"), "“{name}” is one of {words}", { "name", S("level") }, { "words", S("county, town") });
    if (type.n > 0)
        k->points = str_eq(type, S("points"));
    if (level.n > 0)
        k->towns = str_eq(level, S("town"));
    if (k->points && !table_map_has_points(&k->col))
        return fail_said(c, INVALID, S("type"), "this table has no coordinates");
    if (!k->points && !has_areas(&k->col))
        return fail_said(c, INVALID, S("type"), "this table has no column of counties or townships");
    if (!k->points && k->towns && k->col.town == SIZE_MAX && k->col.code == SIZE_MAX)
        return fail_said(c, INVALID, S("level"), "this table has no column of townships");
    return true;
}

bool table_map_ask(ctx *c, const query_table *t, const http_req *r, table_map *k)
{
    table_map_columns col = table_map_columns_of(c, t);
    if (!table_map_can(c, t))
        return fail_said(c, NOT_FOUND, S(""), "this table has no places to be shown on a map");
    *k = (table_map){ .col = col, .points = rather_points(t, &col), .y = table_chart_usual(t) };
    k->towns = col.county == SIZE_MAX && col.code == SIZE_MAX;
    *k = table_map_whole(k);
    bool said = http_arg(r, "agg").n > 0 || http_arg(r, "y").n > 0;
    if (!read_words(c, r, k) || (said && !table_chart_ask_value(c, t, r, &k->y)))
        return false;
    if (!k->points && !table_chart_numeric(t, &k->y))
        return fail_said(c, INVALID, S("y"), "the column “{column}” holds no numbers", { "column", table_column_title(t, k->y.col) });
    str in = http_arg(r, "in");
    if (in.n > 0) {
        const table_area *county = table_area_county(in);
        if (county == NULL)
            return fail_said(c, INVALID, S("in"), "there is no county “{name}”", { "name", utf8_cut(in, 40) });
        *k = table_map_in(k, county);
        return true;
    }
    return http_arg(r, "box").n == 0 || read_box(c, r, k);
}

str table_map_rows_query(ctx *c, const query_table *t, const table_ask_page *q)
{
    table_ask_page rows = *q;
    str none = { 0 };
    rows.rows = TABLE_ASK_ROWS;
    return table_ask_page_query(c, t, &rows, NULL, NULL, &none, 0);
}

str table_map_query(ctx *c, const query_table *t, const table_ask_page *q, const table_map *k)
{
    buf b = buf_in(c->a);
    buf_add(&b, table_map_rows_query(c, t, q));
    table_chart_put(&b, "type", k->points ? S("points") : S("areas"));
    if (!k->points) {
        table_chart_put(&b, "level", k->towns ? S("town") : S("county"));
        table_chart_put(&b, "agg", str_of(table_chart_aggregate_name(k->y.kind)));
        if (k->y.kind != QUERY_COUNT)
            table_chart_put(&b, "y", query_table_about(t, k->y.col)->name);
    }
    if (k->in != NULL)
        table_chart_put(&b, "in", k->in->code);
    else if (k->boxed)
        table_chart_put(&b, "box", str_fmt(c->a, "%.6g,%.6g,%.6g,%.6g", k->box.x_min, k->box.y_min, k->box.x_max, k->box.y_max));
    return buf_str(&b);
}
