/* The data dictionary: each column with its machine name, type and what its
 * values are. A table of one segment says it from its directory, without
 * reading a value; of several, the engine is asked. */
#include "app/table/table_chart.h"
#include "app/table/table_page.h"

#include "app/routes.h"
#include "views.h"

enum { TOP_SHOWN = 8, VALUE_CHARS = 60, SPARK_WIDTH = 320, SPARK_HEIGHT = 48 };

/* --- statistics --- */

typedef struct { uint64_t nulls, distinct; bool exact; str least, greatest, average; } column_facts;

static bool facts_of(ctx *c, const table_asked *t, size_t col, column_facts *out)
{
    query_table *table = t->held.open->query;
    const column_about *k = query_table_about(table, col);
    bool numbers = table_is_number(k->type);
    if (t->held.open->n == 1) {
        *out = (column_facts){ k->stats.null_count, k->stats.distinct, k->stats.distinct_exact, k->stats.min_text, k->stats.max_text, { 0 } };
        if (numbers && k->stats.has_keys)
            out->average = str_fmt(c->a, "%.6g", k->stats.mean);
        return true;
    }
    query_groups g;
    query_aggregate a[] = { { QUERY_DISTINCT, col }, { QUERY_MIN, col }, { QUERY_MAX, col }, { QUERY_AVG, col } };
    if (!query_group_by(c, table, &(query_grouping){ .aggregates = a, .aggregate_count = numbers ? 4 : 3, .order_by = SIZE_MAX }, &g))
        return false;
    *out = (column_facts){ .exact = true };
    for (size_t i = 0; i < t->held.open->n; i++)
        out->nulls += column_file_about(t->held.open->files[i], col)->stats.null_count;
    if (g.n == 0)
        return true;
    const query_value *v = g.v[0].values;
    out->distinct = (uint64_t)v[0].number;
    out->least = v[1].text;
    out->greatest = v[2].text;
    if (numbers && !v[3].null)
        out->average = str_fmt(c->a, "%.6g", v[3].number);
    return true;
}

/* --- how the numbers lie --- */

