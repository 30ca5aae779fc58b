/* ods — spreadsheets of OpenDocument (ISO 26300), packed or flat (FODS): every
 * sheet that holds cells is a table. Values come from the cells' typed
 * attributes, never from their rendering; repeated cells and rows are counted,
 * so that a million empty ones cost nothing, and what repetition may add up to
 * is limited. INVALID: no such document, or damaged; TOO_LARGE. */
#ifndef ODS_H
#define ODS_H
#include "kit/source/reader.h"
#include "kit/table/block.h"

bool ods_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink) nodiscard;
#endif
