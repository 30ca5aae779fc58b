#include "kit/geo/geojson.h"
#include "kit/geo/gpkg.h"
#include "kit/geo/kml.h"
#include "kit/geo/shp.h"
#include "kit/geo/topojson.h"
#include "kit/ingest/ingest_part.h"
#include "kit/ingest/transcode.h"
#include "kit/sheet/json_rows.h"
#include "kit/sheet/ods.h"
#include "kit/sheet/xls.h"
#include "kit/sheet/xlsx.h"
#include "kit/sheet/xml_rows.h"
#include "kit/table/csv.h"

void ingest_tell(ingest_relay *r, const char *code, str sample, uint64_t count)
{
    list_add(r->a, &r->waiting, (table_finding){ .code = code, .sample = str_dup(r->a, utf8_cut(sample, 200)), .count = count });
}

static bool relay_begin(ctx *c, void *to, const table_head *h)
{
    ingest_relay *r = to;
    table_head named = *h;
    if (r->member.n > 0)
        named.name = h->name.n > 0 ? str_fmt(r->a, "%.*s/%.*s", S_ARG(r->member), S_ARG(h->name)) : r->member;
    r->tables++;
    if (!r->to->begin(c, r->to->to, &named))
        return false;
    for (size_t i = 0; i < r->waiting.n; i++)
        if (!r->to->finding(c, r->to->to, &r->waiting.v[i]))
            return false;
    r->waiting.n = 0;
    return true;
}

static bool relay_block(ctx *c, void *to, const table_block *b)
{
    ingest_relay *r = to;
    return r->to->block(c, r->to->to, b);
}

static bool relay_finding(ctx *c, void *to, const table_finding *f)
{
    ingest_relay *r = to;
    return r->to->finding(c, r->to->to, f);
}

static bool relay_end(ctx *c, void *to)
{
    ingest_relay *r = to;
    return r->to->end(c, r->to->to);
}

table_sink ingest_sink(ingest_relay *r)
{
    return (table_sink){ r, relay_begin, relay_block, relay_finding, relay_end };
}

/* Names of encodings are written in many ways: letters and digits alone are compared, and what vendors made of an encoding
 * by adding to it counts as that encoding. */
static str encoding_key(ctx *c, str name)
{
    buf b = buf_in(c->a);
    for (size_t i = 0; i < name.n; i++) {
        char low = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i]);
        if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9'))
            buf_byte(&b, low);
    }
    str k = buf_str(&b);
    static const char *const wider[][2] = {
        { "big5", "cp950" }, { "ms950", "cp950" }, { "950", "cp950" }, { "big5eten", "cp950" }, { "windows950", "cp950" },
        { "euckr", "cp949" }, { "ksc56011987", "cp949" }, { "uhc", "cp949" }, { "windows949", "cp949" }, { "ms949", "cp949" },
        { "gb2312", "gb18030" }, { "gbk", "gb18030" }, { "cp936", "gb18030" }, { "xgbk", "gb18030" }, { "windows936", "gb18030" },
        { "shiftjis", "cp932" }, { "sjis", "cp932" }, { "xsjis", "cp932" }, { "windows31j", "cp932" }, { "ms932", "cp932" },
        { "iso88591", "windows1252" }, { "latin1", "windows1252" }, { "cp1252", "windows1252" },
    };
    for (size_t i = 0; i < array_len(wider); i++)
        if (str_eq(k, str_of(wider[i][0])))
            return str_of(wider[i][1]);
    return str_eq(k, S("utf8bom")) || str_eq(k, S("utf8sig")) ? S("utf8") : str_starts(k, S("utf16")) ? S("utf16") : k;
}

static bool read_text(ctx *c, const source *s, const ingest_options *o, ingest_relay *r, const table_sink *sink, ingest_found *found)
{
    charset_choice is;
    csv_declared said = { 0 };
    csv_found out;
    if (!charset_decide(c, s, (str){ 0 }, &is))
        return false;
    /* What could only be guessed, the publisher knows better. */
    if (o->encoding.n > 0 && (is.rule == CHARSET_DETECTED || is.rule == CHARSET_LAST))
        said.encoding = o->encoding;
    else if (o->encoding.n > 0 && is.rule != CHARSET_ASCII
             && !str_eq(encoding_key(c, o->encoding), encoding_key(c, str_of(is.name))))
        ingest_tell(r, "encoding_differs", str_fmt(c->a, "%.*s ≠ %s", S_ARG(o->encoding), is.name), 1);
    if (!csv_read(c, s, &said, sink, &out))
        return false;
    snprintf(found->encoding, sizeof found->encoding, "%s", out.charset.name);
    snprintf(found->rule, sizeof found->rule, "%s", charset_rule_name(out.charset.rule));
    return true;
}

