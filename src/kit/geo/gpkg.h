/* gpkg — GeoPackages (OGC 12-128) and plain SQLite databases become tables, one
 * each: of a GeoPackage the layers of features and attributes that it lists,
 * with geometries in the form of place.h; of another database every table of
 * its own. Views, indexes, tiles and binary values are left out. INVALID: no
 * table, or damaged; TOO_LARGE. */
#ifndef GPKG_H
#define GPKG_H
#include "kit/source/reader.h"
#include "kit/table/block.h"

bool gpkg_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink) nodiscard;
#endif
