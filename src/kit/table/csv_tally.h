/* csv_tally — findings of one table as it is read: the first few of a kind are
 * told with their places at once, the rest is counted and told once at the end,
 * so that a million wrong rows are a handful of findings whose counts sum up. */
#ifndef CSV_TALLY_H
#define CSV_TALLY_H
#include "kit/table/block.h"

#define CSV_TALLY_SHOWN 10

typedef struct csv_tally csv_tally;

csv_tally *csv_tally_new(ctx *c, const table_sink *to);
/* f->count may be more than one; samples are cut and made valid UTF-8 here. */
bool csv_tally_add(ctx *c, csv_tally *t, const table_finding *f) nodiscard;
bool csv_tally_end(ctx *c, csv_tally *t) nodiscard;
#endif
