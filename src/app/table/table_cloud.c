#include "app/table/table_cloud.h"

#include <math.h>

enum { BLOCK = 4096 };

/* Rows that the filter leaves and that have both numbers, within the box. */
static query_filter whole_rows(arena *a, const query_filter *filter, size_t x, size_t y)
{
    query_filter *nulls = new_n(a, query_filter, 2), *kids = new_n(a, query_filter, 3);
    nulls[0] = (query_filter){ .op = QUERY_NULL, .col = x };
    nulls[1] = (query_filter){ .op = QUERY_NULL, .col = y };
    kids[0] = (query_filter){ .op = QUERY_NOT, .kids = &nulls[0], .kid_count = 1 };
    kids[1] = (query_filter){ .op = QUERY_NOT, .kids = &nulls[1], .kid_count = 1 };
    if (filter != NULL)
        kids[2] = *filter;
    return (query_filter){ .op = QUERY_AND, .kids = kids, .kid_count = filter != NULL ? 3 : 2 };
}

static query_filter range_of(arena *a, size_t col, double from, double to)
{
    buf lo = buf_in(a), hi = buf_in(a);
    buf_f64(&lo, from);
    buf_f64(&hi, to);
    return (query_filter){ .op = QUERY_RANGE, .col = col, .from = buf_str(&lo), .to = buf_str(&hi), .has_from = true, .has_to = true };
}

static query_filter in_box(arena *a, const query_filter *f, size_t x, size_t y, const cloud_box *b)
{
    query_filter *kids = new_n(a, query_filter, 3);
    kids[0] = *f;
    kids[1] = range_of(a, x, b->x_min, b->x_max);
    kids[2] = range_of(a, y, b->y_min, b->y_max);
    return (query_filter){ .op = QUERY_AND, .kids = kids, .kid_count = 3 };
}

/* Ends of both numbers. Rows without any leave them at nought. */
static bool find_ends(ctx *c, query_table *t, const query_filter *f, size_t x, size_t y, table_cloud *out)
{
    query_groups g;
    const query_aggregate a[] = { { QUERY_MIN, x }, { QUERY_MAX, x }, { QUERY_MIN, y }, { QUERY_MAX, y } };
    if (!query_group_by(c, t, &(query_grouping){ .filter = f, .aggregates = a, .aggregate_count = 4, .order_by = SIZE_MAX }, &g))
        return false;
    const query_value *v = g.n > 0 ? g.v[0].values : NULL;
    if (v == NULL || v[0].null || v[2].null)
        return true;
    out->x_min = v[0].number;
    out->x_max = v[1].number;
    out->y_min = v[2].number;
    out->y_max = v[3].number;
    return true;
}

static size_t cell_of(double v, double from, double to, unsigned cells)
{
    double at = to > from ? (v - from) / (to - from) * cells : 0;
    return at <= 0 ? 0 : at >= cells ? cells - 1 : (size_t)at;
}

size_t table_cloud_cell(const table_cloud *k, double x, double y)
{
    return cell_of(y, k->y_min, k->y_max, k->up) * k->across + cell_of(x, k->x_min, k->x_max, k->across);
}

static bool take_rows(ctx *c, query_walk *w, const query_column *x, const query_column *y, table_cloud *out)
{
    uint32_t *rows = new_n(c->a, uint32_t, BLOCK);
    double vx, vy;
    for (size_t n; (n = query_next(w, rows, BLOCK)) > 0;) {
        if (!ctx_in_time(c))
            return false;
        for (size_t i = 0; i < n; i++) {
            if (!query_number(x, rows[i], &vx) || !query_number(y, rows[i], &vy))
                continue;
            if (out->points != NULL)
                out->points[out->point_count++] = (cloud_point){ vx, vy, rows[i] };
            else
                out->cells[table_cloud_cell(out, vx, vy)]++;
        }
    }
    return true;
}

bool table_cloud_read(ctx *c, query_table *t, const query_filter *filter, size_t x, size_t y, const cloud_box *box, unsigned across,
                      unsigned up, table_cloud *out)
{
    query_filter whole = whole_rows(c->a, filter, x, y);
    query_column qx, qy;
    query_walk w;
    uint64_t placed;
    *out = (table_cloud){ .across = across, .up = up };
    if (!query_count(c, t, filter, &out->rows) || !query_count(c, t, &whole, &placed))
        return false;
    out->missing = out->rows - placed;
    if (box != NULL) {
        *out = (table_cloud){ .rows = out->rows, .missing = out->missing, .across = across, .up = up,
            .x_min = box->x_min, .x_max = box->x_max, .y_min = box->y_min, .y_max = box->y_max };
        whole = in_box(c->a, &whole, x, y, box);
    } else if (!find_ends(c, t, &whole, x, y, out)) {
        return false;
    }
    if (!query_select(c, t, &whole, NULL, 0, &w) || !query_column_use(c, t, x, &qx) || !query_column_use(c, t, y, &qy))
        return false;
    out->outside = placed - w.total;
    if (w.total <= TABLE_CLOUD_POINTS)
        out->points = new_n(c->a, cloud_point, (size_t)w.total + 1);
    else
        out->cells = new_n(c->a, uint64_t, (size_t)across * up);
    return take_rows(c, &w, &qx, &qy, out);
}
