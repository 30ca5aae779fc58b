/* A database file of a stranger: GeoPackage or not, its pages, its schema, its geometries. */
#include "kit/geo/gpkg.h"
#include "table_reader.h"

READER_TARGET(gpkg_read)
