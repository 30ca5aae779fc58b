#include "kit/geo/wkb.h"
#include "kit/geo/place.h"

#include <math.h>

#define NESTED_MAX 10
#define EWKB_Z 0x80000000u
#define EWKB_M 0x40000000u
#define EWKB_SRID 0x20000000u

typedef struct {
    const unsigned char *p;
    size_t   n, at;
    tm2_grid grid;
    buf     *b;
    bool     little;
} reading;

enum { WKB_POINT = 1, WKB_LINE, WKB_POLYGON, WKB_POINTS, WKB_LINES, WKB_POLYGONS, WKB_COLLECTION };

static const char *const kinds[] = { "", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection" };

static bool take_u32(reading *r, uint32_t *out)
{
    if (r->n - r->at < 4)
        return false;
    memcpy(out, r->p + r->at, 4);
    *out = r->little ? *out : __builtin_bswap32(*out);
    r->at += 4;
    return true;
}

static bool take_real(reading *r, double *out)
{
    uint64_t bits;
    if (r->n - r->at < 8)
        return false;
    memcpy(&bits, r->p + r->at, 8);
    bits = r->little ? bits : __builtin_bswap64(bits);
    memcpy(out, &bits, 8);
    r->at += 8;
    return true;
}

static bool take_position(reading *r, unsigned dims, bool *empty)
{
    double v[4];
    for (unsigned i = 0; i < dims; i++)
        if (!take_real(r, &v[i]))
            return false;
    *empty = isnan(v[0]) || isnan(v[1]);        /* how an empty point is written */
    if (!*empty)
        place_position(r->b, r->grid, v[0], v[1]);
    return true;
}

/* A counted list of positions. */
static bool take_positions(reading *r, unsigned dims)
{
    uint32_t n;
    bool empty;
    if (!take_u32(r, &n) || n > (r->n - r->at) / 16)
        return false;
    buf_byte(r->b, '[');
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0)
            buf_byte(r->b, ',');
        if (!take_position(r, dims, &empty) || empty)
            return false;
    }
    buf_byte(r->b, ']');
    return true;
}

static bool take_head(reading *r, unsigned *kind, unsigned *dims)
{
    uint32_t type, srid;
    if (r->n == r->at)
        return false;
    r->little = r->p[r->at++] == 1;
    if (!take_u32(r, &type) || ((type & EWKB_SRID) && !take_u32(r, &srid)))
        return false;
    *dims = 2 + ((type & EWKB_Z) != 0) + ((type & EWKB_M) != 0);
    type &= 0xffff;
    *dims += type >= 3000 ? 2 : type >= 1000;
    *kind = type % 1000;
    return *dims <= 4 && *kind >= WKB_POINT && *kind <= WKB_COLLECTION;
}

static bool take_value(reading *r, unsigned kind, unsigned dims, size_t nested);

static bool take_geometry(reading *r, size_t nested)
{
    unsigned kind, dims;
    if (!take_head(r, &kind, &dims))
        return false;
    buf_fmt(r->b, "{\"type\":\"%s\",\"%s\":", kinds[kind], kind == WKB_COLLECTION ? "geometries" : "coordinates");
    bool ok = take_value(r, kind, dims, nested);
    buf_byte(r->b, '}');
    return ok;
}

/* The coordinates, or the geometries of a collection. */
static bool take_value(reading *r, unsigned kind, unsigned dims, size_t nested)
{
    uint32_t n;
    bool empty = false;
    if (kind == WKB_POINT) {
        if (!take_position(r, dims, &empty))
            return false;
        if (empty)
            buf_add(r->b, S("[]"));
        return true;
    }
    if (kind == WKB_LINE)
        return take_positions(r, dims);
    if (!take_u32(r, &n) || n > r->n - r->at || nested == NESTED_MAX)
        return false;
    buf_byte(r->b, '[');
    for (uint32_t i = 0; i < n; i++) {
        unsigned inner_kind, inner_dims;
        if (i > 0)
            buf_byte(r->b, ',');
        bool ok = kind == WKB_POLYGON ? take_positions(r, dims)
                : kind == WKB_COLLECTION ? take_geometry(r, nested + 1)
                : take_head(r, &inner_kind, &inner_dims) && inner_kind + 3 == kind && take_value(r, inner_kind, inner_dims, nested + 1);
        if (!ok)
            return false;
    }
    buf_byte(r->b, ']');
    return true;
}

bool wkb_json(buf *b, str bytes, tm2_grid g)
{
    reading r = { .p = (const unsigned char *)bytes.p, .n = bytes.n, .grid = g, .b = b };
    size_t from = b->n;
    if (take_geometry(&r, 0))
        return true;
    b->n = from;
    return false;
}

bool wkb_of_gpkg(buf *b, str blob, tm2_grid g)
{
    static const size_t envelopes[] = { 0, 32, 48, 48, 64 };
    if (blob.n < 8 || !str_starts(blob, S("GP")))
        return false;
    unsigned char flags = (unsigned char)blob.p[3];
    size_t envelope = flags >> 1 & 7;
    if (envelope >= array_len(envelopes) || (flags & 0x20) != 0 || blob.n < 8 + envelopes[envelope])
        return false;
    if (flags & 0x10)
        return true;                            /* empty */
    return wkb_json(b, str_from(blob, 8 + envelopes[envelope]), g);
}
