/* row_key — rows by what they are known by: which rows of column files have
 * the same values in the key's columns as rows that come now. Values compare
 * under their type (1.0 is 1, 104/7/24 is 2015-07-24), texts by their bytes.
 * Everything lives in c->a: some 60 bytes a new row. */
#ifndef ROW_KEY_H
#define ROW_KEY_H
#include "kit/table/column_file.h"

typedef struct {
    const size_t *cols;
    size_t  col_count;
    map     rows;                   /* of the new file: key → row */
    uint64_t *dropped;              /* rows of the new file that a later one of it replaces, as bits; NULL: none */
    uint64_t dropped_count;
} row_key;

/* INVALID names the row that has no value in a column of the key. */
bool row_key_new(ctx *c, const column_file *added, const size_t *cols, size_t n, row_key *out) nodiscard;
/* Rows of an older file that the new ones replace, as bits; NULL: none. */
bool row_key_find(ctx *c, row_key *k, const column_file *old, uint64_t **dropped, uint64_t *count) nodiscard;
#endif
