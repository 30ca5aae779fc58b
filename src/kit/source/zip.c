#include "kit/source/zip.h"

#include <zlib.h>

#define END_SIZE 22
#define END64_SIZE 56
#define CENTRAL_SIZE 46
#define LOCAL_SIZE 30
#define PIECE 65536

typedef struct {
    uint64_t count, at, size;
} directory;

static bool no_zip(ctx *c, const source *s, const char *why)
{
    return fail(c, INVALID, "“%.*s” is no whole zip archive: %s", S_ARG(s->name), why);
}

/* The end record stands before a comment of unknown length: sought from behind. */
static bool find_end(ctx *c, const source *s, uint64_t *at)
{
    size_t n = s->size < PIECE + END_SIZE ? (size_t)s->size : PIECE + END_SIZE;
    if (n < END_SIZE)
        return no_zip(c, s, "it is too short");
    arena_mark m = arena_here(c->a);
    unsigned char *p = arena_get(c->a, n);
    if (!source_get(c, s, s->size - n, p, n))
        return false;
    bool found = false;
    for (size_t i = n - END_SIZE + 1; i-- > 0 && !found;)
        if (source_u32(p + i) == 0x06054b50 && i + END_SIZE + source_u16(p + i + 20) <= n) {
            *at = s->size - n + i;
            found = true;
        }
    arena_back(c->a, m);
    return found || no_zip(c, s, "its directory is missing, as if it had been cut off");
}

static bool read_directory(ctx *c, const source *s, directory *d)
{
    uint64_t end = 0;
    unsigned char p[END64_SIZE];
    if (!find_end(c, s, &end) || !source_get(c, s, end, p, END_SIZE))
        return false;
    *d = (directory){ source_u16(p + 10), source_u32(p + 16), source_u32(p + 12) };
    if (end >= 20 && (d->count == 0xffff || d->at == 0xffffffff || d->size == 0xffffffff)) {
        if (!source_get(c, s, end - 20, p, 20))
            return false;
        if (source_u32(p) == 0x07064b50) {
            uint64_t at64 = source_u64(p + 8);
            if (at64 > s->size || s->size - at64 < END64_SIZE || !source_get(c, s, at64, p, END64_SIZE)
                || source_u32(p) != 0x06064b50)
                return c->err.code != ERR_OK ? false : no_zip(c, s, "its zip64 directory is missing");
            *d = (directory){ source_u64(p + 32), source_u64(p + 48), source_u64(p + 40) };
        }
    }
    if (d->at > s->size || d->size > s->size - d->at)
        return no_zip(c, s, "its directory lies outside of it");
    if (d->count > ZIP_ENTRIES_MAX || d->size > (uint64_t)64 << 20)
        return fail(c, TOO_LARGE, "“%.*s” holds %" PRIu64 " files; at most %d are read", S_ARG(s->name), d->count, ZIP_ENTRIES_MAX);
    return true;
}

/* Sizes beyond 32 bits stand in extra field 1, in this order, only those that are needed. */
static void read_zip64(zip_entry *e, const unsigned char *x, size_t n)
{
    while (n >= 4) {
        size_t id = source_u16(x), len = source_u16(x + 2);
        x += 4;
        n -= 4;
        if (len > n)
            return;
        if (id == 1) {
            uint64_t *want[] = { e->size == 0xffffffff ? &e->size : NULL, e->packed == 0xffffffff ? &e->packed : NULL,
                                 e->at == 0xffffffff ? &e->at : NULL };
            for (size_t i = 0, at = 0; i < 3; i++)
                if (want[i] != NULL && at + 8 <= len) {
                    *want[i] = source_u64(x + at);
                    at += 8;
                }
            return;
        }
        x += len;
        n -= len;
    }
}

