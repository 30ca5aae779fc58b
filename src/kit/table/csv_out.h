/* csv_out — rows that were read go to the sink: cells in their last form, places,
 * and what was wrong with each. */
#ifndef CSV_OUT_H
#define CSV_OUT_H
#include "kit/table/csv_head.h"
#include "kit/table/csv_tally.h"
#include "kit/table/csv_window.h"

typedef struct {
    const table_sink *to;
    csv_tally  *tally;
    csv_window *window;
    csv_walk   *walk;
    csv_head   *head;
    csv_found  *found;
    uint64_t   *bytes, *lines; /* of a block */
    char       *undone;        /* mem_get: cells whose quotes were undone */
    size_t      undone_cap;
    size_t      event;         /* the next of the window's */
    bool        has_noted_odd;
} csv_out;

/* Sends the gathered rows; those at the end that look like notes at the foot are kept back unless more rows follow:
 * the walk stands before them then. */
bool csv_out_rows(ctx *c, csv_out *o, bool is_end) nodiscard;
/* What was lost or private before the first row. */
bool csv_out_events_before(ctx *c, csv_out *o, size_t at) nodiscard;
#endif
