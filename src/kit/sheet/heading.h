/* heading — where in a sheet the header stands: notes above it, one row of
 * titles or several (groups over titles, English below Chinese), or none.
 *
 * What is looked at is a window of the first rows. A header is the first row
 * about as wide as the rows usually are, whose cells are words while numbers
 * or dates stand below.
 *
 * Text has judges of its own (kit/table/csv_head.h): a sheet knows numbers and
 * dates by kind, has merged cells and up to three rows of titles; text must
 * weigh what might be quoted, ragged or a remark, and find its width. */
#ifndef HEADING_H
#define HEADING_H
#include "base.h"

typedef enum { CELL_NONE, CELL_TEXT, CELL_NUMBER, CELL_DATE, CELL_BOOLEAN, CELL_ERROR } cell_kind;

typedef struct {
    const str     *cells;       /* rows × cols; p NULL: nothing there */
    const uint8_t *kinds;       /* cell_kind of each */
    size_t         rows, cols;
    bool           merged;      /* cells spread over several columns were filled: titles are groups */
} heading_window;

typedef struct {
    size_t notes;               /* rows above the header */
    size_t rows;                /* of the header; 0: none was found, data begin after the notes */
    bool   second;              /* the last header row are other names, not parts of the titles */
} heading;

heading heading_find(const heading_window *w);
bool    heading_like_number(str s);      /* digits with signs, points and separators only */
#endif
