/* geojson — GeoJSON (RFC 7946) becomes a table in the form of place.h: a row a
 * feature, its properties by their own names. A file must be in WGS 84; one that
 * is not (an old "crs", numbers in metres) is converted, which is told. */
#ifndef GEOJSON_H
#define GEOJSON_H
#include "kit/geo/tm2.h"
#include "kit/source/reader.h"
#include "kit/table/block.h"

bool geojson_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink) nodiscard;

/* A collection whose grid is known, as a table of this name. */
bool geojson_read_as(ctx *c, const source *s, const reader_options *o, str name, tm2_grid said, const table_sink *sink) nodiscard;
#endif
