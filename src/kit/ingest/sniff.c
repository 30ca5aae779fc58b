#include "kit/ingest/sniff.h"
#include "kit/source/zip.h"

#define LOOKED ((size_t)65536)

static const struct {
    const char *called, *declared, *why;
} kinds[] = {
#define KIND(name, called, declared, why) { called, declared, why },
#include "kit/ingest/kind.def"
#undef KIND
};

const char *sniff_called(source_kind k)
{
    return kinds[k].called;
}

const char *sniff_refusal(source_kind k)
{
    return kinds[k].why;
}

bool sniff_agrees(source_kind k, str declared)
{
    str words = str_of(kinds[k].declared), word;
    declared = str_trim(declared);
    if (str_starts(declared, S(".")))
        declared = str_from(declared, 1);
    if (declared.n == 0)
        return true;
    while (str_next(&words, ' ', &word))
        if (str_ieq(word, declared))
            return true;
    return false;
}

/* Formats known by their first bytes; those of `at` stand elsewhere. */
static const struct {
    source_kind kind;
    uint16_t at, n;
    const char *bytes;
} marks[] = {
    { SOURCE_XLS, 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" }, { SOURCE_XLS, 0, 4, "\x09\x08\x08\x00" },
    { SOURCE_XLS, 0, 4, "\x09\x08\x10\x00" }, { SOURCE_XLS_OLD, 0, 4, "\x09\x00\x04\x00" }, { SOURCE_XLS_OLD, 0, 4, "\x09\x02\x06\x00" },
    { SOURCE_XLS_OLD, 0, 4, "\x09\x04\x06\x00" },
    { SOURCE_ARCHIVE, 0, 6, "7z\xbc\xaf\x27\x1c" }, { SOURCE_ARCHIVE, 0, 2, "\x1f\x8b" }, { SOURCE_ARCHIVE, 0, 4, "\x28\xb5\x2f\xfd" },
    { SOURCE_ARCHIVE, 0, 6, "\xfd" "7zXZ\0" }, { SOURCE_ARCHIVE, 0, 3, "BZh" }, { SOURCE_ARCHIVE, 257, 5, "ustar" },
    { SOURCE_RAR, 0, 4, "Rar!" }, { SOURCE_PDF, 0, 5, "%PDF-" }, { SOURCE_PARQUET, 0, 4, "PAR1" }, { SOURCE_SQLITE, 0, 16, "SQLite format 3\0" },
    { SOURCE_SHP, 0, 4, "\0\0\x27\x0a" }, { SOURCE_DOCUMENT, 0, 5, "{\\rtf" },
    { SOURCE_IMAGE, 0, 8, "\x89PNG\r\n\x1a\n" }, { SOURCE_IMAGE, 0, 3, "\xff\xd8\xff" }, { SOURCE_IMAGE, 0, 4, "GIF8" },
    { SOURCE_IMAGE, 0, 4, "II*\0" }, { SOURCE_IMAGE, 0, 4, "MM\0*" },
};

static bool has_member(const zip *z, str prefix, str ending)
{
    for (size_t i = 0; i < z->n; i++)
        if (str_starts(z->v[i].name, prefix) && z->v[i].name.n >= ending.n
            && str_ieq(str_from(z->v[i].name, z->v[i].name.n - ending.n), ending))
            return true;
    return false;
}

static bool kind_of_zip(ctx *c, const source *s, source_kind *out)
{
    zip z;
    *out = SOURCE_ZIP;
    if (!zip_open(c, s, 1 << 20, &z))
        return false;
    const zip_entry *type = zip_find(&z, S("mimetype"));
    str mime = { 0 };
    if (type != NULL && !type->encrypted && type->size < 200 && !zip_all(c, &z, type, 200, &mime))
        return false;
    if (str_starts(mime, S("application/vnd.oasis.opendocument.spreadsheet")))
        *out = SOURCE_ODS;
    else if (str_starts(mime, S("application/vnd.oasis.opendocument")))
        *out = SOURCE_DOCUMENT;
    else if (zip_find(&z, S("[Content_Types].xml")) != NULL)
        *out = has_member(&z, S("word/"), S("")) || has_member(&z, S("ppt/"), S("")) ? SOURCE_DOCUMENT : SOURCE_XLSX;
    else if (zip_find(&z, S("xl/workbook.xml")) != NULL)
        *out = SOURCE_XLSX;
    else if (zip_find(&z, S("content.xml")) != NULL && zip_find(&z, S("META-INF/manifest.xml")) != NULL)
        *out = SOURCE_ODS;
    else if (has_member(&z, S(""), S(".kml")) && !has_member(&z, S(""), S(".csv")) && !has_member(&z, S(""), S(".shp")))
        *out = SOURCE_KMZ;
    return true;
}

static bool ihas(str text, str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if (str_ieq(str_sub(text, i, i + part.n), part))
            return true;
    return false;
}

/* The name of the root element, its prefix left away. */
static str root_of(str t)
{
    while (t.n > 0) {
        size_t at = str_find_byte(t, '<');
        t = str_from(t, at + 1);
        if (t.n == 0)
            break;
        if (t.p[0] == '?' || str_starts(t, S("!--"))) {
            str end = t.p[0] == '?' ? S("?>") : S("-->");
            t = str_from(t, str_find(t, end));
            continue;
        }
        if (t.p[0] == '!')
            continue;
        size_t n = 0;
        while (n < t.n && memchr(" \t\r\n/>", t.p[n], 6) == NULL)
            n++;
        str name = str_sub(t, 0, n);
        size_t colon = str_find_byte(name, ':');
        return colon < name.n ? str_from(name, colon + 1) : name;
    }
    return (str){ 0 };
}

static source_kind kind_of_xml(str t)
{
    str root = root_of(t);
    if (str_ieq(root, S("html")) || str_ieq(root, S("head")) || str_ieq(root, S("body")))
        return SOURCE_HTML;
    if (str_eq(root, S("kml")))
        return SOURCE_KML;
    if (str_eq(root, S("svg")))
        return SOURCE_IMAGE;
    if (str_eq(root, S("document")) && str_has(t, S("opendocument")))
        return SOURCE_ODS;
    return SOURCE_XML;
}

static source_kind kind_of_json(str t)
{
    if (str_has(t, S("\"Topology\"")) && str_has(t, S("\"type\"")))
        return SOURCE_TOPOJSON;
    return str_has(t, S("\"FeatureCollection\"")) || (str_has(t, S("\"Feature\"")) && str_has(t, S("\"geometry\""))) ? SOURCE_GEOJSON : SOURCE_JSON;
}

/* dBASE III and its kin: version, a date, and a header length that fits its fields. */
static bool is_dbf(str t, uint64_t size)
{
    const unsigned char *p = (const unsigned char *)t.p;
    if (t.n < 66 || (p[0] != 0x03 && p[0] != 0x83 && p[0] != 0x8b && p[0] != 0x30 && p[0] != 0xf5))
        return false;
    unsigned head = source_u16(p + 8), width = source_u16(p + 10);
    return p[2] >= 1 && p[2] <= 12 && p[3] >= 1 && p[3] <= 31 && head >= 65 && head <= size && width > 1 && (head % 32 == 1 || p[0] == 0x30);
}

/* Text in ASCII's supersets; UTF-16 is brought to bytes that can be looked at. */
static str narrow(ctx *c, str t)
{
    bool little = str_starts(t, S("\xff\xfe")) || (t.n > 3 && t.p[0] != 0 && t.p[1] == 0 && t.p[3] == 0);
    bool big = str_starts(t, S("\xfe\xff")) || (t.n > 3 && t.p[0] == 0 && t.p[1] != 0 && t.p[2] == 0);
    if (str_starts(t, S("\xef\xbb\xbf")))
        return str_from(t, 3);
    if (!little && !big)
        return t;
    char *p = arena_get(c->a, t.n / 2 + 1);
    size_t n = 0, mark = str_starts(t, S("\xff\xfe")) || str_starts(t, S("\xfe\xff")) ? 2 : 0;
    for (size_t i = mark; i + 1 < t.n; i += 2)
        p[n++] = (unsigned char)t.p[little ? i + 1 : i] == 0 ? t.p[little ? i : i + 1] : '?';
    return (str){ p, n };
}

/* The index of a shapefile begins as its shapes do; but its first record says where a shape is (50 words on), not that it is the first. */
static bool is_shape_index(str t)
{
    return t.n >= 104 && memcmp(t.p + 100, "\0\0\0\x32", 4) == 0;
}

/* A coordinate system in well-known text, as it lies beside shapes. */
static bool is_projection(str t)
{
    return str_starts(t, S("GEOGCS[")) || str_starts(t, S("PROJCS[")) || str_starts(t, S("GEOGCRS[")) || str_starts(t, S("PROJCRS["));
}

/* Turtle and N-Triples: what comes first, but for comments, is a prefix or a subject in angle brackets with its predicate. */
static bool is_turtle(str t)
{
    while (str_starts(t, S("#")))
        t = str_trim(str_from(t, str_find_byte(t, '\n')));
    if (str_starts(t, S("@prefix ")) || str_starts(t, S("@base ")))
        return str_find_byte(str_sub(t, 0, 400), '<') < 400;
    size_t end = str_find_byte(t, '>');
    return str_starts(t, S("<http")) && str_find_byte(t, ' ') == end + 1 && str_starts(str_trim(str_from(t, end + 1)), S("<"));
}

/* Zeros in a row are no text in any encoding. */
static bool has_zeros(str t)
{
    static const char zeros[64];
    for (size_t i = 0; i + sizeof zeros <= t.n; i += sizeof zeros)
        if (memcmp(t.p + i, zeros, sizeof zeros) == 0)
            return true;
    return false;
}

bool sniff_kind(ctx *c, const source *s, source_kind *out)
{
    *out = SOURCE_EMPTY;
    if (s->size == 0)
        return true;
    size_t n = s->size < LOOKED ? (size_t)s->size : LOOKED;
    char *p = arena_get(c->a, n);
    if (!source_get(c, s, 0, p, n))
        return false;
    str t = { p, n };
    for (size_t i = 0; i < array_len(marks); i++)
        if (n >= (size_t)marks[i].at + marks[i].n && memcmp(p + marks[i].at, marks[i].bytes, marks[i].n) == 0) {
            *out = marks[i].kind == SOURCE_SHP && is_shape_index(t) ? SOURCE_SHAPE_PART : marks[i].kind;
            return true;
        }
    if (str_starts(t, S("PK\3\4")) || str_starts(t, S("PK\5\6")))
        return kind_of_zip(c, s, out);
    if (is_dbf(t, s->size)) {
        *out = SOURCE_DBF;
        return true;
    }
    if (has_zeros(t)) {
        *out = SOURCE_BINARY;
        return true;
    }
    t = narrow(c, t);
    str first = str_trim(t);
    *out = SOURCE_TEXT;
    if (is_projection(first))
        *out = SOURCE_SHAPE_PART;
    else if (is_turtle(first))
        *out = SOURCE_TURTLE;
    else if (str_starts(first, S("<")))
        *out = str_starts(first, S("<!")) && ihas(str_sub(first, 0, 64), S("doctype html")) ? SOURCE_HTML : kind_of_xml(first);
    else if (str_starts(first, S("{")) || str_starts(first, S("[")))
        *out = kind_of_json(first);
    return true;
}
