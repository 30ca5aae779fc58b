/* sheet_write — tables as XLSX or ODS, row by row, in constant memory; the
 * same rows give the same bytes. Cells of columns of numbers, dates and moments
 * are written as such when they are (at most 15 digits; ISO dates of 1901 to
 * 9999, 2015-07-24T08:30:00), all else as text, so nothing that begins with = + - or @ is ever run. Past the
 * rows that a sheet holds, further sheets follow with the header again. */
#ifndef SHEET_WRITE_H
#define SHEET_WRITE_H
#include "kit/source/zip_write.h"

typedef enum { SHEET_XLSX, SHEET_ODS } sheet_format;
typedef enum { SHEET_TEXT, SHEET_NUMBER, SHEET_DATE, SHEET_MOMENT, SHEET_BOOLEAN } sheet_column_kind;

typedef struct {
    str title;
    sheet_column_kind kind;
    unsigned width;                     /* in digits; 0: as the program has it */
} sheet_column;

typedef struct sheet_writer sheet_writer;

/* name: of the sheet; shortened and cleaned of what names may not hold. The columns must outlive it. TOO_LARGE: too many columns. */
bool sheet_write_open(ctx *c, sheet_format f, byte_out out, str name, const sheet_column *cols, size_t col_count, sheet_writer **w) nodiscard;
bool sheet_write_row(ctx *c, sheet_writer *w, const str *cells) nodiscard;      /* p NULL: empty */
bool sheet_write_close(ctx *c, sheet_writer *w) nodiscard;                      /* the end of the file */
void sheet_write_free(sheet_writer *w);                                         /* NULL is fine */
#endif
