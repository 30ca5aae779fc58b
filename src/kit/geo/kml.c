#include "kit/geo/kml.h"
#include "kit/geo/feature_file.h"
#include "kit/geo/place.h"
#include "kit/source/xml.h"
#include "kit/text/json_write.h"

#define FOLDERS_MAX XML_DEPTH_MAX
#define SHAPES_MAX 100000
#define VALUES_MAX 2000

typedef enum { KML_POINT, KML_LINE, KML_POLYGON, KML_KINDS } kml_kind;

static const char *const kinds[KML_KINDS] = { "Point", "LineString", "Polygon" };

/* Elements within which others mean something. */
static const char *const outers[] = { "Folder", "Placemark", "Point", "LineString", "LinearRing", "Data", "TimeStamp", "TimeSpan" };

/* Elements whose text is a value of the placemark, under this name. */
static const struct { const char *element, *column; } values[] = {
    { "name", "name" }, { "description", "description" }, { "address", "address" }, { "phoneNumber", "phoneNumber" },
    { "when", "when" }, { "begin", "begin" }, { "end", "end" },
};

typedef struct {
    str name, text;
} pair;

typedef struct {
    kml_kind kind;
    size_t from, to;                        /* its coordinates in `places` */
} kml_shape;

typedef struct {
    feature_file out;
    arena *own, *turn;                      /* of the document; of one placemark */
    str   folders[FOLDERS_MAX + 1];
    size_t folder_n;
    str   above[XML_DEPTH_MAX + 2];         /* the open elements, those of `outers` by name */
    size_t depth, placemark;                /* the depth of the placemark that is open; 0: none */
    size_t links;
    buf   text;
    str   key;                              /* of the Data or SimpleData that is open */
    struct { pair *v; size_t n, cap; } pairs;
    struct { kml_shape *v; size_t n, cap; } shapes;
    buf   places, track;
    bool  ring_open;                        /* a polygon has rings already */
} kml;

/* --- coordinates --- */

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\n' || ch == '\r' || ch == '\t';
}

/* “lon,lat,height lon,lat,height”; blanks around commas are forgiven. False: it holds what is no number. */
static bool add_coordinates(buf *b, str s, size_t *count)
{
    double v[2] = { 0, 0 };
    size_t have = 0;
    *count = 0;
    for (size_t i = 0;; i++) {
        bool comma = false;
        while (i < s.n && (is_blank(s.p[i]) || (s.p[i] == ',' && !comma)))
            comma |= s.p[i++] == ',';
        if (have > 0 && (i >= s.n || !comma)) {
            if (have < 2)
                return false;
            if (*count > 0)
                buf_byte(b, ',');
            place_position(b, TM2_LONLAT, v[0], v[1]);
            ++*count;
            have = 0;
        }
        if (i >= s.n)
            return true;
        size_t end = i;
        while (end < s.n && !is_blank(s.p[end]) && s.p[end] != ',')
            end++;
        double x;
        if (!str_to_f64(str_sub(s, i, end), &x))
            return false;
        if (have < 2)
            v[have] = x;
        have++;
        i = end - 1;
    }
}

static bool add_shape(ctx *c, kml *k, kml_kind kind, str coordinates)
{
    size_t from = k->places.n, n;
    if (k->shapes.n == SHAPES_MAX)
        return fail(c, TOO_LARGE, "a placemark has more than %d shapes", SHAPES_MAX);
    if (kind != KML_POINT)
        buf_byte(&k->places, '[');
    if (!add_coordinates(&k->places, coordinates, &n) || n == 0 || (kind == KML_POINT && n > 1)) {
        k->places.n = from;                 /* no place: as if it were not there */
        return true;
    }
    if (kind != KML_POINT)
        buf_byte(&k->places, ']');
    list_add(k->turn, &k->shapes, (kml_shape){ kind, from, k->places.n });
    return true;
}

/* A ring of the polygon that is open: its coordinates join those before. */
static void add_ring(kml *k, str coordinates)
{
    size_t from = k->places.n, n;
    kml_shape *last = k->ring_open ? &k->shapes.v[k->shapes.n - 1] : NULL;
    if (last != NULL)
        k->places.n--;
    buf_add(&k->places, last != NULL ? S(",[") : S("[["));
    if (!add_coordinates(&k->places, coordinates, &n) || n == 0) {
        k->places.n = last != NULL ? from - 1 : from;
        if (last != NULL)
            buf_byte(&k->places, ']');
        return;
    }
    buf_add(&k->places, S("]]"));
    if (last != NULL)
        last->to = k->places.n;
    else
        list_add(k->turn, &k->shapes, (kml_shape){ KML_POLYGON, from, k->places.n });
    k->ring_open = true;
}

