#include "kit/geo/place.h"

#include <math.h>

struct place_sink {
    const table_sink *to;
    tm2_grid said, grid;
    str      name;
    bool     named, begun, points, taken;   /* taken: the grid follows from the range */
    arena   *keep, *turn;                   /* of the table; of one block */
    table_head head;                        /* as the reader said it */
    size_t   at;                            /* the column of geometries; head.col_count: there is none */
    struct { table_finding *v; size_t n, cap; } early;      /* told before the first block */
};

static void place_degree(buf *b, double v)
{
    if (!isfinite(v) || fabs(v) > 1e9) {
        buf_byte(b, '0');
        return;
    }
    int64_t n = llround(v * 1e7), whole = n / 10000000, rest = n % 10000000;
    if (n < 0)
        buf_byte(b, '-');
    buf_i64(b, whole < 0 ? -whole : whole);
    rest = rest < 0 ? -rest : rest;
    if (rest == 0)
        return;
    char d[8];
    size_t len = 7;
    for (size_t i = 7; i-- > 0; rest /= 10)
        d[i] = (char)('0' + rest % 10);
    while (d[len - 1] == '0')
        len--;
    buf_byte(b, '.');
    buf_add(b, (str){ d, len });
}

void place_position(buf *b, tm2_grid g, double x, double y)
{
    double lon, lat;
    tm2_to_lonlat(g, x, y, &lon, &lat);
    buf_byte(b, '[');
    place_degree(b, lon);
    buf_byte(b, ',');
    place_degree(b, lat);
    buf_byte(b, ']');
}

/* --- positions in the text of a geometry --- */

typedef struct {
    str before;                             /* what stands between the last position and this one */
    str x, y;
} position;

static size_t number_end(str s, size_t at)
{
    while (at < s.n && ((s.p[at] >= '0' && s.p[at] <= '9') || s.p[at] == '-' || s.p[at] == '+' || s.p[at] == '.' || s.p[at] == 'e' || s.p[at] == 'E'))
        at++;
    return at;
}

/* The next [x,y…] of `rest`, which is compact; false: there is no more. */
static bool next_position(str *rest, position *p)
{
    for (size_t i = 0; i < rest->n; i++) {
        if (rest->p[i] != '[')
            continue;
        size_t x = number_end(*rest, i + 1), y = x < rest->n && rest->p[x] == ',' ? number_end(*rest, x + 1) : 0;
        if (x == i + 1 || y <= x + 1)
            continue;
        size_t end = y + str_find_byte(str_from(*rest, y), ']');
        if (end == rest->n)
            break;
        *p = (position){ str_sub(*rest, 0, i), str_sub(*rest, i + 1, x), str_sub(*rest, x + 1, y) };
        *rest = str_from(*rest, end + 1);
        return true;
    }
    return false;
}

bool place_first(str geometry, str *x, str *y)
{
    position p;
    if (!next_position(&geometry, &p))
        return false;
    *x = p.x;
    *y = p.y;
    return true;
}

static str convert(buf *b, str geometry, tm2_grid g)
{
    position p;
    size_t from = b->n;
    double x, y;
    while (next_position(&geometry, &p)) {
        buf_add(b, p.before);
        if (str_to_f64(p.x, &x) && str_to_f64(p.y, &y))
            place_position(b, g, x, y);
        else
            buf_add(b, S("[0,0]"));
    }
    buf_add(b, geometry);
    return (str){ b->p + from, b->n - from };
}

/* --- the sink --- */

static bool on_begin(ctx *c, void *to, const table_head *h)
{
    place_sink *p = to;
    (void)c;
    arena_reset(p->keep);
    p->head = *h;
    p->head.name = str_dup(p->keep, p->named ? p->name : h->name);
    p->head.cols = new_n(p->keep, table_column_head, h->col_count + 3);
    p->at = h->col_count;
    for (size_t i = 0; i < h->col_count; i++) {
        table_column_head k = h->cols[i];
        p->head.cols[i] = (table_column_head){ str_dup(p->keep, k.title), str_dup(p->keep, k.second), str_dup(p->keep, k.hint) };
        if (p->at == h->col_count && str_eq(k.hint, S("geometry")))
            p->at = i;
    }
    p->early.v = NULL;
    p->early.n = p->early.cap = 0;
    p->begun = p->points = p->taken = false;
    p->grid = p->said;
    return true;
}

/* Points or not, and in which grid, by the geometries of the first block. */
static void look(place_sink *p, const table_block *b)
{
    double box[4] = { INFINITY, INFINITY, -INFINITY, -INFINITY };
    bool any = false;
    p->points = true;
    for (size_t i = 0; i < b->rows; i++) {
        str s = b->cells[i * b->cols + p->at];
        position at;
        double x, y;
        if (s.p == NULL)
            continue;
        p->points &= str_has(s, S("\"Point\""));
        while (next_position(&s, &at))
            if (str_to_f64(at.x, &x) && str_to_f64(at.y, &y)) {
                box[0] = fmin(box[0], x);
                box[1] = fmin(box[1], y);
                box[2] = fmax(box[2], x);
                box[3] = fmax(box[3], y);
                any = true;
            }
    }
    p->points &= any;
    p->taken = p->grid == TM2_NONE && any;
    if (p->taken)
        p->grid = tm2_of_range(box[0], box[1], box[2], box[3]);
    else if (p->grid == TM2_NONE)
        p->grid = TM2_LONLAT;
}

