/* csv — tables in text with separators (CSV, TSV, semicolons, pipes) become
 * blocks of rows: encoding, separator, quotes, notes above, header and foot are
 * found, or taken as declared. Memory is a few MB whatever the size; a record
 * may be CSV_RECORD_MAX long. RFC 4180 is read as it says; what deviates from it is
 * read by rule and told as a finding with its line and byte (docs/csv.md).
 *
 * Errors: INVALID (empty, binary, HTML …: no table), TOO_LARGE (a cell, a
 * record, too many columns), CONFLICT (the file changed), IO, and what the
 * sink says. */
#ifndef CSV_H
#define CSV_H
#include "kit/table/block.h"
#include "kit/text/charset.h"

#define CSV_RECORD_MAX (2 * TABLE_CELL_MAX)
#define CSV_NO_QUOTE (-1)
#define CSV_NO_HEADER (-1)

/* What a publisher or steward says; zero everywhere: find out. Declared always wins. */
typedef struct {
    str  encoding;
    char sep;
    int  quote;                /* a character, or CSV_NO_QUOTE */
    char escape;               /* before a quote inside quotes, beside the doubled quote */
    int  header_rows;          /* 1, 2 or CSV_NO_HEADER */
    int  notes_rows;           /* rows above the header; only with header_rows */
    size_t window;             /* bytes read at once; 0: 256 KB */
    bool plain;                /* without SIMD: for tests */
} csv_declared;

typedef struct {
    char sep, quote, escape;   /* quote, escape: 0 is none */
    bool cr_ends;              /* a carriage return alone ends a row */
} csv_dialect;

typedef struct {
    charset_choice charset;
    csv_dialect dialect;
    bool     sep_line;         /* Excel's line `sep=;` stood first */
    size_t   cols, header_rows, notes_rows, foot_rows;
    uint64_t rows;             /* data rows that went to the sink */
    uint64_t ends_lf, ends_crlf, ends_cr;      /* rows by their line end */
} csv_found;

bool csv_read(ctx *c, const source *s, const csv_declared *said, const table_sink *to, csv_found *out) nodiscard;
#endif
