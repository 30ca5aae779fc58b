/* svg_chart — bars and lines as SVG text that people who cannot see it can
 * read too: role="img" (role="group" where rows link), title, desc; the caller
 * shows the same numbers as a table beside it.
 *
 * Pictures fill the width of their column: places across are per cent of it,
 * heights and letters are pixels, so letters stay readable on a telephone
 * (a viewBox would shrink them). Colours come from classes (web/charts.css),
 * never from style attributes, which the site's CSP refuses. Labels of any
 * length and any bytes are allowed: what is too long is cut, whole in <title>.
 *
 * Errors: none; NaN, infinities and what is beyond 1e300 are drawn as "no value". */
#ifndef SVG_CHART_H
#define SVG_CHART_H
#include "kit/text/html.h"

/* One value a series; NaN: none. A label may hold one "\n": columns and lines write two lines. */
typedef struct { str label; str href; const double *values; } chart_row;

typedef struct {
    str  title, description;
    const str *series; size_t series_count;      /* names; shown as legend when more than one; 0 counts as 1 */
    const chart_row *rows; size_t row_count;
    str  unit;                                    /* after each number in titles: " datasets" */
    int  width, height;                           /* narrowest width it must fit, 0: 330; height of the plot, 0: fitting */
} chart;

html chart_bars(arena *a, const chart *ch);       /* horizontal bars, label and number above each */
html chart_columns(arena *a, const chart *ch);    /* upright, grouped by series */
html chart_lines(arena *a, const chart *ch);      /* x = rows in order; points have titles */
html chart_meter(arena *a, double part, double whole, str label); /* one bar, actual against least */

str  chart_number(arena *a, double v);            /* 1,234 or 1.5; "–" for what is no number */
#endif
