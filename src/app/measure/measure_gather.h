/* measure_gather — the evidence of an organisation's datasets, from the record
 * and, where bytes are here that no table was made of, from those. Internal to
 * app/measure. Memory: the arena of the ctx, for one organisation at a time. */
#ifndef MEASURE_GATHER_H
#define MEASURE_GATHER_H
#include "app/measure/measure.h"
#include "app/quality/quality_declared.h"

/* What dataset_quality will say of each dataset that visitors may see, in the order of ids. */
bool measure_gather(ctx *c, int64_t organization, int64_t now, dataset_quality_row_list *out) nodiscard;

/* The main fields that are said of a distribution, its own before its dataset's. */
void measure_fields_said(ctx *c, str of_file, str of_dataset, quality_fields *out);
/* What a version's `fields` and `about` say of its content; false: they are not in order. */
bool measure_content(ctx *c, str fields_json, int64_t rows, quality_content *out) nodiscard;
#endif
