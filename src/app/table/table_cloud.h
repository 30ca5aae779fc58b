/* table_cloud — two numbers of many rows, for a scatter chart or points on a
 * map: each row, where there are few; else counted in the cells of a grid, so that
 * pictures stay small whatever the table's size. Everything lives in c->a. */
#ifndef TABLE_CLOUD_H
#define TABLE_CLOUD_H
#include "kit/query/query.h"

#define TABLE_CLOUD_POINTS 2000     /* rows that are shown one by one */

typedef struct { double x, y; uint32_t row; } cloud_point;
typedef struct {
    uint64_t rows, missing, outside;    /* that the filter leaves; of them: one of the numbers is null; not in the box */
    double x_min, x_max, y_min, y_max;  /* of the rows that have both, or the box that was asked for */
    cloud_point *points;                /* NULL: they are counted in cells */
    size_t   point_count;
    uint64_t *cells;                    /* cells[y * across + x], from the least up; NULL: single points */
    unsigned across, up;
} table_cloud;
typedef struct { double x_min, x_max, y_min, y_max; } cloud_box;

size_t table_cloud_cell(const table_cloud *k, double x, double y);     /* in which it lies; what is beyond the box: at its edge */
/* box NULL: as wide as the numbers are. */
bool table_cloud_read(ctx *c, query_table *t, const query_filter *filter, size_t x, size_t y, const cloud_box *box, unsigned across,
                      unsigned up, table_cloud *out) nodiscard;
#endif
