#include "kit/geo/topojson.h"
#include "kit/geo/feature_file.h"
#include "kit/geo/place.h"
#include "kit/sheet/json_pull.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

#define NESTED_MAX 8                        /* collections in collections */

typedef struct {
    json_pull *p;
    const source *s;
    double  *xy;                            /* the points of all arcs */
    size_t   n, cap;                        /* points */
    size_t  *ends;                          /* where each arc ends */
    size_t   arc_n, arc_cap;
    double   scale[2], move[2];
    bool     quantized;
    arena   *turn;
    const table_sink *sink;
    feature_file out;
} topology;

/* One geometry as it stands: raw JSON texts; empty: not there. */
typedef struct {
    str type, id, properties, arcs, coordinates, geometries;
} raw_geometry;

static bool damaged(ctx *c, const topology *t, const char *why)
{
    return fail(c, INVALID, "“%.*s” is no whole TopoJSON: %s", S_ARG(t->s->name), why);
}

/* --- first pass: transform and arcs --- */

static bool pair_of(ctx *c, topology *t, double v[2])
{
    json_token k;
    str s;
    arena_mark m = arena_here(c->a);
    json j;
    if (!json_pull_next(c, t->p, &k, &s))
        return false;
    if (k != JSON_PULL_ARRAY)
        return damaged(c, t, "its transform is no pair of numbers");
    if (!json_pull_raw(c, t->p, k, &s) || !json_parse(c, s, &j))
        return false;
    bool ok = j.type == JSON_ARR && j.arr.n == 2;
    for (size_t i = 0; ok && i < 2; i++)
        ok = str_to_f64(json_text(c, &j.arr.v[i]), &v[i]);
    arena_back(c->a, m);
    return ok || damaged(c, t, "its transform is no pair of numbers");
}

static bool transform(ctx *c, topology *t)
{
    for (;;) {
        json_token k;
        str s;
        if (!json_pull_next(c, t->p, &k, &s))
            return false;
        if (k == JSON_PULL_OBJECT_END)
            return true;
        bool scale = str_eq(s, S("scale")), ok;
        if (scale || str_eq(s, S("translate")))
            ok = pair_of(c, t, scale ? t->scale : t->move);
        else
            ok = json_pull_next(c, t->p, &k, &s) && json_pull_skip(c, t->p, k);
        if (!ok)
            return false;
        t->quantized = true;
    }
}

/* The numbers of one position after its bracket: the first two count. */
static bool position(ctx *c, topology *t)
{
    double v[2] = { 0, 0 };
    for (size_t i = 0;; i++) {
        json_token k;
        str s;
        if (!json_pull_next(c, t->p, &k, &s))
            return false;
        if (k == JSON_PULL_ARRAY_END) {
            if (i < 2)
                return damaged(c, t, "a position has less than two numbers");
            break;
        }
        if (k != JSON_PULL_NUMBER || (i < 2 && !str_to_f64(s, &v[i])))
            return damaged(c, t, "a position holds what is no number");
    }
    if (t->n == TOPOJSON_POINTS_MAX)
        return fail(c, TOO_LARGE, "“%.*s” has more than %zu points: publish it in parts, or as GeoJSON", S_ARG(t->s->name), TOPOJSON_POINTS_MAX);
    if (t->n == t->cap) {
        t->cap = t->cap > 0 ? t->cap * 2 : 4096;
        t->xy = mem_resize(t->xy, t->cap * 2 * sizeof *t->xy);
    }
    t->xy[t->n * 2] = v[0];
    t->xy[t->n * 2 + 1] = v[1];
    t->n++;
    return true;
}

