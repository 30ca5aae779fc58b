/* csv_walk — the second stage: records from a text in memory. The quick way
 * follows the bits of csv_scan and takes records that RFC 4180 allows; any
 * other is left to csv_record, which reads byte by byte and knows the rules for
 * wrong quotes. Cells point into the text; doubled quotes are undone later
 * (csv_undo), never in the text: a record cut off by the end of the text is
 * read again from its first byte. */
#ifndef CSV_WALK_H
#define CSV_WALK_H
#include "kit/table/csv_scan.h"

enum {                         /* of a row */
    CSV_STRAY = 1,             /* a quote inside a bare cell, or one inside quotes that was not doubled */
    CSV_OPEN = 2,              /* a quote that is never closed, taken as text */
    CSV_JUNK = 4,              /* text after a closing quote; the cell is kept as it stands */
    CSV_BLANK = 8,             /* blanks around quotes, passed over */
    CSV_ODD = 16,              /* there may be a NUL or a carriage return alone */
    CSV_CRLF = 32, CSV_CR = 64, CSV_LF = 128,
};

typedef struct {
    size_t   at, end;          /* in the text, without the line end */
    size_t   extra_at;         /* where the first cell beyond the columns begins; 0: none */
    uint64_t line;             /* line ends before it */
    uint32_t width;            /* how many cells it has */
    uint32_t empties;          /* empty lines right before it */
    unsigned flags;
    size_t   wrong_at;         /* the first wrong quote */
} csv_row;

typedef struct {
    str     *cells;            /* rows × cols */
    csv_row *row;
    size_t   cols, n, max;
    uint32_t *undo;            /* cells with doubled or escaped quotes */
    size_t   undos, undo_cap;
} csv_rows;

typedef enum { CSV_MORE, CSV_FULL, CSV_BROKEN } csv_stop;

typedef struct {
    const char  *text;
    size_t       n;
    bool         is_end;       /* nothing comes after the text */
    bool         is_limit;     /* the text is as long as a record may be: an open quote is never closed */
    size_t       at;           /* where the next record begins */
    uint64_t     line;         /* line ends before it */
    uint32_t     empties;      /* empty lines since the last record */
    csv_dialect  dialect;
    csv_rows    *rows;
    csv_scan_way *scan;        /* NULL: byte by byte */
    csv_masks    masks;
    size_t       batch;        /* where the masks begin; SIZE_MAX: none yet */
} csv_walk;

/* Rows until they are full (FULL) or the text is used up (MORE). */
csv_stop csv_walk_rows(csv_walk *w);
csv_stop csv_record(csv_walk *w);      /* one record; FULL: it is there, MORE: its end is not */

str  csv_undo(str raw, const csv_dialect *d, char *to);        /* `to` has room for raw.n bytes */
bool csv_escaped(const char *text, size_t from, size_t quote, char escape);

static inline void csv_put(csv_walk *w, uint32_t k, size_t from, const char *p, size_t n, bool undo)
{
    csv_rows *r = w->rows;
    if (k >= r->cols) {
        if (k == r->cols)
            r->row[r->n].extra_at = from;
        return;
    }
    size_t i = r->n * r->cols + k;
    r->cells[i] = (str){ p, n };
    if (!undo)
        return;
    if (r->undos == r->undo_cap) {
        r->undo_cap = r->undo_cap > 0 ? r->undo_cap * 2 : 256;
        r->undo = mem_resize(r->undo, r->undo_cap * sizeof *r->undo);
    }
    r->undo[r->undos++] = (uint32_t)i;
}

/* A record that is no more than an empty line is no row: it is counted with the row that follows. */
static inline void csv_row_done(csv_walk *w, csv_row *r, size_t next, uint64_t lines, bool is_empty)
{
    csv_rows *rows = w->rows;
    if (is_empty) {
        w->empties++;
    } else {
        r->empties = w->empties;
        w->empties = 0;
        str *cells = rows->cells + rows->n * rows->cols;
        for (size_t k = r->width; k < rows->cols; k++)
            cells[k] = (str){ 0 };
        /* Member by member: they are in registers still, and a copy of the whole would wait for them to be stored. */
        csv_row *to = &rows->row[rows->n++];
        to->at = r->at;
        to->end = r->end;
        to->extra_at = r->width > rows->cols ? to->extra_at : 0;
        to->line = r->line;
        to->width = r->width;
        to->empties = r->empties;
        to->flags = r->flags;
        to->wrong_at = r->wrong_at;
    }
    w->line += lines;
    w->at = next;
}
#endif
