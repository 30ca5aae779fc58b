/* measure_gather — the evidence of an organisation's datasets, from the record
 * and, where bytes are here that no table was made of, from those. Internal to
 * app/measure. Memory: the arena of the ctx, for one organisation at a time. */
#ifndef MEASURE_GATHER_H
#define MEASURE_GATHER_H
#include "app/measure/measure.h"

/* What dataset_quality will say of each dataset that visitors may see, in the order of ids. */
bool measure_gather(ctx *c, int64_t organization, int64_t now, dataset_quality_row_list *out) nodiscard;
#endif
