/* Members of archives, one after the other, each laid in the scratch file first, so that every reader can go back and
 * forth in it. */
#include "kit/geo/shp.h"
#include "kit/ingest/ingest_part.h"
#include "kit/source/zip.h"
#include "kit/text/charset.h"

#include <errno.h>
#include <unistd.h>

#define PIECE ((size_t)65536)
#define TOTAL_MAX ((uint64_t)64 << 30)

typedef struct {
    const source *s;
    const ingest_options *o;
    ingest_relay *r;
    size_t   depth, members;
    uint64_t total;
    char     piece[PIECE];
} unpacking;

static bool lay(ctx *c, unpacking *u, str bytes, uint64_t at)
{
    for (size_t done = 0; done < bytes.n;) {
        ssize_t n = pwrite(u->o->scratch, bytes.p + done, bytes.n - done, (off_t)(at + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(c, IO, "“%.*s” cannot be unpacked: %s", S_ARG(u->s->name), strerrordesc_np(errno));
        done += (size_t)n;
    }
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
            || !lay(c, u, (str){ u->piece, got }, u->o->scratch_at + *size))
            return false;
    return true;
}

/* Files that archives bring along, which are no data. */
static bool is_aside(str name)
{
    str base = file_base(name);
    return str_starts(name, S("__MACOSX/")) || str_starts(base, S(".")) || str_ieq(base, S("thumbs.db")) || base.n == 0;
}

/* Nothing is unpacked to a path, but a name like this has no honest reason. */
static bool is_outside(str name)
{
    return str_starts(name, S("/")) || str_starts(name, S("..")) || str_has(name, S("/../")) || str_has(name, S("\\"))
        || str_find_byte(name, 0) < name.n;
}

static bool member(ctx *c, unpacking *u, str name, byte_in in)
{
    uint64_t size;
    ingest_found found = { 0 };
    ingest_relay *r = u->r;
    if (u->members++ == INGEST_MEMBERS_MAX)
        return fail(c, TOO_LARGE, "“%.*s” holds more than %d files", S_ARG(u->s->name), INGEST_MEMBERS_MAX);
    if (!spool(c, u, in, &size))
        return false;
    source whole = { .fd = u->o->scratch, .at = 0, .size = u->o->scratch_at + size, .name = name };
    source s = source_part(&whole, u->o->scratch_at, size, name);
    ingest_options o = *u->o;
    o.scratch_at += size;
    str before = r->member;
    uint64_t tables = r->tables;
    r->member = before.n > 0 ? str_fmt(r->a, "%.*s/%.*s", S_ARG(before), S_ARG(name)) : str_dup(r->a, name);
    bool ok = ingest_one(c, &s, &o, r, u->depth + 1, &found);
    r->member = before;
    if (!ok && c->err.code == ERR_INVALID && r->tables == tables) {
        ingest_tell(r, "member_skipped", c->err.message);       /* a member that is no table spoils none that is */
        err_clear(c);
        ok = true;
    }
    return ok;
}

/* The text of a raw name: UTF-8, else Big5 as Windows packs it. */
static str name_of(ctx *c, const zip_entry *e)
{
    charset_text t;
    if (utf8_valid(e->name, NULL))
        return e->name;
    if (charset_read(c, e->name, &t))
        return t.text;
    err_clear(c);
    return str_fmt(c->a, "file at byte %" PRIu64, e->at);
}

static bool ends(str name, str ending)
{
    return name.n > ending.n && str_ieq(str_from(name, name.n - ending.n), ending);
}

static const zip_entry *sibling(const zip *z, str shp, const char *ending)
{
    for (size_t i = 0; i < z->n; i++)
        if (z->v[i].name.n == shp.n && str_eq(str_sub(z->v[i].name, 0, shp.n - 4), str_sub(shp, 0, shp.n - 4))
            && ends(z->v[i].name, str_of(ending)))
            return &z->v[i];
    return NULL;
}

/* A file that belongs to a shapefile beside it. */
static bool is_companion(const zip *z, str name)
{
    static const char *const endings[] = { ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".fix" };
    if (ends(name, S(".shp.xml")))
        return true;
    for (size_t i = 0; i < array_len(endings); i++)
        if (ends(name, str_of(endings[i])))
            return sibling(z, name, ".shp") != NULL;
    return false;
}

/* The files of a shapefile, each behind the other in the scratch file. */
static bool shapefile(ctx *c, unpacking *u, const zip *z, const zip_entry *shp, str name)
{
    const zip_entry *parts[] = { shp, sibling(z, shp->name, ".dbf"), sibling(z, shp->name, ".prj"), sibling(z, shp->name, ".cpg") };
    ingest_options behind = *u->o;
    const ingest_options *before = u->o;
    source whole = { .fd = u->o->scratch, .size = UINT64_MAX, .name = name }, out[4] = { { 0 } };
    bool ok = true;
    u->o = &behind;
    for (size_t i = 0; ok && i < array_len(parts); i++) {
        zip_stream *in;
        uint64_t size = 0;
        if (parts[i] == NULL)
            continue;
        ok = zip_begin(c, z, parts[i], &in);
        ok = ok && spool(c, u, zip_bytes(in), &size);
        zip_end(in);
        out[i] = source_part(&whole, behind.scratch_at, size, name);
        behind.scratch_at += size;
    }
    u->o = before;
    shp_parts p = { out[0], out[1], out[2], out[3] };
    table_sink sink = ingest_sink(u->r);
    return ok && shp_read(c, &p, name, &sink);
}

static bool zip_members(ctx *c, unpacking *u)
{
    zip z;
    uint64_t max = u->o->max_bytes > 0 ? u->o->max_bytes : READER_BYTES_MAX;
    if (!zip_open(c, u->s, max, &z))
        return false;
    for (size_t i = 0; i < z.n; i++) {
        const zip_entry *e = &z.v[i];
        zip_stream *in;
        if (e->folder || is_aside(e->name) || is_companion(&z, e->name))
            continue;
        str name = name_of(c, e);
        if (is_outside(name) || e->encrypted) {
            ingest_tell(u->r, e->encrypted ? "member_locked" : "member_outside", name);
            continue;
        }
        if (ends(e->name, S(".shp"))) {
            if (!shapefile(c, u, &z, e, name))
                return false;
            continue;
        }
        if (!zip_begin(c, &z, e, &in))
            return false;
        bool ok = member(c, u, name, zip_bytes(in));
        zip_end(in);
        if (!ok)
            return false;
    }
    return true;
}

bool ingest_archive(ctx *c, const source *s, source_kind kind, const ingest_options *o, ingest_relay *r, size_t depth)
{
    (void)kind;
    if (o->scratch < 0)
        return fail(c, INVALID, "“%.*s” is an archive: unpack it first", S_ARG(s->name));
    if (depth >= INGEST_DEPTH_MAX)
        return fail(c, INVALID, "“%.*s” is an archive in an archive in an archive: unpack it first", S_ARG(s->name));
    unpacking *u = mem_get(sizeof *u);
    *u = (unpacking){ .s = s, .o = o, .r = r, .depth = depth };
    bool ok = zip_members(c, u);
    mem_free(u);
    return ok;
}
