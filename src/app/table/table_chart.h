/* table_chart — what a chart of a table is, and its numbers (C10, D4): exact
 * answers of kit/query, bounded in size, with what is left out told beside them.
 * Everything lives in c->a. INVALID names the parameter of the address in err.field. */
#ifndef TABLE_CHART_H
#define TABLE_CHART_H
#include "app/table/table_cloud.h"

#define TABLE_CHART_TOP 20          /* bars, unless it is said */
#define TABLE_CHART_TOP_MOST 200
#define TABLE_CHART_POINTS_MOST 600 /* of a line */
#define TABLE_CHART_BINS_MOST 200
#define TABLE_CHART_SERIES_MOST 6   /* as many as can be told apart */
#define TABLE_CHART_ACROSS 48       /* cells of a scatter chart */
#define TABLE_CHART_UP 32

typedef enum { TABLE_CHART_BARS, TABLE_CHART_COLUMNS, TABLE_CHART_LINES, TABLE_CHART_HISTOGRAM, TABLE_CHART_SCATTER, TABLE_CHART_TYPES } table_chart_type;
typedef enum { TABLE_CHART_LARGEST, TABLE_CHART_SMALLEST, TABLE_CHART_BY_KEY, TABLE_CHART_ORDERS } table_chart_order;

typedef struct {
    table_chart_type type;
    query_by x;                     /* SCATTER: its column alone counts; HISTOGRAM: bins, step 0: a fitting one */
    query_aggregate y;              /* SCATTER: its column alone */
    size_t series;                  /* SIZE_MAX: none */
    table_chart_order order;
    size_t top;                     /* groups that are shown */
} table_chart;

typedef struct {
    str  key;                       /* as kit/query has it; p NULL: no value */
    const query_value *values;      /* one a series; null where there is none */
} table_chart_group;

typedef struct {
    table_chart_group *groups; size_t group_count;
    str *series; size_t series_count;   /* names, the largest first; one without a name when there is no series. p NULL: no value */
    uint64_t groups_in_all, series_in_all;
    uint64_t rows;                  /* that the filter leaves */
    uint64_t no_x, no_y;            /* of these: rows without a value there */
    double bin_from, bin_step;      /* of a histogram */
    table_cloud cloud;              /* of a scatter chart */
} table_chart_numbers;

bool table_chart_read(ctx *c, query_table *t, const query_filter *filter, const table_chart *k, table_chart_numbers *out) nodiscard;

/* What suits the columns, the best first. None: there is nothing to draw. */
typedef struct { table_chart *v; size_t n, cap; } table_chart_list;
void table_chart_choose(ctx *c, const query_table *t, table_chart_list *out);
query_aggregate table_chart_usual(const query_table *t);     /* sum or average of the first number that says something; else rows */
bool table_chart_dates(column_type t);          /* can be put together by year, quarter, month, weekday */
bool table_chart_counts(column_type t);         /* can be summed up */
bool table_chart_groups(const column_about *k); /* has few enough values to be groups */
#endif
