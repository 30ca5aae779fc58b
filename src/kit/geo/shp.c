#include "kit/geo/shp_part.h"

#define HEAD 100
#define SHAPE_MAX ((size_t)64 << 20)

typedef struct {
    const shp_parts *p;
    dbf      d;
    records *rec;
    tm2_grid grid;
    bool     has_shapes, has_rows, points;
    uint64_t at;                        /* of the next shape */
    unsigned char *shape;
    size_t   shape_cap;
    buf      json;
} layer;

static double real(const unsigned char *p)
{
    uint64_t bits = source_u64(p);
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static uint32_t big(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool open_shapes(ctx *c, layer *l)
{
    unsigned char h[HEAD];
    str wkt = { 0 };
    const source *s = &l->p->shp;
    if (!source_get(c, s, 0, h, HEAD) || (l->p->prj.size > 0 && !source_all(c, &l->p->prj, 65536, &wkt)))
        return false;
    if (big(h) != 9994)
        return fail(c, INVALID, "“%.*s” is no shapefile", S_ARG(s->name));
    l->points = source_u32(h + 32) % 10 == 1;
    l->at = HEAD;
    l->grid = tm2_of_wkt(wkt);
    if (l->grid == TM2_NONE && str_trim(wkt).n == 0)
        l->grid = tm2_of_range(real(h + 36), real(h + 44), real(h + 52), real(h + 60));
    return true;
}

static bool begin(ctx *c, layer *l, str name)
{
    size_t n = l->d.field_n, shapes = l->has_shapes ? (l->points ? 3 : 1) : 0;
    table_column_head *cols = new_n(c->a, table_column_head, n + shapes + 1);
    for (size_t i = 0; i < n; i++) {
        char t = l->d.fields[i].type;
        cols[i] = (table_column_head){ .title = l->d.fields[i].name, .hint = t == 'N' || t == 'F' ? S("number") : t == 'D' ? S("date")
            : t == 'L' ? S("boolean") : S("text") };
    }
    if (shapes == 3) {
        cols[n] = (table_column_head){ .title = S("lon"), .hint = S("number") };
        cols[n + 1] = (table_column_head){ .title = S("lat"), .hint = S("number") };
    }
    if (shapes > 0)
        cols[n + shapes - 1] = (table_column_head){ .title = S("geometry"), .hint = S("geometry") };
    table_head h = { .name = name, .cols = cols, .col_count = n + shapes, .header_rows = 1 };
    if (!records_begin(c, l->rec, &h))
        return false;
    if (l->has_shapes && l->grid == TM2_NONE)
        records_note(l->rec, "grid_unknown", n + shapes, l->p->prj.size > 0 ? S(".prj") : S(""));
    else if (l->has_shapes && l->p->prj.size == 0)
        records_note(l->rec, "grid_unsaid", n + shapes, str_of(tm2_name(l->grid)));
    if (l->grid == TM2_TWD67_121 || l->grid == TM2_TWD67_119 || l->grid == TM2_TWD67_LONLAT)
        records_note(l->rec, "grid_twd67", n + shapes, str_of(tm2_name(l->grid)));
    return true;
}

/* The next shape; *more false at the end. */
static bool next_shape(ctx *c, layer *l, const unsigned char **p, size_t *n, bool *more)
{
    const source *s = &l->p->shp;
    unsigned char h[8];
    *more = l->has_shapes && l->at + 8 <= s->size;
    if (!*more)
        return true;
    if (!source_get(c, s, l->at, h, 8))
        return false;
    uint64_t size = (uint64_t)big(h + 4) * 2;
    if (size > SHAPE_MAX)
        return fail(c, TOO_LARGE, "a shape of “%.*s” has more than %zu bytes", S_ARG(s->name), SHAPE_MAX);
    if (size > s->size - l->at - 8)
        return fail(c, INVALID, "“%.*s” ends in the middle of a shape", S_ARG(s->name));
    if (size > l->shape_cap) {
        l->shape_cap = (size_t)size * 2;
        l->shape = mem_resize(l->shape, l->shape_cap);
    }
    *p = l->shape;
    *n = (size_t)size;
    l->at += 8 + size;
    return source_get(c, s, l->at - size, l->shape, (size_t)size);
}

static bool set_shape(ctx *c, layer *l, const unsigned char *p, size_t n)
{
    bool is_point;
    size_t col = l->d.field_n;
    l->json.n = 0;
    l->json.over = false;
    if (!shp_shape_json(&l->json, p, n, l->grid, &is_point)) {
        records_note(l->rec, "shape_damaged", col + (l->points ? 3 : 1), (str){ 0 });
        return true;
    }
    if (!buf_fits(&l->json))
        return fail(c, TOO_LARGE, "a shape of “%.*s” is more than %zu bytes of text", S_ARG(l->p->shp.name), TABLE_CELL_MAX);
    if (l->json.n > 0 && !records_set(c, l->rec, col + (l->points ? 2 : 0), buf_str(&l->json)))
        return false;
    if (!is_point || !l->points)
        return true;
    str x, y;               /* as they stand in the geometry */
    return !place_first(buf_str(&l->json), &x, &y) || (records_set(c, l->rec, col, x) && records_set(c, l->rec, col + 1, y));
}

static bool rows(ctx *c, layer *l)
{
    for (uint64_t i = 0;; i++) {
        const unsigned char *p = NULL;
        size_t n = 0;
        bool more, deleted = false, row = l->has_rows && i < l->d.count;
        if (!next_shape(c, l, &p, &n, &more) || (row && !shp_dbf_row(c, &l->d, i, &deleted)))
            return false;
        if (!more && (!row || l->has_shapes))
            break;
        if (deleted)
            continue;
        for (size_t k = 0; row && k < l->d.field_n; k++) {
            str v = shp_dbf_value(c, &l->d, k);
            if (v.p != NULL && !records_set(c, l->rec, k, v))
                return false;
        }
        if ((more && !set_shape(c, l, p, n)) || !records_row(c, l->rec, RECORDS_NOWHERE, 0))
            return false;
    }
    return true;
}

bool shp_read(ctx *c, const shp_parts *p, str name, const table_sink *sink)
{
    arena *own = arena_new(4096);
    layer l = { .p = p, .rec = records_new(sink), .has_shapes = p->shp.size > 0, .has_rows = p->dbf.size > 0,
                .json = buf_max(own, TABLE_CELL_MAX) };
    bool ok = (!l.has_shapes || open_shapes(c, &l)) && (!l.has_rows || shp_dbf_open(c, &p->dbf, &p->cpg, &l.d)) && begin(c, &l, name)
        && rows(c, &l) && records_finish(c, l.rec);
    shp_dbf_close(&l.d);
    records_free(l.rec);
    mem_free(l.shape);
    arena_free(own);
    return ok;
}
