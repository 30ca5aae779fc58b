/* select — inside kit/query: the rows at some places of an order, without the
 * order of all. A few rows taken at random say between which two of them the
 * wanted places lie; one pass over the column counts what is before and takes
 * what is between, and only that is sorted. The places come out exactly as the
 * whole order has them: where chance misled, the bounds are set wider. */
#ifndef QUERY_SELECT_H
#define QUERY_SELECT_H
#include "kit/query/sort_key.h"

/* Some places of an order that follow each other, `before` of them come earlier; those with equal
 * numbers in the order of the table. */
typedef struct { sort_item *v; size_t n; uint64_t before; } selection;

/* At least the places from … to (below `total`) of the rows that `bits` leaves (NULL: all), of which there are `total`. In c->a.
 * Errors: TIMEOUT. */
bool select_about(ctx *c, const sort_rule *r, const uint64_t *bits, uint64_t total, uint64_t from, uint64_t to, selection *out) nodiscard;
/* Just these, in order, into `rows`. */
bool select_places(ctx *c, const sort_rule *r, const uint64_t *bits, uint64_t total, uint64_t from, uint64_t to, uint32_t *rows) nodiscard;
#endif
