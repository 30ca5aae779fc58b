/* csv_write — tables as CSV text (RFC 4180: CRLF, quotes doubled), in UTF-8
 * with a byte order mark, which spreadsheets need to show Chinese.
 *
 *     csv_w t = csv_to(&b);
 *     csv_str(&t, S("year")); csv_str(&t, S("datasets")); csv_row(&t);
 *     csv_int(&t, 2024);      csv_int(&t, 52547);         csv_row(&t);
 */
#ifndef CSV_WRITE_H
#define CSV_WRITE_H
#include "base.h"

#define CSV_TYPE "text/csv; charset=utf-8; header=present"

typedef struct {
    buf *o;
    bool inside;      /* a cell stands in this row already */
} csv_w;

csv_w csv_to(buf *o);
void  csv_str(csv_w *t, str s);
void  csv_int(csv_w *t, int64_t v);
void  csv_none(csv_w *t);             /* an empty cell */
void  csv_row(csv_w *t);              /* ends the row */
#endif
