#include "kit/http/compress.h"

#include <zlib.h>
#include <zstd.h>

#define GZIP_LEVEL 5
#define ZSTD_LEVEL 4
#define STREAM_GZIP_LEVEL 4
#define GZIP_WINDOW (15 + 16) /* 32 KB, with the gzip head and tail */

bool compress_worth(str type)
{
    static const str whole[] = { S_INIT("application/json"),       S_INIT("application/javascript"),
                                 S_INIT("application/xml"),        S_INIT("application/x-ndjson"),
                                 S_INIT("application/n-triples"),  S_INIT("image/svg+xml"),
                                 S_INIT("application/vnd.oai.openapi") };
    type = str_trim(str_sub(type, 0, str_find_byte(type, ';')));
    if (str_starts(type, S("text/")) || str_ends(type, S("+json")) || str_ends(type, S("+xml")))
        return true;
    for (size_t i = 0; i < array_len(whole); i++)
        if (str_ieq(type, whole[i]))
            return true;
    return false;
}

static str gzip(str body)
{
    z_stream z = { 0 };
    must(deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    char *out = mem_get(body.n);
    z.next_in = (Bytef *)(uintptr_t)body.p;
    z.avail_in = (uInt)body.n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)body.n;
    int r = deflate(&z, Z_FINISH);
    size_t n = z.total_out;
    deflateEnd(&z);
    if (r == Z_STREAM_END)
        return (str){ mem_resize(out, n), n };
    mem_free(out);
    return (str){ 0 };
}

static str zstd(str body)
{
    char *out = mem_get(body.n);
    size_t n = ZSTD_compress(out, body.n, body.p, body.n, ZSTD_LEVEL);
    if (!ZSTD_isError(n) && n < body.n)
        return (str){ mem_resize(out, n), n };
    mem_free(out);
    return (str){ 0 };
}

str compress_body(accept_encoding e, str body)
{
    if (body.n < COMPRESS_LEAST || body.n > (size_t)1 << 30)
        return (str){ 0 };
    return e == ACCEPT_ZSTD ? zstd(body) : e == ACCEPT_GZIP ? gzip(body) : (str){ 0 };
}

struct compress_stream {
    accept_encoding e;
    z_stream gz;
    ZSTD_CStream *zs;
};

compress_stream *compress_open(accept_encoding e)
{
    compress_stream *z = mem_get(sizeof *z);
    z->e = e;
    if (e == ACCEPT_GZIP) {
        must(deflateInit2(&z->gz, STREAM_GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    } else {
        z->zs = ZSTD_createCStream();
        must(z->zs != NULL && !ZSTD_isError(ZSTD_CCtx_setParameter(z->zs, ZSTD_c_compressionLevel, ZSTD_LEVEL)));
        must(!ZSTD_isError(ZSTD_CCtx_setParameter(z->zs, ZSTD_c_windowLog, 20)));
    }
    return z;
}

static bool gzip_piece(compress_stream *z, str in, bool last, buf *out)
{
    z->gz.next_in = (Bytef *)(uintptr_t)in.p;
    z->gz.avail_in = (uInt)in.n;
    int r;
    do {
        if (!buf_room(out, 16384))
            return false;
        size_t room = out->cap - out->n;
        z->gz.next_out = (Bytef *)out->p + out->n;
        z->gz.avail_out = (uInt)room;
        r = deflate(&z->gz, last ? Z_FINISH : Z_SYNC_FLUSH);
        out->n += room - z->gz.avail_out;
    } while (z->gz.avail_out == 0);
    return last ? r == Z_STREAM_END : true;
}

static bool zstd_piece(compress_stream *z, str in, bool last, buf *out)
{
    ZSTD_inBuffer from = { in.p, in.n, 0 };
    size_t left;
    do {
        if (!buf_room(out, 16384))
            return false;
        ZSTD_outBuffer to = { out->p + out->n, out->cap - out->n, 0 };
        left = ZSTD_compressStream2(z->zs, &to, &from, last ? ZSTD_e_end : ZSTD_e_flush);
        if (ZSTD_isError(left))
            return false;
        out->n += to.pos;
    } while (left > 0);
    return true;
}

bool compress_piece(compress_stream *z, str in, bool last, buf *out)
{
    return z->e == ACCEPT_GZIP ? gzip_piece(z, in, last, out) : zstd_piece(z, in, last, out);
}

void compress_close(compress_stream *z)
{
    if (z == NULL)
        return;
    if (z->e == ACCEPT_GZIP)
        deflateEnd(&z->gz);
    else
        ZSTD_freeCStream(z->zs);
    mem_free(z);
}
