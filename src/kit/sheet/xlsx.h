/* xlsx — workbooks of Office Open XML (ECMA-376, ISO 29500): every sheet that
 * holds cells is a table. Numbers come in the digits a spreadsheet holds, dates
 * and times (by their cell's format) as ISO 8601, booleans as true and false,
 * formulas as the values that were saved with them.
 *
 * The sheets are read once, in order; shared texts have bounded memory
 * (shared.h). INVALID: no workbook, or damaged; TOO_LARGE: past a limit. */
#ifndef XLSX_H
#define XLSX_H
#include "kit/source/reader.h"
#include "kit/table/block.h"

bool xlsx_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink) nodiscard;
#endif
