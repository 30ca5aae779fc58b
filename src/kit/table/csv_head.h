/* csv_head — where a table begins: notes above it, no, one or two header rows,
 * how many columns, judged from its first rows. */
#ifndef CSV_HEAD_H
#define CSV_HEAD_H
#include "kit/table/csv_dialect.h"

#define CSV_HEAD_ROWS 200

typedef struct {
    str     *cells;            /* doubled quotes undone; in the arena */
    size_t   n;
    size_t   after;            /* where the next record begins in the text */
    uint64_t line, line_after; /* line ends before it, and before the next record */
} csv_head_row;

typedef struct {
    csv_head_row *row;
    size_t n;
    bool   is_all;             /* there are no further rows */
} csv_head_rows;

typedef struct {
    size_t notes_rows, header_rows, cols;
    table_column_head *titles; /* `cols` of them */
    str   *notes;
    bool   is_merged;          /* the first header row spans columns; titles are both rows put together */
    bool   is_trimmed;         /* rows end in separators without cells: left away */
} csv_head;

/* The first rows of the text, from byte `at` on. TOO_LARGE: more columns than a table may have. */
bool csv_head_read(ctx *c, str text, bool is_all, size_t at, uint64_t line, const csv_dialect *d, csv_head_rows *out) nodiscard;
void csv_head_judge(ctx *c, const csv_head_rows *rows, const csv_declared *said, csv_head *out);
#endif
