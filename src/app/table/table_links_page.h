/* table_links_page — the tables of a distribution as its dataset's pages show
 * them: links with rows and columns, and the first rows of the first table.
 * Who calls has made sure that the visitor may see the dataset. */
#ifndef TABLE_LINKS_PAGE_H
#define TABLE_LINKS_PAGE_H
#include "kit/text/html.h"
#include "kit/text/json_write.h"
#include "queries.h"

typedef struct { str href, title, size; } table_named_link;
typedef struct {
    struct { table_named_link *v; size_t n, cap; } tables;
    str more;                           /* how many further ones there are; empty: none */
} table_links_view;

typedef struct { str text; bool number, null; } table_preview_cell;
typedef struct { struct { table_preview_cell *v; size_t n, cap; } cells; } table_preview_line;
typedef struct {
    str href, rest;
    struct { table_preview_cell *v; size_t n, cap; } headings;
    struct { table_preview_line *v; size_t n, cap; } lines;
} table_preview_view;

html table_links(ctx *c, const table_link_row_list *all, str distribution_uid);         /* empty: it has no tables */
bool table_preview(ctx *c, str distribution_uid, html *out) nodiscard;                  /* as above */
void table_links_json(ctx *c, json_w *j, const table_link_row_list *all, str distribution_uid);    /* "tables": […] into an open object */
#endif
