/* pages — asks the whole site without a socket: every route, the site's own
 * error page, HEAD, languages, JSON, redirects. For tests of pages and APIs. */
#ifndef PAGES_H
#define PAGES_H
#include "support/support.h"

#include "kit/http/http.h"
#include "kit/text/json_read.h"

/* The answer lives in t->c.a. Chinese unless the path says /en. The index is opened when it is not yet, and has
 * what the record has. */
http_res pages_ask(test_site *t, const char *method, const char *target, const char *accept);
http_res pages_get(test_site *t, const char *target);
json     pages_json(test_site *t, const char *target);          /* of an answer that must be 200 */
str      pages_header(const http_res *w, const char *name);     /* "" when absent */
bool     pages_has(const http_res *w, const char *part);        /* is it in the body? */
#endif