/* --- the feature --- */

static void add_geometry(buf *b, const kml *k, kml_shape s)
{
    buf_fmt(b, "{\"type\":\"%s\",\"coordinates\":", kinds[s.kind]);
    buf_add(b, str_sub(buf_str(&k->places), s.from, s.to));
    buf_byte(b, '}');
}

static void add_geometries(buf *b, const kml *k)
{
    bool same = true;
    for (size_t i = 1; i < k->shapes.n; i++)
        same &= k->shapes.v[i].kind == k->shapes.v[0].kind;
    if (k->shapes.n == 0)
        buf_add(b, S("null"));
    else if (k->shapes.n == 1)
        add_geometry(b, k, k->shapes.v[0]);
    else if (same)
        buf_fmt(b, "{\"type\":\"Multi%s\",\"coordinates\":[", kinds[k->shapes.v[0].kind]);
    else
        buf_add(b, S("{\"type\":\"GeometryCollection\",\"geometries\":["));
    for (size_t i = 0; k->shapes.n > 1 && i < k->shapes.n; i++) {
        if (i > 0)
            buf_byte(b, ',');
        if (same)
            buf_add(b, str_sub(buf_str(&k->places), k->shapes.v[i].from, k->shapes.v[i].to));
        else
            add_geometry(b, k, k->shapes.v[i]);
    }
    if (k->shapes.n > 1)
        buf_add(b, S("]}"));
}

static bool finish_placemark(ctx *c, kml *k)
{
    buf *b = feature_file_next(&k->out);
    json_w j = json_to(b);
    str folder = { 0 };
    for (size_t i = 1; i <= k->folder_n; i++)
        if (k->folders[i].n > 0)
            folder = folder.n > 0 ? str_fmt(k->turn, "%.*s/%.*s", S_ARG(folder), S_ARG(k->folders[i])) : k->folders[i];
    json_obj(&j);
    json_kv(&j, "type", "Feature");
    json_key(&j, S("properties"));
    json_obj(&j);
    if (folder.n > 0)
        json_kv(&j, "folder", folder);
    list_each (pair, p, &k->pairs) {
        json_key(&j, p->name);
        json_str(&j, p->text);
    }
    json_end(&j);
    json_key(&j, S("geometry"));
    buf geometry = buf_max(k->turn, TABLE_CELL_MAX);
    add_geometries(&geometry, k);
    if (!buf_fits(&geometry) || !buf_fits(&k->places))
        return fail(c, TOO_LARGE, "the shape of placemark %" PRIu64 " has more than %zu bytes", k->out.count, TABLE_CELL_MAX);
    json_raw(&j, buf_str(&geometry));
    json_end(&j);
    k->placemark = 0;
    return feature_file_added(c, &k->out);
}

/* --- elements --- */

static void begin_placemark(kml *k)
{
    k->placemark = k->depth;
    arena_reset(k->turn);
    k->pairs.v = NULL;
    k->pairs.n = k->pairs.cap = 0;
    k->shapes.v = NULL;
    k->shapes.n = k->shapes.cap = 0;
    k->places = buf_max(k->turn, TABLE_CELL_MAX);
    k->track = buf_max(k->turn, TABLE_CELL_MAX);
    k->ring_open = false;
}

static bool on_start(ctx *c, void *to, str name, const char *const *atts)
{
    kml *k = to;
    (void)c;
    k->above[++k->depth] = (str){ 0 };
    for (size_t i = 0; i < array_len(outers); i++)
        if (str_eq(name, str_of(outers[i])))
            k->above[k->depth] = str_of(outers[i]);
    k->text.n = 0;
    if (str_eq(name, S("Folder"))) {
        if (k->folder_n < FOLDERS_MAX)
            k->folders[++k->folder_n] = (str){ 0 };
    } else if (k->placemark == 0 && str_eq(name, S("Placemark"))) {
        begin_placemark(k);
    } else if (str_eq(name, S("NetworkLink"))) {
        k->links++;
    } else if (str_eq(name, S("Polygon"))) {
        k->ring_open = false;
    } else if (k->placemark > 0 && (str_eq(name, S("Data")) || str_eq(name, S("SimpleData")))) {
        k->key = str_dup(k->turn, xml_att(atts, "name"));
    }
    return true;
}

