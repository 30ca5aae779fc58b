/* sheet_write_part — what the two makers of sheet_write share. */
#ifndef SHEET_WRITE_PART_H
#define SHEET_WRITE_PART_H
#include "kit/sheet/sheet_write.h"

#define SHEET_ROWS_MAX 1048576
#define SHEET_COLS_MAX 16384

typedef struct {
    bool (*open)(ctx *c, sheet_writer *w);      /* what stands before the first sheet */
    bool (*begin)(ctx *c, sheet_writer *w);
    void (*header)(sheet_writer *w);            /* into w->b, as row and the others */
    void (*row)(sheet_writer *w, const str *cells);
    bool (*end)(ctx *c, sheet_writer *w);
    bool (*close)(ctx *c, sheet_writer *w);     /* what stands behind the last sheet */
} sheet_maker;

struct sheet_writer {
    const sheet_maker *make;
    zip_writer *zip;
    arena      *own;
    str         name;
    const sheet_column *cols;
    size_t      col_count, sheets;
    uint64_t    rows, written, at_start;        /* of the sheet; bytes of rows in all, and before this sheet */
    buf         b;                              /* on its way to the archive */
};

extern const sheet_maker sheet_xlsx_maker, sheet_ods_maker;

void sheet_part_text(buf *b, str s);            /* escaped for XML */
bool sheet_part_number(str s);                  /* a spreadsheet holds it exactly, and shows it as written or nearly so */
bool sheet_part_date(str s, int64_t *days);     /* YYYY-MM-DD */
bool sheet_part_moment(str s, int64_t *days, int64_t *ms);  /* YYYY-MM-DDTHH:MM:SS, perhaps with .mmm */
bool sheet_part_flush(ctx *c, sheet_writer *w);
static inline str sheet_part_name(sheet_writer *w, size_t sheet)
{
    return sheet == 1 ? w->name : str_fmt(w->own, "%.*s %zu", S_ARG(utf8_cut_chars(w->name, 24)), sheet);
}
#endif
