/* select — inside kit/query: the rows at some places of an order, without the
 * order of all. A few rows taken at random say between which two of them the
 * wanted places lie; one pass over the column counts what is before and takes
 * what is between, and only that is sorted. The places come out exactly as the
 * whole order has them: where chance misled, the bounds are set wider. */
#ifndef QUERY_SELECT_H
#define QUERY_SELECT_H
#include "kit/query/sort_key.h"

/* Places from … to (below `total`) of the rows that `bits` leaves (NULL: all), of which there are `total`, into `rows`.
 * Errors: TIMEOUT. */
bool select_places(ctx *c, const sort_rule *r, const uint64_t *bits, uint64_t total, uint64_t from, uint64_t to, uint32_t *rows) nodiscard;
#endif
