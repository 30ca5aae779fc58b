/* tm2 — Taiwan's grids to WGS 84 longitude and latitude: TWD97 and TWD67, TM2
 * zones 121 and 119 (EPSG 3826, 3825, 3828, 3827).
 *
 * Inverse transverse Mercator by Krueger's series to n^4 (below 1e-7 degree).
 * TWD97 is taken as WGS 84. TWD67 is shifted by the geocentric translation
 * -752, -358, -179 m that is used in Taiwan: good to a few metres, no better. */
#ifndef TM2_H
#define TM2_H
#include "base.h"

typedef enum { TM2_NONE, TM2_LONLAT, TM2_TWD97_121, TM2_TWD97_119, TM2_TWD67_121, TM2_TWD67_119, TM2_TWD67_LONLAT } tm2_grid;

void tm2_to_lonlat(tm2_grid g, double x, double y, double *lon, double *lat);
/* What a .prj (WKT) or an EPSG code in it says; TM2_NONE: none of these. */
tm2_grid tm2_of_wkt(str wkt);
tm2_grid tm2_of_epsg(str digits);
/* Nothing was said: degrees, or metres of the main island's grid; TM2_NONE when they are neither. */
tm2_grid tm2_of_range(double x_min, double y_min, double x_max, double y_max);
/* Columns of metres in a table: what their titles say (TWD67, zone 119); TWD97 zone 121 where they say nothing. */
tm2_grid tm2_of_titles(str x, str y);
const char *tm2_name(tm2_grid g);
#endif
