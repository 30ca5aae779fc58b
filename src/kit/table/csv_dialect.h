/* csv_dialect — separator, quotes, escape and line ends of a table, found from
 * a sample of its text: each candidate reads it, and the one whose rows are most alike
 * and whose cells look most like values wins. */
#ifndef CSV_DIALECT_H
#define CSV_DIALECT_H
#include "kit/table/csv_walk.h"

/* What a cell looks like. */
typedef enum { CSV_EMPTY, CSV_NUMBER, CSV_TEXT } csv_kind;
csv_kind csv_kind_of(str cell);        /* NUMBER: mostly digits: numbers, dates, times, codes */

/* Excel's first line `sep=;`: its bytes with line end, 0 when there is none. */
size_t csv_sep_line(str text, char *sep);
/* What `said` leaves open is found. The last record of the sample may be cut off unless is_all. */
void csv_dialect_find(str sample, bool is_all, const csv_declared *said, csv_dialect *out);
#endif
