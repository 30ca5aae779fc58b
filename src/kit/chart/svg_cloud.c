/* Clouds of points over two axes of numbers, and the classes by which counts are shaded. */
#include <math.h>
#include <stdlib.h>

#include "kit/chart/svg_part.h"

enum { PLOT_HEIGHT = 320, BELOW = 44, ABOVE = 26, TICKS_MOST = 12 };

typedef struct { double lo, hi, step; } axis;

/* Round ends around the values; nought only where it is among them. */
static axis axis_of(double least, double most)
{
    if (!chart_has(least) || !chart_has(most) || most < least)
        return (axis){ 0, 1, 1 };
    if (most - least < 1e-300) {
        double around = fabs(least) > 0 ? fabs(least) / 2 : 1;
        least -= around;
        most += around;
    }
    double step = chart_step(most - least);
    return (axis){ floor(least / step) * step, ceil(most / step) * step, step };
}

static double along(const axis *x, double v)
{
    return (v - x->lo) / (x->hi - x->lo);
}

static void put_axes(buf *o, const chart_cloud *k, const axis *x, const axis *y, double height)
{
    for (int i = 0; i <= TICKS_MOST && y->lo + i * y->step <= y->hi + y->step / 2; i++) {
        double v = y->lo + i * y->step, at = rint(ABOVE + height * (1 - along(y, v))) + 0.5;
        buf_fmt(o, "<line class=\"%s\" x1=\"0\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/><text class=\"tick\" x=\"-8\" y=\"%.1f\" text-anchor=\"end\">",
                i == 0 ? "axis" : "grid", at, at, at + 4);
        html_put(o, chart_edge(o->a, fabs(v) < y->step / 2 ? 0 : v));
        buf_add(o, S("</text>"));
    }
    for (int i = 0; i <= TICKS_MOST && x->lo + i * x->step <= x->hi + x->step / 2; i++) {
        double v = x->lo + i * x->step, at = along(x, v) * 100;
        buf_fmt(o, "<line class=\"grid\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%d\" y2=\"%.1f\"/><text class=\"tick\" x=\"%.2f%%\" y=\"%.1f\" text-anchor=\"middle\">",
                at, at, ABOVE, ABOVE + height, at, ABOVE + height + 16);
        html_put(o, chart_edge(o->a, fabs(v) < x->step / 2 ? 0 : v));
        buf_add(o, S("</text>"));
    }
    buf_add(o, S("<text class=\"tick\" x=\"-52\" y=\"12\">"));
    html_put(o, chart_cut(o->a, chart_clean(o->a, k->y_title), 12, 300));
    buf_fmt(o, "</text><text class=\"tick\" x=\"100%%\" y=\"%.1f\" text-anchor=\"end\">", ABOVE + height + 36);
    html_put(o, chart_cut(o->a, chart_clean(o->a, k->x_title), 12, 270));
    buf_add(o, S("</text>"));
}

static void put_points(buf *o, const chart_cloud *k, const axis *x, const axis *y, double height)
{
    const char *radius = k->point_count > 400 ? "2" : "3.5";
    for (size_t i = 0; i < k->point_count; i++)
        if (chart_has(k->points[i].x) && chart_has(k->points[i].y))
            buf_fmt(o, "<circle class=\"point series-1\" cx=\"%.2f%%\" cy=\"%.1f\" r=\"%s\"/>", along(x, k->points[i].x) * 100,
                    ABOVE + height * (1 - along(y, k->points[i].y)), radius);
}

static str span_text(arena *a, double from, double to)
{
    return str_fmt(a, "%.*s – %.*s", S_ARG(chart_edge(a, from)), S_ARG(chart_edge(a, to)));
}

static void put_cells(buf *o, const chart_cloud *k, const axis *x, const axis *y, double height)
{
    size_t all = (size_t)k->across * k->up;
    double *counts = new_n(o->a, double, all + 1);
    for (size_t i = 0; i < all; i++)
        counts[i] = k->cells[i] > 0 ? (double)k->cells[i] : NAN;
    chart_levels levels = chart_levels_of(o->a, counts, all);
    double wide = (k->x_max - k->x_min) / k->across, high = (k->y_max - k->y_min) / k->up;
    for (size_t i = 0; i < all; i++) {
        if (k->cells[i] == 0)
            continue;
        double left = k->x_min + wide * (double)(i % k->across), low = k->y_min + high * (double)(i / k->across);
        double top = ABOVE + height * (1 - along(y, low + high));
        buf_fmt(o, "<rect class=\"level-%d\" x=\"%.2f%%\" y=\"%.1f\" width=\"%.2f%%\" height=\"%.1f\"><title>", chart_level(&levels, counts[i]),
                along(x, left) * 100, top, fmax((along(x, left + wide) - along(x, left)) * 100, 0.5),
                fmax(height * (along(y, low + high) - along(y, low)), 2));
        html_put(o, str_fmt(o->a, "%.*s; %.*s: ", S_ARG(span_text(o->a, left, left + wide)), S_ARG(span_text(o->a, low, low + high))));
        html_put(o, chart_number(o->a, counts[i]));
        buf_add(o, S("</title></rect>"));
    }
}

html chart_scatter(arena *a, const chart_cloud *k)
{
    buf o = buf_in(a);
    double height = k->height > 0 ? k->height : PLOT_HEIGHT;
    axis x = axis_of(k->x_min, k->x_max), y = axis_of(k->y_min, k->y_max);
    const chart named = { .title = k->title, .description = k->description };
    chart_open(&o, &named, "scatter", height + ABOVE + BELOW);
    put_axes(&o, k, &x, &y, height);
    if (k->cells != NULL)
        put_cells(&o, k, &x, &y, height);
    else
        put_points(&o, k, &x, &y, height);
    buf_add(&o, S("</svg>"));
    return (html){ buf_str(&o) };
}

/* --- classes --- */

static int ascending(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

chart_levels chart_levels_of(arena *a, const double *values, size_t n)
{
    chart_levels l = { .n = 0 };
    double *v = new_n(a, double, n + 1);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (chart_has(values[i]))
            v[count++] = values[i];
    qsort(v, count, sizeof *v, ascending);
    for (size_t from = 0; from < count && l.n < CHART_LEVELS;) {
        size_t left = CHART_LEVELS - l.n, to = from + (count - from + left - 1) / left;
        while (to < count && v[to] == v[to - 1])
            to++;       /* what is equal stays together */
        l.least[l.n] = v[from];
        l.most[l.n++] = v[to - 1];
        from = to;
    }
    return l;
}

int chart_level(const chart_levels *l, double v)
{
    for (size_t i = 0; i < l->n && chart_has(v); i++)
        if (v <= l->most[i])
            return (int)(CHART_LEVELS - l->n + i + 1);  /* the highest class is always the darkest */
    return 0;
}
