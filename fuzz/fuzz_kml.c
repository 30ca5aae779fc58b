/* Places in KML: elements, coordinates, values of their own names. */
#include "kit/geo/kml.h"
#include "table_reader.h"

READER_TARGET(kml_read)
