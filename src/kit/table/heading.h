/* heading — where a table begins, in text and in sheets: notes above it, no header, one row of titles or several (groups
 * over titles, English below Chinese), judged from its first rows.
 *
 * The header is the first row about as full as rows of this table are, whose cells are words while numbers stand below,
 * or whose words do not stand again below. The rule is in docs/csv.md. */
#ifndef HEADING_H
#define HEADING_H
#include "kit/table/block.h"

#define HEADING_ROWS 200

typedef struct {
    str   *cells;
    size_t n;
} heading_row;

typedef struct {
    heading_row *row;           /* HEADING_ROWS at most */
    size_t n;
    bool   sheet;               /* its blanks stand where they stand: a blank above a word is a group's */
    bool   merged;              /* cells that span columns were filled: titles are groups */
} heading_window;

typedef struct {
    size_t notes;               /* rows above the header, or above the data */
    size_t rows;                /* of the header; 0: there is none */
    bool   second;              /* its last row holds other names, not parts of the titles */
} heading;

heading heading_find(const heading_window *w);
/* Titles of `cols` columns, groups put before them with `between`; texts are the window's or in the arena. */
void heading_titles(arena *a, const heading_window *w, const heading *h, size_t cols, const char *between, table_column_head *out);
str  heading_note(arena *a, const heading_row *r);
#endif
