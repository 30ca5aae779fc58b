/* kml — KML (OGC 12-007) becomes a table in the form of place.h: a row a
 * Placemark, with its name, description, address, times, the folder it lies in
 * and its ExtendedData (Data, SimpleData) by their own names. Geometries of one
 * kind in a MultiGeometry become one (MultiPolygon …), tracks become lines. What
 * is drawing (styles, overlays, views) is no data. INVALID: no Placemark, or
 * damaged; TOO_LARGE. */
#ifndef KML_H
#define KML_H
#include "kit/source/reader.h"
#include "kit/table/block.h"

bool kml_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink) nodiscard;
#endif
