/* xls — workbooks of Excel 5 to 2003 (BIFF5 and BIFF8 in an OLE container,
 * [MS-XLS], [MS-CFB]): every sheet that holds cells is a table. Texts of BIFF5
 * are in the workbook's code page (Big5 for those of Taiwan). Values as in
 * xlsx.h. The container is held in memory: at most XLS_BYTES_MAX.
 *
 * INVALID: no workbook, damaged, or locked with a password; TOO_LARGE. */
#ifndef XLS_H
#define XLS_H
#include "kit/source/reader.h"
#include "kit/table/block.h"

#define XLS_BYTES_MAX ((size_t)128 << 20)

bool xls_read(ctx *c, const source *s, const reader_options *o, const table_sink *sink) nodiscard;
#endif
