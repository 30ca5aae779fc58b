/* link_page — /quality/links: addresses that fail or give a web page where a
 * file was promised, as a page, as JSON and as CSV for stewards; and what the
 * pages of a dataset say of the addresses of its files. */
#ifndef LINK_PAGE_H
#define LINK_PAGE_H
#include "app/link/link.h"
#include "app/shell/shell.h"

typedef struct { str text; bool bad; } link_state;              /* in a sentence; empty: it was not asked */
typedef struct { str title, lang, href, organization, organization_href, file, url, why, says, since, times, asked; } link_bad_line;
typedef struct { str name, count, share; } link_number_line;
typedef struct {
    str of, of_href;                    /* the organisation; empty: all */
    str addresses, asked, answering, failing, pages, shown, csv;
    bool walks;                         /* the operator lets the site ask every day */
    struct { link_number_line *v; size_t n, cap; } reasons, hosts;
    struct { link_bad_line *v; size_t n, cap; } bad;
} link_view;

/* Of the file at its present address. */
link_state link_state_of(ctx *c, const link_row_list *rows, str distribution_uid, str address);
void link_state_json(ctx *c, json_w *j, const link_row_list *rows, str distribution_uid, str address);     /* "link": {…} or null, into an open object */
#endif
