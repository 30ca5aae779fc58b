/* load_align — rows for a table that is there already: a sink between a reader
 * and the builder that brings the columns of what comes in into the order of
 * the table. Columns are known by title or machine name, in any order; one that
 * is missing has no value in these rows; without a header the columns must be
 * as many as the table has and stand in its order.
 *
 * Errors: INVALID names a column that the table does not have, or says that a
 * second table came. The shape and `to` must outlive it; it lives in c->a. */
#ifndef LOAD_ALIGN_H
#define LOAD_ALIGN_H
#include "kit/table/block.h"

typedef struct { str name, title, second; } load_shape_column;
typedef struct {
    str name;                           /* of the sheet */
    const load_shape_column *cols;
    size_t n;
} load_shape;

table_sink load_align(ctx *c, const load_shape *shape, const table_sink *to);
#endif
