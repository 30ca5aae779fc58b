/* dataset_check — a draft becomes rows, or is refused: limits, vocabularies,
 * dates, addresses. Errors are INVALID with the field's name of the standard. */
#ifndef DATASET_CHECK_H
#define DATASET_CHECK_H
#include "app/dataset/dataset.h"
#include "queries.h"

/* Fills all but ids, slug, times of the hub, and what is computed from the whole (dataset_finish). */
bool dataset_check(ctx *c, const dataset_draft *d, dataset_row *row, distribution_row_list *files) nodiscard;
void dataset_finish(dataset_row *row, distribution_row_list *files);     /* stars, rating, verdict, completeness */
#endif