static bool read_entries(ctx *c, zip *z, const directory *d)
{
    const source *s = &z->src;
    unsigned char *p = arena_get(c->a, (size_t)d->size + 1);
    if (!source_get(c, s, d->at, p, (size_t)d->size))
        return false;
    z->v = new_n(c->a, zip_entry, (size_t)d->count + 1);
    uint64_t left = d->size, packed = 0;
    for (uint64_t i = 0; i < d->count; i++) {
        if (left < CENTRAL_SIZE || source_u32(p) != 0x02014b50)
            return no_zip(c, s, "its directory is damaged");
        size_t name = source_u16(p + 28), extra = source_u16(p + 30), note = source_u16(p + 32);
        if (left - CENTRAL_SIZE < name + extra + note)
            return no_zip(c, s, "its directory is damaged");
        uint16_t flags = source_u16(p + 8);
        zip_entry e = { .name = { (const char *)p + CENTRAL_SIZE, name }, .utf8 = (flags & 0x800) != 0, .encrypted = (flags & 1) != 0,
                        .method = source_u16(p + 10), .crc = source_u32(p + 16), .packed = source_u32(p + 20),
                        .size = source_u32(p + 24), .at = source_u32(p + 42) };
        read_zip64(&e, p + CENTRAL_SIZE + name, extra);
        e.folder = str_ends(e.name, S("/"));
        if (e.at > s->size || e.packed > s->size - e.at || __builtin_add_overflow(packed, e.packed, &packed))
            return no_zip(c, s, "a member lies outside of it");
        z->v[z->n++] = e;
        p += CENTRAL_SIZE + name + extra + note;
        left -= CENTRAL_SIZE + name + extra + note;
    }
    /* Many names for the same bytes: the bomb that needs no nesting. */
    return packed <= s->size || fail(c, INVALID, "“%.*s” is refused: its members share the same bytes, as in a zip bomb", S_ARG(s->name));
}

bool zip_open(ctx *c, const source *s, uint64_t max_bytes, zip *out)
{
    directory d;
    *out = (zip){ .src = *s, .max_bytes = max_bytes };
    return read_directory(c, s, &d) && read_entries(c, out, &d);
}

const zip_entry *zip_find(const zip *z, str name)
{
    for (size_t i = 0; i < z->n; i++)
        if (str_ieq(z->v[i].name, name))
            return &z->v[i];
    return NULL;
}

struct zip_stream {
    const zip *z;
    const zip_entry *e;
    z_stream   inflate;
    uint64_t   at, left;            /* packed bytes: the next, and how many */
    uint64_t   out;
    uint32_t   crc;
    bool       inflating, ended;
    unsigned char in[PIECE];
};

bool zip_begin(ctx *c, const zip *z, const zip_entry *e, zip_stream **out)
{
    *out = NULL;
    if (e->encrypted)
        return fail(c, INVALID, "“%.*s” is locked with a password: publish it without one", S_ARG(e->name));
    if (e->method != 0 && e->method != 8)
        return fail(c, INVALID, "“%.*s” is packed by method %u, which is not read: pack it with deflate", S_ARG(e->name), e->method);
    unsigned char p[LOCAL_SIZE];
    if (!source_get(c, &z->src, e->at, p, LOCAL_SIZE))
        return false;
    if (source_u32(p) != 0x04034b50)
        return no_zip(c, &z->src, "a member has no header");
    uint64_t at = e->at + LOCAL_SIZE + source_u16(p + 26) + source_u16(p + 28);
    if (at > z->src.size || e->packed > z->src.size - at)
        return no_zip(c, &z->src, "a member lies outside of it");
    zip_stream *s = mem_get(sizeof *s);
    *s = (zip_stream){ .z = z, .e = e, .at = at, .left = e->packed, .crc = (uint32_t)crc32(0, NULL, 0), .inflating = e->method == 8 };
    if (s->inflating && inflateInit2(&s->inflate, -MAX_WBITS) != Z_OK) {
        mem_free(s);
        return fail(c, INTERNAL, "inflate cannot start");
    }
    *out = s;
    return true;
}

