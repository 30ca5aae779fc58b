/* The projection is plate carrée with the width of a degree at the middle of what is shown: shapes are right within a
 * percent, and a box in degrees is a box on the map. On the map of the whole country Kinmen, Wuqiu and Lienchiang stand
 * nearer than they are, in frames. */
#include "app/table/table_map_page.h"

#include <math.h>

enum { TENTHS = 10, HEIGHT_MOST = 560, LEAST_STEP = 6, LABEL_ROOM = 3, NAME_CHARS = 40 };

typedef struct { cloud_box from; double lon, lat; } moved;  /* what lies in the box is moved by so many degrees */
static const moved islands[] = {
    { { 119.85, 120.60, 25.85, 26.50 }, -0.56, -1.02 },     /* Lienchiang */
    { { 118.10, 118.60, 24.30, 24.70 }, 1.20, 0.02 },       /* Kinmen */
    { { 119.40, 119.55, 24.93, 25.05 }, 0.40, -0.52 },      /* Wuqiu, which belongs to Kinmen */
};
static const cloud_box frames[] = { { 119.31, 120.00, 24.90, 25.39 }, { 119.31, 119.98, 24.37, 24.62 } };
static const cloud_box main_islands = { 119.27, 122.05, 21.86, 25.50 };

typedef struct { bool moved; double west, north, wide, high, height; } view;    /* wide, high: units a degree */

static view view_of(const table_map *k)
{
    const cloud_box *b = k->boxed ? &k->box : &main_islands;
    double squeeze = cos((b->y_min + b->y_max) / 2 * M_PI / 180), width = (b->x_max - b->x_min) * squeeze, height = b->y_max - b->y_min;
    double scale = fmin(MAP_WIDTH / width, HEIGHT_MOST / height);
    double spare = MAP_WIDTH - width * scale;               /* a tall box stands in the middle */
    return (view){ !k->boxed, b->x_min - spare / 2 / scale / squeeze, b->y_max, scale * squeeze, scale, height * scale };
}

static void project(const view *v, double lon, double lat, double *x, double *y)
{
    for (size_t i = 0; v->moved && i < array_len(islands); i++) {
        const moved *m = &islands[i];
        if (lon >= m->from.x_min && lon <= m->from.x_max && lat >= m->from.y_min && lat <= m->from.y_max) {
            lon += m->lon;
            lat += m->lat;
            break;
        }
    }
    *x = (lon - v->west) * v->wide;
    *y = (v->north - lat) * v->high;
}

/* --- lines, once for all shapes that share them --- */

typedef struct { int x, y; } tenth;
typedef struct { tenth *v; size_t n; bool shown; } drawn_line;

/* Steps below half a unit are left out, from the line's own start: both neighbours leave out the same. */
static drawn_line draw_line(ctx *c, const view *v, const area_line *l)
{
    drawn_line d = { .v = new_n(c->a, tenth, l->n + 1) };
    for (size_t i = 0; i < l->n; i++) {
        double x, y;
        project(v, l->v[i].lon, l->v[i].lat, &x, &y);
        tenth p = { (int)rint(x * TENTHS), (int)rint(y * TENTHS) };
        d.shown = d.shown || (x >= 0 && x <= MAP_WIDTH && y >= 0 && y <= v->height);
        bool end = i == 0 || i + 1 == l->n;
        if (end || abs(p.x - d.v[d.n - 1].x) + abs(p.y - d.v[d.n - 1].y) >= LEAST_STEP)
            d.v[d.n++] = p;
    }
    return d;
}

static drawn_line *draw_lines(ctx *c, const view *v)
{
    size_t n = table_area_line_count();
    drawn_line *all = new_n(c->a, drawn_line, n);
    for (size_t i = 0; i < n; i++)
        all[i] = draw_line(c, v, table_area_line(i));
    return all;
}

static void put_line(buf *o, const drawn_line *l, bool back, bool first, tenth *pen)
{
    for (size_t i = 0; i < l->n; i++) {
        tenth p = l->v[back ? l->n - 1 - i : i];
        if (first && i == 0)
            buf_fmt(o, "M%d %d", p.x, p.y);
        else if (p.x != pen->x || p.y != pen->y)
            buf_fmt(o, "l%d %d", p.x - pen->x, p.y - pen->y);
        *pen = p;
    }
}