/* JSON and XML in whatever encoding: from here on it is one that their readers know. */
static bool to_utf8(ctx *c, const source *s, const ingest_options *o, ingest_relay *r, reader_options *ro, source *out, ingest_found *found)
{
    transcoded t;
    bool xml = found->kind == SOURCE_XML || found->kind == SOURCE_KML;
    if (!transcode(c, s, o->encoding, xml, ro, out, &t))
        return false;
    str said = o->encoding.n > 0 ? o->encoding : t.said;
    if (said.n > 0 && t.is.rule != CHARSET_ASCII && !str_eq(encoding_key(c, said), encoding_key(c, str_of(t.is.name))))
        ingest_tell(r, "encoding_differs", str_fmt(c->a, "%.*s ≠ %s", S_ARG(said), t.is.name), 1);
    if (!str_eq(str_of(t.is.name), S("UTF-8")) && t.is.rule != CHARSET_ASCII)
        ingest_tell(r, "encoding_not_utf8", str_of(t.is.name), 1);
    if (t.lost > 0)
        ingest_tell(r, "undecodable", (str){ 0 }, t.lost);
    snprintf(found->encoding, sizeof found->encoding, "%s", t.is.name);
    snprintf(found->rule, sizeof found->rule, "%s", charset_rule_name(t.is.rule));
    ro->scratch_at += t.size;
    ro->moved = t.made;
    return true;
}

static bool read_document(ctx *c, const source *s, const ingest_options *o, ingest_relay *r, const table_sink *sink, ingest_found *found)
{
    reader_options ro = { .scratch = o->scratch, .scratch_at = o->scratch_at, .max_bytes = o->max_bytes };
    source text;
    if (!to_utf8(c, s, o, r, &ro, &text, found))
        return false;
    switch (found->kind) {
    case SOURCE_GEOJSON:
        return geojson_read(c, &text, &ro, sink);
    case SOURCE_TOPOJSON:
        return topojson_read(c, &text, &ro, sink);
    case SOURCE_KML:
        return kml_read(c, &text, &ro, sink);
    case SOURCE_XML:
        return xml_rows_read(c, &text, &ro, sink);
    default:
        return json_rows_read(c, &text, &ro, sink);
    }
}

bool ingest_one(ctx *c, const source *s, const ingest_options *o, ingest_relay *r, size_t depth, ingest_found *found)
{
    table_sink sink = ingest_sink(r);
    shp_parts shapes = { { 0 }, { 0 }, { 0 }, { 0 } };
    reader_options ro = { .scratch = o->scratch, .scratch_at = o->scratch_at, .max_bytes = o->max_bytes };
    if (!sniff_kind(c, s, &found->kind))
        return false;
    if (sniff_refusal(found->kind)[0] != 0)
        return fail(c, INVALID, "“%.*s” holds no table: %s", S_ARG(s->name), sniff_refusal(found->kind));
    if (depth == 0 && !sniff_agrees(found->kind, o->format))
        ingest_tell(r, "format_differs", str_fmt(c->a, "%.*s ≠ %s", S_ARG(o->format), sniff_called(found->kind)), 1);
    switch (found->kind) {
    case SOURCE_TEXT:
        return read_text(c, s, o, r, &sink, found);
    case SOURCE_XLSX:
        return xlsx_read(c, s, &ro, &sink);
    case SOURCE_XLS:
        return xls_read(c, s, &ro, &sink);
    case SOURCE_ODS:
        return ods_read(c, s, &ro, &sink);
    case SOURCE_JSON:
    case SOURCE_GEOJSON:
    case SOURCE_TOPOJSON:
    case SOURCE_XML:
    case SOURCE_KML:
        return read_document(c, s, o, r, &sink, found);
    case SOURCE_SQLITE:
        return gpkg_read(c, s, &ro, &sink);
    case SOURCE_SHP:
        shapes.shp = *s;
        return shp_read(c, &shapes, (str){ 0 }, &sink);
    case SOURCE_DBF:
        shapes.dbf = *s;
        return shp_read(c, &shapes, (str){ 0 }, &sink);
    case SOURCE_ZIP:
    case SOURCE_KMZ:
    case SOURCE_ARCHIVE:
        return ingest_archive(c, s, found, o, r, depth);
    default:
        return fail(c, INVALID, "“%.*s” is %s, which is not read yet: publish it as CSV, ODS, XLSX or JSON", S_ARG(s->name),
                    sniff_called(found->kind));
    }
}

/* Of an archive, what became of its last member. */
static str why_none(ctx *c, const ingest_relay *r)
{
    if (r->waiting.n == 0)
        return S("nothing in it has rows: publish it again with its data");
    const table_finding *f = &r->waiting.v[r->waiting.n - 1];
    if (strcmp(f->code, "member_locked") == 0)
        return str_fmt(c->a, "“%.*s” is locked with a password: pack it without one", S_ARG(f->sample));
    if (strcmp(f->code, "member_outside") == 0)
        return str_fmt(c->a, "the name “%.*s” leads out of the archive: pack it with plain relative names", S_ARG(f->sample));
    return strcmp(f->code, "member_skipped") == 0 ? f->sample : S("nothing in it has rows: publish it again with its data");
}

bool ingest_read(ctx *c, const source *s, const ingest_options *o, const table_sink *sink, ingest_found *found)
{
    arena *own = arena_new(4096);
    ingest_relay r = { .to = sink, .a = own };
    *found = (ingest_found){ 0 };
    bool ok = ingest_one(c, s, o, &r, 0, found);
    found->tables = r.tables;
    if (ok && r.tables == 0)
        ok = fail(c, INVALID, "“%.*s” holds no table: %.*s", S_ARG(s->name), S_ARG(why_none(c, &r)));
    arena_free(own);
    return ok && source_same(c, s);
}