static bool arcs(ctx *c, topology *t)
{
    json_token k;
    str s;
    while (json_pull_next(c, t->p, &k, &s)) {
        if (k == JSON_PULL_ARRAY_END)
            return true;
        if (k != JSON_PULL_ARRAY)
            return damaged(c, t, "an arc is no list of positions");
        size_t from = t->n;
        while (json_pull_next(c, t->p, &k, &s) && k == JSON_PULL_ARRAY)
            if (!position(c, t))
                return false;
        if (c->err.code != ERR_OK)
            return false;
        if (k != JSON_PULL_ARRAY_END)
            return damaged(c, t, "an arc is no list of positions");
        for (size_t i = from + 1; t->quantized && i < t->n; i++) {
            t->xy[i * 2] += t->xy[i * 2 - 2];
            t->xy[i * 2 + 1] += t->xy[i * 2 - 1];
        }
        if (t->arc_n == t->arc_cap) {
            t->arc_cap = t->arc_cap > 0 ? t->arc_cap * 2 : 1024;
            t->ends = mem_resize(t->ends, t->arc_cap * sizeof *t->ends);
        }
        t->ends[t->arc_n++] = t->n;
    }
    return false;
}

/* Walks the members of the root; those that are named `key` go to `read`, which begins after the bracket. */
static bool members(ctx *c, topology *t, const char *key, json_token bracket, bool (*read)(ctx *c, topology *t))
{
    source_reader bytes = { .s = t->s };
    json_token k;
    str s;
    json_pull_free(t->p);
    t->p = json_pull_new(source_bytes(&bytes), t->s->name);
    if (!json_pull_next(c, t->p, &k, &s))
        return false;
    if (k != JSON_PULL_OBJECT)
        return damaged(c, t, "it is no object");
    while (json_pull_next(c, t->p, &k, &s)) {
        if (k == JSON_PULL_OBJECT_END)
            return true;
        bool wanted = str_eq(s, str_of(key));
        if (!json_pull_next(c, t->p, &k, &s))
            return false;
        if (wanted && k != bracket)
            return damaged(c, t, "its arcs, objects or transform have another form");
        if (!(wanted ? read(c, t) : json_pull_skip(c, t->p, k)))
            return false;
    }
    return false;
}

/* --- geometries --- */

static void add_point(const topology *t, buf *b, double x, double y)
{
    if (t->quantized) {
        x = x * t->scale[0] + t->move[0];
        y = y * t->scale[1] + t->move[1];
    }
    place_position(b, TM2_NONE, x, y);
}

static bool add_line(ctx *c, const topology *t, buf *b, const json *line)
{
    bool any = false;
    if (line->type != JSON_ARR)
        return damaged(c, t, "a line is no list of arcs");
    buf_byte(b, '[');
    for (size_t i = 0; i < line->arr.n && buf_fits(b); i++) {
        const json *v = &line->arr.v[i];
        int64_t at = v->type == JSON_INT ? v->i : INT64_MAX;
        bool back = at < 0;
        if (back)
            at = ~at;
        if (v->type != JSON_INT || (uint64_t)at >= t->arc_n)
            return damaged(c, t, "a geometry refers to an arc that is not there");
        size_t from = at > 0 ? t->ends[at - 1] : 0, to = t->ends[at];
        for (size_t k = i > 0 ? 1 : 0; k < to - from && buf_fits(b); k++) {
            size_t p = back ? to - 1 - k : from + k;
            if (any)
                buf_byte(b, ',');
            add_point(t, b, t->xy[p * 2], t->xy[p * 2 + 1]);
            any = true;
        }
    }
    buf_byte(b, ']');
    return true;
}

/* Arcs nested in `deep` lists above a line. */
static bool add_lines(ctx *c, const topology *t, buf *b, const json *v, int deep)
{
    if (deep == 0)
        return add_line(c, t, b, v);
    if (v->type != JSON_ARR)
        return damaged(c, t, "the arcs of a geometry are nested otherwise");
    buf_byte(b, '[');
    for (size_t i = 0; i < v->arr.n; i++) {
        if (i > 0)
            buf_byte(b, ',');
        if (!add_lines(c, t, b, &v->arr.v[i], deep - 1))
            return false;
    }
    buf_byte(b, ']');
    return true;
}

