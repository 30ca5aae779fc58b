/* xml_rows — XML becomes tables: the element that repeats holds the rows, its
 * children and attributes (with theirs, joined by dots) the cells. A child that
 * repeats within a row gives a JSON array of texts. Namespaces are left away,
 * entities of the document's own are refused (kit/source/xml.h).
 *
 * The bytes are read twice: first for the shape (shape.h), then for the rows. */
#ifndef XML_ROWS_H
#define XML_ROWS_H
#include "kit/source/reader.h"
#include "kit/table/block.h"

bool xml_rows_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink) nodiscard;
#endif
