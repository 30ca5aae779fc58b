/* records — from readers that know their columns beforehand to the table_sink:
 * cells are copied, blocks handed on when they are full. A cell that is not
 * set is none; one that is set again takes the later value. */
#ifndef RECORDS_H
#define RECORDS_H
#include "kit/table/block.h"

typedef struct records records;

records *records_new(const table_sink *sink);                   /* memory of its own: records_free */
void     records_free(records *r);
bool     records_begin(ctx *c, records *r, const table_head *h) nodiscard;      /* borrows h->name until the end */
bool     records_set(ctx *c, records *r, size_t col, str text) nodiscard;       /* TOO_LARGE */
bool     records_is_set(const records *r, size_t col);
#define RECORDS_NOWHERE UINT64_MAX
bool     records_row(ctx *c, records *r, uint64_t byte, uint64_t line) nodiscard;   /* RECORDS_NOWHERE, 0: not known, of no row */
void     records_note(records *r, const char *code, size_t col, str sample);    /* of the row that is being read; counted, told at the end */
bool     records_finish(ctx *c, records *r) nodiscard;
#endif
