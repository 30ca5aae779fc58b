/* svg_chart — bars, lines, histograms and clouds of points as SVG text that people who cannot see it can
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
/* Columns side by side: row i counts what lies from `from + i * step` on; the edges are the labels. */
html chart_histogram(arena *a, const chart *ch, double from, double step);
html chart_meter(arena *a, double part, double whole, str label); /* one bar, actual against least */

/* Two numbers of many rows: each a point; or, where there are too many for that, counted in cells of a grid that lies
 * over the whole range (cells[y * across + x], from the least up; NULL: points). Cells are shaded in CHART_LEVELS. */
typedef struct { double x, y; } chart_point;
typedef struct {
    str title, description, x_title, y_title;
    double x_min, x_max, y_min, y_max;
    const chart_point *points; size_t point_count;
    const uint64_t *cells; unsigned across, up;
    int height;                                   /* of the plot, 0: 320 */
} chart_cloud;
html chart_scatter(arena *a, const chart_cloud *cloud);

/* Classes with about as many values each: level 1 … CHART_LEVELS; 0 is no value. Equal values have one level. */
#define CHART_LEVELS 5
typedef struct { double least[CHART_LEVELS], most[CHART_LEVELS]; size_t n; } chart_levels;   /* n: how many there are */
chart_levels chart_levels_of(arena *a, const double *values, size_t n);     /* NaN is passed over */
int  chart_level(const chart_levels *l, double v);

str  chart_number(arena *a, double v);            /* 1,234 or 1.5; "–" for what is no number */
#endif
