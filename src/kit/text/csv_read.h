/* csv_read — records of a small CSV text that is in memory: RFC 4180, any line
 * end, quotes with doubled quotes, ragged rows. For catalogue files; tables of
 * data have an engine of their own (kit/table/csv.h), which reads files of any
 * size and answers with findings, where a catalogue wants a record at a time
 * and an error that ends it. */
#ifndef CSV_READ_H
#define CSV_READ_H
#include "base.h"

typedef struct {
    str     rest;
    int64_t line;              /* where the last record began, from 1; CR LF, LF and CR end lines */
    int64_t next_line;
    char    separator;
} csv_reader;

csv_reader csv_open(str utf8_text);                       /* the separator is the commonest of , ; TAB | in the first record, outside quotes */
bool csv_next(ctx *c, csv_reader *r, str_list *cells, bool *more) nodiscard;   /* INVALID: a quote that never ends */
#endif
