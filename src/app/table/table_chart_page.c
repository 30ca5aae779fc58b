#include "app/table/table_chart_page.h"

#include "app/routes.h"
#include "app/table/table_map_page.h"
#include "embedded.h"
#include "views.h"

enum { LINES_MOST = 200, READY_MOST = 6, PICTURE_WIDTH = 760, PICTURE_HEIGHT_MOST = 12000 };

typedef struct { table_asked t; table_ask_page q; table_chart k; table_chart_numbers n; bool none; } asked_chart;

/* --- what is told beside the picture --- */

static void note(ctx *c, str_list *l, uint64_t n, str text, str column)
{
    const str_arg values[] = { { "n", num_grouped(c->a, (int64_t)n) }, { "column", column } };
    if (n > 0)
        list_add(c->a, l, str_fill(c->a, text, values, array_len(values)));
}

static str_list notes_of(ctx *c, const asked_chart *a)
{
    str_list l = { 0 };
    const query_table *t = a->t.held.open->query;
    const table_chart_numbers *n = &a->n;
    str x = table_column_title(t, a->k.x.col);
    if (n->rows == 0)
        list_add(c->a, &l, T(c, "No row is like that."));
    if (a->k.type == TABLE_CHART_SCATTER) {
        note(c, &l, n->cloud.missing, T(c, "{n} rows have no value in one of the two columns and are not shown."), x);
        if (n->cloud.cells != NULL)
            list_add(c->a, &l, T(c, "These are too many rows for single points: they are counted in the cells of a grid, the more the darker."));
        return l;
    }
    if (a->k.type == TABLE_CHART_LINES || a->k.type == TABLE_CHART_HISTOGRAM)
        note(c, &l, n->no_x, T(c, "{n} rows have no value in “{column}” and are not shown."), x);
    if (a->k.y.kind != QUERY_COUNT)
        note(c, &l, n->no_y, T(c, "{n} rows have no value in “{column}”; they do not count."), table_column_title(t, a->k.y.col));
    if (n->groups_in_all > n->group_count)
        list_add(c->a, &l, lang_with(c, "{n} of {all} groups are shown.", { "n", num_grouped(c->a, (int64_t)n->group_count) },
                                     { "all", num_grouped(c->a, (int64_t)n->groups_in_all) }));
    if (n->series_in_all > n->series_count)
        list_add(c->a, &l, lang_with(c, "Of “{column}” the {n} values with the most rows are shown, of {all}.",
                                     { "column", table_column_title(t, a->k.series) }, { "n", num_grouped(c->a, (int64_t)n->series_count) },
                                     { "all", num_grouped(c->a, (int64_t)n->series_in_all) }));
    return l;
}

/* --- the same numbers as a table --- */

static str edge(ctx *c, double v)
{
    buf b = buf_in(c->a);
    buf_f64(&b, v);
    return buf_str(&b);
}

static void cloud_lines(ctx *c, const asked_chart *a, table_chart_view *v)
{
    const table_cloud *k = &a->n.cloud;
    double wide = (k->x_max - k->x_min) / (k->across > 0 ? k->across : 1), high = (k->y_max - k->y_min) / (k->up > 0 ? k->up : 1);
    if (k->cells != NULL)
        list_add(c->a, &v->numbers.headings, T(c, "Rows"));
    for (size_t i = 0; i < k->point_count && i < LINES_MOST; i++) {
        table_chart_line l = { edge(c, k->points[i].x), link_to(c, str_fmt(c->a, "%.*s/rows/%" PRIu32 "%.*s", S_ARG(a->t.path), k->points[i].row + 1,
                                                                           S_ARG(a->t.version_query))), { 0 } };
        list_add(c->a, &l.cells, (table_chart_cell){ edge(c, k->points[i].y), true });
        list_add(c->a, &v->numbers.lines, l);
    }
    for (size_t i = 0; k->cells != NULL && i < (size_t)k->across * k->up && v->numbers.lines.n < LINES_MOST; i++) {
        if (k->cells[i] == 0)
            continue;
        double x = k->x_min + wide * (double)(i % k->across), y = k->y_min + high * (double)(i / k->across);
        table_chart_line l = { .label = str_fmt(c->a, "%.6g – %.6g", x, x + wide) };
        list_add(c->a, &l.cells, (table_chart_cell){ str_fmt(c->a, "%.6g – %.6g", y, y + high), true });
        list_add(c->a, &l.cells, (table_chart_cell){ num_grouped(c->a, (int64_t)k->cells[i]), true });
        list_add(c->a, &v->numbers.lines, l);
    }
}