static bool tell(ctx *c, place_sink *p, const char *code, str sample)
{
    table_finding f = { .code = code, .col = p->head.col_count, .count = 1, .sample = sample };
    return p->to->finding(c, p->to->to, &f);
}

static bool begin_now(ctx *c, place_sink *p, const table_block *b)
{
    table_head h = p->head;
    size_t n = h.col_count;
    if (p->at < n) {
        table_column_head geometry = h.cols[p->at];
        if (b != NULL)
            look(p, b);
        memmove(&h.cols[p->at], &h.cols[p->at + 1], (n - p->at - 1) * sizeof *h.cols);
        n--;
        if (p->points) {
            h.cols[n++] = (table_column_head){ .title = S("lon"), .hint = S("number") };
            h.cols[n++] = (table_column_head){ .title = S("lat"), .hint = S("number") };
        }
        h.cols[n++] = geometry;
    }
    p->head.col_count = h.col_count = n;
    p->begun = true;
    if (n > TABLE_COLS_MAX)
        return fail(c, TOO_LARGE, "“%.*s” has %zu columns; at most %d are read", S_ARG(h.name), n, TABLE_COLS_MAX);
    if (!p->to->begin(c, p->to->to, &h))
        return false;
    list_each (table_finding, f, &p->early)
        if (!p->to->finding(c, p->to->to, f))
            return false;
    str grid = str_of(tm2_name(p->grid));
    if (p->taken && p->grid == TM2_NONE)
        return tell(c, p, "grid_unknown", (str){ 0 });
    if (p->grid == TM2_TWD67_121 || p->grid == TM2_TWD67_119 || p->grid == TM2_TWD67_LONLAT)
        return tell(c, p, "grid_twd67", grid);
    return p->grid == TM2_LONLAT || p->grid == TM2_NONE || tell(c, p, p->taken ? "grid_unsaid" : "grid_converted", grid);
}

/* The row's geometry, and for points its numbers, behind the attributes. */
static void set_place(place_sink *p, buf *room, str geometry, str *to)
{
    str x, y;
    bool plain = p->grid == TM2_LONLAT || p->grid == TM2_NONE;
    if (geometry.p != NULL && !plain)
        geometry = convert(room, geometry, p->grid);
    if (p->points) {
        bool is = geometry.p != NULL && str_has(geometry, S("\"Point\"")) && place_first(geometry, &x, &y);
        *to++ = is ? x : (str){ 0 };
        *to++ = is ? y : (str){ 0 };
    }
    *to = geometry;
}

static bool on_block(ctx *c, void *to, const table_block *b)
{
    place_sink *p = to;
    if (!p->begun && !begin_now(c, p, b))
        return false;
    if (p->at >= b->cols)
        return p->to->block(c, p->to->to, b);
    arena_reset(p->turn);
    table_block out = *b;
    out.cols = p->head.col_count;
    str *cells = new_n(p->turn, str, out.rows * out.cols);
    for (size_t i = 0; i < b->rows; i++) {
        const str *from = b->cells + i * b->cols;
        str *row = cells + i * out.cols;
        buf room = buf_max(p->turn, TABLE_CELL_MAX);
        memcpy(row, from, p->at * sizeof *row);
        memcpy(row + p->at, from + p->at + 1, (b->cols - p->at - 1) * sizeof *row);
        set_place(p, &room, from[p->at], row + b->cols - 1);
        if (!buf_fits(&room))
            return fail(c, TOO_LARGE, "a geometry has more than %zu bytes", TABLE_CELL_MAX);
    }
    out.cells = cells;
    return p->to->block(c, p->to->to, &out);
}

static bool on_finding(ctx *c, void *to, const table_finding *f)
{
    place_sink *p = to;
    if (p->begun)
        return p->to->finding(c, p->to->to, f);
    table_finding kept = *f;
    kept.sample = str_dup(p->keep, f->sample);
    list_add(p->keep, &p->early, kept);
    return true;
}

static bool on_end(ctx *c, void *to)
{
    place_sink *p = to;
    return (p->begun || begin_now(c, p, NULL)) && p->to->end(c, p->to->to);
}

place_sink *place_sink_new(const table_sink *to, tm2_grid said, str name)
{
    place_sink *p = mem_get(sizeof *p);
    *p = (place_sink){ .to = to, .said = said, .name = name, .named = name.p != NULL, .keep = arena_new(4096), .turn = arena_new(65536) };
    return p;
}

table_sink place_sink_of(place_sink *p)
{
    return (table_sink){ p, on_begin, on_block, on_finding, on_end };
}

void place_sink_free(place_sink *p)
{
    if (p == NULL)
        return;
    arena_free(p->keep);
    arena_free(p->turn);
    mem_free(p);
}
