/* measure_count — what was measured, added up: for the nation, or for an
 * organisation with all that belongs to it. Only datasets that visitors see
 * now are counted (policy: published, class open or limited; C8). */
#ifndef MEASURE_COUNT_H
#define MEASURE_COUNT_H
#include "app/measure/measure.h"

typedef struct { int64_t passed, failed, aside, unknown; } measure_outcome;
typedef struct { const char *code; int64_t datasets; } measure_badge_count;
typedef struct { const measure_organization *o; int64_t datasets, score_sum, three_stars, badged, split; } measure_standing;
typedef struct { str code; int64_t tables, datasets; } measure_frequent;

#define MEASURE_BADGES 6

typedef struct {
    int64_t datasets, score_sum, three_stars, badged, split, held;
    int64_t addresses, asked, failing, pages;           /* of files: app/link */
    measure_outcome outcomes[MEASURE_INDICATORS];
    measure_badge_count badges[MEASURE_BADGES];
    int64_t tenths[11];                                 /* scores 0–9 … 90–99, 100 */
    struct { measure_standing *v; size_t n, cap; } organizations;   /* with at least MEASURE_STANDING_LEAST of their own, best first */
    struct { measure_frequent *v; size_t n, cap; } findings;        /* most frequent first */
    int64_t *ids;                                       /* of the organisations that are counted */
    size_t   id_count;
} measure_count;

#define MEASURE_STANDING_LEAST 5

/* root 0: all. */
bool measure_count_up(ctx *c, int64_t root, measure_count *out) nodiscard;
#endif
