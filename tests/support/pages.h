/* pages — asks the whole site without a socket: every route, the site's own
 * error page, HEAD, languages, JSON, redirects. For tests of pages and APIs. */
#ifndef PAGES_H
#define PAGES_H
#include "support/support.h"

#include "kit/http/http.h"

/* The answer lives in t->c.a. Chinese unless the path says /en. The index is opened when it is not yet, and has
 * what the record has. */
int      pages_teardown(void **state);                           /* cmocka: closes that index, then the site */
http_res pages_ask(test_site *t, const char *method, const char *target, const char *accept);
http_res pages_get(test_site *t, const char *target);
str      pages_header(const http_res *w, const char *name);     /* "" when absent */
bool     pages_has(const http_res *w, const char *part);        /* is it in the body? */
#endif
