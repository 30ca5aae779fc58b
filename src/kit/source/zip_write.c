#include "kit/source/zip_write.h"

#include <zlib.h>

#define OUT_BYTES 65536
#define FIXED_DATE 0x0021                   /* 1980-01-01, the earliest there is */
#define LIMIT32 UINT32_MAX

typedef struct {
    str      name;
    uint32_t crc;
    uint16_t flags, method;
    uint64_t packed, size, at;
} member;

struct zip_writer {
    byte_out  out;
    arena    *own;
    struct { member *v; size_t n, cap; } members;
    z_stream  deflate;
    uint64_t  at;                           /* bytes written */
    bool      open;
    unsigned char room[OUT_BYTES];
};

zip_writer *zip_write_new(byte_out out, int level)
{
    zip_writer *w = mem_get(sizeof *w);
    w->out = out;
    w->own = arena_new(4096);
    must(deflateInit2(&w->deflate, level, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK);
    return w;
}

void zip_write_free(zip_writer *w)
{
    if (w == NULL)
        return;
    deflateEnd(&w->deflate);
    arena_free(w->own);
    mem_free(w);
}

static bool put(ctx *c, zip_writer *w, str s)
{
    w->at += s.n;
    return s.n == 0 || w->out.write(c, w->out.to, s);
}

static void le(buf *b, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_byte(b, (char)(v >> (8 * i)));
}

static uint64_t small(uint64_t v)
{
    return v < LIMIT32 ? v : LIMIT32;
}

static bool put_local(ctx *c, zip_writer *w, const member *m)
{
    arena_mark mark = arena_here(w->own);
    buf b = buf_in(w->own);
    le(&b, 0x04034b50, 4);
    le(&b, 20, 2);
    le(&b, m->flags, 2);
    le(&b, m->method, 2);
    le(&b, 0, 2);
    le(&b, FIXED_DATE, 2);
    le(&b, m->crc, 4);
    le(&b, m->packed, 4);
    le(&b, m->size, 4);
    le(&b, m->name.n, 2);
    le(&b, 0, 2);
    buf_add(&b, m->name);
    bool ok = put(c, w, buf_str(&b));
    arena_back(w->own, mark);
    return ok;
}

bool zip_write_stored(ctx *c, zip_writer *w, str name, str bytes)
{
    member m = { .name = str_dup(w->own, name), .flags = 0x800, .packed = bytes.n, .size = bytes.n, .at = w->at,
                 .crc = (uint32_t)crc32(crc32(0, NULL, 0), (const unsigned char *)bytes.p, (uInt)bytes.n) };
    list_add(w->own, &w->members, m);
    return put_local(c, w, &m) && put(c, w, bytes);
}

bool zip_write_begin(ctx *c, zip_writer *w, str name)
{
    must(!w->open);
    w->open = true;
    member m = { .name = str_dup(w->own, name), .flags = 0x808, .method = 8, .at = w->at, .crc = (uint32_t)crc32(0, NULL, 0) };
    list_add(w->own, &w->members, m);
    must(deflateReset(&w->deflate) == Z_OK);
    return put_local(c, w, &m);
}

static bool deflate_some(ctx *c, zip_writer *w, int flush)
{
    member *m = &w->members.v[w->members.n - 1];
    do {
        w->deflate.next_out = w->room;
        w->deflate.avail_out = OUT_BYTES;
        int rc = deflate(&w->deflate, flush);
        must(rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR);
        size_t n = OUT_BYTES - w->deflate.avail_out;
        m->packed += n;
        if (!put(c, w, (str){ (const char *)w->room, n }))
            return false;
        if (flush == Z_FINISH ? rc == Z_STREAM_END : w->deflate.avail_in == 0)
            return true;
    } while (true);
}

bool zip_write_add(ctx *c, zip_writer *w, str s)
{
    must(w->open);
    member *m = &w->members.v[w->members.n - 1];
    while (s.n > 0) {
        size_t n = s.n < (size_t)1 << 30 ? s.n : (size_t)1 << 30;
        m->crc = (uint32_t)crc32(m->crc, (const unsigned char *)s.p, (uInt)n);
        m->size += n;
        w->deflate.next_in = (unsigned char *)(uintptr_t)s.p;
        w->deflate.avail_in = (uInt)n;
        if (!deflate_some(c, w, Z_NO_FLUSH))
            return false;
        s = str_from(s, n);
    }
    return true;
}

bool zip_write_end(ctx *c, zip_writer *w)
{
    must(w->open);
    w->open = false;
    w->deflate.avail_in = 0;
    if (!deflate_some(c, w, Z_FINISH))
        return false;
    const member *m = &w->members.v[w->members.n - 1];
    int wide = m->size >= LIMIT32 || m->packed >= LIMIT32 ? 8 : 4;
    buf b = buf_in(w->own);
    le(&b, 0x08074b50, 4);
    le(&b, m->crc, 4);
    le(&b, m->packed, wide);
    le(&b, m->size, wide);
    return put(c, w, buf_str(&b));
}

static void add_central(buf *b, const member *m)
{
    bool wide = m->size >= LIMIT32 || m->packed >= LIMIT32 || m->at >= LIMIT32;
    le(b, 0x02014b50, 4);
    le(b, wide ? 45 : 20, 2);
    le(b, wide ? 45 : 20, 2);
    le(b, m->flags, 2);
    le(b, m->method, 2);
    le(b, 0, 2);
    le(b, FIXED_DATE, 2);
    le(b, m->crc, 4);
    le(b, wide ? LIMIT32 : m->packed, 4);
    le(b, wide ? LIMIT32 : m->size, 4);
    le(b, m->name.n, 2);
    le(b, wide ? 28 : 0, 2);
    le(b, 0, 2);
    le(b, 0, 2);
    le(b, 0, 2);
    le(b, 0, 4);
    le(b, wide ? LIMIT32 : m->at, 4);
    buf_add(b, m->name);
    if (wide) {
        le(b, 1, 2);
        le(b, 24, 2);
        le(b, m->size, 8);
        le(b, m->packed, 8);
        le(b, m->at, 8);
    }
}

bool zip_write_finish(ctx *c, zip_writer *w)
{
    must(!w->open);
    uint64_t from = w->at, n = w->members.n;
    buf b = buf_in(w->own);
    list_each(member, m, &w->members)
        add_central(&b, m);
    uint64_t size = b.n;
    if (n >= 0xffff || from >= LIMIT32) {
        uint64_t at = from + size;
        le(&b, 0x06064b50, 4);
        le(&b, 44, 8);
        le(&b, 45, 2);
        le(&b, 45, 2);
        le(&b, 0, 4);
        le(&b, 0, 4);
        le(&b, n, 8);
        le(&b, n, 8);
        le(&b, size, 8);
        le(&b, from, 8);
        le(&b, 0x07064b50, 4);
        le(&b, 0, 4);
        le(&b, at, 8);
        le(&b, 1, 4);
    }
    le(&b, 0x06054b50, 4);
    le(&b, 0, 4);
    le(&b, n < 0xffff ? n : 0xffff, 2);
    le(&b, n < 0xffff ? n : 0xffff, 2);
    le(&b, small(size), 4);
    le(&b, small(from), 4);
    le(&b, 0, 2);
    return put(c, w, buf_str(&b));
}
