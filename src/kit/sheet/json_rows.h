/* json_rows — JSON becomes tables: an array of objects, wherever it stands in
 * its envelope; an object whose keys are data (YouBike's retVal; the key is a
 * column); documents that follow each other (NDJSON); arrays of arrays; else
 * the one object. Nested objects become columns joined by dots, nested arrays
 * stay JSON text, and so do geometries of GeoJSON, whose properties are columns by
 * their own names. Texts are unescaped, numbers stay as written, null is none.
 *
 * The bytes are read twice: first for the shape (shape.h), then for the rows,
 * so columns that appear late are known from the start. */
#ifndef JSON_ROWS_H
#define JSON_ROWS_H
#include "kit/source/reader.h"
#include "kit/table/block.h"

bool json_rows_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink) nodiscard;
#endif
