/* JSON (an array of objects or of lists), NDJSON, GeoJSON. */
#include "kit/export/export_inside.h"

#include "kit/geo/place.h"
#include "kit/text/json_write.h"

static void cell(const export *e, const export_column *k, buf *o, str s, bool is_text)
{
    (void)e;
    (void)k;
    if (s.p == NULL)
        buf_add(o, S("null"));
    else if (is_text)
        json_quote(o, s);
    else
        buf_add(o, s);
}

static void members(export *e, buf *o, uint32_t r)
{
    for (size_t i = 0; i < e->p.col_count; i++) {
        buf_add(o, e->cols[i].before);
        export_put(e, &e->cols[i], o, r);
    }
}

static void head(export *e, buf *o)
{
    if (e->p.format == EXPORT_JSON && !e->p.bare)
        buf_add(o, S("[\n"));
}

static void row(export *e, buf *o, uint32_t r)
{
    if (e->p.format == EXPORT_JSON && e->any)
        buf_add(o, e->p.bare ? S(",") : S(",\n"));
    buf_byte(o, e->p.lists ? '[' : '{');
    members(e, o, r);
    buf_byte(o, e->p.lists ? ']' : '}');
    if (e->p.format == EXPORT_NDJSON)
        buf_byte(o, '\n');
}

static void foot(export *e, buf *o)
{
    if (e->p.format == EXPORT_JSON && !e->p.bare)
        buf_add(o, e->any ? S("\n]\n") : S("]\n"));
}

const export_form export_json_form = { head, row, foot, cell };

/* --- GeoJSON: a feature a row (RFC 7946: longitude first); without a place its geometry is null --- */

static void geo_head(export *e, buf *o)
{
    (void)e;
    buf_add(o, S("{\"type\":\"FeatureCollection\",\"features\":[\n"));
}

/* A geometry that a schema declared may be any text: only one whole object keeps the answer whole. */
static bool is_object(str s)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if ((unsigned char)ch < ' ')
            return false;
        if (quoted) {
            i += ch == '\\';
            quoted = ch != '"';
        } else if (ch == '"') {
            quoted = true;
        } else if (ch == '{' || ch == '[') {
            depth++;
        } else if (ch == '}' || ch == ']') {
            if (depth-- == 0 || (depth == 0 && i + 1 < s.n))
                return false;
        }
    }
    return s.n > 1 && s.p[0] == '{' && depth == 0 && !quoted;
}

static void put_place(const export *e, buf *o, uint32_t r)
{
    char room_x[EXPORT_ROOM], room_y[EXPORT_ROOM];
    bool is_text;
    if (e->places.geometry != SIZE_MAX) {
        str g = export_text_of(e, &e->geometry, r, room_x, &is_text);
        buf_add(o, g.p != NULL && is_object(g) ? g : S("null"));
        return;
    }
    str x = export_text_of(e, &e->x, r, room_x, &is_text), y = export_text_of(e, &e->y, r, room_y, &is_text);
    double east, north;
    if (x.p == NULL || y.p == NULL || (e->places.grid != TM2_LONLAT && (!str_to_f64(x, &east) || !str_to_f64(y, &north)))) {
        buf_add(o, S("null"));
        return;
    }
    buf_add(o, S("{\"type\":\"Point\",\"coordinates\":"));
    if (e->places.grid == TM2_LONLAT) { /* the digits that were published */
        buf_byte(o, '[');
        buf_add(o, x);
        buf_byte(o, ',');
        buf_add(o, y);
        buf_byte(o, ']');
    } else {
        place_position(o, e->places.grid, east, north);
    }
    buf_byte(o, '}');
}

static void geo_row(export *e, buf *o, uint32_t r)
{
    if (e->any)
        buf_add(o, S(",\n"));
    buf_add(o, S("{\"type\":\"Feature\",\"geometry\":"));
    put_place(e, o, r);
    buf_add(o, S(",\"properties\":{"));
    members(e, o, r);
    buf_add(o, S("}}"));
}

static void geo_foot(export *e, buf *o)
{
    (void)e;
    buf_add(o, S("\n]}\n"));
}

const export_form export_geojson_form = { geo_head, geo_row, geo_foot, cell };
