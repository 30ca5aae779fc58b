/* Members of archives, one after the other, each laid in the scratch file first, so that every reader can go back and
 * forth in it. The parts of shapefiles stay there until all have come, in whatever order they were packed. */
#include "kit/geo/shp.h"
#include "kit/ingest/ingest_part.h"
#include "kit/source/unpack.h"
#include "kit/source/zip.h"
#include "kit/text/charset.h"

#include <errno.h>
#include <unistd.h>

#define PIECE ((size_t)65536)
#define TOTAL_MAX ((uint64_t)64 << 30)

/* A part of a shapefile, by the name that all its parts share. */
typedef struct {
    str      stem, name;
    enum { PART_SHP, PART_DBF, PART_PRJ, PART_CPG, PARTS } what;
    source   at;
} part;

typedef struct {
    const source *s;
    ingest_options o;                   /* the caller's; scratch_at moves behind what is kept */
    ingest_relay *r;
    ingest_found *found;                /* of the whole: the one file of a .gz says its encoding there */
    size_t   depth, members;
    uint64_t total;
    struct { part *v; size_t n, cap; } parts;
    char     piece[PIECE];
} unpacking;

static bool lay(ctx *c, unpacking *u, str bytes, uint64_t at)
{
    if (!file_put_at(u->o.scratch, bytes, at))
        return fail(c, IO, "“%.*s” cannot be unpacked: %s", S_ARG(u->s->name), strerrordesc_np(errno));
    u->total += bytes.n;
    return u->total <= TOTAL_MAX
        || fail(c, TOO_LARGE, "“%.*s” unpacks to more than %" PRIu64 " bytes", S_ARG(u->s->name), TOTAL_MAX);
}

/* The member into the scratch file; how many bytes it has. */
static bool spool(ctx *c, unpacking *u, byte_in in, uint64_t *size)
{
    size_t got = 1;
    for (*size = 0; got > 0; *size += got)
        if (!ctx_in_time(c) || !in.read(c, in.from, u->piece, PIECE, &got)
            || !lay(c, u, (str){ u->piece, got }, u->o.scratch_at + *size))
            return false;
    return true;
}

static bool ends(str name, str ending)
{
    return name.n > ending.n && str_ieq(str_from(name, name.n - ending.n), ending);
}

/* Files that archives bring along, which are no data: of file systems, indexes of shapefiles, what describes the others. */
static bool is_aside(str name)
{
    static const char *const endings[] = { ".shx", ".sbn", ".sbx", ".qix", ".qpj", ".fix", ".shp.xml" };
    str base = file_base(name);
    for (size_t i = 0; i < array_len(endings); i++)
        if (ends(base, str_of(endings[i])))
            return true;
    static const char *const notes[] = { "datapackage.json", "datapackage.yaml", "csv-metadata.json", "thumbs.db", "readme", "readme.txt", "readme.md" };
    for (size_t i = 0; i < array_len(notes); i++)
        if (str_ieq(base, str_of(notes[i])))
            return true;
    return str_starts(name, S("__MACOSX/")) || str_starts(base, S(".")) || base.n == 0;
}

/* Nothing is unpacked to a path, but a name like this has no honest reason. */
static bool is_outside(str name)
{
    return str_starts(name, S("/")) || str_starts(name, S("..")) || str_has(name, S("/../")) || str_has(name, S("\\"))
        || str_find_byte(name, 0) < name.n;
}

static bool is_part(str name, part *p)
{
    static const char *const endings[PARTS] = { ".shp", ".dbf", ".prj", ".cpg" };
    for (size_t i = 0; i < PARTS; i++)
        if (ends(name, str_of(endings[i]))) {
            *p = (part){ .stem = str_sub(name, 0, name.n - 4), .name = name, .what = (unsigned)i };
            return true;
        }
    return false;
}

/* A reader's answer about one member: one that is no table spoils none that is. */
static bool settle(ctx *c, unpacking *u, uint64_t tables, bool ok)
{
    if (ok || c->err.code != ERR_INVALID || u->r->tables != tables)
        return ok;
    ingest_tell(u->r, "member_skipped", c->err.message, 1);
    err_clear(c);
    return true;
}

/* The member `s`, which lies in the scratch file right before `o.scratch_at`. An empty name: the one file of a .gz. */
static bool read_member(ctx *c, unpacking *u, const source *s, const ingest_options *o)
{
    ingest_found found = { 0 };
    ingest_relay *r = u->r;
    str before = r->member, name = s->name;
    uint64_t tables = r->tables;
    bool one = name.p == u->s->name.p;
    r->member = one ? before : before.n > 0 ? str_fmt(r->a, "%.*s/%.*s", S_ARG(before), S_ARG(name)) : str_dup(r->a, name);
    bool ok = ingest_one(c, s, o, r, u->depth + 1, &found);
    r->member = before;
    if (one) {
        u->found->kind = found.kind;    /* a packed CSV is a CSV */
        memcpy(u->found->encoding, found.encoding, sizeof found.encoding);
        memcpy(u->found->rule, found.rule, sizeof found.rule);
    }
    return one ? ok : settle(c, u, tables, ok);
}

