#include "app/table/table_chart_page.h"

enum { COLUMNS_MOST = 300 };

typedef struct { table_choice *v; size_t n, cap; } choices;

void table_chart_form_add(ctx *c, table_chart_form *f, const char *name, str label, const table_choice *v, size_t n)
{
    table_chart_select s = { .name = str_of(name), .label = label, .id = str_cat(c->a, S("chart-"), str_of(name)) };
    for (size_t i = 0; i < n; i++)
        list_add(c->a, &s.choices, v[i]);
    list_add(c->a, &f->selects, s);
}

static choices columns_of(ctx *c, const query_table *t, size_t chosen, bool numbers, bool or_none)
{
    choices l = { 0 };
    if (or_none)
        list_add(c->a, &l, (table_choice){ S(""), T(c, "none"), chosen == SIZE_MAX });
    for (size_t i = 0; i < query_table_columns(t) && i < COLUMNS_MOST; i++) {
        str whole, title = table_shown(c->a, table_column_title(t, i), 40, &whole);
        if (!numbers || column_type_key(query_table_about(t, i)->type) == COLUMN_KEY_NUMBER || i == chosen)
            list_add(c->a, &l, (table_choice){ query_table_about(t, i)->name, title, i == chosen });
    }
    return l;
}

void table_chart_form_kept(ctx *c, const table_asked *t, const table_ask_page *q, const char *tail, table_chart_form *f)
{
    const query_table *table = t->held.open->query;
    str none = { 0 };
    table_ask_page bare = { .rows = TABLE_ASK_ROWS, .version = q->version };
    f->action = link_to(c, str_cat(c->a, t->path, str_of(tail)));
    f->rows_href = str_cat(c->a, link_to(c, t->path), table_ask_page_query(c, table, q, NULL, NULL, &none, 0));
    f->all_href = str_cat(c->a, f->action, table_ask_page_query(c, table, &bare, NULL, NULL, NULL, 0));
    list_each (const table_ask_condition, k, &q->conditions)
        list_add(c->a, &f->kept, (url_pair){ str_fmt(c->a, "%s.%.*s", table_ask_page_name(k->kind), S_ARG(query_table_about(table, k->col)->name)), k->value });
    if (q->words.n > 0)
        list_add(c->a, &f->kept, (url_pair){ S("q"), q->words });
    if (q->version > 0)
        list_add(c->a, &f->kept, (url_pair){ S("version"), str_fmt(c->a, "%" PRId64, q->version) });
    if (!q->filtered)
        return;
    table_filter_form shown = { 0 };
    str_list labels = { 0 };
    table_filter_fill(c, t, q, &shown);
    list_each (const table_chip, k, &shown.chips)
        list_add(c->a, &labels, k->label);
    f->selection = str_join(c->a, &labels, S("; "));
}

void table_chart_form_value(ctx *c, const table_asked *t, const query_aggregate *y, table_chart_form *f)
{
    const str names[QUERY_AGGREGATES] = { T(c, "Number of rows"), T(c, "Sum"), T(c, "Average"), T(c, "Least"), T(c, "Greatest"), T(c, "Median"),
                                          T(c, "Different values") };
    table_choice kinds[QUERY_AGGREGATES];
    for (int i = 0; i < QUERY_AGGREGATES; i++)
        kinds[i] = (table_choice){ str_of(table_chart_aggregate_name((query_aggregate_kind)i)), names[i], i == (int)y->kind };
    choices ys = columns_of(c, t->held.open->query, y->kind == QUERY_COUNT ? SIZE_MAX : y->col, false, true);
    table_chart_form_add(c, f, "agg", T(c, "What is shown"), kinds, QUERY_AGGREGATES);
    table_chart_form_add(c, f, "y", T(c, "Of the column"), ys.v, ys.n);
}

static void add_types(ctx *c, const table_chart *k, table_chart_form *f)
{
    table_choice v[TABLE_CHART_TYPES];
    for (int i = 0; i < TABLE_CHART_TYPES; i++)
        v[i] = (table_choice){ str_of(table_chart_type_name((table_chart_type)i)), table_chart_type_label(c, (table_chart_type)i), i == (int)k->type };
    table_chart_form_add(c, f, "type", T(c, "Kind of chart"), v, TABLE_CHART_TYPES);
}

static void add_periods(ctx *c, const query_table *t, const table_chart *k, table_chart_form *f)
{
    const str names[] = { T(c, "each value"), T(c, "year"), T(c, "quarter"), T(c, "month"), T(c, "weekday") };
    table_choice v[QUERY_BY_BIN];
    for (int i = 0; i < QUERY_BY_BIN; i++)
        v[i] = (table_choice){ str_of(table_chart_by_name((query_by_kind)i)), names[i], i == (int)k->x.kind };
    if (table_chart_dates(query_table_about(t, k->x.col)->type))
        table_chart_form_add(c, f, "by", T(c, "Put together by"), v, QUERY_BY_BIN);
}

static void add_orders(ctx *c, const table_chart *k, table_chart_form *f)
{
    const str names[] = { T(c, "the largest first"), T(c, "the smallest first"), T(c, "by its own order") };
    table_choice v[TABLE_CHART_ORDERS];
    for (int i = 0; i < TABLE_CHART_ORDERS; i++)
        v[i] = (table_choice){ str_of(table_chart_order_name((table_chart_order)i)), names[i], i == (int)k->order };
    table_chart_form_add(c, f, "order", T(c, "Order"), v, TABLE_CHART_ORDERS);
}

void table_chart_form_fill(ctx *c, const table_asked *t, const table_ask_page *q, const table_chart *k, table_chart_form *f)
{
    const query_table *table = t->held.open->query;
    bool scatter = k->type == TABLE_CHART_SCATTER, histogram = k->type == TABLE_CHART_HISTOGRAM;
    choices xs = columns_of(c, table, k->x.col, scatter || histogram, false);
    *f = (table_chart_form){ 0 };
    table_chart_form_kept(c, t, q, "/chart", f);
    add_types(c, k, f);
    table_chart_form_add(c, f, "x", scatter ? T(c, "Across") : T(c, "By the column"), xs.v, xs.n);
    if (histogram) {
        f->bin = k->x.bin_step > 0 ? str_fmt(c->a, "%.12g", k->x.bin_step) : S("");
        return;
    }
    if (scatter) {
        choices ys = columns_of(c, table, k->y.col, true, false);
        table_chart_form_add(c, f, "y", T(c, "upwards"), ys.v, ys.n);
        return;
    }
    add_periods(c, table, k, f);
    table_chart_form_value(c, t, &k->y, f);
    choices series = columns_of(c, table, k->series, false, true);
    table_chart_form_add(c, f, "series", T(c, "A line or bar for each"), series.v, series.n);
    if (k->type == TABLE_CHART_LINES)
        return;
    add_orders(c, k, f);
    f->top = str_fmt(c->a, "%zu", k->top);
}
