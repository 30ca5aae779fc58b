/* dataset_state — the canonical JSON of a dataset with its distributions: what
 * the ledger keeps, what is hashed for content_hash, and what verify computes
 * again. Keys in byte order, no blanks; what is empty is left out. Facts of
 * this hub (created_at, ledger_seq, the rendered package) are not part of it. */
#ifndef DATASET_STATE_H
#define DATASET_STATE_H
#include "queries.h"

str dataset_state(arena *a, const dataset_row *d, const distribution_row_list *files);
/* The fields of `from` that differ in `other`, as an object; the files whole when any of them differs. */
str dataset_changes(arena *a, const dataset_row *from, const distribution_row_list *from_files,
                    const dataset_row *other, const distribution_row_list *other_files);
/* A later record that says less does not empty what is known: takes from `old` what `now` leaves empty. */
void dataset_merge(arena *a, dataset_row *now, distribution_row_list *files, const dataset_row *old,
                   const distribution_row_list *old_files);
#endif
