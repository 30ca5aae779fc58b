/* row_match — rows by the values they have: those that have the values of a row before, those whose values stand (or
 * do not stand) in other files. Keys, references and "unique" of schemas are asked here.
 *
 * Values compare under their type (1.0 is 1, 104/7/24 is 2015-07-24), texts by their bytes; where a column holds numbers or dates on
 * one side and texts on the other, as they were published. A row without a value in one of the columns is passed over.
 *
 * Memory does not grow with the rows: keys that do not fit at once are looked for in turns, by their hash. */
#ifndef ROW_MATCH_H
#define ROW_MATCH_H
#include "kit/table/column_file.h"

/* Segments of one table; rows count from 0 through all of them. */
typedef struct {
    column_file *const *files;
    size_t n;
    const size_t *cols;                 /* the columns of the key, the same in all files */
    const uint64_t *const *without;     /* rows of each file that are left out, as bits; NULL: none */
} row_side;

typedef struct {
    uint64_t count;                     /* all of them */
    uint64_t *rows;                     /* the first ones, ascending */
    size_t n;
} row_found;

#define ROW_MATCH_KEYS ((size_t)1 << 21)    /* that are kept at once: 24 bytes each */

/* Rows with the key of one before them. */
bool row_match_repeated(ctx *c, const row_side *side, size_t cols, size_t most, row_found *out) nodiscard;
/* Rows of `asked` whose key some row of `among` has (found), or none has. */
bool row_match_among(ctx *c, const row_side *asked, const row_side *among, size_t cols, bool found, size_t most, row_found *out) nodiscard;
/* The same with room for fewer keys: for tests. */
bool row_match_repeated_in(ctx *c, size_t keys, const row_side *side, size_t cols, size_t most, row_found *out) nodiscard;
bool row_match_among_in(ctx *c, size_t keys, const row_side *asked, const row_side *among, size_t cols, bool found, size_t most,
                        row_found *out) nodiscard;
#endif