void zip_end(zip_stream *s)
{
    if (s == NULL)
        return;
    if (s->inflating)
        inflateEnd(&s->inflate);
    mem_free(s);
}

static bool take_packed(ctx *c, zip_stream *s, void *to, size_t room, size_t *got)
{
    size_t n = s->left < room ? (size_t)s->left : room;
    if (!source_some(c, &s->z->src, s->at, to, n, got))
        return false;
    s->at += *got;
    s->left -= *got;
    return true;
}

static bool inflate_some(ctx *c, zip_stream *s, void *to, size_t room, size_t *got)
{
    z_stream *f = &s->inflate;
    f->next_out = to;
    f->avail_out = (uInt)room;
    while (f->avail_out == room) {
        if (f->avail_in == 0 && s->left > 0) {
            size_t n;
            if (!take_packed(c, s, s->in, sizeof s->in, &n))
                return false;
            f->next_in = s->in;
            f->avail_in = (uInt)n;
        }
        int rc = inflate(f, Z_NO_FLUSH);
        if (rc == Z_STREAM_END) {
            s->ended = true;
            break;
        }
        if (rc != Z_OK)
            return fail(c, INVALID, "“%.*s” in “%.*s” is damaged: it does not inflate past byte %" PRIu64, S_ARG(s->e->name),
                        S_ARG(s->z->src.name), s->out + (room - f->avail_out));
    }
    *got = room - f->avail_out;
    return true;
}

static bool read_member(ctx *c, void *from, void *to, size_t room, size_t *got)
{
    zip_stream *s = from;
    *got = 0;
    if (s->ended || room == 0)
        return true;
    if (room > (size_t)1 << 30)
        room = (size_t)1 << 30;
    if (s->inflating ? !inflate_some(c, s, to, room, got) : !take_packed(c, s, to, room, got))
        return false;
    if (!s->inflating && s->left == 0)
        s->ended = true;
    s->out += *got;
    s->crc = (uint32_t)crc32(s->crc, to, (uInt)*got);
    if (s->out > s->z->max_bytes)
        return fail(c, TOO_LARGE, "“%.*s” in “%.*s” unpacks to more than %" PRIu64 " bytes", S_ARG(s->e->name),
                    S_ARG(s->z->src.name), s->z->max_bytes);
    if (s->out > ZIP_RATIO_FROM && s->out / ZIP_RATIO_MAX > s->e->packed)
        return fail(c, TOO_LARGE, "“%.*s” in “%.*s” is refused: it unpacks to more than %d times its size, as in a zip bomb",
                    S_ARG(s->e->name), S_ARG(s->z->src.name), ZIP_RATIO_MAX);
    return !s->ended || s->crc == s->e->crc
        || fail(c, INVALID, "“%.*s” in “%.*s” is damaged: its checksum is wrong", S_ARG(s->e->name), S_ARG(s->z->src.name));
}

byte_in zip_bytes(zip_stream *s)
{
    return (byte_in){ .from = s, .read = read_member };
}

bool zip_all(ctx *c, const zip *z, const zip_entry *e, size_t max, str *out)
{
    zip_stream *s;
    if (!zip_begin(c, z, e, &s))
        return false;
    buf b = buf_max(c->a, max + 1);
    bool ok = true;
    for (size_t got = 1; ok && got > 0;) {
        size_t room = PIECE < max + 1 - b.n ? PIECE : max + 1 - b.n;
        ok = buf_room(&b, room) && read_member(c, s, b.p + b.n, room, &got);
        b.n += ok ? got : 0;
        if (b.n > max)
            ok = fail(c, TOO_LARGE, "“%.*s” in “%.*s” has more than %zu bytes", S_ARG(e->name), S_ARG(z->src.name), max);
    }
    zip_end(s);
    *out = buf_str(&b);
    return ok;
}