/* Bars without an axis: the ends stand beside it as text. */
static html spark_of(ctx *c, const column_about *k, str label)
{
    uint64_t most = 0;
    buf o = buf_in(c->a);
    if (!k->stats.has_bins || k->stats.distinct < 3)
        return (html){ 0 };
    for (size_t i = 0; i < COLUMN_BINS; i++)
        most = k->stats.bins[i] > most ? k->stats.bins[i] : most;
    if (most == 0)
        return (html){ 0 };
    buf_fmt(&o, "<svg class=\"chart spark\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"", SPARK_WIDTH, SPARK_HEIGHT);
    html_attr(&o, label);
    buf_add(&o, S("\">"));
    for (size_t i = 0; i < COLUMN_BINS; i++) {
        double h = (double)k->stats.bins[i] / (double)most * SPARK_HEIGHT, wide = (double)SPARK_WIDTH / COLUMN_BINS;
        if (k->stats.bins[i] > 0)
            buf_fmt(&o, "<rect class=\"bar series-1\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", wide * (double)i,
                    SPARK_HEIGHT - (h < 1 ? 1 : h), wide - 1, h < 1 ? 1 : h);
    }
    buf_add(&o, S("</svg>"));
    return (html){ buf_str(&o) };
}

static void add_top(ctx *c, const table_asked *t, const column_about *k, size_t col, table_column_line *l)
{
    query_table *table = t->held.open->query;
    if (t->held.open->n > 1)
        return;
    table_ask_page bare = { .rows = TABLE_ASK_ROWS, .version = t->version_query.n > 0 ? t->v.number : 0 };
    for (size_t i = 0; i < k->stats.top_count && i < TOP_SHOWN; i++) {
        const column_top *top = &k->stats.top[i];
        table_ask_condition is = { TABLE_ASK_IS, col, top->text };
        str whole;
        list_add(c->a, &l->top, (table_top_line){ table_shown(c->a, top->text, VALUE_CHARS, &whole), num_grouped(c->a, (int64_t)top->count),
            num_percent(c->a, (int64_t)top->count, (int64_t)query_table_rows(table)),
            str_cat(c->a, link_to(c, t->path), table_ask_page_query(c, table, &bare, NULL, &is, NULL, 0)) });
    }
}

static bool line_of(ctx *c, const table_asked *t, size_t col, table_column_line *l)
{
    query_table *table = t->held.open->query;
    const column_about *k = query_table_about(table, col);
    int64_t rows = (int64_t)query_table_rows(table);
    column_facts f;
    str whole;
    if (!facts_of(c, t, col, &f))
        return false;
    str distinct = num_grouped(c->a, (int64_t)f.distinct);
    *l = (table_column_line){ .id = str_fmt(c->a, "column-%zu", col + 1), .title = table_column_title(table, col), .name = k->name, .second = k->second,
        .type = T(c, column_type_title(k->type)), .filled = num_percent(c->a, rows - (int64_t)f.nulls, rows),
        .distinct = f.exact ? distinct : lang_with(c, "about {n}", { "n", distinct }), .average = f.average,
        .least = table_shown(c->a, f.least, VALUE_CHARS, &whole), .greatest = table_shown(c->a, f.greatest, VALUE_CHARS, &whole) };
    if (k->declared)
        l->note = T(c, "The type was given by the publisher.");
    else if (k->roc)
        l->note = T(c, "Years are those of the ROC calendar.");
    if (t->held.open->n == 1)
        l->picture = spark_of(c, k, lang_with(c, "How the values of {name} lie between {least} and {greatest}", { "name", l->title },
                                              { "least", l->least }, { "greatest", l->greatest }));
    if (table_chart_counts(k->type) || table_chart_dates(k->type) || table_chart_groups(k))
        l->chart = link_to(c, str_fmt(c->a, "%.*s/chart%.*s%cx=%.*s", S_ARG(t->path), S_ARG(t->version_query), t->version_query.n > 0 ? '&' : '?',
                                      S_ARG(url_encoded(c->a, k->name))));
    add_top(c, t, k, col, l);
    return true;
}

bool table_columns_fill(ctx *c, const table_asked *t, table_column_lines *out)
{
    for (size_t i = 0; i < query_table_columns(t->held.open->query); i++) {
        table_column_line l;
        if (!line_of(c, t, i, &l))
            return false;
        list_add(c->a, out, l);
    }
    return true;
}

/* --- JSON --- */

static void put_count(json_w *j, const char *key, uint64_t n)
{
    json_kv(j, key, (int64_t)n);
}

static bool column_json(ctx *c, json_w *j, const table_asked *t, size_t col)
{
    const column_about *k = query_table_about(t->held.open->query, col);
    column_facts f;
    if (!facts_of(c, t, col, &f))
        return false;
    json_obj(j);
    json_kv(j, "name", k->name);
    json_kv(j, "title", k->title);
    json_key(j, S("second"));
    json_str_or_null(j, k->second);
    json_kv(j, "type", column_type_name(k->type));
    json_kv(j, "schema_type", column_type_schema(k->type));
    json_kv(j, "declared", (bool)k->declared);
    put_count(j, "nulls", f.nulls);
    put_count(j, "distinct", f.distinct);
    json_kv(j, "distinct_exact", (bool)f.exact);
    json_key(j, S("least"));
    json_str_or_null(j, f.least);
    json_key(j, S("greatest"));
    json_str_or_null(j, f.greatest);
    json_key(j, S("most_frequent"));
    json_arr(j);
    for (size_t i = 0; i < k->stats.top_count && t->held.open->n == 1; i++) {
        json_obj(j);
        json_kv(j, "value", k->stats.top[i].text);
        put_count(j, "rows", k->stats.top[i].count);
        json_end(j);
    }
    json_end(j);
    json_end(j);
    return true;
}

static bool show_json(ctx *c, http_res *w, const table_asked *t)
{
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    json_obj(&j);
    table_json_head(c, &j, t);
    json_key(&j, S("columns"));
    json_arr(&j);
    for (size_t i = 0; i < query_table_columns(t->held.open->query); i++)
        if (!column_json(c, &j, t, i))
            return false;
    json_end(&j);
    json_end(&j);
    w->any_origin = true;
    return http_body_json(c, w, buf_str(&b));
}

bool table_columns_page(ctx *c, const http_req *r, http_res *w)
{
    auto_asked t = { 0 };
    table_columns_view v = { 0 };
    if (!table_asked_read(c, r, &t))
        return false;
    if (r->wants_json)
        return show_json(c, w, &t);
    v.frame = table_frame_of(c, &t, TABLE_TAB_COLUMNS);
    if (!table_columns_fill(c, &t, &v.columns))
        return false;
    str path = str_cat(c->a, t.path, S("/columns"));
    page p = { .title = lang_with(c, "Columns of {title}", { "title", t.title }), .canonical = str_cat(c->a, path, t.version_query), .nav = NAV_DATASETS,
               .json = str_fmt(c->a, "%.*s.json%.*s", S_ARG(path), S_ARG(t.version_query)), .no_index = t.version_query.n > 0 };
    return page_show(c, r, w, &p, view_table_columns(c, &v));
}
