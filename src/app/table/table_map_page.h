/* table_map_page — /tables/{uid}/map: counties or townships shaded by what their
 * rows come to, or the rows as points (C10, D4). The whole choice stands in the address:
 *
 *   type=areas|points, level=county|town
 *   agg=…, y=COLUMN             as charts have it
 *   in=CODE                     a county
 *   box=WEST,SOUTH,EAST,NORTH   degrees; of points
 *
 * besides the conditions of table_ask_page. The numbers come by .json and .csv, the picture by .svg.
 *
 *   table_map_ask_page.c    reading the address, and writing it
 *   table_map_draw_page.c   the projection and the picture
 *   table_map_page.c        the page, JSON, CSV, SVG */
#ifndef TABLE_MAP_PAGE_H
#define TABLE_MAP_PAGE_H
#include "app/table/table_chart_page.h"
#include "app/table/table_map.h"
#include "kit/chart/svg_map.h"

bool table_map_can(ctx *c, const query_table *t);                       /* there are places in it */
bool table_map_ask(ctx *c, const query_table *t, const http_req *r, table_map *out) nodiscard;
str  table_map_query(ctx *c, const query_table *t, const table_ask_page *q, const table_map *k);
str  table_map_rows_query(ctx *c, const query_table *t, const table_ask_page *q);      /* the conditions alone */
table_map table_map_whole(const table_map *k);                  /* the same, of the whole country */
table_map table_map_in(const table_map *k, const table_area *county);   /* … of a county */
table_map table_map_boxed(const table_map *k, cloud_box box);
chart_levels table_map_levels(ctx *c, const table_map *k, const table_map_numbers *n);
cloud_box table_map_cell(const table_cloud *k, size_t cell);
html table_map_picture(ctx *c, const table_asked *t, const table_ask_page *q, const table_map *k, const table_map_numbers *n, str title);

bool table_chart_file(ctx *c, http_res *w, html picture, const char *name);     /* the picture alone, with its style; always true */
void table_chart_csv(buf *b, str cell);

typedef struct { html swatch; str label; } table_map_class;
typedef struct {
    table_frame frame;
    table_chart_form form;
    str  caption;
    html picture;
    str_list notes;
    struct { table_map_class *v; size_t n, cap; } legend;
    table_chart_lines numbers;
    struct { table_link *v; size_t n, cap; } zooms, downloads;
} table_map_view;
#endif
