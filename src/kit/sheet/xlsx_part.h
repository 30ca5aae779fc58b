/* xlsx_part — what the files of xlsx share: the workbook as its parts tell. */
#ifndef XLSX_PART_H
#define XLSX_PART_H
#include "kit/sheet/rows.h"
#include "kit/sheet/serial.h"
#include "kit/sheet/shared.h"
#include "kit/sheet/xlsx.h"
#include "kit/source/xml.h"
#include "kit/source/zip.h"

#define XLSX_ROWS_MAX 1048576
#define XLSX_SHEETS_MAX 1024
#define XLSX_STYLES_MAX 65536

typedef struct {
    str  name, target;                      /* target: the member that holds it */
    bool hidden;
} xlsx_sheet;

typedef struct {
    zip          z;
    const reader_options *o;
    xlsx_sheet  *sheets;
    size_t       n, cap;
    bool         since_1904;
    uint8_t     *forms;                     /* serial_form of each cell style */
    size_t       form_n, form_cap;
    shared      *texts;
    rows        *rows;
} xlsx_book;

bool xlsx_part(ctx *c, const xlsx_book *b, str member, const xml_handler *h, const bool *stop) nodiscard;   /* absent: nothing is called */
bool xlsx_sheet_read(ctx *c, xlsx_book *b, const xlsx_sheet *s) nodiscard; /* one sheet into b->rows */
/* Adds text in which _xHHHH_ stands for a character that XML cannot hold. */
bool xlsx_unescape(ctx *c, str s, bool (*add)(ctx *c, void *to, str piece), void *to) nodiscard;
#endif
