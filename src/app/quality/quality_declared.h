/* quality_declared — metadata against content (C12): what a publisher says of
 * a table (main fields, number of records, period) beside what its bytes hold.
 * Format and encoding are compared while reading (kit/ingest).
 *
 * fieldDescription is free text. It is taken for a list of names when most of
 * its parts can be names; else nothing is compared, and nothing is found.
 * Texts are borrowed from what was given, or lie in the arena of the ctx. */
#ifndef QUALITY_DECLARED_H
#define QUALITY_DECLARED_H
#include "kit/table/block.h"
#include "kit/table/column_file.h"

typedef struct {
    str  name;                  /* without numbering and explanation */
    str  also;                  /* what stands in brackets behind it; empty: nothing */
    str  said;                  /* name and brackets as written */
} quality_field;
typedef struct { quality_field *v; size_t n, cap; } quality_fields;

typedef struct {
    quality_fields fields;      /* in their order; n 0: none are named */
    int64_t rows;               /* -1: not said */
    int64_t first_day, last_day;    /* the period, days since 1970; DAY_NONE: not said */
} quality_declared;

typedef struct { str title, second, name; } quality_heading;
typedef struct {
    const quality_heading *headings;
    size_t  count;
    int64_t rows;               /* -1: not known */
    int64_t first_day, last_day;    /* of all columns of dates together; DAY_NONE: there are none */
} quality_content;
typedef struct { table_finding *v; size_t n, cap; } quality_findings;

quality_declared quality_declared_none(void);
void quality_fields_read(ctx *c, str text, quality_fields *out);            /* main fields in one text */
void quality_period_read(str from, str to, quality_declared *out);          /* as metadata says it */

/* The days that a column's values lie between: only columns of dates have any. */
bool quality_days_of(const column_about *k, int64_t *first, int64_t *last);

void quality_compare(ctx *c, const quality_declared *said, const quality_content *is, quality_findings *out);
#endif