static void fill_lines(ctx *c, const asked_chart *a, table_chart_view *v)
{
    const query_table *t = a->t.held.open->query;
    list_add(c->a, &v->numbers.headings, table_column_title(t, a->k.x.col));
    if (a->k.type == TABLE_CHART_SCATTER) {
        list_add(c->a, &v->numbers.headings, table_column_title(t, a->k.y.col));
        cloud_lines(c, a, v);
        return;
    }
    for (size_t s = 0; s < a->n.series_count; s++)
        list_add(c->a, &v->numbers.headings, a->k.series == SIZE_MAX ? table_chart_value_label(c, t, &a->k.y)
                                                            : table_chart_key(c, &(query_by){ .col = a->k.series }, a->n.series[s]));
    for (size_t i = 0; i < a->n.group_count; i++) {
        table_chart_line l = { .label = table_chart_key(c, &a->k.x, a->n.groups[i].key) };
        if (a->k.type == TABLE_CHART_HISTOGRAM)
            l.label = lang_with(c, "from {from} to below {to}", { "from", a->n.groups[i].key }, { "to", edge(c, a->n.bin_from + (double)(i + 1) * a->n.bin_step) });
        for (size_t s = 0; s < a->n.series_count; s++)
            list_add(c->a, &l.cells, (table_chart_cell){ table_chart_shown(c, t, &a->k.y, &a->n.groups[i].values[s]), true });
        list_add(c->a, &v->numbers.lines, l);
    }
}

/* --- JSON and CSV --- */

static void value_json(json_w *j, const query_value *v, bool as_published)
{
    if (v->null || v->text.p == NULL)
        json_null(j);
    else if (as_published)
        json_real(j, v->number);
    else
        json_raw(j, v->text);
}

static void cloud_json(json_w *j, const table_cloud *k)
{
    json_key(j, k->cells != NULL ? S("cells") : S("points"));
    json_arr(j);
    for (size_t i = 0; i < k->point_count; i++) {
        json_arr(j);
        json_real(j, k->points[i].x);
        json_real(j, k->points[i].y);
        json_end(j);
    }
    for (size_t i = 0; k->cells != NULL && i < (size_t)k->across * k->up; i++) {
        if (k->cells[i] == 0)
            continue;
        json_obj(j);
        json_kv(j, "x", k->x_min + (k->x_max - k->x_min) / k->across * (double)(i % k->across));
        json_kv(j, "y", k->y_min + (k->y_max - k->y_min) / k->up * (double)(i / k->across));
        json_kv(j, "rows", (int64_t)k->cells[i]);
        json_end(j);
    }
    json_end(j);
}

static void groups_json(json_w *j, const asked_chart *a)
{
    bool published = a->k.y.kind == QUERY_MIN || a->k.y.kind == QUERY_MAX;
    json_key(j, S("series"));
    json_arr(j);
    for (size_t s = 0; s < a->n.series_count && a->k.series != SIZE_MAX; s++)
        a->n.series[s].p != NULL ? json_str(j, a->n.series[s]) : json_null(j);
    json_end(j);
    json_key(j, S("groups"));
    json_arr(j);
    for (size_t i = 0; i < a->n.group_count; i++) {
        json_obj(j);
        json_key(j, S("key"));
        a->n.groups[i].key.p != NULL ? json_str(j, a->n.groups[i].key) : json_null(j);
        json_key(j, S("values"));
        json_arr(j);
        for (size_t s = 0; s < a->n.series_count; s++)
            value_json(j, &a->n.groups[i].values[s], published);
        json_end(j);
        json_end(j);
    }
    json_end(j);
}

static bool show_json(ctx *c, http_res *w, const asked_chart *a)
{
    const query_table *t = a->t.held.open->query;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    table_json_head(c, &j, &a->t);
    json_kv(&j, "chart", a->none ? "none" : table_chart_type_name(a->k.type));
    if (!a->none) {
        bool scatter = a->k.type == TABLE_CHART_SCATTER;
        json_kv(&j, "x", query_table_about(t, a->k.x.col)->name);
        json_kv(&j, "by", table_chart_by_name(a->k.x.kind));
        json_kv(&j, "agg", scatter ? "none" : table_chart_aggregate_name(a->k.y.kind));
        json_key(&j, S("y"));
        json_str_or_null(&j, scatter || a->k.y.kind != QUERY_COUNT ? query_table_about(t, a->k.y.col)->name : (str){ 0 });
        json_kv(&j, "rows", (int64_t)a->n.rows);
        json_kv(&j, "rows_without_x", (int64_t)a->n.no_x);
        json_kv(&j, "rows_without_y", (int64_t)a->n.no_y);
        if (a->k.type == TABLE_CHART_HISTOGRAM)
            json_kv(&j, "bin", a->n.bin_step);
        if (!scatter)
            json_kv(&j, "groups_in_all", (int64_t)a->n.groups_in_all);
        scatter ? cloud_json(&j, &a->n.cloud) : groups_json(&j, a);
    }
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

/* As the CSV of the rows: a cell that a spreadsheet would run gets an apostrophe in front. */
void table_chart_csv(buf *b, str cell)
{
    bool quoted = false;
    for (size_t i = 0; i < cell.n; i++)
        quoted = quoted || cell.p[i] == '"' || cell.p[i] == ',' || cell.p[i] == '\n' || cell.p[i] == '\r';
    double number;
    if (quoted)
        buf_byte(b, '"');
    if (cell.n > 0 && (strchr("=+-@", cell.p[0]) != NULL || (unsigned char)cell.p[0] < 0x20) && !str_to_f64(cell, &number))
        buf_byte(b, '\'');
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, cell.p[i]);
    }
    if (quoted)
        buf_byte(b, '"');
}

