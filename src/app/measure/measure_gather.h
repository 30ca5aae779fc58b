/* measure_gather — the evidence of an organisation's datasets, from the record
 * and, where bytes are here that no table was made of, from those. Internal to
 * app/measure. Memory: the arena of the ctx, for one organisation at a time. */
#ifndef MEASURE_GATHER_H
#define MEASURE_GATHER_H
#include "app/dataset/dataset_rate.h"
#include "app/measure/measure.h"

/* What was found of the bytes of a dataset's files, where the record does not say so yet. */
typedef struct { int64_t dataset; const dataset_found *files; size_t n; } measure_rating;
typedef struct { measure_rating *v; size_t n, cap; } measure_ratings;

/* What dataset_quality will say of each dataset that visitors may see, in the order of ids; ratings of all datasets. */
bool measure_gather(ctx *c, int64_t organization, int64_t now, dataset_quality_row_list *out, measure_ratings *ratings) nodiscard;
#endif
