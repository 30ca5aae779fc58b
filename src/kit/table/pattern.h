/* pattern — a regular expression that a schema asks of whole values. Schemas
 * come from strangers: the length and nesting of an expression, and the steps
 * and memory of a match, are bounded; a value on which a match goes beyond that
 * does not fit. Lives in the arena it was made in; used by one thread at a time. */
#ifndef PATTERN_H
#define PATTERN_H
#include "base.h"

typedef struct pattern pattern;

bool pattern_new(ctx *c, str expression, pattern **out) nodiscard;     /* INVALID: what is wrong, and where; TOO_LARGE */
bool pattern_fits(const pattern *p, str value);
str  pattern_text(const pattern *p);
#endif
