/* place — the one form in which every reader of maps (SHP, KML, GeoJSON,
 * TopoJSON, GeoPackage) hands places on, so that maps and exports know one:
 *
 *   – the attributes, by their own names;
 *   – for a layer of points two columns of numbers, `lon` and `lat`;
 *   – last a column `geometry`, hint "geometry" (type COLUMN_geometry): the text
 *     of a GeoJSON geometry (RFC 7946), in WGS 84, longitude first, no height
 *     where it was converted. No value where the row has no place.
 *
 * Coordinates in Taiwan's grids (tm2.h) are converted and this is told:
 * grid_unsaid (taken from the range of the numbers), grid_converted (a format
 * that must be in WGS 84 was not), grid_twd67 (good to metres only),
 * grid_unknown (they stand as they are).
 *
 * place_sink makes this form of tables that have GeoJSON texts in a column with
 * the hint: it stands between a reader and the sink. Whether it is a layer of
 * points, and in which grid, follows from the first block. */
#ifndef PLACE_H
#define PLACE_H
#include "kit/geo/tm2.h"
#include "kit/table/block.h"

void place_position(buf *b, tm2_grid g, double x, double y);    /* [lon,lat] */
/* The first position of a geometry's text as the texts of its numbers; false: it has none. */
bool place_first(str geometry, str *x, str *y);

typedef struct place_sink place_sink;
/* said: what the file says of its grid; TM2_NONE: nothing. name: of the table, instead of the reader's; p NULL: the reader's. */
place_sink *place_sink_new(const table_sink *to, tm2_grid said, str name);  /* memory of its own: place_sink_free */
table_sink place_sink_of(place_sink *p);
void place_sink_free(place_sink *p);
#endif