static bool member(ctx *c, unpacking *u, str name, byte_in in)
{
    uint64_t size;
    part p;
    if (u->members++ == INGEST_MEMBERS_MAX)
        return fail(c, TOO_LARGE, "“%.*s” holds more than %d files", S_ARG(u->s->name), INGEST_MEMBERS_MAX);
    if (!spool(c, u, in, &size))
        return false;
    source whole = { .fd = u->o.scratch, .size = UINT64_MAX, .name = name };
    source s = source_part(&whole, u->o.scratch_at, size, name.n > 0 ? name : u->s->name);
    ingest_options behind = u->o;
    behind.scratch_at += size;
    if (!is_part(name, &p))
        return read_member(c, u, &s, &behind);
    p.at = s;
    p.at.name = p.name = str_dup(u->r->a, name);
    p.stem = str_sub(p.name, 0, p.stem.n);
    list_add(u->r->a, &u->parts, p);
    u->o = behind;
    return true;
}

/* Shapes with the parts that share their name; attributes without shapes are a table of their own. */
static bool shapefiles(ctx *c, unpacking *u)
{
    list_each (part, p, &u->parts) {
        source found[PARTS] = { { 0 } };
        list_each (part, q, &u->parts)
            if (str_eq(q->stem, p->stem))
                found[q->what] = q->at;
        if (p->what != (found[PART_SHP].size > 0 ? PART_SHP : PART_DBF))
            continue;
        shp_parts parts = { found[PART_SHP], found[PART_DBF], found[PART_PRJ], found[PART_CPG] };
        str name = u->r->member.n > 0 ? str_fmt(u->r->a, "%.*s/%.*s", S_ARG(u->r->member), S_ARG(p->name)) : p->name, before = u->r->member;
        uint64_t tables = u->r->tables;
        table_sink sink = ingest_sink(u->r);
        u->r->member = (str){ 0 };
        bool ok = shp_read(c, &parts, name, &sink);
        u->r->member = before;
        if (!settle(c, u, tables, ok))
            return false;
    }
    return true;
}

/* Whether the member is read; else, when that is worth telling, it has been told. */
static bool is_wanted(unpacking *u, str name, bool locked)
{
    if (is_aside(name))
        return false;
    if (!locked && !is_outside(name))
        return true;
    ingest_tell(u->r, locked ? "member_locked" : "member_outside", name, 1);
    return false;
}

/* The text of a raw name: UTF-8, else Big5 as Windows packs it. Windows parts folders otherwise, and some begin with it. */
static str name_of(ctx *c, const unpacking *u, str raw)
{
    charset_text t = { .text = raw };
    if (!utf8_valid(raw, NULL) && !charset_read(c, raw, &t)) {
        err_clear(c);
        return str_fmt(c->a, "file %zu", u->members + 1);
    }
    bool windows = str_has(t.text, S("\\")) && !str_has(t.text, S("/"));
    str name = windows ? str_replace(c->a, t.text, S("\\"), S("/")) : t.text;
    return windows && str_starts(name, S("/")) ? str_from(name, 1) : name;
}

static bool zip_members(ctx *c, unpacking *u)
{
    zip z;
    if (!zip_open(c, u->s, u->o.max_bytes > 0 ? u->o.max_bytes : READER_BYTES_MAX, &z))
        return false;
    for (size_t i = 0; i < z.n; i++) {
        const zip_entry *e = &z.v[i];
        zip_stream *in;
        str name = name_of(c, u, e->name);
        if (e->folder || !is_wanted(u, name, e->encrypted))
            continue;
        if (!zip_begin(c, &z, e, &in))
            return false;
        bool ok = member(c, u, name, zip_bytes(in));
        zip_end(in);
        if (!ok)
            return false;
    }
    return true;
}

static bool other_members(ctx *c, unpacking *u)
{
    unpack *in;
    bool more = true, ok = unpack_open(c, u->s, u->o.max_bytes > 0 ? u->o.max_bytes : READER_BYTES_MAX, &in);
    while (ok && more) {
        unpack_member m;
        ok = unpack_next(c, in, &m, &more);
        if (!ok || !more || !m.file)
            continue;
        if (m.name.n == 0) {
            ok = member(c, u, m.name, unpack_bytes(in));
            continue;
        }
        str name = name_of(c, u, str_dup(u->r->a, m.name));
        if (is_wanted(u, name, m.locked))
            ok = member(c, u, name, unpack_bytes(in));
    }
    unpack_close(in);
    return ok;
}

bool ingest_archive(ctx *c, const source *s, ingest_found *found, const ingest_options *o, ingest_relay *r, size_t depth)
{
    if (o->scratch < 0)
        return fail(c, INVALID, "“%.*s” is an archive: unpack it first", S_ARG(s->name));
    if (depth >= INGEST_DEPTH_MAX)
        return fail(c, INVALID, "“%.*s” is an archive in an archive in an archive: unpack it first", S_ARG(s->name));
    unpacking *u = mem_get(sizeof *u);
    found->packed = 1;
    *u = (unpacking){ .s = s, .o = *o, .r = r, .found = found, .depth = depth };
    bool ok = (found->kind == SOURCE_ARCHIVE ? other_members(c, u) : zip_members(c, u)) && shapefiles(c, u);
    mem_free(u);
    return ok;
}
