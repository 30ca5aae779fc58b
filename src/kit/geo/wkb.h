/* wkb — geometries in binary (ISO 19125 WKB, EWKB, the blobs of GeoPackage) as
 * GeoJSON texts; heights and measures are left away. */
#ifndef WKB_H
#define WKB_H
#include "kit/geo/tm2.h"

/* A blob of a GeoPackage (OGC 12-128, 2.1.3). Adds nothing for an empty geometry. False: it is damaged. */
bool wkb_of_gpkg(buf *b, str blob, tm2_grid g);
bool wkb_json(buf *b, str bytes, tm2_grid g);
#endif