static void csv_cloud(ctx *c, buf *b, const table_cloud *k)
{
    for (size_t i = 0; i < k->point_count; i++)
        buf_fmt(b, "%.*s,%.*s\r\n", S_ARG(edge(c, k->points[i].x)), S_ARG(edge(c, k->points[i].y)));
    for (size_t i = 0; k->cells != NULL && i < (size_t)k->across * k->up; i++)
        if (k->cells[i] > 0)
            buf_fmt(b, "%.*s,%.*s,%" PRIu64 "\r\n", S_ARG(edge(c, k->x_min + (k->x_max - k->x_min) / k->across * (double)(i % k->across))),
                    S_ARG(edge(c, k->y_min + (k->y_max - k->y_min) / k->up * (double)(i / k->across))), k->cells[i]);
}

static bool show_csv(ctx *c, http_res *w, const asked_chart *a)
{
    buf b = buf_in(c->a);
    table_chart_view v = { 0 };
    buf_add(&b, S("\xef\xbb\xbf"));
    if (!a->none)
        fill_lines(c, a, &v);
    for (size_t i = 0; i < v.numbers.headings.n; i++) {
        if (i > 0)
            buf_byte(&b, ',');
        table_chart_csv(&b, v.numbers.headings.v[i]);
    }
    buf_add(&b, S("\r\n"));
    if (a->k.type == TABLE_CHART_SCATTER)
        csv_cloud(c, &b, &a->n.cloud);
    for (size_t i = 0; i < a->n.group_count; i++) {
        table_chart_csv(&b, a->n.groups[i].key);
        for (size_t s = 0; s < a->n.series_count; s++) {
            buf_byte(&b, ',');
            if (!a->n.groups[i].values[s].null)
                table_chart_csv(&b, a->n.groups[i].values[s].text);
        }
        buf_add(&b, S("\r\n"));
    }
    w->type = S("text/csv; charset=utf-8");
    w->any_origin = true;
    w->body = buf_str(&b);
    http_head(c, w, "Content-Disposition", S("attachment; filename=\"chart.csv\""));
    return true;
}

/* --- the picture alone --- */

/* A file of its own carries its style with it; a browser that shows it in place would not take that from us, so it is handed over to be kept. */
bool table_chart_file(ctx *c, http_res *w, html picture, const char *name)
{
    const embedded_file *styles = embedded_find(S("web/charts.css")), *maps = embedded_find(S("web/maps.css"));
    buf b = buf_in(c->a);
    str svg = picture.s, rest, height = S("400");
    if (str_cut(svg, S("width=\"100%\" height=\""), &rest, &height))
        height = str_sub(height, 0, str_find_byte(height, '"'));
    int64_t high = 400;
    (void)str_to_i64(height, &high);
    must(styles != NULL && maps != NULL);
    buf_fmt(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%" PRId64 "\"><style><![CDATA[\n"
                ":root { font-family: sans-serif; }\n%.*s%.*s]]></style><svg x=\"70\" y=\"12\" width=\"%d\" height=\"%" PRId64 "\" overflow=\"visible\">",
            PICTURE_WIDTH + 90, high + 24, (int)styles->n, (const char *)styles->bytes, (int)maps->n, (const char *)maps->bytes, PICTURE_WIDTH, high);
    buf_add(&b, svg);
    buf_add(&b, S("</svg></svg>\n"));
    w->type = S("image/svg+xml");
    w->any_origin = true;
    w->body = buf_str(&b);
    http_head(c, w, "Content-Disposition", str_fmt(c->a, "attachment; filename=\"%s\"", name));
    return true;
}

/* --- the page --- */

