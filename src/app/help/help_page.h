/* help_page — what readers can type (/help/search), how machines read the site
 * (/api), what this site is (/about), and how far it can be used by everybody
 * (/accessibility). Examples are live: their counts come from the index. */
#ifndef HELP_PAGE_H
#define HELP_PAGE_H
#include "base.h"
#include "kit/text/html.h"

typedef struct { str typed, meaning, href, count; } help_example;
typedef struct { str name, label, example; } help_field;

typedef struct {
    struct { help_example *v; size_t n, cap; } examples;
    struct { help_field *v; size_t n, cap; }   fields;
} help_search_view;

typedef struct { str title, what, command, href; } help_call;
typedef struct { str path, what, href; } help_route;
typedef struct { str id, title, text; struct { help_call *v; size_t n, cap; } calls; } help_face;

typedef struct {
    str base;                     /* address of the site, for the examples */
    str table;                    /* a table that everybody may see, for those that want one; empty: there is none yet */
    struct { help_face *v; size_t n, cap; }  faces;
    struct { help_route *v; size_t n, cap; } routes;
} help_api_view;

typedef struct { str title, description, datasets, organizations, version; } help_about_view;
#endif
