/* column — one value field of a segment: what values each document has (as
 * codes: number of the value + 1, 0 for none), and which documents have each
 * value. Codes take 1, 2 or 4 bytes, as they need. A field with few values
 * keeps a bit map for each besides, so that counting a large result is a
 * population count and a filter is an AND. Immutable once packed. */
#ifndef COLUMN_H
#define COLUMN_H
#include "base.h"
#include "kit/search/bits.h"
#include "kit/search/bytes.h"

#define COLUMN_BIT_VALUES 48        /* at most so many values get bit maps … */
#define COLUMN_BIT_DOCS 2048        /* … in segments of at least so many documents */

typedef bytes_list(uint32_t) column_codes;

/* While a segment is written. */
typedef struct {
    bool         many;
    column_codes codes;       /* one: a code each document; many: those of all documents in a row */
    column_codes ends;        /* many: where each document's codes end */
} column_draft;

typedef struct {
    bool      many;
    uint8_t   width;          /* 1, 2, 4 bytes */
    uint32_t  docs, code_n;
    void     *codes;
    uint32_t *ends;           /* many */
    uint32_t  value_n;        /* values that occur here */
    uint32_t *value;          /* their numbers, rising */
    uint32_t *start;          /* value_n + 1: where the documents of each begin */
    uint32_t *doc;            /* NULL when there are bit maps */
    uint64_t **bits;          /* NULL when there are none */
    uint32_t  highest;        /* code */
} column;

void     column_put(column_draft *d, const uint32_t *values, size_t n);    /* the next document's; distinct */
void     column_pack(column *out, column_draft *d, uint32_t docs);         /* takes the draft's memory */
void     column_free(column *k);
size_t   column_bytes(const column *k);
uint32_t column_find(const column *k, uint32_t value);                     /* index, or value_n */

static inline uint32_t column_code(const column *k, uint32_t i)
{
    return k->width == 1 ? ((const uint8_t *)k->codes)[i]
         : k->width == 2 ? ((const uint16_t *)k->codes)[i] : ((const uint32_t *)k->codes)[i];
}
static inline uint32_t column_begin(const column *k, uint32_t doc)
{
    return !k->many ? doc : doc > 0 ? k->ends[doc - 1] : 0;
}
static inline uint32_t column_end(const column *k, uint32_t doc)
{
    return k->many ? k->ends[doc] : doc + 1;
}
#endif