static bool on_text(ctx *c, void *to, str s)
{
    kml *k = to;
    if (k->text.n + s.n > TABLE_CELL_MAX)
        return fail(c, TOO_LARGE, "an element has more than %zu bytes of text", TABLE_CELL_MAX);
    buf_add(&k->text, s);
    return true;
}

static bool add_pair(ctx *c, kml *k, str name, str text)
{
    if (k->pairs.n == VALUES_MAX)
        return fail(c, TOO_LARGE, "a placemark has more than %d values", VALUES_MAX);
    list_each (pair, p, &k->pairs)
        if (str_eq(p->name, name))
            return true;                    /* the first stands */
    if (name.n > 0)
        list_add(k->turn, &k->pairs, (pair){ name, str_dup(k->turn, text) });
    return true;
}

static bool take_coordinates(ctx *c, kml *k, str up, str text)
{
    if (str_eq(up, S("Point")))
        return add_shape(c, k, KML_POINT, text);
    if (str_eq(up, S("LineString")))
        return add_shape(c, k, KML_LINE, text);
    if (str_eq(up, S("LinearRing")))
        add_ring(k, text);
    return true;
}

static bool take_text(ctx *c, kml *k, str name, str up, str text)
{
    if (str_eq(name, S("coordinates")))
        return take_coordinates(c, k, up, text);
    if (str_eq(name, S("coord"))) {         /* gx:Track: lon lat height, by blanks */
        str lon, lat, rest = text;
        if (str_next(&rest, ' ', &lon) && str_next(&rest, ' ', &lat))
            buf_fmt(&k->track, "%.*s,%.*s ", S_ARG(lon), S_ARG(lat));
        return buf_fits(&k->track) || fail(c, TOO_LARGE, "a track has more than %zu bytes", TABLE_CELL_MAX);
    }
    if (str_eq(name, S("value")) && str_eq(up, S("Data")))
        return add_pair(c, k, k->key, text);
    if (str_eq(name, S("SimpleData")))
        return add_pair(c, k, k->key, text);
    if (str_eq(up, S("Placemark")) || str_eq(up, S("TimeStamp")) || str_eq(up, S("TimeSpan")))
        for (size_t i = 0; i < array_len(values); i++)
            if (str_eq(name, str_of(values[i].element)))
                return add_pair(c, k, str_of(values[i].column), text);
    return true;
}

static bool on_end(ctx *c, void *to, str name)
{
    kml *k = to;
    str up = k->depth > 1 ? k->above[k->depth - 1] : (str){ 0 }, text = str_trim(buf_str(&k->text));
    bool ok = true;
    if (k->placemark > 0 && k->depth > k->placemark) {
        ok = take_text(c, k, name, up, text);
        if (ok && str_eq(name, S("Track")) && k->track.n > 0) {
            ok = add_shape(c, k, KML_LINE, buf_str(&k->track));
            k->track.n = 0;
        }
    } else if (k->placemark > 0) {
        ok = finish_placemark(c, k);
    } else if (str_eq(name, S("Folder"))) {
        k->folder_n -= k->folder_n > 0;
    } else if (str_eq(name, S("name")) && str_eq(up, S("Folder")) && k->folder_n > 0) {
        k->folders[k->folder_n] = str_dup(k->own, text);
    }
    k->text.n = 0;
    k->depth--;
    return ok;
}

static bool read_document(ctx *c, kml *k, const source *s, const table_sink *sink)
{
    xml_handler h = { .to = k, .start = on_start, .end = on_end, .text = on_text };
    source_reader bytes = { .s = s };
    if (!xml_read(c, source_bytes(&bytes), s->name, &h, NULL))
        return false;
    if (k->out.count == 0)
        return fail(c, INVALID, k->links > 0 ? "“%.*s” only points to another file (NetworkLink): publish the file that it points to"
                                             : "“%.*s” holds no place (Placemark)", S_ARG(s->name));
    return feature_file_read(c, &k->out, S(""), TM2_LONLAT, sink) && source_same(c, s);
}

bool kml_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink)
{
    kml *k = mem_get(sizeof *k);
    k->own = arena_new(4096);
    k->turn = arena_new(65536);
    k->text = buf_max(k->own, 2 * TABLE_CELL_MAX);
    bool ok = feature_file_open(c, o, s->name, &k->out) && read_document(c, k, s, sink);
    feature_file_close(&k->out);
    arena_free(k->own);
    arena_free(k->turn);
    mem_free(k);
    return ok;
}
