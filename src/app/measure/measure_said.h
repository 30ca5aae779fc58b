/* measure_said — one table of the site against what the metadata of its
 * distribution and dataset says now: always as both are, nothing is kept. */
#ifndef MEASURE_SAID_H
#define MEASURE_SAID_H
#include "app/quality/quality_declared.h"

typedef struct {
    str file_fields;                    /* resourceField as JSON; empty: its dataset's stand for it */
    str dataset_fields;                 /* fieldDescription */
    int64_t rows;                       /* -1: not said, or not of one table */
    str from, to;
} measure_said;

typedef struct {
    quality_findings findings;
    size_t named;                       /* fields that the metadata lists */
    str columns;                        /* titles of the table, a line each */
} measure_compared;

/* The main fields: of the file as JSON, else of the dataset in text. */
void measure_fields_said(ctx *c, str of_file, str of_dataset, quality_fields *out);

/* `fields_json` is that of the version. False: it is not in order, and nothing was compared. */
bool measure_compare(ctx *c, const measure_said *said, str fields_json, int64_t rows, measure_compared *out) nodiscard;
#endif