static str path_of(ctx *c, const drawn_line *lines, const table_area *k)
{
    buf o = buf_in(c->a);
    tenth pen = { 0, 0 };
    for (size_t r = 0; r < k->ring_count; r++) {
        for (size_t i = 0; i < k->rings[r].n; i++) {
            int32_t n = k->rings[r].lines[i];
            put_line(&o, &lines[n < 0 ? ~n : n], n < 0, i == 0, &pen);
        }
        buf_byte(&o, 'z');
    }
    return buf_str(&o);
}

/* Between counties, and the coast; where townships are shown, only these: their own outlines are those of the shapes. */
static str borders_of(ctx *c, const drawn_line *lines)
{
    buf o = buf_in(c->a);
    tenth pen = { 0, 0 };
    for (size_t i = 0; i < table_area_line_count(); i++)
        if (table_area_line_outer(i) && lines[i].shown)
            put_line(&o, &lines[i], false, true, &pen);
    return buf_str(&o);
}

static str frames_of(ctx *c, const view *v)
{
    buf o = buf_in(c->a);
    for (size_t i = 0; v->moved && i < array_len(frames); i++)
        buf_fmt(&o, "M%.0f %.0fH%.0fV%.0fH%.0fz", (frames[i].x_min - v->west) * v->wide * TENTHS, (v->north - frames[i].y_max) * v->high * TENTHS,
                (frames[i].x_max - v->west) * v->wide * TENTHS, (v->north - frames[i].y_min) * v->high * TENTHS,
                (frames[i].x_min - v->west) * v->wide * TENTHS);
    return buf_str(&o);
}

/* --- areas and marks --- */

static str area_title(ctx *c, const table_area *k)
{
    return k->county ? k->name : str_cat(c->a, table_area_at(k->of)->name, k->name);
}

static bool in_view(const view *v, const table_area *k)
{
    double left, top, right, bottom;
    if (v->moved)
        return true;
    project(v, k->west, k->north, &left, &top);
    project(v, k->east, k->south, &right, &bottom);
    return right >= 0 && left <= MAP_WIDTH && bottom >= 0 && top <= v->height;
}

typedef struct { map_area *v; size_t n, cap; } drawn_areas;

static drawn_areas land(ctx *c, const view *v, const drawn_line *lines)
{
    drawn_areas l = { 0 };
    for (size_t i = 0; i < table_area_count() && table_area_at(i)->county; i++)
        if (in_view(v, table_area_at(i)))
            list_add(c->a, &l, (map_area){ .path = path_of(c, lines, table_area_at(i)), .level = MAP_LAND });
    return l;
}

static drawn_areas shaded(ctx *c, const table_asked *t, const table_ask_page *q, const table_map *k, const table_map_numbers *n, const view *v,
                          const drawn_line *lines)
{
    drawn_areas l = { 0 };
    chart_levels levels = table_map_levels(c, k, n);
    const table_map_value **of = new_n(c->a, const table_map_value *, table_area_count());
    for (size_t i = 0; i < n->area_count; i++)
        of[table_area_index(n->areas[i].area)] = &n->areas[i];
    for (size_t i = 0; i < table_area_count(); i++) {
        const table_area *area = table_area_at(i);
        bool other = k->in != NULL && k->towns && table_area_at(area->of) != k->in;
        if (area->county == k->towns || !in_view(v, area))
            continue;
        map_area a = { .path = path_of(c, lines, area), .level = other ? MAP_LAND : 0 };
        if (!other) {
            str value = of[i] != NULL ? table_chart_shown(c, t->held.open->query, &k->y, &of[i]->value) : S("–");
            a.title = str_fmt(c->a, "%.*s: %.*s", S_ARG(area_title(c, area)), S_ARG(value));
            a.level = of[i] != NULL && !of[i]->value.null ? chart_level(&levels, of[i]->value.number) : 0;
            table_map zoom = table_map_in(k, area);
            if (area->county && zoom.towns)
                a.href = str_fmt(c->a, "%.*s/map%.*s", S_ARG(link_to(c, t->path)), S_ARG(table_map_query(c, t->held.open->query, q, &zoom)));
        }
        list_add(c->a, &l, a);
    }
    return l;
}

