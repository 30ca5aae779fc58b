/* A topology: arcs, what refers to them, layers. */
#include "kit/geo/topojson.h"
#include "table_reader.h"

READER_TARGET(topojson_read)
