/* dataset_list_page — /datasets, what a search finds: words, filters, order and
 * page stand in the address, so every view of the list can be linked, fed
 * (Atom) and read as JSON. Requirements A1, A5.
 *
 *   dataset_list_page.c   the handler: runs the search, fills the view, JSON
 *   dataset_facet_page.c  what the address says, the addresses that say more or less, facets
 *
 * Values of the same field are alternatives, different fields narrow: the
 * counts of a field that is filtered on are those without its own filter, so
 * that choosing a second value shows what it adds. */
#ifndef DATASET_LIST_PAGE_H
#define DATASET_LIST_PAGE_H
#include "app/find/find.h"
#include "kit/http/http.h"
#include "kit/text/html.h"
#include "queries.h"

/* What an address asks for. */
typedef struct {
    str  words;
    struct { find_filter *v; size_t n, cap; } filters;
    find_sort sort;
    bool sort_said;
    int64_t page;
} dataset_ask;

bool dataset_ask_read(ctx *c, const http_req *r, dataset_ask *out) nodiscard;    /* INVALID names the parameter */
/* The query (with its ?) that asks for the same without `less`, with `more`, in that order; either filter may be
 * NULL; a page number below 2: the first, and none is said. */
str dataset_ask_query(ctx *c, const dataset_ask *q, const find_filter *less, const find_filter *more, int64_t number);
const char *dataset_sort_name(find_sort s);

typedef struct { str value, label, count, href; int64_t number; bool chosen; } dataset_facet_line;
typedef struct {
    find_value field;
    str  name, title, more_label;
    bool open, chosen;                /* unfolded; has a chosen value */
    struct { dataset_facet_line *v; size_t n, cap; } first, more;
} dataset_facet;
typedef struct { dataset_facet *v; size_t n, cap; } dataset_facets;

/* Facets of an answer, in the order in which people need them. */
bool dataset_facets_of(ctx *c, const dataset_ask *q, const find_answer *a, dataset_facets *out) nodiscard;
str  dataset_facet_title(ctx *c, find_value field);

typedef struct { str label, title, href; } dataset_chip;          /* a filter that is on; href takes it off */
typedef struct { str label, href; bool current; } dataset_order;
typedef struct { str label; int star; } dataset_format_mark;
typedef struct { str stars, text; bool proven; } dataset_stars;    /* proven: by the bytes of the file */

typedef struct {
    str  slug, href, lang, title_text, organization, organization_slug, organization_href, updated, updated_iso, dated, licence, verdict, verdict_label,
         description, issued_iso;
    int  star;
    dataset_stars stars;
    int64_t views;
    html title, excerpt;
    struct { dataset_format_mark *v; size_t n, cap; } formats;
} dataset_hit;
typedef struct { dataset_hit *v; size_t n, cap; } dataset_hits;

typedef struct {
    str  heading, words, total, shown, action, feed, clear;
    bool any, loose, narrowed;
    struct { url_pair *v; size_t n, cap; } hidden;                 /* filters that the search form keeps */
    dataset_hits hits;
    struct { dataset_chip *v; size_t n, cap; } chips;
    struct { dataset_order *v; size_t n, cap; } orders;
    dataset_facets facets;
    html paging;
} dataset_list_view;

/* Stars with the words for them: how they are known, and what is missing to the first where no licence is known (annex 4). */
dataset_stars dataset_stars_of(ctx *c, int64_t rating, bool proven, str licence_code);

dataset_hit dataset_hit_of(ctx *c, const dataset_brief *d, const str_list *marks);    /* without its formats */
/* Of a title: English readers get it in English where there is one. */
str dataset_title_lang(const ctx *c, str title_en);
/* What lists show of each, in the order of ids. Two statements. */
bool dataset_hits_of(ctx *c, const int64_t *ids, size_t n, const str_list *marks, dataset_hits *out) nodiscard;
/* The ones of a field's value that changed last, as visitors see them. */
bool dataset_newest(ctx *c, find_value field, str value, size_t rows, dataset_hits *out) nodiscard;
#endif
