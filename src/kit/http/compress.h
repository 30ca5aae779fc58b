/* compress — gzip and zstd for bodies: the only file that knows zlib's and
 * zstd's writing side. A body that does not get smaller is left as it is. */
#ifndef COMPRESS_H
#define COMPRESS_H
#include "base.h"
#include "kit/http/accept.h"

#define COMPRESS_LEAST 1024        /* bytes: below, the head is most of an answer */

bool compress_worth(str type);     /* text, JSON, XML, SVG …: not what is compressed already */

/* The compressed body, to be freed with mem_free; p NULL when it would not be smaller. */
str compress_body(accept_encoding e, str body);

/* Piece by piece, for streams. Every piece that goes in can be read by the client at once. */
typedef struct compress_stream compress_stream;
compress_stream *compress_open(accept_encoding e);
bool compress_piece(compress_stream *z, str in, bool last, buf *out) nodiscard;   /* false: out is full */
void compress_close(compress_stream *z);         /* NULL is fine */
#endif
