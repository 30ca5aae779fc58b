/* parse — the head of an HTTP/1.1 request and the chunked framing of bodies
 * (RFC 9112), as pure functions over bytes: no socket, no clock, fuzzed.
 *
 * Strict where leniency lets two programs read one stream in two ways: bare CR
 * or LF, blanks before the colon, folded lines, two lengths, a length beside
 * Transfer-Encoding, NUL, no or two Hosts are refused. Functions answer 0 or
 * the HTTP status of the refusal, and say why. */
#ifndef PARSE_H
#define PARSE_H
#include "kit/http/http.h"

#define PARSE_TARGET_MAX 8192
#define PARSE_HEADERS_MAX 100

typedef enum { PARSE_NO_BODY, PARSE_LENGTH, PARSE_CHUNKED } parse_framing;

typedef struct {
    http_method   method;
    int           minor;              /* HTTP/1.minor: 0 or 1 */
    str           target, host;
    url_pairs     headers;            /* names in lower case, values trimmed */
    parse_framing framing;
    int64_t       length;             /* of PARSE_LENGTH */
    bool          keep_alive, expect_continue;
} parse_result;

/* Looks for the end of a head in what has come so far. *scanned (first 0) is where the last call
 * stopped. *head_n is the length with the empty line, 0 while it is not complete. */
int parse_find_end(str bytes, size_t *scanned, size_t max, size_t *head_n, const char **why);

/* A complete head; `p` is changed (names folded) and must live as long as the result. */
int parse_head(arena *a, char *p, size_t n, parse_result *out, const char **why);

typedef struct {
    int      state;
    uint64_t left;                    /* bytes of the running chunk */
    uint32_t digits, line;            /* of the running size; bytes of the running line */
    uint32_t extra;                   /* bytes of extensions and trailers so far */
} parse_chunks;

typedef enum { PARSE_MORE, PARSE_DATA, PARSE_END, PARSE_BAD } parse_step;

/* Takes from `in`, from *at on; PARSE_DATA gives the next piece of the body. PARSE_MORE: all is used up. */
parse_step parse_chunk(parse_chunks *s, str in, size_t *at, str *data);

bool parse_is_token(str s);           /* letters, digits and !#$%&'*+-.^_`|~ */
#endif
