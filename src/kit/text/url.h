/* url — addresses and query strings. Percent-decoding is strict where it comes
 * from clients of the server and lenient where it comes from catalogues
 * (raw Chinese, blanks, double slashes are common there). */
#ifndef URL_H
#define URL_H
#include "base.h"

typedef struct {
    str scheme, user, host, path, query, fragment;
    int port;                       /* 0: the scheme's own */
} url;

typedef struct { str name, value; } url_pair;
typedef struct { url_pair *v; size_t n, cap; } url_pairs;

bool url_parse(str s, url *out);                                  /* absolute; false when not */
void url_encode(buf *o, str s);                                   /* all but A–Z a–z 0–9 - . _ ~ */
void url_encode_path(buf *o, str s);                              /* … and keeps / */
str  url_encoded(arena *a, str s);
bool url_decode(arena *a, str s, bool plus_is_blank, str *out);   /* false: a bad % or a NUL */
bool url_query(ctx *c, str query, size_t max_pairs, url_pairs *out) nodiscard;  /* INVALID, TOO_LARGE */
str  url_arg(const url_pairs *p, const char *name);               /* first value; "" when absent */
str  url_safe(arena *a, str s);                                   /* for Location, href: encodes what must not stand raw */
str  url_for_log(arena *a, str s);                                /* scheme, host and path; the query can hold keys */
str  url_hide_keys(arena *a, str text);                           /* a copy in which every web address ends at its ? or # */
bool url_is_web(str s);                                           /* http or https with a host */
#endif
