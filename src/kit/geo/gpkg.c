#include "kit/geo/gpkg.h"
#include "kit/geo/place.h"
#include "kit/geo/sqlite_source.h"
#include "kit/geo/wkb.h"
#include "kit/sheet/records.h"
#include "kit/text/charset.h"

#define LAYERS_MAX 500

typedef struct {
    str name;                               /* of the table */
    str title;                              /* as the package calls it */
    str geometry;                           /* its column of geometries; empty: none */
    bool points;
    tm2_grid grid;
    bool grid_said;
} layer;

typedef struct {
    sqlite_source *d;
    const source *s;
    records *rec;
    struct { layer *v; size_t n, cap; } layers;
    str_list there;                         /* names of real tables: no views, nothing virtual */
    buf json;
} package;

typedef bool each_row(ctx *c, package *k, sqlite_rows *r);

static bool each(ctx *c, package *k, str sql, each_row *take)
{
    sqlite_rows *r;
    bool more = true, ok = sqlite_rows_open(c, k->d, sql, &r);
    while (ok && more) {
        ok = sqlite_rows_next(c, r, &more);
        if (ok && more)
            ok = take(c, k, r);
    }
    sqlite_rows_close(r);
    return ok;
}

static str text_at(ctx *c, sqlite_rows *r, size_t i)
{
    return str_dup(c->a, sqlite_rows_value(r, i).text);
}

static bool is_there(const package *k, str name)
{
    list_each (str, n, &k->there)
        if (str_ieq(*n, name))
            return true;
    return false;
}

/* type, name, rootpage: what is virtual has no page. */
static bool take_table(ctx *c, package *k, sqlite_rows *r)
{
    str name = text_at(c, r, 1), page = sqlite_rows_value(r, 2).text;
    if (k->there.n < 10000 && str_eq(sqlite_rows_value(r, 0).text, S("table")) && !str_eq(page, S("0")) && page.n > 0 && utf8_valid(name, NULL))
        list_add(c->a, &k->there, name);
    return true;
}

/* table_name, data_type, identifier */
static bool take_layer(ctx *c, package *k, sqlite_rows *r)
{
    str name = text_at(c, r, 0), type = sqlite_rows_value(r, 1).text, title = text_at(c, r, 2);
    if (k->layers.n == LAYERS_MAX)
        return fail(c, TOO_LARGE, "“%.*s” holds more than %d layers", S_ARG(k->s->name), LAYERS_MAX);
    if (is_there(k, name) && (str_eq(type, S("features")) || str_eq(type, S("attributes"))))
        list_add(c->a, &k->layers, (layer){ .name = name, .title = title.n > 0 && utf8_valid(title, NULL) ? title : name });
    return true;
}

/* table_name, column_name, geometry_type_name, organization, code, definition */
static bool take_geometry(ctx *c, package *k, sqlite_rows *r)
{
    str name = sqlite_rows_value(r, 0).text;
    list_each (layer, l, &k->layers) {
        if (!str_ieq(l->name, name) || l->geometry.n > 0)
            continue;
        l->geometry = text_at(c, r, 1);
        l->points = str_ieq(sqlite_rows_value(r, 2).text, S("POINT"));
        l->grid = str_ieq(sqlite_rows_value(r, 3).text, S("EPSG")) ? tm2_of_epsg(sqlite_rows_value(r, 4).text) : TM2_NONE;
        if (l->grid == TM2_NONE)
            l->grid = tm2_of_wkt(sqlite_rows_value(r, 5).text);
        l->grid_said = true;
    }
    return true;
}

static bool is_inner(str name)
{
    static const char *const starts[] = { "sqlite_", "gpkg_", "rtree_" };
    for (size_t i = 0; i < array_len(starts); i++)
        if (str_ieq(str_sub(name, 0, strlen(starts[i])), str_of(starts[i])))
            return true;
    return false;
}

static bool find_layers(ctx *c, package *k)
{
    if (!each(c, k, S("SELECT type, name, rootpage FROM sqlite_schema"), take_table))
        return false;
    if (is_there(k, S("gpkg_contents"))) {
        if (!each(c, k, S("SELECT table_name, data_type, identifier FROM gpkg_contents"), take_layer))
            return false;
        return !is_there(k, S("gpkg_geometry_columns")) || !is_there(k, S("gpkg_spatial_ref_sys"))
            || each(c, k, S("SELECT g.table_name, g.column_name, g.geometry_type_name, s.organization, s.organization_coordsys_id, s.definition"
                            " FROM gpkg_geometry_columns g JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"), take_geometry);
    }
    list_each (str, name, &k->there)
        if (!is_inner(*name)) {
            if (k->layers.n == LAYERS_MAX)
                return fail(c, TOO_LARGE, "“%.*s” holds more than %d tables", S_ARG(k->s->name), LAYERS_MAX);
            list_add(c->a, &k->layers, (layer){ .name = *name, .title = *name });
        }
    return true;
}

/* --- one layer --- */

