#include "app/table/table_map_page.h"

#include "app/routes.h"
#include "views.h"

#include <stdlib.h>

enum { LINES_MOST = 400, CELLS_MOST = 100, NAME_CHARS = 40 };

typedef struct { table_asked t; table_ask_page q; table_map k; table_map_numbers n; } asked_map;

static str title_of(ctx *c, const asked_map *a)
{
    const query_table *t = a->t.held.open->query;
    str where = a->k.in != NULL ? a->k.in->name : S("");
    str what = a->k.points ? T(c, "Where the rows lie") : table_chart_value_label(c, t, &a->k.y);
    if (where.n > 0)
        return lang_with(c, "{what}: {place}", { "what", what }, { "place", where });
    if (a->k.points)
        return what;
    return lang_with(c, "{what}: {place}", { "what", what }, { "place", a->k.towns ? T(c, "by township") : T(c, "by county") });
}

static bool shown(const asked_map *a, const table_map_value *v)
{
    return a->k.in == NULL || table_area_at(v->area->of) == a->k.in;
}

static str map_href(ctx *c, const asked_map *a, const table_map *k)
{
    return str_fmt(c->a, "%.*s/map%.*s", S_ARG(link_to(c, a->t.path)), S_ARG(table_map_query(c, a->t.held.open->query, &a->q, k)));
}

/* --- what is told --- */

static void note(ctx *c, str_list *l, uint64_t n, str text)
{
    const str_arg values[] = { { "n", num_grouped(c->a, (int64_t)n) } };
    if (n > 0)
        list_add(c->a, l, str_fill(c->a, text, values, array_len(values)));
}

static str_list notes_of(ctx *c, const asked_map *a)
{
    str_list l = { 0 }, examples = { 0 };
    str whole;
    const table_map_numbers *n = &a->n;
    if (n->rows == 0)
        list_add(c->a, &l, T(c, "No row is like that."));
    note(c, &l, n->no_place, T(c, "{n} rows name no place."));
    for (size_t i = 0; i < n->unknown_count; i++)
        list_add(c->a, &examples, table_shown(c->a, n->unknown_texts[i], 20, &whole));
    if (n->unknown > 0)
        list_add(c->a, &l, lang_with(c, "{n} rows name a place that is not known, or that several counties have: {examples}",
                                     { "n", num_grouped(c->a, (int64_t)n->unknown) }, { "examples", str_join(c->a, &examples, T(c, ", ")) }));
    if (n->taken != NULL)
        list_add(c->a, &l, lang_with(c, "{n} rows name a place that several counties have; it was taken for the one of {county}, where all others lie.",
                                     { "n", num_grouped(c->a, (int64_t)n->taken_rows) }, { "county", n->taken->name }));
    note(c, &l, n->cloud.missing, T(c, "{n} rows have no coordinates."));
    note(c, &l, n->cloud.outside, a->k.boxed ? T(c, "{n} rows lie outside of this part of the map.") : T(c, "{n} rows lie outside of Taiwan."));
    if (n->cloud.cells != NULL)
        list_add(c->a, &l, T(c, "These are too many rows for single points: each circle stands for the rows around it, the larger the more, and leads to them."));
    if (n->grid != NULL)
        list_add(c->a, &l, lang_with(c, "Places by the grid {grid}, as the range of the numbers says.", { "grid", str_of(n->grid) }));
    if (a->k.points && a->k.col.lon == SIZE_MAX && a->k.col.geometry != SIZE_MAX)
        list_add(c->a, &l, T(c, "Lines and areas are shown by the middle of the box around them."));
    if (!a->k.boxed)
        list_add(c->a, &l, T(c, "Lienchiang and Kinmen with Wuqiu stand nearer than they are, in frames."));
    return l;
}

/* --- the same numbers as a table --- */