cloud_box table_map_cell(const table_cloud *k, size_t cell)
{
    double wide = (k->x_max - k->x_min) / k->across, high = (k->y_max - k->y_min) / k->up;
    double x = k->x_min + wide * (double)(cell % k->across), y = k->y_min + high * (double)(cell / k->across);
    return (cloud_box){ x, x + wide, y, y + high };
}

typedef struct { map_mark *v; size_t n, cap; } drawn_marks;

static drawn_marks marks_of(ctx *c, const table_asked *t, const table_ask_page *q, const table_map *k, const table_map_numbers *n, const view *v)
{
    drawn_marks l = { 0 };
    const table_cloud *cloud = &n->cloud;
    chart_levels levels = table_map_levels(c, k, n);
    double most = levels.n > 0 ? levels.most[levels.n - 1] : 1;
    for (size_t i = 0; i < cloud->point_count; i++) {
        str whole;
        map_mark m = { .r = cloud->point_count > 300 ? 1.6 : 2.6 };
        if (n->names.n > 0)
            m.title = table_shown(c->a, n->names.v[i], NAME_CHARS, &whole);
        project(v, cloud->points[i].x, cloud->points[i].y, &m.x, &m.y);
        list_add(c->a, &l, m);
    }
    for (size_t i = 0; cloud->cells != NULL && i < (size_t)cloud->across * cloud->up; i++) {
        if (cloud->cells[i] == 0)
            continue;
        cloud_box cell = table_map_cell(cloud, i);
        table_map zoom = table_map_boxed(k, cell);
        map_mark m = { .r = 2 + 6 * sqrt((double)cloud->cells[i] / most), .level = chart_level(&levels, (double)cloud->cells[i]),
            .title = lang_with(c, "{n} rows", { "n", num_grouped(c->a, (int64_t)cloud->cells[i]) }),
            .href = str_fmt(c->a, "%.*s/map%.*s", S_ARG(link_to(c, t->path)), S_ARG(table_map_query(c, t->held.open->query, q, &zoom))) };
        project(v, (cell.x_min + cell.x_max) / 2, (cell.y_min + cell.y_max) / 2, &m.x, &m.y);
        list_add(c->a, &l, m);
    }
    return l;
}

chart_levels table_map_levels(ctx *c, const table_map *k, const table_map_numbers *n)
{
    size_t cells = n->cloud.cells != NULL ? (size_t)n->cloud.across * n->cloud.up : 0, count = 0;
    double *v = new_n(c->a, double, n->area_count + cells + 1);
    for (size_t i = 0; i < n->area_count; i++)
        if (!n->areas[i].value.null && (k->in == NULL || !k->towns || table_area_at(n->areas[i].area->of) == k->in))
            v[count++] = n->areas[i].value.number;
    for (size_t i = 0; i < cells; i++)
        if (n->cloud.cells[i] > 0)
            v[count++] = (double)n->cloud.cells[i];
    return chart_levels_of(c->a, v, count);
}

html table_map_picture(ctx *c, const table_asked *t, const table_ask_page *q, const table_map *k, const table_map_numbers *n, str title)
{
    view v = view_of(k);
    const drawn_line *lines = draw_lines(c, &v);
    map_picture m = { .title = title, .height = v.height, .borders = borders_of(c, lines), .frames = frames_of(c, &v),
        .description = lang_with(c, "Of {rows} rows; the table beside it has the same numbers.", { "rows", num_grouped(c->a, (int64_t)n->rows) }) };
    drawn_areas areas = k->points ? land(c, &v, lines) : shaded(c, t, q, k, n, &v, lines);
    drawn_marks marks = { 0 };
    if (k->points)
        marks = marks_of(c, t, q, k, n, &v);
    const map_label labels[] = {
        { (frames[0].x_min - v.west) * v.wide, (v.north - frames[0].y_max) * v.high - LABEL_ROOM, T(c, "Lienchiang") },
        { (frames[1].x_min - v.west) * v.wide, (v.north - frames[1].y_max) * v.high - LABEL_ROOM, T(c, "Kinmen") },
    };
    m.areas = areas.v;
    m.area_count = areas.n;
    m.marks = marks.v;
    m.mark_count = marks.n;
    m.labels = labels;
    m.label_count = v.moved ? array_len(labels) : 0;
    return chart_map(c->a, &m);
}
