/* pattern — a regular expression that a schema gives for the whole of a value.
 * PCRE2 is named only in pattern.c; a match takes a bounded number of steps, and
 * one that takes more counts as no match. Immutable once made. */
#ifndef PATTERN_H
#define PATTERN_H
#include "base.h"

typedef struct pattern pattern;

bool pattern_new(ctx *c, str expression, pattern **out) nodiscard;     /* INVALID says what is wrong and where */
bool pattern_fits(const pattern *p, str value);                         /* the whole value */
void pattern_free(pattern *p);                                          /* NULL is fine */
#endif