static void area_lines(ctx *c, const asked_map *a, table_map_view *v)
{
    const query_table *t = a->t.held.open->query;
    bool rows = a->k.y.kind != QUERY_COUNT;
    list_add(c->a, &v->numbers.headings, a->k.towns ? T(c, "Township") : T(c, "County"));
    list_add(c->a, &v->numbers.headings, table_chart_value_label(c, t, &a->k.y));
    if (rows)
        list_add(c->a, &v->numbers.headings, T(c, "Number of rows"));
    for (size_t i = 0; i < a->n.area_count && v->numbers.lines.n < LINES_MOST; i++) {
        const table_map_value *k = &a->n.areas[i];
        if (!shown(a, k))
            continue;
        table_chart_line l = { .label = k->area->county || a->k.in != NULL ? k->area->name : str_cat(c->a, table_area_at(k->area->of)->name, k->area->name) };
        table_map zoom = table_map_in(&a->k, k->area);
        if (k->area->county && zoom.towns) {
            l.href = map_href(c, a, &zoom);
        } else if (k->text.p != NULL) {
            table_ask_condition is = { TABLE_ASK_IS, a->k.towns ? (a->k.col.town != SIZE_MAX ? a->k.col.town : a->k.col.code)
                                                                : (a->k.col.county != SIZE_MAX ? a->k.col.county : a->k.col.code), k->text };
            str none = { 0 };
            if (is.col != SIZE_MAX)
                l.href = str_cat(c->a, link_to(c, a->t.path), table_ask_page_query(c, t, &a->q, NULL, &is, &none, 0));
        }
        list_add(c->a, &l.cells, (table_chart_cell){ table_chart_shown(c, t, &a->k.y, &k->value), true });
        if (rows)
            list_add(c->a, &l.cells, (table_chart_cell){ num_grouped(c->a, (int64_t)k->rows), true });
        list_add(c->a, &v->numbers.lines, l);
    }
}

typedef struct { size_t cell; uint64_t rows; } cell_rank;

static int by_rows(const void *x, const void *y)
{
    const cell_rank *a = x, *b = y;
    return a->rows != b->rows ? (a->rows < b->rows) - (a->rows > b->rows) : (a->cell > b->cell) - (a->cell < b->cell);
}

static void cell_lines(ctx *c, const asked_map *a, table_map_view *v)
{
    const table_cloud *k = &a->n.cloud;
    size_t all = (size_t)k->across * k->up, n = 0;
    cell_rank *rank = new_n(c->a, cell_rank, all + 1);
    for (size_t i = 0; i < all; i++)
        if (k->cells[i] > 0)
            rank[n++] = (cell_rank){ i, k->cells[i] };
    qsort(rank, n, sizeof *rank, by_rows);
    list_add(c->a, &v->numbers.headings, T(c, "Around (longitude, latitude)"));
    list_add(c->a, &v->numbers.headings, T(c, "Rows"));
    for (size_t i = 0; i < n && i < CELLS_MOST; i++) {
        cloud_box b = table_map_cell(k, rank[i].cell);
        table_map zoom = table_map_boxed(&a->k, b);
        table_chart_line l = { str_fmt(c->a, "%.4g, %.4g", (b.x_min + b.x_max) / 2, (b.y_min + b.y_max) / 2), map_href(c, a, &zoom), { 0 } };
        if (b.x_max - b.x_min < 0.02)
            l.label = str_fmt(c->a, "%.7g, %.6g", (b.x_min + b.x_max) / 2, (b.y_min + b.y_max) / 2);
        list_add(c->a, &l.cells, (table_chart_cell){ num_grouped(c->a, (int64_t)rank[i].rows), true });
        list_add(c->a, &v->numbers.lines, l);
    }
}

