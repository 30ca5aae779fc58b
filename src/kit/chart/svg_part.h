/* svg_part — what the pictures of svg_chart share. Used inside kit/chart only. */
#ifndef SVG_PART_H
#define SVG_PART_H
#include "kit/chart/svg_chart.h"

typedef struct { double lo, hi, step; } chart_scale;    /* nice ends, always with 0, hi > lo */

bool   chart_has(double v);                             /* a number that can be drawn */
chart_scale chart_scale_of(const chart *ch);
double chart_place(const chart_scale *s, double v);     /* 0 … 1 */
size_t chart_series(const chart *ch);                   /* at least 1 */
str    chart_edge(arena *a, double v);                  /* a number at an axis: short */
double chart_step(double span);                         /* a round number: about a fourth of it */
double chart_width(const chart *ch);

str    chart_clean(arena *a, str s);                    /* valid UTF-8 without control characters */
double chart_text_width(str s, double size);            /* a good guess for a sans-serif face */
str    chart_cut(arena *a, str s, double size, double room);

void   chart_open(buf *o, const chart *ch, const char *kind, double height);
void   chart_value_title(buf *o, const chart *ch, const chart_row *row, size_t k);
/* Its height; 0 when there is but one series. lines: by pieces of them, which differ by more than their colour. */
double chart_legend(buf *o, const chart *ch, double left, bool lines);
#endif
