/* shp — ESRI shapefiles (shapes) with their dBASE table (attributes) become one
 * table in the form of place.h. The encoding is what .cpg says, else what the
 * texts are (Big5 is common and seldom said). The grid is what .prj says, else
 * what the numbers allow; which was taken is told as a finding.
 *
 * A part that is not there has size 0: shapes alone, or attributes alone, are
 * tables too. INVALID: damaged; TOO_LARGE. */
#ifndef SHP_H
#define SHP_H
#include "kit/source/reader.h"
#include "kit/table/block.h"

typedef struct {
    source shp, dbf, prj, cpg;
} shp_parts;

bool shp_read(ctx *c, const shp_parts *p, str name, const table_sink *sink) nodiscard;
#endif
