/* dataset_rate — writes what was found of the bytes of a dataset's files, and
 * the stars and the openness that follow from it, into the record: its rows, its rendered CKAN
 * package and a row of the ledger (`dataset.rate`) are one change, so the index
 * and all faces follow as they follow every change. What a publisher says stays
 * as it is. Called by who measures (app/measure). */
#ifndef DATASET_RATE_H
#define DATASET_RATE_H
#include "app/ledger/ledger.h"
#include "base.h"

typedef struct {
    str distribution_uid;
    str format;                 /* code, or what bytes of no such format are called; empty: nothing is known */
} dataset_found;

/* Files that are not named keep what is known of them. `changed` false: all of it stood there already. */
bool dataset_rate(ctx *c, change *ch, int64_t dataset, const dataset_found *found, size_t n, bool *changed) nodiscard;
#endif