static void add_ready(ctx *c, const asked_chart *a, table_chart_view *v)
{
    table_chart_list l = { 0 };
    const query_table *t = a->t.held.open->query;
    table_chart_choose(c, t, &l);
    str here = table_chart_query(c, t, &a->q, &a->k);
    for (size_t i = 0; i < l.n && v->ready.n < READY_MOST; i++) {
        str query = table_chart_query(c, t, &a->q, &l.v[i]);
        if (!str_eq(query, here))
            list_add(c->a, &v->ready, (table_link){ str_fmt(c->a, "%.*s: %.*s", S_ARG(table_chart_type_label(c, l.v[i].type)), S_ARG(table_chart_title(c, t, &l.v[i]))),
                                                    str_fmt(c->a, "%.*s/chart%.*s", S_ARG(link_to(c, a->t.path)), S_ARG(query)) });
    }
    if (table_map_can(c, t))
        list_add(c->a, &v->ready, (table_link){ T(c, "A map of the places"), str_fmt(c->a, "%.*s/map%.*s", S_ARG(link_to(c, a->t.path)),
                                                                                    S_ARG(table_map_rows_query(c, t, &a->q))) });
}

static bool show_html(ctx *c, const http_req *r, http_res *w, const asked_chart *a)
{
    const query_table *t = a->t.held.open->query;
    str query = a->none ? a->t.version_query : table_chart_query(c, t, &a->q, &a->k), path = str_cat(c->a, a->t.path, S("/chart"));
    table_chart_view v = { .frame = table_frame_of(c, &a->t, TABLE_TAB_CHART) };
    if (a->none) {
        table_chart_form_kept(c, &a->t, &a->q, "/chart", &v.form);
        list_add(c->a, &v.notes, T(c, "No column of this table can be drawn."));
    } else {
        v.caption = table_chart_title(c, t, &a->k);
        v.notes = notes_of(c, a);
        table_chart_form_fill(c, &a->t, &a->q, &a->k, &v.form);
        v.picture = table_chart_picture(c, &a->t, &a->q, &a->k, &a->n);
        fill_lines(c, a, &v);
        add_ready(c, a, &v);
        static const struct { const char *ending, *label; } files[] = { { "csv", "CSV" }, { "json", "JSON" }, { "svg", "SVG" } };
        for (size_t i = 0; i < array_len(files); i++)
            list_add(c->a, &v.downloads, (table_link){ str_of(files[i].label), str_fmt(c->a, "%.*s.%s%.*s", S_ARG(link_to(c, path)), files[i].ending, S_ARG(query)) });
    }
    page p = { .title = v.caption.n > 0 ? lang_with(c, "{chart} – {title}", { "chart", v.caption }, { "title", a->t.title }) : a->t.title, .nav = NAV_DATASETS,
               .canonical = str_cat(c->a, path, query), .json = str_fmt(c->a, "%.*s.json%.*s", S_ARG(path), S_ARG(query)), .no_index = r->args.n > 0 };
    return page_show(c, r, w, &p, view_table_chart(c, &v));
}

static bool read(ctx *c, const http_req *r, http_res *w, asked_chart *a, bool *sent)
{
    bool to_map;
    table_chart_list fitting = { 0 };
    if (!table_asked_read(c, r, &a->t))
        return false;
    query_table *t = a->t.held.open->query;
    if (!table_ask_page_read(c, t, r, &a->q) || !table_chart_ask(c, t, r, &a->k, &to_map))
        return false;
    table_chart_choose(c, t, &fitting);
    a->none = fitting.n == 0 && http_arg(r, "x").n == 0;
    str ending = str_from(r->path, str_rfind_byte(r->path, '.'));
    *sent = to_map || (a->q.untidy && !a->none);
    if (to_map)
        return http_redirect(c, w, 302, str_fmt(c->a, "%.*s/map%.*s", S_ARG(link_to(c, a->t.path)), S_ARG(table_map_rows_query(c, t, &a->q))));
    if (*sent)
        return http_redirect(c, w, 302, str_fmt(c->a, "%.*s/chart%.*s%s%.*s", S_ARG(link_to(c, a->t.path)), S_ARG(ending), r->wants_json ? ".json" : "",
                                                S_ARG(table_chart_query(c, t, &a->q, &a->k))));
    return a->none || table_chart_read(c, t, a->q.filtered ? &a->q.filter : NULL, &a->k, &a->n);
}

static void let_go(asked_chart *a)
{
    table_asked_end(&a->t);
}

bool table_chart_page(ctx *c, const http_req *r, http_res *w)
{
    __attribute__((cleanup(let_go))) asked_chart a = { 0 };
    bool sent = false;
    if (!read(c, r, w, &a, &sent))
        return false;
    if (sent)
        return true;
    if (str_ends(r->path, S(".csv")))
        return show_csv(c, w, &a);
    if (str_ends(r->path, S(".svg")))
        return a.none ? fail_said(c, NOT_FOUND, S(""), "no column of this table can be drawn")
                      : table_chart_file(c, w, table_chart_picture(c, &a.t, &a.q, &a.k, &a.n), "chart.svg");
    return r->wants_json ? show_json(c, w, &a) : show_html(c, r, w, &a);
}
