/* csv_head — the first rows of a table in text: read for heading.h, which finds the header; how many columns there are,
 * which in text is a question. */
#ifndef CSV_HEAD_H
#define CSV_HEAD_H
#include "kit/table/csv_dialect.h"
#include "kit/table/heading.h"

typedef struct {
    size_t   at;               /* where the next record begins in the text */
    uint64_t line;             /* line ends before it */
} csv_head_place;

typedef struct {
    heading_window  window;    /* doubled quotes are undone; in the arena */
    csv_head_place *after;     /* each row */
    bool is_all;               /* there are no further rows */
} csv_head_rows;

typedef struct {
    size_t notes_rows, header_rows, cols;
    table_column_head *titles; /* `cols` of them */
    str   *notes;
    size_t levels;             /* header rows that make the titles: of several the first span columns */
    bool   is_trimmed;         /* rows end in separators without cells: left away */
} csv_head;

/* The first rows of the text, from byte `at` on. TOO_LARGE: more columns than a table may have. */
bool csv_head_read(ctx *c, str text, bool is_all, size_t at, uint64_t line, const csv_dialect *d, csv_head_rows *out) nodiscard;
void csv_head_judge(ctx *c, const csv_head_rows *rows, const csv_declared *said, csv_head *out);
#endif