static bool begin(ctx *c, package *k, const layer *l, const sqlite_rows *r, size_t *geometry)
{
    size_t n = sqlite_rows_columns(r), out = 0, places = 0;
    table_column_head *cols = new_n(c->a, table_column_head, n + 3);
    *geometry = n;
    for (size_t i = 0; i < n; i++) {
        str name = str_dup(c->a, sqlite_rows_name(r, i));
        if (*geometry == n && l->geometry.n > 0 && str_ieq(name, l->geometry))
            *geometry = i;
        else
            cols[out++] = (table_column_head){ .title = utf8_valid(name, NULL) ? name : (str){ 0 } };
    }
    if (*geometry < n) {
        places = l->points ? 3 : 1;
        if (l->points) {
            cols[out] = (table_column_head){ .title = S("lon"), .hint = S("number") };
            cols[out + 1] = (table_column_head){ .title = S("lat"), .hint = S("number") };
        }
        cols[out + places - 1] = (table_column_head){ .title = S("geometry"), .hint = S("geometry") };
    }
    table_head h = { .name = l->title, .cols = cols, .col_count = out + places, .header_rows = 1 };
    if (!records_begin(c, k->rec, &h))
        return false;
    if (places > 0 && l->grid == TM2_NONE)
        records_note(k->rec, "grid_unknown", h.col_count, (str){ 0 });
    else if (places > 0 && (l->grid == TM2_TWD67_121 || l->grid == TM2_TWD67_119 || l->grid == TM2_TWD67_LONLAT))
        records_note(k->rec, "grid_twd67", h.col_count, str_of(tm2_name(l->grid)));
    return true;
}

static bool set_geometry(ctx *c, package *k, const layer *l, sqlite_value v, size_t col)
{
    str x, y;
    k->json.n = 0;
    k->json.over = false;
    if (v.kind == SQLITE_VALUE_NONE)
        return true;
    size_t last = col + (l->points ? 2 : 0);
    if (v.kind != SQLITE_VALUE_BYTES || !wkb_of_gpkg(&k->json, v.text, l->grid)) {
        records_note(k->rec, "shape_damaged", last + 1, (str){ 0 });
        return true;
    }
    str json = buf_str(&k->json);
    if (!buf_fits(&k->json))
        return fail(c, TOO_LARGE, "a shape of “%.*s” is more than %zu bytes of text", S_ARG(k->s->name), TABLE_CELL_MAX);
    if (json.n == 0 || !records_set(c, k->rec, last, json))
        return json.n == 0;
    return !l->points || !place_first(json, &x, &y) || (records_set(c, k->rec, col, x) && records_set(c, k->rec, col + 1, y));
}

static bool set_value(ctx *c, package *k, sqlite_value v, size_t col)
{
    charset_text t;
    if (v.kind == SQLITE_VALUE_NONE)
        return true;
    if (v.kind == SQLITE_VALUE_BYTES) {
        records_note(k->rec, "binary_value", col + 1, (str){ 0 });
        return true;
    }
    if (utf8_valid(v.text, NULL))
        return records_set(c, k->rec, col, v.text);
    arena_mark m = arena_here(c->a);
    bool known = charset_read(c, v.text, &t), ok = known && records_set(c, k->rec, col, t.text);
    if (ok)
        arena_back(c->a, m);
    if (known)
        return ok;
    err_clear(c);
    records_note(k->rec, "binary_value", col + 1, (str){ 0 });
    return true;
}

static bool read_layer(ctx *c, package *k, const layer *l)
{
    sqlite_rows *r;
    size_t geometry = 0;
    bool more = true;
    bool ok = sqlite_rows_open(c, k->d, str_fmt(c->a, "SELECT * FROM %.*s", S_ARG(sqlite_quoted(c->a, l->name))), &r)
        && begin(c, k, l, r, &geometry);
    size_t n = ok ? sqlite_rows_columns(r) : 0;
    while (ok && (ok = sqlite_rows_next(c, r, &more)) && more) {
        for (size_t i = 0, col = 0; ok && i < n; i++)
            ok = i == geometry ? set_geometry(c, k, l, sqlite_rows_value(r, i), n - 1) : set_value(c, k, sqlite_rows_value(r, i), col++);
        ok = ok && records_row(c, k->rec, RECORDS_NOWHERE, 0);
    }
    sqlite_rows_close(r);
    return ok && records_finish(c, k->rec);
}

bool gpkg_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink)
{
    (void)o;
    arena *own = arena_new(4096);
    package k = { .s = s, .rec = records_new(sink), .json = buf_max(own, TABLE_CELL_MAX) };
    bool ok = sqlite_source_open(c, s, &k.d) && find_layers(c, &k);
    if (ok && k.layers.n == 0)
        ok = fail(c, INVALID, "“%.*s” is a database without a table of data", S_ARG(s->name));
    for (size_t i = 0; ok && i < k.layers.n; i++)
        ok = read_layer(c, &k, &k.layers.v[i]);
    sqlite_source_close(k.d);
    records_free(k.rec);
    arena_free(own);
    return ok && source_same(c, s);
}
