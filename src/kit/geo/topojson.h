/* topojson — TopoJSON becomes tables in the form of place.h: one an object of
 * the topology, a row a geometry, its properties by their own names and its id.
 * Arcs are put together and their quantization undone. Arcs are held in memory
 * (TOPOJSON_POINTS_MAX); the document is read twice. INVALID: damaged, or it
 * refers to arcs that are not there; TOO_LARGE. */
#ifndef TOPOJSON_H
#define TOPOJSON_H
#include "kit/source/reader.h"
#include "kit/table/block.h"

#define TOPOJSON_POINTS_MAX ((size_t)8 << 20)

bool topojson_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink) nodiscard;
#endif
