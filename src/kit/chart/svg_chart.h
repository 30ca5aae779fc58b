/* svg_chart — bars and lines as SVG text that people who cannot see it can
 * read too: role="img", title, desc; the caller shows the same numbers as a
 * table beside it. Colours come from CSS classes (series-1 …), text from the
 * page's font; sizes in viewBox units, so the picture scales with the column. */
#ifndef SVG_CHART_H
#define SVG_CHART_H
#include "kit/text/html.h"

typedef struct { str label; str href; const double *values; } chart_row;   /* one value a series; NaN = none */

typedef struct {
    str  title, description;
    const str *series; size_t series_count;      /* names; shown as legend when more than one */
    const chart_row *rows; size_t row_count;
    str  unit;
    int  width, height;                           /* 0: fitting defaults */
} chart;

html chart_bars(arena *a, const chart *ch);       /* horizontal bars, labels left, numbers at the end */
html chart_columns(arena *a, const chart *ch);    /* upright, grouped by series */
html chart_lines(arena *a, const chart *ch);      /* x = rows in order; points have titles */
html chart_meter(arena *a, double part, double whole, str label); /* one bar, actual against least */
#endif