static void point_lines(ctx *c, const asked_map *a, table_map_view *v)
{
    const table_cloud *k = &a->n.cloud;
    str whole;
    list_add(c->a, &v->numbers.headings, T(c, "Row"));
    if (a->n.names.n > 0)
        list_add(c->a, &v->numbers.headings, table_column_title(a->t.held.open->query, a->n.name));
    list_add(c->a, &v->numbers.headings, T(c, "Longitude"));
    list_add(c->a, &v->numbers.headings, T(c, "Latitude"));
    for (size_t i = 0; i < k->point_count && i < LINES_MOST; i++) {
        table_chart_line l = { num_grouped(c->a, (int64_t)k->points[i].row + 1),
            link_to(c, str_fmt(c->a, "%.*s/rows/%" PRIu32 "%.*s", S_ARG(a->t.path), k->points[i].row + 1, S_ARG(a->t.version_query))), { 0 } };
        if (a->n.names.n > 0)
            list_add(c->a, &l.cells, (table_chart_cell){ table_shown(c->a, a->n.names.v[i], NAME_CHARS, &whole), false });
        list_add(c->a, &l.cells, (table_chart_cell){ str_fmt(c->a, "%.9g", k->points[i].x), true });
        list_add(c->a, &l.cells, (table_chart_cell){ str_fmt(c->a, "%.9g", k->points[i].y), true });
        list_add(c->a, &v->numbers.lines, l);
    }
}

static void add_legend(ctx *c, const asked_map *a, table_map_view *v)
{
    chart_levels l = table_map_levels(c, &a->k, &a->n);
    if (a->k.points)
        return;                             /* the size of a circle says it */
    for (size_t i = 0; i < l.n; i++) {
        str from = chart_number(c->a, l.least[i]), to = chart_number(c->a, l.most[i]);
        list_add(c->a, &v->legend, (table_map_class){ chart_swatch(c->a, (int)(CHART_LEVELS - l.n + i + 1)),
                                                      str_eq(from, to) ? from : str_fmt(c->a, "%.*s – %.*s", S_ARG(from), S_ARG(to)) });
    }
    list_add(c->a, &v->legend, (table_map_class){ chart_swatch(c->a, 0), T(c, "no value") });
}

static void add_zooms(ctx *c, const asked_map *a, table_map_view *v)
{
    if (!a->k.points && a->k.col.town == SIZE_MAX && a->k.col.code == SIZE_MAX)
        return;
    table_map whole = table_map_whole(&a->k);
    if (a->k.boxed)
        list_add(c->a, &v->zooms, (table_link){ T(c, "All of Taiwan"), map_href(c, a, &whole) });
    for (int pass = 0; pass < 2; pass++)        /* the six special municipalities (codes from 6) first, as offices list them */
        for (size_t i = 0; i < table_area_count() && table_area_at(i)->county; i++) {
            const table_area *k = table_area_at(i);
            table_map zoom = table_map_in(&a->k, k);
            if (k != a->k.in && str_starts(k->code, S("6")) == (pass == 0))
                list_add(c->a, &v->zooms, (table_link){ k->name, map_href(c, a, &zoom) });
        }
}

/* --- JSON and CSV --- */

static void areas_json(json_w *j, const asked_map *a)
{
    bool published = a->k.y.kind == QUERY_MIN || a->k.y.kind == QUERY_MAX;
    json_key(j, S("areas"));
    json_arr(j);
    for (size_t i = 0; i < a->n.area_count; i++) {
        const table_map_value *k = &a->n.areas[i];
        if (!shown(a, k))
            continue;
        json_obj(j);
        json_kv(j, "code", k->area->code);
        json_kv(j, "county", table_area_at(k->area->of)->name);
        json_kv(j, "name", k->area->name);
        json_key(j, S("value"));
        if (k->value.null)
            json_null(j);
        else if (published)
            json_real(j, k->value.number);
        else
            json_raw(j, k->value.text);
        json_kv(j, "rows", (int64_t)k->rows);
        json_end(j);
    }
    json_end(j);
}

