/* table_page — the pages of a table (C10, C12, D4): everything stands in the
 * address, works without JavaScript, and is JSON by .json as well.
 *
 *   table_asked_page.c     which table and version, who may see it, what all its pages share
 *   table_page.c           /tables/{uid}: rows, sorted, filtered, in pages; /tables/{uid}/rows/{n}: one whole row
 *   table_filter_page.c    its form, and the conditions that are on
 *   table_cells_page.c     the rows again, bare, for the grid that web/grid.js makes of the page
 *   table_columns_page.c   /tables/{uid}/columns: the data dictionary with the statistics of each column
 *   table_schema_page.c    /tables/{uid}/schema: its schema as a form, a preview, Table Schema, CSVW, Data Package
 *   table_quality_page.c   /tables/{uid}/quality: what was found, by rule, and the score over the versions
 *
 * Visibility is policy_sees of the dataset alone: nothing → 404, a tombstone →
 * 410 without a row. Values are shown as published; control characters are
 * shown as the pictures that Unicode has for them. */
#ifndef TABLE_PAGE_H
#define TABLE_PAGE_H
#include "app/shell/shell.h"
#include "app/table/table_ask_page.h"
#include "app/table/table_open.h"

/* --- what all pages share --- */

typedef struct {
    table_row t;
    dataset_row d;
    distribution_row f;
    int64_t file_number;                /* of the distribution in the dataset, from 1; 0: it is there no more */
    table_version_row v;                /* the one that is shown */
    str  path;                          /* /tables/UID */
    str  version_query;                 /* ?version=N, when one was asked for */
    str  title;
    table_row_list of_file;             /* the tables that the newest file of the distribution holds, this one among them */
    table_held held;
} table_asked;

/* What is asked for, held open until table_asked_end. NOT_FOUND, GONE. */
bool table_asked_read(ctx *c, const http_req *r, table_asked *out) nodiscard;
void table_asked_end(table_asked *t);
#define auto_asked __attribute__((cleanup(table_asked_end))) table_asked

typedef struct { str label, href; bool current; } table_tab;
typedef struct {
    str title, dataset, dataset_href, file, file_href, size, now_href;   /* now_href: the current version, when this is an older one */
    struct { table_tab *v; size_t n, cap; } tabs, of_file;             /* of_file: all tables of the file, when there are several */
    str more;                                                            /* how many of these are not shown */
} table_frame;
typedef enum { TABLE_TAB_ROWS, TABLE_TAB_COLUMNS, TABLE_TAB_CHART, TABLE_TAB_MAP, TABLE_TAB_QUALITY, TABLE_TAB_SCHEMA } table_tab_kind;
table_frame table_frame_of(ctx *c, const table_asked *t, table_tab_kind current);

str table_shown(arena *a, str value, size_t chars, str *whole);     /* harmless and cut; whole: what was cut, else empty */
str table_column_title(const query_table *t, size_t col);
bool table_is_number(column_type t);                                /* stands at the right edge */
void table_json_head(ctx *c, json_w *j, const table_asked *t);      /* into an open object: id, title, dataset, version */

/* --- columns --- */

typedef struct { str text, count, share, href; } table_top_line;
typedef struct {
    str  id, title, name, second, type, filled, distinct, least, greatest, average, note;
    html picture;
    str  chart;                         /* the column as a chart; empty: it is none */
    struct { table_top_line *v; size_t n, cap; } top;
} table_column_line;
typedef struct { table_column_line *v; size_t n, cap; } table_column_lines;
typedef struct { table_frame frame; table_column_lines columns; } table_columns_view;
bool table_columns_fill(ctx *c, const table_asked *t, table_column_lines *out) nodiscard;

/* --- rows --- */

typedef struct { str text, whole; bool null, number; } table_cell;
typedef struct {
    str number, href;
    struct { table_cell *v; size_t n, cap; } cells;
} table_line;
typedef struct { str title, name, href, order, hint; bool number; } table_heading;    /* order: aria-sort */

typedef struct { str value, label; bool chosen; } table_choice;
typedef struct {
    str  title, id, has_name, min_name, max_name, is_name, has, min, max, example_min, example_max;
    bool ranged, chosen_of;             /* from and to; one of `choices` */
    struct { table_choice *v; size_t n, cap; } choices;
} table_filter_field;
typedef struct { str label, href; } table_chip;
typedef struct {
    str  action, words, clear;
    bool wide, open;                    /* wide: too many columns for a field each */
    struct { table_filter_field *v; size_t n, cap; } fields;
    struct { url_pair *v; size_t n, cap; } kept;
    struct { table_chip *v; size_t n, cap; } chips;
    struct { table_choice *v; size_t n, cap; } columns, kinds;
} table_filter_form;
/* Rows for the grid: {"version", "total", "rows": [[number, value, …], …]}. A value is a text as the page shows it (control
 * characters as pictures); null: there is none; {"null": text}: nor is this one; {"cut": text}: it is longer. */
bool table_cells_json(ctx *c, http_res *w, const table_asked *t, uint64_t total, const uint32_t *rows, size_t n) nodiscard;
void table_filter_fill(ctx *c, const table_asked *t, const table_ask_page *q, table_filter_form *out);

typedef struct { str number, rows, at, at_iso, score, entry, href; bool current; } table_version_line;
typedef struct { str label, href; } table_link;
typedef struct { str label, value, href; } table_fact;

/* What the grid is told: where the rows are, and its words with {n} and the like left open. */
typedef struct { str cells, row, rows, first, sort, shown, all; } table_grid;

typedef struct {
    table_frame frame;
    table_filter_form filter;
    struct { table_heading *v; size_t n, cap; } headings;
    struct { table_line *v; size_t n, cap; } lines;
    str  shown, caption, unsorted, columns_href;
    table_grid grid;
    table_column_lines columns;         /* at a glance; none: the page of the columns has them */
    html paging;
    struct { table_version_line *v; size_t n, cap; } versions;
    struct { table_fact *v; size_t n, cap; } facts;
    struct { table_link *v; size_t n, cap; } programs, downloads;
    str  downloads_of;                  /* the whole, or what was selected */
} table_rows_view;

typedef struct { str title, name, value; bool null; } table_value_line;
typedef struct {
    table_frame frame;
    str  number, previous, next, place;
    struct { table_value_line *v; size_t n, cap; } values;
} table_one_row_view;

/* --- quality --- */

typedef struct { str row, row_href, line, column, sample, count; } table_place_line;
typedef struct {
    str  code, severity, severity_text, says, mend, count;
    bool open, rows, lines, columns, samples, counts;    /* the places are few: shown at once; which of their fields there are */
    struct { table_place_line *v; size_t n, cap; } places;
} table_rule_line;
typedef struct {
    table_frame frame;
    str  score, errors, warnings, notes;
    struct { table_rule_line *v; size_t n, cap; } rules;
    struct { table_version_line *v; size_t n, cap; } versions;
} table_quality_view;
#endif
