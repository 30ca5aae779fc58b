/* shell — what every page shares: the frame (head, navigation, footer), links,
 * errors, paging, and how a handler answers. */
#ifndef SHELL_H
#define SHELL_H
#include "base.h"
#include "kit/http/http.h"
#include "kit/text/html.h"
#include "kit/text/json_write.h"
#include "kit/text/lang.h"

typedef struct {
    str  title;                     /* of this page, without the site's */
    str  description;               /* meta description; may be empty */
    str  canonical;                 /* path without language prefix, with the query that matters */
    str  feed, feed_title;          /* Atom feed of this page, path; empty: none */
    str  json;                      /* path of this page as JSON; empty: none */
    html json_ld;                   /* schema.org, a JSON text whose < is escaped; empty: none */
    enum { NAV_NONE, NAV_DATASETS, NAV_ORGANIZATIONS, NAV_THEMES, NAV_STATISTICS, NAV_TARGETS, NAV_API } nav;
    str  search;                    /* words in the search box */
    bool own_search;                /* the page has the search box itself: none in the head */
    bool no_index;
    const char *script;             /* module of web/ that makes the page livelier; NULL: none */
} page;

/* Paths with the reader's language kept: link(c, "/datasets/%s") style helpers; arguments are encoded. */
str link_to(ctx *c, str path);                              /* "/x" → "/en/x" when the reader is there */
str link_part(ctx *c, const char *before, str part, const char *after);    /* before + encoded part + after */
str link_other_language(ctx *c, str canonical);             /* the same page in the other language, whatever the browser wishes */
str link_absolute(ctx *c, const http_req *r, str path);     /* with the public address, or the one that was asked for */

/* Frames a body and fills the response. */
bool page_show(ctx *c, const http_req *r, http_res *w, const page *p, html body);
bool page_error(void *app, ctx *c, const http_req *r, http_res *w);       /* http_config.error */

typedef struct { int64_t total, first, last, page, pages; str base; } paging;   /* base: path + query up to page= */
html paging_show(ctx *c, const paging *p);
#endif
