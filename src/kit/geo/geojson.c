#include "kit/geo/geojson.h"
#include "kit/geo/place.h"
#include "kit/sheet/json_rows.h"

#define LOOKED ((size_t)65536)

/* The member "crs" of before RFC 7946: urn:ogc:def:crs:EPSG::3826, EPSG:3826. */
static bool said_grid(ctx *c, const source *s, tm2_grid *g)
{
    size_t n = s->size < LOOKED ? (size_t)s->size : LOOKED;
    arena_mark m = arena_here(c->a);
    char *p = arena_get(c->a, n + 1);
    *g = TM2_NONE;
    if (!source_get(c, s, 0, p, n))
        return false;
    str t = { p, n };
    t = str_from(t, str_find(t, S("\"crs\"")));
    t = str_sub(t, 0, 300);
    t = str_from(t, str_find(t, S("EPSG:")));
    while (t.n > 0 && (t.p[0] < '0' || t.p[0] > '9'))
        t = str_from(t, 1);
    size_t digits = 0;
    while (digits < t.n && t.p[digits] >= '0' && t.p[digits] <= '9')
        digits++;
    *g = tm2_of_epsg(str_sub(t, 0, digits));
    arena_back(c->a, m);
    return true;
}

bool geojson_read_as(ctx *c, const source *s, const reader_options *o, str name, tm2_grid said, const table_sink *sink)
{
    place_sink *p = place_sink_new(sink, said, name);
    table_sink through = place_sink_of(p);
    bool ok = json_rows_read(c, s, o, &through);
    place_sink_free(p);
    return ok;
}

bool geojson_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink)
{
    tm2_grid said;
    return said_grid(c, s, &said) && geojson_read_as(c, s, o, S(""), said, sink);
}
