/* Shapes (ESRI white paper of 1998) as GeoJSON (RFC 7946): outer rings begin polygons, the holes that follow belong to them. */
#include "kit/geo/shp_part.h"

static double real(const unsigned char *p)
{
    uint64_t bits = source_u64(p);
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static void add_place(buf *b, const unsigned char *p, tm2_grid g)
{
    place_position(b, g, real(p), real(p + 8));
}

static void add_places(buf *b, const unsigned char *p, size_t n, tm2_grid g)
{
    buf_byte(b, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_byte(b, ',');
        add_place(b, p + i * 16, g);
    }
    buf_byte(b, ']');
}

static bool is_hole(const unsigned char *p, size_t n)       /* rings against the clock are holes here */
{
    double area = 0;
    for (size_t i = 0; i + 1 < n; i++)
        area += real(p + i * 16) * real(p + i * 16 + 24) - real(p + i * 16 + 16) * real(p + i * 16 + 8);
    return area > 0;
}

static void add_polygons(buf *b, const unsigned char *parts, size_t part_n, const unsigned char *points, size_t n, tm2_grid g)
{
    buf_add(b, S("{\"type\":\"MultiPolygon\",\"coordinates\":["));
    for (size_t i = 0; i < part_n; i++) {
        size_t from = source_u32(parts + i * 4), to = i + 1 < part_n ? source_u32(parts + i * 4 + 4) : n;
        bool hole = i > 0 && is_hole(points + from * 16, to - from);
        buf_add(b, hole ? S(",") : i > 0 ? S("],[") : S("["));
        add_places(b, points + from * 16, to - from, g);
    }
    buf_add(b, part_n > 0 ? S("]]}") : S("]}"));
}

static void add_lines(buf *b, const unsigned char *parts, size_t part_n, const unsigned char *points, size_t n, tm2_grid g)
{
    buf_add(b, S("{\"type\":\"MultiLineString\",\"coordinates\":["));
    for (size_t i = 0; i < part_n; i++) {
        size_t from = source_u32(parts + i * 4), to = i + 1 < part_n ? source_u32(parts + i * 4 + 4) : n;
        if (i > 0)
            buf_byte(b, ',');
        add_places(b, points + from * 16, to - from, g);
    }
    buf_add(b, S("]}"));
}

bool shp_shape_json(buf *b, const unsigned char *p, size_t n, tm2_grid g, bool *is_point)
{
    *is_point = false;
    if (n < 4)
        return false;
    unsigned kind = source_u32(p) % 10;         /* …Z and …M kinds begin like the plain ones */
    if (kind == 0)
        return true;
    if (kind == 1) {
        if (n < 20)
            return false;
        buf_add(b, S("{\"type\":\"Point\",\"coordinates\":"));
        add_place(b, p + 4, g);
        buf_byte(b, '}');
        *is_point = true;
        return true;
    }
    if (kind == 8) {
        if (n < 40 || source_u32(p + 36) > (n - 40) / 16)
            return false;
        buf_add(b, S("{\"type\":\"MultiPoint\",\"coordinates\":"));
        add_places(b, p + 40, source_u32(p + 36), g);
        buf_byte(b, '}');
        return true;
    }
    if (n < 44 || (kind != 3 && kind != 5))
        return false;
    size_t part_n = source_u32(p + 36), point_n = source_u32(p + 40);
    if (part_n > (n - 44) / 4 || point_n > (n - 44 - part_n * 4) / 16)
        return false;
    const unsigned char *parts = p + 44, *points = parts + part_n * 4;
    for (size_t i = 0; i < part_n; i++)
        if (source_u32(parts + i * 4) > point_n || (i > 0 && source_u32(parts + i * 4) < source_u32(parts + i * 4 - 4)))
            return false;
    if (kind == 5)
        add_polygons(b, parts, part_n, points, point_n, g);
    else
        add_lines(b, parts, part_n, points, point_n, g);
    return true;
}