static bool add_points(ctx *c, const topology *t, buf *b, const json *v, int deep)
{
    double x, y;
    if (v->type != JSON_ARR)
        return damaged(c, t, "a point has no coordinates");
    if (deep == 0) {
        if (v->arr.n < 2 || !str_to_f64(json_text(c, &v->arr.v[0]), &x) || !str_to_f64(json_text(c, &v->arr.v[1]), &y))
            return damaged(c, t, "a point has no coordinates");
        add_point(t, b, x, y);
        return true;
    }
    buf_byte(b, '[');
    for (size_t i = 0; i < v->arr.n; i++) {
        if (i > 0)
            buf_byte(b, ',');
        if (!add_points(c, t, b, &v->arr.v[i], 0))
            return false;
    }
    buf_byte(b, ']');
    return true;
}

static bool add_geometry(ctx *c, const topology *t, buf *b, str type, const json *arc, const json *where, const json *inner, int nested)
{
    static const struct { const char *type; bool points; int deep; } kinds[] = {
        { "Point", true, 0 }, { "MultiPoint", true, 1 }, { "LineString", false, 0 }, { "MultiLineString", false, 1 },
        { "Polygon", false, 1 }, { "MultiPolygon", false, 2 },
    };
    for (size_t i = 0; i < array_len(kinds); i++) {
        const json *v = kinds[i].points ? where : arc;
        if (!str_eq(type, str_of(kinds[i].type)))
            continue;
        if (v == NULL)
            return damaged(c, t, "a geometry has neither arcs nor coordinates");
        buf_fmt(b, "{\"type\":\"%s\",\"coordinates\":", kinds[i].type);
        bool ok = kinds[i].points ? add_points(c, t, b, v, kinds[i].deep) : add_lines(c, t, b, v, kinds[i].deep);
        buf_byte(b, '}');
        return ok;
    }
    if (!str_eq(type, S("GeometryCollection")) || inner == NULL || inner->type != JSON_ARR || nested == NESTED_MAX) {
        buf_add(b, S("null"));
        return true;
    }
    buf_add(b, S("{\"type\":\"GeometryCollection\",\"geometries\":["));
    for (size_t i = 0; i < inner->arr.n; i++) {
        const json *g = &inner->arr.v[i];
        if (i > 0)
            buf_byte(b, ',');
        if (!add_geometry(c, t, b, json_get_text(c, g, "type"), json_get(g, "arcs"), json_get(g, "coordinates"), json_get(g, "geometries"),
                          nested + 1))
            return false;
    }
    buf_add(b, S("]}"));
    return true;
}

static bool parse_part(ctx *c, str text, json *room, const json **out)
{
    *out = text.n > 0 ? room : NULL;
    return text.n == 0 || json_parse(c, text, room);
}

static bool add_feature(ctx *c, topology *t, const raw_geometry *g)
{
    json room[3];
    const json *arc, *where, *inner;
    arena_mark m = arena_here(c->a);
    buf geometry = buf_max(t->turn, TABLE_CELL_MAX);
    if (!parse_part(c, g->arcs, &room[0], &arc) || !parse_part(c, g->coordinates, &room[1], &where)
        || !parse_part(c, g->geometries, &room[2], &inner) || !add_geometry(c, t, &geometry, g->type, arc, where, inner, 0))
        return false;
    arena_back(c->a, m);
    if (!buf_fits(&geometry))
        return fail(c, TOO_LARGE, "a geometry of “%.*s” has more than %zu bytes", S_ARG(t->s->name), TABLE_CELL_MAX);
    buf *b = feature_file_next(&t->out);
    buf_add(b, S("{\"type\":\"Feature\""));
    if (g->id.n > 0) {
        buf_add(b, S(",\"id\":"));
        buf_add(b, g->id);
    }
    buf_add(b, S(",\"properties\":"));
    buf_add(b, str_starts(g->properties, S("{")) ? g->properties : S("{}"));
    buf_add(b, S(",\"geometry\":"));
    buf_add(b, buf_str(&geometry));
    buf_byte(b, '}');
    return feature_file_added(c, &t->out);
}

static bool geometry(ctx *c, topology *t, bool layer);

