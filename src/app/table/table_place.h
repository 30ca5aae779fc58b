/* table_place — where the rows of a table lie, when it says so in another way than
 * by longitude and latitude: in Taiwan's grid (TM2 easting and northing), or by a
 * geometry (GeoJSON text), of which the middle of its box counts. Everything lives in
 * c->a. TOO_LARGE: more rows than are looked at one by one. */
#ifndef TABLE_PLACE_H
#define TABLE_PLACE_H
#include "app/table/table_map.h"

#define TABLE_PLACE_ROWS 2000000

/* As table_cloud_read, by the columns of k and in its box; *grid: which was taken, NULL: none. */
bool table_place_read(ctx *c, query_table *t, const query_filter *filter, const table_map *k, table_cloud *out, const char **grid) nodiscard;
/* The middle of the box around a GeoJSON geometry; false: it has no position. */
bool table_place_middle(str geometry, double *lon, double *lat);
#endif
