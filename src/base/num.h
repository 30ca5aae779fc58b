/* num — sizes and counts as people read them; checked arithmetic is the
 * compiler's (__builtin_*_overflow). */
#ifndef NUM_H
#define NUM_H
#include "arena.h"
#include "str.h"

str num_grouped(arena *a, int64_t v);       /* 52,547 */
str num_bytes(arena *a, int64_t bytes);     /* 1.5 MB (decimal units) */
str num_percent(arena *a, int64_t part, int64_t whole); /* 12.5% ; "–" when whole is 0 */
#endif
