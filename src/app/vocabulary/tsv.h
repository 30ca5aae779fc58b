/* tsv — reading the embedded vocabulary files: # comments, a header line,
 * tab-separated cells. A file that does not fit is a mistake of ours: must(). */
#ifndef TSV_H
#define TSV_H
#include "base.h"

typedef struct {
    str rest;
    str_list columns;
    str cells[24];
} tsv;

void tsv_open(arena *a, tsv *t, const char *path);   /* an embedded file */
bool tsv_next(tsv *t);
str  tsv_get(const tsv *t, const char *column);
str_list tsv_words(arena *a, str cell);              /* blank separated */
#endif
