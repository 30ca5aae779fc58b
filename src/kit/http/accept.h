/* accept — what the client would like: Accept, Accept-Language, Accept-Encoding
 * (RFC 9110 §12.5), Range (§14) and the entity tags of If-None-Match (§13). Pure. */
#ifndef ACCEPT_H
#define ACCEPT_H
#include "kit/http/http.h"

typedef enum { ACCEPT_IDENTITY, ACCEPT_GZIP, ACCEPT_ZSTD, ACCEPT_ENCODINGS } accept_encoding;

bool accept_json(str accept);                 /* application/json is named, and liked at least as much as HTML */
lang_id accept_language(str header);          /* English only when liked better than Chinese */
accept_encoding accept_coding(str header);    /* zstd before gzip when both are liked as much */
const char *accept_coding_name(accept_encoding e);

typedef enum { ACCEPT_WHOLE, ACCEPT_PART, ACCEPT_NO_PART } accept_part;
/* bytes=a-b, bytes=a-, bytes=-n. Several ranges, other units and nonsense: the whole. */
accept_part accept_range(str header, int64_t size, int64_t *from, int64_t *bytes);

/* Is the (quoted) tag in the list? `weak_too`: W/"x" counts as "x" (If-None-Match does, If-Range does not). */
bool accept_etag(str list, str tag, bool weak_too);
#endif