static bool geometries(ctx *c, topology *t)
{
    json_token k;
    str s;
    while (json_pull_next(c, t->p, &k, &s)) {
        if (k == JSON_PULL_ARRAY_END)
            return true;
        arena_reset(t->turn);
        if (!(k == JSON_PULL_OBJECT ? geometry(c, t, false) : json_pull_skip(c, t->p, k)))
            return false;
    }
    return false;
}

/* The value that begins with this token, as JSON; p NULL: null. */
static bool value(ctx *c, topology *t, json_token k, str s, str *out)
{
    buf b = buf_max(t->turn, 2 * TABLE_CELL_MAX);
    *out = (str){ 0 };
    if (k == JSON_PULL_NULL)
        return true;
    if ((k == JSON_PULL_OBJECT || k == JSON_PULL_ARRAY) && !json_pull_raw(c, t->p, k, &s))
        return false;
    if (k == JSON_PULL_TEXT)
        json_quote(&b, s);
    else
        buf_add(&b, k == JSON_PULL_TRUE ? S("true") : k == JSON_PULL_FALSE ? S("false") : s);
    *out = buf_str(&b);
    return true;
}

/* One object after its bracket; the members of a layer's collection are features one by one. */
static bool geometry(ctx *c, topology *t, bool layer)
{
    raw_geometry g = { 0 };
    struct { const char *name; str *to; } parts[] = {
        { "type", &g.type }, { "id", &g.id }, { "properties", &g.properties }, { "arcs", &g.arcs }, { "coordinates", &g.coordinates },
        { "geometries", &g.geometries },
    };
    bool streamed = false;
    for (;;) {
        json_token k;
        str s, *to = NULL;
        if (!json_pull_next(c, t->p, &k, &s))
            return false;
        if (k == JSON_PULL_OBJECT_END)
            break;
        for (size_t i = 0; i < array_len(parts); i++)
            if (str_eq(s, str_of(parts[i].name)))
                to = parts[i].to;
        if (!json_pull_next(c, t->p, &k, &s))
            return false;
        if (layer && to == &g.geometries && k == JSON_PULL_ARRAY) {
            streamed = true;
            if (!geometries(c, t))
                return false;
            continue;
        }
        if (to == &g.type && k == JSON_PULL_TEXT)
            g.type = str_dup(t->turn, s);
        else if (!(to != NULL ? value(c, t, k, s, to) : json_pull_skip(c, t->p, k)))
            return false;
    }
    return streamed || add_feature(c, t, &g);
}

static bool layers(ctx *c, topology *t)
{
    json_token k;
    str s;
    while (json_pull_next(c, t->p, &k, &s)) {
        if (k == JSON_PULL_OBJECT_END)
            return true;
        char name[300];         /* not in c->a: what the sink keeps there must stay */
        s = utf8_cut(s, sizeof name);
        if (s.n > 0)
            memcpy(name, s.p, s.n);
        size_t name_n = s.n;
        arena_reset(t->turn);
        if (!json_pull_next(c, t->p, &k, &s))
            return false;
        if (k != JSON_PULL_OBJECT)
            return damaged(c, t, "an object of the topology is none");
        bool ok = feature_file_open(c, t->out.o, t->s->name, &t->out) && geometry(c, t, true)
            && (t->out.count == 0 || feature_file_read(c, &t->out, (str){ name, name_n }, TM2_NONE, t->sink));
        feature_file_close(&t->out);
        if (!ok)
            return false;
    }
    return false;
}

bool topojson_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink)
{
    topology t = { .s = s, .scale = { 1, 1 }, .turn = arena_new(65536), .sink = sink, .out = { .o = o } };
    bool ok = members(c, &t, "transform", JSON_PULL_OBJECT, transform) && members(c, &t, "arcs", JSON_PULL_ARRAY, arcs)
        && members(c, &t, "objects", JSON_PULL_OBJECT, layers) && source_same(c, s);
    json_pull_free(t.p);
    mem_free(t.xy);
    mem_free(t.ends);
    arena_free(t.turn);
    return ok;
}
