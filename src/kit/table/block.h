/* block — what every reader of tables hands on: heads, blocks of text cells,
 * findings. CSV, spreadsheets, JSON, XML and shapes are read into this one
 * form, so types, column files and quality checks are written once.
 *
 * A source holds one table or several (sheets, layers, members of an archive):
 * for each the reader calls begin, then block and finding as it goes, then
 * end. Cells are UTF-8 as the source has them, after its own quoting or
 * escaping is undone and before anything else: nothing is trimmed, folded or
 * repaired. All pointers are borrowed until the call returns.
 *
 * A callback that answers false has called fail(): the reader stops and passes
 * that on. What is wrong with the data is a finding and never an error; an
 * error is what stops reading (limits, I/O, bytes that are no such format). */
#ifndef BLOCK_H
#define BLOCK_H
#include "base.h"

#define TABLE_COLS_MAX 16384
#define TABLE_CELL_MAX ((size_t)16 << 20)      /* bytes of one cell */
#define TABLE_BLOCK_ROWS 1024

typedef struct {
    str title;                  /* as published; empty: the column has no name */
    str second;                 /* of a second header row (English names in 實價登錄); else empty */
    str hint;                   /* what the format knows of its type: "number", "date", "text", "boolean", "geometry" or empty */
} table_column_head;

typedef struct {
    str name;                   /* sheet, layer or member; empty: the only table of its file */
    table_column_head *cols;
    size_t col_count;
    size_t header_rows;         /* 0: none was found, titles are empty */
    size_t notes_rows;          /* rows above the header that are no header */
    str   *notes;               /* their text, one a row */
} table_head;

/* cells[row * cols + col]; p == NULL: the source has no value there (a short record, JSON null). */
typedef struct {
    size_t rows, cols;
    const str *cells;
    uint64_t first_row;         /* data row of the first, from 1 */
    const uint64_t *bytes;      /* of each row: its place in the source as published; NULL: not known */
    const uint64_t *lines;      /* of each row: its line there, from 1; NULL: lines mean nothing in this format */
    str within;                 /* memory that may be read, in which cells lie (not all need to): what makes quick reading of them safe */
} table_block;

/* code: a name in kit/table/finding.def. row and col count from 1; 0: the table as a whole. */
typedef struct {
    const char *code;
    uint64_t row, line, byte;
    size_t col;
    str sample;                 /* the offending text, shortened by who makes it */
    uint64_t count;             /* how many like it: 1 for a single place */
} table_finding;

typedef struct {
    void *to;
    bool (*begin)(ctx *c, void *to, const table_head *h);
    bool (*block)(ctx *c, void *to, const table_block *b);
    bool (*finding)(ctx *c, void *to, const table_finding *f);
    bool (*end)(ctx *c, void *to);
} table_sink;
#endif
