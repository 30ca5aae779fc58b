#include "app/table/table_place.h"

#include "kit/geo/tm2.h"

#include <math.h>

enum { BLOCK = 1024, NUMBER_BYTES = 40 };

/* --- one row --- */

typedef struct { double w, e, s, n; bool any; } around;

static void widen(around *b, const double *position, size_t numbers)
{
    if (numbers < 2 || !isfinite(position[0]) || !isfinite(position[1]))
        return;
    *b = b->any ? (around){ fmin(b->w, position[0]), fmax(b->e, position[0]), fmin(b->s, position[1]), fmax(b->n, position[1]), true }
                : (around){ position[0], position[0], position[1], position[1], true };
}

/* The text is JSON of our own making: positions are the innermost lists of numbers behind "coordinates". */
bool table_place_middle(str geometry, double *lon, double *lat)
{
    around box = { .any = false };
    double position[2];
    size_t numbers = 0;
    str key = S("\"coordinates\"");
    for (size_t i = str_find(geometry, key) + key.n; i < geometry.n;) {
        char ch = geometry.p[i];
        if (ch == '-' || (ch >= '0' && ch <= '9')) {
            size_t end = i + 1;
            while (end < geometry.n && end - i < NUMBER_BYTES && strchr("0123456789.+-eE", geometry.p[end]) != NULL)
                end++;
            if (numbers < 2 && !str_to_f64(str_sub(geometry, i, end), &position[numbers]))
                return false;
            numbers++;
            i = end;
            continue;
        }
        if (ch == '[' || ch == ']') {
            widen(&box, position, numbers);
            numbers = 0;
        }
        i++;
    }
    *lon = (box.w + box.e) / 2;
    *lat = (box.s + box.n) / 2;
    return box.any;
}

typedef struct { query_column x, y; bool shapes; tm2_grid grid; } source;

static bool place_of(const source *s, uint32_t row, double *lon, double *lat)
{
    char room[COLUMN_NUMBER_ROOM];
    double x, y;
    if (s->shapes)
        return !query_is_null(&s->x, row) && table_place_middle(query_text(&s->x, row, room), lon, lat);
    if (!query_number(&s->x, row, &x) || !query_number(&s->y, row, &y))
        return false;
    tm2_to_lonlat(s->grid, x, y, lon, lat);
    return true;
}

/* --- all rows --- */

static bool open_source(ctx *c, query_table *t, const table_map_columns *k, source *s, const char **grid)
{
    *s = (source){ .shapes = k->geometry != SIZE_MAX };
    *grid = NULL;
    if (s->shapes)
        return query_column_use(c, t, k->geometry, &s->x);
    s->grid = tm2_of_titles(query_table_about(t, k->easting)->title, query_table_about(t, k->northing)->title);
    if (!query_column_use(c, t, k->easting, &s->x) || !query_column_use(c, t, k->northing, &s->y))
        return false;
    *grid = tm2_name(s->grid);
    return true;
}

static void count_cells(ctx *c, const cloud_point *v, size_t n, table_cloud *out)
{
    out->cells = new_n(c->a, uint64_t, (size_t)out->across * out->up);
    for (size_t i = 0; i < n; i++)
        out->cells[table_cloud_cell(out, v[i].x, v[i].y)]++;
}

bool table_place_read(ctx *c, query_table *t, const query_filter *filter, const table_map *k, table_cloud *out, const char **grid)
{
    struct { cloud_point *v; size_t n, cap; } l = { 0 };
    source s;
    query_walk w;
    uint32_t rows[BLOCK];
    *out = (table_cloud){ .across = k->across, .up = k->up, .x_min = k->box.x_min, .x_max = k->box.x_max, .y_min = k->box.y_min, .y_max = k->box.y_max };
    if (!query_select(c, t, filter, NULL, 0, &w) || !open_source(c, t, &k->col, &s, grid))
        return false;
    out->rows = w.total;
    if (w.total > TABLE_PLACE_ROWS)
        return fail_said(c, TOO_LARGE, S(""), "these are too many rows to look up the place of each; filter them first");
    for (size_t n; (n = query_next(&w, rows, BLOCK)) > 0;) {
        if (!ctx_in_time(c))
            return false;
        for (size_t i = 0; i < n; i++) {
            cloud_point p = { .row = rows[i] };
            if (!place_of(&s, rows[i], &p.x, &p.y))
                out->missing++;
            else if (p.x < out->x_min || p.x > out->x_max || p.y < out->y_min || p.y > out->y_max)
                out->outside++;
            else
                list_add(c->a, &l, p);
        }
    }
    if (l.n > TABLE_CLOUD_POINTS) {
        count_cells(c, l.v, l.n, out);
        return true;
    }
    out->points = l.v;
    out->point_count = l.n;
    return true;
}
