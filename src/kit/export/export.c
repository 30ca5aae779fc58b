#include "kit/export/export_inside.h"

#include "kit/text/json_write.h"

#define READY_ENTRIES 65536             /* of a dictionary that is put into its last form at once */
#define READY_BYTES ((size_t)4 << 20)
#define READY_BYTES_ALL ((size_t)24 << 20)

static const struct { const char *name, *type; const export_form *form; } formats[EXPORT_FORMATS] = {
    [EXPORT_CSV] = { "csv", "text/csv; charset=utf-8; header=present", &export_csv_form },
    [EXPORT_TSV] = { "tsv", "text/tab-separated-values; charset=utf-8", &export_csv_form },
    [EXPORT_JSON] = { "json", "application/json; charset=utf-8", &export_json_form },
    [EXPORT_NDJSON] = { "ndjson", "application/x-ndjson; charset=utf-8", &export_json_form },
    [EXPORT_XML] = { "xml", "application/xml; charset=utf-8", &export_xml_form },
    [EXPORT_GEOJSON] = { "geojson", "application/geo+json; charset=utf-8", &export_geojson_form },
    [EXPORT_XLSX] = { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", NULL },
    [EXPORT_SQLITE] = { "sqlite", "application/vnd.sqlite3", NULL },
    [EXPORT_ODS] = { "ods", "application/vnd.oasis.opendocument.spreadsheet", NULL },
};

bool export_format_of(str name, export_format *out)
{
    for (size_t i = 0; i < array_len(formats); i++)
        if (str_eq(name, str_of(formats[i].name))) {
            *out = (export_format)i;
            return true;
        }
    return false;
}

const char *export_media_type(export_format f)
{
    return formats[f].type;
}

const char *export_suffix(export_format f)
{
    return formats[f].name;
}

bool export_has_places(const query_table *t, export_places *out)
{
    size_t lon = SIZE_MAX, lat = SIZE_MAX, east = SIZE_MAX, north = SIZE_MAX;
    *out = (export_places){ SIZE_MAX, SIZE_MAX, SIZE_MAX, TM2_NONE };
    for (size_t i = query_table_columns(t); i-- > 0;)
        switch (query_table_about(t, i)->type) {
        case COLUMN_geometry: out->geometry = i; break;
        case COLUMN_longitude: lon = i; break;
        case COLUMN_latitude: lat = i; break;
        case COLUMN_easting: east = i; break;
        case COLUMN_northing: north = i; break;
        default: break;
        }
    if (lon != SIZE_MAX && lat != SIZE_MAX)
        *out = (export_places){ out->geometry, lon, lat, TM2_LONLAT };
    else if (east != SIZE_MAX && north != SIZE_MAX)
        *out = (export_places){ out->geometry, east, north, tm2_of_titles(query_table_about(t, east)->title, query_table_about(t, north)->title) };
    return out->geometry != SIZE_MAX || out->x != SIZE_MAX;
}

bool export_is_typed(const export *e)
{
    return e->p.typed || e->form == &export_json_form || e->form == &export_geojson_form;
}

/* --- values --- */

static str value_of(const export *e, const export_column *k, const column_view *v, uint64_t row, char *room, bool *is_text)
{
    *is_text = k->kind != EXPORT_INTEGER && k->kind != EXPORT_NUMBER && k->kind != EXPORT_BOOLEAN;
    if (export_is_typed(e))
        return export_value(k->kind, v, row, room);
    *is_text = v->form != COLUMN_NUMBERS || v->digits > 0 || column_is_null(v, row);
    return column_text(v, row, room);
}

str export_text_of(const export *e, const export_column *k, uint32_t row, char room[EXPORT_ROOM], bool *is_text)
{
    uint64_t at;
    *is_text = false;
    if (k->col == EXPORT_ROW || k->extra != NULL) {
        buf b = { .p = room, .cap = EXPORT_ROOM, .max = EXPORT_ROOM };
        if (k->extra != NULL)
            buf_f64(&b, k->extra->number(k->extra->of, row));
        else
            buf_i64(&b, (int64_t)row + 1);
        return buf_str(&b);
    }
    const column_view *v = query_at(&k->values, row, &at);
    return value_of(e, k, v, at, room, is_text);
}

void export_put(const export *e, const export_column *k, buf *o, uint32_t row)
{
    char room[EXPORT_ROOM];
    bool is_text;
    uint64_t at;
    if (k->ready != NULL) {
        const column_view *v = query_at(&k->values, row, &at);
        const export_ready *r = &k->ready[v - k->values.views];
        if (r->bytes != NULL) {
            uint64_t entry = column_at(v, at);
            uint32_t from = entry > 0 ? r->ends[entry - 1] : 0;
            buf_add(o, (str){ r->bytes + from, r->ends[entry] - from });
            return;
        }
    }
    str s = export_text_of(e, k, row, room, &is_text);
    e->form->cell(e, k, o, s, is_text);
}

/* Every entry of a segment's dictionary as its cells will be. An entry is reached by a row that has it. */
static void make_ready(ctx *c, const export *e, export_column *k, size_t segment, size_t *bytes)
{
    const column_view *v = &k->values.views[segment];
    if (v->form != COLUMN_CODES || v->dict_count > READY_ENTRIES || v->dict_count > e->left
        || v->dict_offsets[v->dict_count] > READY_BYTES || *bytes > READY_BYTES_ALL)
        return;
    buf b = buf_in(c->a);
    char room[EXPORT_ROOM];
    uint32_t *ends = new_n(c->a, uint32_t, v->dict_count + 1), code = 0;
    /* A view of one row whose entry is the one that is wanted. */
    column_view one = *v;
    one.data = &code;
    one.width = sizeof code;
    for (; code < v->dict_count; code++) {
        bool is_text;
        str s = value_of(e, k, &one, 0, room, &is_text);
        e->form->cell(e, k, &b, s, is_text);
        ends[code] = (uint32_t)b.n;
    }
    *bytes += b.n;
    if (buf_fits(&b))
        k->ready[segment] = (export_ready){ b.p != NULL ? b.p : "", ends };
}

/* --- columns --- */

static bool column_new(ctx *c, const export *e, size_t col, export_column *k)
{
    *k = (export_column){ .col = col, .kind = EXPORT_INTEGER, .type = COLUMN_integer };
    if (col == EXPORT_ROW) {
        k->name = S("_id");
        return true;
    }
    if (col >= EXPORT_EXTRA(EXPORT_EXTRAS_MAX)) {
        size_t i = EXPORT_EXTRA(0) - col;
        must(i < e->p.extra_count);
        k->extra = &e->p.extras[i];
        k->kind = EXPORT_NUMBER;
        k->name = k->extra->name;
        return true;
    }
    if (!query_column_use(c, e->p.t, col, &k->values))
        return false;
    const column_about *a = query_table_about(e->p.t, col);
    k->type = a->type;
    k->kind = export_kind_of(a->type);
    k->name = e->p.titles && a->title.n > 0 ? a->title : a->name;
    return true;
}

/* A segment may have other forms than the first, so each is asked. */
static void ready_columns(ctx *c, export *e)
{
    size_t bytes = 0;
    for (size_t i = 0; i < e->p.col_count; i++) {
        export_column *k = &e->cols[i];
        if (k->values.views == NULL)
            continue;
        size_t n = query_table_segments(e->p.t);
        k->ready = new_n(c->a, export_ready, n);
        for (size_t s = 0; s < n; s++)
            make_ready(c, e, k, s, &bytes);
    }
}

static void name_columns(ctx *c, export *e)
{
    for (size_t i = 0; i < e->p.col_count; i++) {
        export_column *k = &e->cols[i];
        buf b = buf_in(c->a);
        if (e->form == &export_xml_form) {
            bool odd = k->name.n == 0 || (k->name.p[0] >= '0' && k->name.p[0] <= '9');
            str name = str_replace(c->a, odd ? str_cat(c->a, S("_"), k->name) : k->name, S(" "), S("_"));
            k->before = str_fmt(c->a, "<%.*s", S_ARG(name));
            k->after = str_fmt(c->a, "</%.*s>", S_ARG(name));
        } else if (e->form == &export_json_form || e->form == &export_geojson_form) {
            if (i > 0)
                buf_byte(&b, ',');
            if (!e->p.lists || e->form == &export_geojson_form) {
                json_quote(&b, k->name);
                buf_byte(&b, ':');
            }
            k->before = buf_str(&b);
        }
    }
}

static bool open_places(ctx *c, export *e)
{
    export_places *at = &e->places;
    if (!export_has_places(e->p.t, at))
        return fail_field(c, INVALID, S("format"), "this table has neither geometries nor coordinates, so there is no GeoJSON of it");
    if (at->geometry != SIZE_MAX)
        return column_new(c, e, at->geometry, &e->geometry);
    return column_new(c, e, at->x, &e->x) && column_new(c, e, at->y, &e->y);
}

bool export_new(ctx *c, const export_plan *p, export **out)
{
    export *e = new (c->a, export);
    *out = e;
    e->file = -1;
    e->p = *p;
    e->form = formats[p->format].form;
    uint64_t there = p->walk.total;
    e->left = p->limit < there ? p->limit : there;
    if (p->format == EXPORT_GEOJSON && !open_places(c, e))
        return false;
    e->cols = new_n(c->a, export_column, p->col_count + 1);
    e->p.col_count = 0;
    for (size_t i = 0; i < p->col_count; i++)
        /* The geometry of a feature is no property of it as well. */
        if ((p->format != EXPORT_GEOJSON || p->cols[i] != e->places.geometry) && !column_new(c, e, p->cols[i], &e->cols[e->p.col_count++]))
            return false;
    if (e->form == NULL)
        return p->format == EXPORT_SQLITE ? export_sqlite_open(c, e) : export_book_open(c, e);
    name_columns(c, e);
    ready_columns(c, e);
    return true;
}

bool export_next(ctx *c, export *e, buf *out, size_t bytes, bool *more)
{
    if (e->form == NULL)
        return e->p.format == EXPORT_SQLITE ? export_sqlite_next(c, e, out, bytes, more) : export_book_next(c, e, out, bytes, more);
    if (!e->begun) {
        buf_add(out, e->p.head);
        e->form->head(e, out);
    }
    e->begun = true;
    *more = true;
    while (*more && out->n < bytes) {
        if (e->row_at == e->row_count) {
            e->row_count = query_next(&e->p.walk, e->rows, e->left < EXPORT_ROWS ? (size_t)e->left : EXPORT_ROWS);
            e->row_at = 0;
            e->left -= e->row_count;
            *more = e->row_count > 0;
        }
        for (; e->row_at < e->row_count && out->n < bytes; e->any = true)
            e->form->row(e, out, e->rows[e->row_at++]);
    }
    if (!*more) {
        e->form->foot(e, out);
        buf_add(out, e->p.foot);
    }
    return buf_fits(out) || fail(c, TOO_LARGE, "a row of this table is too large for an answer");
}

void export_free(export *e)
{
    if (e == NULL)
        return;
    sheet_write_free(e->sheet);
    export_sqlite_free(e);
}
