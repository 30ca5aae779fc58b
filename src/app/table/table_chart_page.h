/* table_chart_page — /tables/{uid}/chart: a chart that a reader makes and links
 * to (C10, D4). The whole choice stands in the address, so it is one for ever:
 *
 *   type=bars|columns|lines|histogram|scatter|map
 *   x=COLUMN, by=value|year|quarter|month|weekday, bin=WIDTH of a histogram
 *   agg=count|sum|avg|min|max|median|distinct, y=COLUMN
 *   series=COLUMN, order=largest|smallest|key, top=N
 *
 * besides the conditions of table_ask_page. Where nothing is said, what suits the
 * columns is drawn. The same numbers come by .json and .csv, the picture alone by .svg.
 *
 *   table_chart_ask_page.c     reading the address, and writing it
 *   table_chart_draw_page.c    the picture
 *   table_chart_form_page.c    the form, the ready charts
 *   table_chart_page.c         the page, JSON, CSV, SVG */
#ifndef TABLE_CHART_PAGE_H
#define TABLE_CHART_PAGE_H
#include "app/table/table_chart.h"
#include "app/table/table_page.h"

/* INVALID names the parameter. *to_map: type=map was asked for. */
bool table_chart_ask(ctx *c, const query_table *t, const http_req *r, table_chart *out, bool *to_map) nodiscard;
/* The query with its ?: conditions of q, then the chart. */
str  table_chart_query(ctx *c, const query_table *t, const table_ask_page *q, const table_chart *k);
bool table_chart_ask_value(ctx *c, const query_table *t, const http_req *r, query_aggregate *out) nodiscard;   /* agg, y */
void table_chart_put(buf *query, const char *name, str value);          /* a parameter more */

const char *table_chart_type_name(table_chart_type k);
const char *table_chart_by_name(query_by_kind k);
const char *table_chart_aggregate_name(query_aggregate_kind k);
const char *table_chart_order_name(table_chart_order k);
str  table_chart_type_label(ctx *c, table_chart_type k);
str  table_chart_value_label(ctx *c, const query_table *t, const query_aggregate *y);  /* "Sum of 件數" */
str  table_chart_title(ctx *c, const query_table *t, const table_chart *k);
str  table_chart_key(ctx *c, const query_by *by, str key);              /* as people read it */
/* 1,234,567.5, exact, but averages with two decimals more than the column has, to four; "–" for none */
str  table_chart_shown(ctx *c, const query_table *t, const query_aggregate *y, const query_value *v);
bool table_chart_numeric(const query_table *t, const query_aggregate *y);   /* its values are numbers */

html table_chart_picture(ctx *c, const table_asked *t, const table_ask_page *q, const table_chart *k, const table_chart_numbers *n);

typedef struct { str text; bool number; } table_chart_cell;
typedef struct { str label, href; struct { table_chart_cell *v; size_t n, cap; } cells; } table_chart_line;
typedef struct { str name, label, id; struct { table_choice *v; size_t n, cap; } choices; } table_chart_select;
typedef struct {
    struct { table_chart_select *v; size_t n, cap; } selects;
    struct { url_pair *v; size_t n, cap; } kept;
    str  action, selection, rows_href, all_href;    /* selection: what the conditions leave; empty: all rows */
    str  bin, top;                                  /* fields of their own; p NULL: not asked for */
} table_chart_form;
/* The numbers of a picture, as a table below it. */
typedef struct {
    struct { str *v; size_t n, cap; } headings;
    struct { table_chart_line *v; size_t n, cap; } lines;
} table_chart_lines;
typedef struct {
    table_frame frame;
    table_chart_form form;
    str  caption;
    html picture;
    str_list notes;
    table_chart_lines numbers;
    struct { table_link *v; size_t n, cap; } ready, downloads;
} table_chart_view;

void table_chart_form_fill(ctx *c, const table_asked *t, const table_ask_page *q, const table_chart *k, table_chart_form *out);
/* What every form of these pages sends along and says of the rows that are selected. */
void table_chart_form_kept(ctx *c, const table_asked *t, const table_ask_page *q, const char *tail, table_chart_form *out);
void table_chart_form_value(ctx *c, const table_asked *t, const query_aggregate *y, table_chart_form *out);
void table_chart_form_add(ctx *c, table_chart_form *f, const char *name, str label, const table_choice *choices, size_t n);
#endif
