#include "kit/sheet/ole.h"
#include "kit/source/source.h"

#define SECTOR_END 0xfffffff8u               /* and above: no sector */
#define ENTRY 128

typedef struct {
    str      file;
    size_t   sector, mini;                   /* sizes */
    uint32_t mini_from;                      /* streams smaller than this stand in mini sectors */
    str      fat, mini_fat, directory, mini_stream;
} ole;

static const unsigned char *sector_at(const ole *o, uint32_t n)
{
    uint64_t at = ((uint64_t)n + 1) * o->sector;
    return n < SECTOR_END && at + o->sector <= o->file.n ? (const unsigned char *)o->file.p + at : NULL;
}

static uint32_t next_in(str table, uint32_t n)
{
    return (uint64_t)n * 4 + 4 <= table.n ? source_u32((const unsigned char *)table.p + (size_t)n * 4) : 0xfffffffe;
}

static bool damaged(ctx *c)
{
    return fail(c, INVALID, "the workbook is damaged: its container does not hold together");
}

/* A chain of sectors (or of mini sectors) as one text; at most as many as the file has. */
static bool chain(ctx *c, const ole *o, uint32_t first, size_t size, bool mini, str *out)
{
    size_t each = mini ? o->mini : o->sector, most = o->file.n / each + 1;
    buf b = buf_max(c->a, o->file.n + each);
    for (uint32_t n = first; n < SECTOR_END && b.n < size; n = next_in(mini ? o->mini_fat : o->fat, n)) {
        if (most-- == 0)
            return damaged(c);
        if (mini) {
            uint64_t at = (uint64_t)n * each;
            if (at + each > o->mini_stream.n)
                return damaged(c);
            buf_add(&b, str_sub(o->mini_stream, (size_t)at, (size_t)at + each));
        } else {
            const unsigned char *p = sector_at(o, n);
            if (p == NULL)
                break;                       /* the last sector may be cut short */
            buf_add(&b, (str){ (const char *)p, each });
        }
    }
    *out = buf_str(&b);
    if (out->n > size)
        out->n = size;
    return true;
}

static bool read_fat(ctx *c, ole *o, const unsigned char *h)
{
    buf fat = buf_max(c->a, o->file.n + o->sector);
    uint32_t count = source_u32(h + 44), more = source_u32(h + 68);
    size_t most = o->file.n / o->sector + 1;
    for (uint32_t i = 0; i < 109 && i < count; i++) {
        const unsigned char *p = sector_at(o, source_u32(h + 76 + (size_t)i * 4));
        if (p != NULL)
            buf_add(&fat, (str){ (const char *)p, o->sector });
    }
    while (more < SECTOR_END && most-- > 0) {
        const unsigned char *d = sector_at(o, more);
        if (d == NULL)
            return damaged(c);
        for (size_t i = 0; i + 4 < o->sector; i += 4) {
            const unsigned char *p = sector_at(o, source_u32(d + i));
            if (p != NULL)
                buf_add(&fat, (str){ (const char *)p, o->sector });
        }
        more = source_u32(d + o->sector - 4);
    }
    o->fat = buf_str(&fat);
    return buf_fits(&fat) || damaged(c);
}

static bool named(const unsigned char *e, const char *name)
{
    size_t n = strlen(name), units = source_u16(e + 64) / 2;
    if (units != n + 1 || units > 32)
        return false;
    for (size_t i = 0; i < n; i++)
        if (e[i * 2] != (unsigned char)name[i] || e[i * 2 + 1] != 0)
            return false;
    return true;
}

static const unsigned char *entry_of(const ole *o, const char *name)
{
    for (size_t i = 0; i + ENTRY <= o->directory.n; i += ENTRY)
        if (named((const unsigned char *)o->directory.p + i, name))
            return (const unsigned char *)o->directory.p + i;
    return NULL;
}

static bool open_container(ctx *c, str file, ole *o)
{
    const unsigned char *h = (const unsigned char *)file.p;
    *o = (ole){ .file = file };
    if (file.n < 512 || source_u16(h + 30) < 7 || source_u16(h + 30) > 16 || source_u16(h + 32) > 12 || source_u16(h + 32) < 4)
        return damaged(c);
    o->sector = (size_t)1 << source_u16(h + 30);
    o->mini = (size_t)1 << source_u16(h + 32);
    o->mini_from = source_u32(h + 56);
    if (!read_fat(c, o, h) || !chain(c, o, source_u32(h + 48), SIZE_MAX, false, &o->directory) || o->directory.n < ENTRY)
        return c->err.code != ERR_OK ? false : damaged(c);
    const unsigned char *root = (const unsigned char *)o->directory.p;
    return chain(c, o, source_u32(h + 60), SIZE_MAX, false, &o->mini_fat)
        && chain(c, o, source_u32(root + 116), source_u32(root + 120), false, &o->mini_stream);
}

bool ole_stream(ctx *c, str file, const char *const *names, str *out)
{
    ole o;
    if (!open_container(c, file, &o))
        return false;
    for (; *names != NULL; names++) {
        const unsigned char *e = entry_of(&o, *names);
        if (e != NULL)
            return chain(c, &o, source_u32(e + 116), source_u32(e + 120), source_u32(e + 120) < o.mini_from, out);
    }
    return fail(c, NOT_FOUND, "the container has no such stream");
}

bool ole_has(ctx *c, str file, const char *name)
{
    ole o;
    bool ok = open_container(c, file, &o);
    if (!ok)
        err_clear(c);
    return ok && entry_of(&o, name) != NULL;
}
