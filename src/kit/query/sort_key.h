/* sort_key — inside kit/query: what rows are sorted by, in short. Each row has a
 * number of 64 bits that never contradicts the order of its column: a smaller
 * number is a smaller value, and only where two numbers are equal the values
 * have to be looked at. A sort_rule is an order by several columns, with the
 * wishes of each; its rows never compare as equal. Memory is c->a's.
 * Errors: those of column_use. */
#ifndef QUERY_SORT_KEY_H
#define QUERY_SORT_KEY_H
#include "kit/query/inside.h"

#define SORT_KEY_NULL 0             /* of nulls, and of nothing else; the greatest number is not used either */

typedef struct { uint64_t number; uint32_t row; } sort_item;

typedef struct {
    query_column q;
    enum { SORT_BY_ENTRY, SORT_BY_KEY, SORT_BY_TEXT } by;
    bool whole;                     /* equal numbers are equal values */
    size_t same;                    /* SORT_BY_TEXT: bytes that all texts begin with; the number is of the 8 after them */
    __int128 *steps;                /* SORT_BY_KEY: of each segment, what makes its keys those of the finest scale */
    uint64_t **of_entry;            /* SORT_BY_TEXT: of each segment of few codes the numbers of its entries; else NULL */
} sort_key;

/* For SORT_BY_TEXT: sets the numbers of rows that are not null to those of the 8 bytes from byte `from` of their texts on. */
void sort_key_deeper(const sort_key *k, sort_item *v, size_t n, size_t from);
/* Whether equal numbers tell that 8 bytes stand there, and the same; else texts may have ended. */
bool sort_key_goes_on(uint64_t number);
/* Two rows whose numbers are equal and not null's. */
int  sort_key_compare(const sort_key *k, uint32_t x, uint32_t y);

typedef struct {
    const query_sort *sorts;
    size_t n;
    sort_key *keys;                 /* of each; of QUERY_ROW: none */
} sort_rule;

bool sort_rule_new(ctx *c, const query_table *t, const query_sort *sorts, size_t n, sort_rule *out) nodiscard;
/* Numbers of the first column, which is no QUERY_ROW, as the sort wants them: turned round, nulls at their end. */
void sort_rule_numbers(const sort_rule *r, size_t segment, const uint32_t *at, uint64_t from, size_t n, uint64_t *out);
/* Two rows, by all of it; `number` is that of both. */
int  sort_rule_compare(const sort_rule *r, uint64_t number, uint32_t x, uint32_t y);
#endif
