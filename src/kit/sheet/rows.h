/* rows — between readers that meet cells one by one and the table_sink: keeps
 * the first rows until the header is found (kit/table/heading.h), then hands on blocks.
 *
 * Rows without any cell cost nothing, however many. Memory is bounded: a block
 * is handed on when it has TABLE_BLOCK_ROWS rows, or enough cells or bytes.
 * What is met along the way is counted and told once, at the end of the table. */
#ifndef ROWS_H
#define ROWS_H
#include "kit/table/block.h"

typedef enum { CELL_NONE, CELL_TEXT, CELL_NUMBER, CELL_DATE, CELL_BOOLEAN, CELL_ERROR } cell_kind;

typedef struct {
    uint64_t top, left, bottom, right;      /* from 0 */
} rows_area;

typedef struct rows rows;

rows *rows_new(const table_sink *sink);     /* memory of its own: rows_free */
void  rows_free(rows *r);
/* A table begins; nothing is handed on before its first cell. `merges`, which may be NULL, is called when the
 * header has gaps: it answers with rows_merged for each merged area that begins in the first rows. */
void  rows_begin(rows *r, str name, bool (*merges)(ctx *c, void *to), void *to);
void  rows_merged(rows *r, rows_area a);
/* Cells of the row that is being read, columns from 0 and growing. TOO_LARGE. */
bool  rows_cell(ctx *c, rows *r, size_t col, cell_kind kind, str text) nodiscard;
bool  rows_row(ctx *c, rows *r, uint64_t number) nodiscard;        /* that row, from 1 in the sheet, is complete */
/* Something worth telling: the first place (row of the sheet and column, from 1) and how many; told at the end. `code` is a literal. */
void  rows_note(rows *r, const char *code, uint64_t line, size_t col, str sample);
bool  rows_finish(ctx *c, rows *r) nodiscard;
#endif
