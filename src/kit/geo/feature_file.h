/* feature_file — a collection of GeoJSON features that a reader of another format
 * (KML, TopoJSON) writes into its scratch file, to be read as GeoJSON: columns
 * are then found in one way, whatever they came from. */
#ifndef FEATURE_FILE_H
#define FEATURE_FILE_H
#include "kit/geo/tm2.h"
#include "kit/source/reader.h"
#include "kit/table/block.h"

typedef struct {
    const reader_options *o;
    uint64_t size, count;       /* bytes in the scratch file; features */
    arena   *own;
    buf      b;                 /* the features that are being written, in own */
} feature_file;

bool feature_file_open(ctx *c, const reader_options *o, str what, feature_file *f) nodiscard;  /* INVALID: there is no scratch file */
void feature_file_close(feature_file *f);       /* also when it could not be opened */
/* One feature is about to be added to the returned buf: at most TABLE_CELL_MAX of each text. */
buf *feature_file_next(feature_file *f);
bool feature_file_added(ctx *c, feature_file *f) nodiscard;
bool feature_file_read(ctx *c, feature_file *f, str name, tm2_grid said, const table_sink *sink) nodiscard;
#endif