static void cloud_json(json_w *j, const table_cloud *k)
{
    json_kv(j, "outside", (int64_t)k->outside);
    json_key(j, k->cells != NULL ? S("cells") : S("points"));
    json_arr(j);
    for (size_t i = 0; i < k->point_count; i++) {
        json_obj(j);
        json_kv(j, "row", (int64_t)k->points[i].row + 1);
        json_kv(j, "lon", k->points[i].x);
        json_kv(j, "lat", k->points[i].y);
        json_end(j);
    }
    for (size_t i = 0; k->cells != NULL && i < (size_t)k->across * k->up; i++) {
        if (k->cells[i] == 0)
            continue;
        cloud_box b = table_map_cell(k, i);
        json_obj(j);
        json_kv(j, "west", b.x_min);
        json_kv(j, "south", b.y_min);
        json_kv(j, "east", b.x_max);
        json_kv(j, "north", b.y_max);
        json_kv(j, "rows", (int64_t)k->cells[i]);
        json_end(j);
    }
    json_end(j);
}

static bool show_json(ctx *c, http_res *w, const asked_map *a)
{
    const query_table *t = a->t.held.open->query;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    table_json_head(c, &j, &a->t);
    json_kv(&j, "map", a->k.points ? "points" : "areas");
    json_kv(&j, "rows", (int64_t)a->n.rows);
    if (a->k.points) {
        json_kv(&j, "rows_without_place", (int64_t)a->n.cloud.missing);
        cloud_json(&j, &a->n.cloud);
    } else {
        json_kv(&j, "level", a->k.towns ? "town" : "county");
        json_kv(&j, "agg", table_chart_aggregate_name(a->k.y.kind));
        json_key(&j, S("y"));
        json_str_or_null(&j, a->k.y.kind != QUERY_COUNT ? query_table_about(t, a->k.y.col)->name : (str){ 0 });
        json_kv(&j, "rows_without_place", (int64_t)a->n.no_place);
        json_kv(&j, "rows_of_unknown_places", (int64_t)a->n.unknown);
        json_kv(&j, "rows_taken_for_the_county", (int64_t)a->n.taken_rows);
        areas_json(&j, a);
    }
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

static bool show_csv(ctx *c, http_res *w, const asked_map *a)
{
    buf b = buf_in(c->a);
    const table_cloud *k = &a->n.cloud;
    buf_add(&b, S("\xef\xbb\xbf"));
    buf_add(&b, !a->k.points ? S("code,county,name,value,rows\r\n") : k->cells != NULL ? S("west,south,east,north,rows\r\n") : S("row,lon,lat\r\n"));
    for (size_t i = 0; i < a->n.area_count; i++) {
        const table_map_value *v = &a->n.areas[i];
        if (!shown(a, v))
            continue;
        buf_fmt(&b, "%.*s,%.*s,%.*s,", S_ARG(v->area->code), S_ARG(table_area_at(v->area->of)->name), S_ARG(v->area->name));
        table_chart_csv(&b, v->value.null ? (str){ 0 } : v->value.text);
        buf_fmt(&b, ",%" PRIu64 "\r\n", v->rows);
    }
    for (size_t i = 0; i < k->point_count; i++)
        buf_fmt(&b, "%" PRIu32 ",%.9g,%.9g\r\n", k->points[i].row + 1, k->points[i].x, k->points[i].y);
    for (size_t i = 0; k->cells != NULL && i < (size_t)k->across * k->up; i++) {
        cloud_box box = table_map_cell(k, i);
        if (k->cells[i] > 0)
            buf_fmt(&b, "%.9g,%.9g,%.9g,%.9g,%" PRIu64 "\r\n", box.x_min, box.y_min, box.x_max, box.y_max, k->cells[i]);
    }
    w->type = S("text/csv; charset=utf-8");
    w->any_origin = true;
    w->body = buf_str(&b);
    http_head(c, w, "Content-Disposition", S("attachment; filename=\"map.csv\""));
    return true;
}

/* --- the page --- */

static void fill_form(ctx *c, const asked_map *a, table_chart_form *f)
{
    const table_map *k = &a->k;
    table_chart_form_kept(c, &a->t, &a->q, "/map", f);
    const table_choice types[] = { { S("areas"), T(c, "Areas"), !k->points }, { S("points"), T(c, "Points"), k->points } };
    const table_choice levels[] = { { S("county"), T(c, "by county"), !k->towns }, { S("town"), T(c, "by township"), k->towns } };
    bool areas = k->col.county != SIZE_MAX || k->col.town != SIZE_MAX || k->col.code != SIZE_MAX;
    if (areas && table_map_has_points(&k->col))
        table_chart_form_add(c, f, "type", T(c, "Kind of map"), types, array_len(types));
    else
        list_add(c->a, &f->kept, (url_pair){ S("type"), k->points ? S("points") : S("areas") });
    if (k->in != NULL)
        list_add(c->a, &f->kept, (url_pair){ S("in"), k->in->code });
    if (k->points)
        return;
    if (k->col.town != SIZE_MAX || k->col.code != SIZE_MAX)
        table_chart_form_add(c, f, "level", T(c, "Areas"), levels, array_len(levels));
    table_chart_form_value(c, &a->t, &k->y, f);
}

static bool show_html(ctx *c, const http_req *r, http_res *w, const asked_map *a)
{
    str query = table_map_query(c, a->t.held.open->query, &a->q, &a->k), path = str_cat(c->a, a->t.path, S("/map"));
    table_map_view v = { .frame = table_frame_of(c, &a->t, TABLE_TAB_MAP), .caption = title_of(c, a), .notes = notes_of(c, a) };
    fill_form(c, a, &v.form);
    v.picture = table_map_picture(c, &a->t, &a->q, &a->k, &a->n, v.caption);
    add_legend(c, a, &v);
    add_zooms(c, a, &v);
    if (!a->k.points)
        area_lines(c, a, &v);
    else if (a->n.cloud.cells != NULL)
        cell_lines(c, a, &v);
    else
        point_lines(c, a, &v);
    static const struct { const char *ending, *label; } files[] = { { "csv", "CSV" }, { "json", "JSON" }, { "svg", "SVG" } };
    for (size_t i = 0; i < array_len(files); i++)
        list_add(c->a, &v.downloads, (table_link){ str_of(files[i].label), str_fmt(c->a, "%.*s.%s%.*s", S_ARG(link_to(c, path)), files[i].ending, S_ARG(query)) });
    page p = { .title = lang_with(c, "{chart} – {title}", { "chart", v.caption }, { "title", a->t.title }), .nav = NAV_DATASETS,
               .canonical = str_cat(c->a, path, query), .json = str_fmt(c->a, "%.*s.json%.*s", S_ARG(path), S_ARG(query)), .no_index = r->args.n > 0 };
    return page_show(c, r, w, &p, view_table_map(c, &v));
}

static void let_go(asked_map *a)
{
    table_asked_end(&a->t);
}

bool table_map_page(ctx *c, const http_req *r, http_res *w)
{
    __attribute__((cleanup(let_go))) asked_map a = { 0 };
    if (!table_asked_read(c, r, &a.t))
        return false;
    query_table *t = a.t.held.open->query;
    if (!table_ask_page_read(c, t, r, &a.q) || !table_map_ask(c, t, r, &a.k))
        return false;
    if (a.q.untidy)
        return http_redirect(c, w, 302, str_fmt(c->a, "%.*s%s%.*s", S_ARG(link_to(c, r->path)), r->wants_json ? ".json" : "",
                                                S_ARG(table_map_query(c, t, &a.q, &a.k))));
    if (!table_map_read(c, t, a.q.filtered ? &a.q.filter : NULL, &a.k, &a.n))
        return false;
    if (str_ends(r->path, S(".csv")))
        return show_csv(c, w, &a);
    if (str_ends(r->path, S(".svg")))
        return table_chart_file(c, w, table_map_picture(c, &a.t, &a.q, &a.k, &a.n, title_of(c, &a)), "map.svg");
    return r->wants_json ? show_json(c, w, &a) : show_html(c, r, w, &a);
}
