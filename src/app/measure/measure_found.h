/* measure_found — of which format the bytes of a file are, in the register's
 * code, as far as bytes can tell beside what is declared: RDF is XML to its
 * bytes, a Shapefile comes in a ZIP, and of NetCDF they tell us nothing. */
#ifndef MEASURE_FOUND_H
#define MEASURE_FOUND_H
#include "kit/ingest/sniff.h"

/* `is`: as sniffing calls it. Empty: the bytes are not here, or neither bear out nor contradict what is declared. */
str measure_found(str declared, str is);
#endif
