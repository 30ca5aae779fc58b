/* The pictures that stand: columns and lines over an axis with round numbers. */
#include <math.h>

#include "kit/chart/svg_part.h"

/* Pixels for the numbers of the axis. They stand left of the picture's box, where web/charts.css
 * leaves them room (.columns, .lines), so that per cent across are per cent of the plot. */
static const double LEFT = 52;

typedef struct {
    const chart *ch;
    chart_scale  s;
    double top, height;           /* of the plot, pixels */
    size_t series, n;
} plot;

static double plot_y(const plot *p, double v)
{
    return p->top + p->height * (1 - chart_place(&p->s, v));
}

static double plot_x(const plot *p, size_t i)    /* middle of row i, per cent of the plot */
{
    return ((double)i + 0.5) / (double)p->n * 100;
}

str chart_edge(arena *a, double v)
{
    if (fabs(v) >= 1e12 || (fabs(v) < 1e-3 && v != 0))
        return str_fmt(a, "%.1e", v);
    if (fabs(v) >= 1e6)
        return str_fmt(a, "%gM", v / 1e6);
    return v == rint(v) ? chart_number(a, v) : str_fmt(a, "%g", v);
}

static void put_axis(buf *o, const plot *p)
{
    int ticks = (int)rint((p->s.hi - p->s.lo) / p->s.step);
    for (int i = 0; i <= ticks; i++) {
        double v = p->s.lo + i * p->s.step, y = rint(plot_y(p, v)) + 0.5;
        bool zero = fabs(v) < p->s.step / 2;
        buf_fmt(o, "<line class=\"%s\" x1=\"0\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>",
                zero ? "axis" : "grid", y, y);
        buf_fmt(o, "<text class=\"tick\" x=\"-8\" y=\"%.1f\" text-anchor=\"end\">", y + 4);
        html_put(o, zero ? S("0") : chart_edge(o->a, v));
        buf_add(o, S("</text>"));
    }
}

/* Hours and months come in rounds, of which people know the beginning: midnight, January. */
static bool begins_round(str label)
{
    str day, time;
    bool has_time = str_cut(label, S("\n"), &day, &time);
    return has_time ? str_eq(time, S("00:00")) : label.n == 7 && str_ends(label, S("-01"));
}

/* Every how many rows a label stands, at least `step`, and where they begin: with the last row; in whole parts or numbers of
 * rounds where these are of one length. */
static size_t first_label(const plot *p, size_t *step)
{
    size_t first = p->n, round = 0, next;
    for (size_t i = 0; i < p->n; i++) {
        if (!begins_round(p->ch->rows[i].label))
            continue;
        if (first == p->n)
            first = i;
        else if (round == 0)
            round = i - first;
        else if ((i - first) % round != 0)
            return (p->n - 1) % *step;
    }
    if (round == 0)
        return (p->n - 1) % *step;
    if (*step > round)
        next = (*step + round - 1) / round * round;
    else
        for (next = *step; round % next != 0;)
            next++;
    if (next > p->n / 2)
        return (p->n - 1) % *step;
    *step = next;
    return first % next;
}

/* Labels of the rows, as many as fit at the narrowest width. */
static void put_labels(buf *o, const plot *p, double y)
{
    double room = chart_width(p->ch) - LEFT, widest = 16;
    for (size_t i = 0; i < p->n; i++) {
        str above, below;
        (void)str_cut(p->ch->rows[i].label, S("\n"), &above, &below);
        widest = fmax(widest, fmax(chart_text_width(above, 12), chart_text_width(below, 12)));
    }
    widest = fmin(widest + 8, room / 3);
    size_t step = (size_t)fmax(1, ceil(widest * (double)p->n / room)), i = first_label(p, &step);
    for (; i < p->n; i += step) {
        str part[2];
        (void)str_cut(p->ch->rows[i].label, S("\n"), &part[0], &part[1]);
        bool at_end = plot_x(p, i) / 100 * room + widest / 2 > room, before_end = i + step < p->n && plot_x(p, i + step) / 100 * room + widest / 2 > room;
        if (before_end && plot_x(p, i) / 100 * room + widest * 1.5 > room)       /* the next is moved to the left, into this one */
            continue;
        for (int line = 0; line < 2; line++) {
            if (part[line].n == 0)
                continue;
            str whole = chart_clean(o->a, part[line]), cut = chart_cut(o->a, whole, 12, widest);
            buf_fmt(o, "<text class=\"tick\" x=\"%.2f%%\" y=\"%.1f\" text-anchor=\"%s\">",
                    at_end ? 100.0 : plot_x(p, i), y + 19 + line * 15, at_end ? "end" : "middle");
            html_put(o, cut);
            if (cut.n != whole.n) {
                buf_add(o, S("<title>"));
                html_put(o, whole);
                buf_add(o, S("</title>"));
            }
            buf_add(o, S("</text>"));
        }
    }
}

static double labels_height(const chart *ch)
{
    for (size_t i = 0; i < ch->row_count; i++)
        if (str_find_byte(ch->rows[i].label, '\n') < ch->rows[i].label.n)
            return 41;
    return 27;
}

static plot plot_open(buf *o, const chart *ch, const char *kind)
{
    buf legend = buf_in(o->a);
    plot p = { .ch = ch, .s = chart_scale_of(ch), .series = chart_series(ch), .n = ch->row_count };
    p.top = chart_legend(&legend, ch, -LEFT, strcmp(kind, "lines") == 0) + 18;
    p.height = ch->height > 0 ? ch->height : 220;
    chart_open(o, ch, kind, p.top + p.height + labels_height(ch));
    buf_add(o, buf_str(&legend));
    put_axis(o, &p);
    return p;
}

static html plot_close(buf *o, const plot *p)
{
    if (p->n > 0)
        put_labels(o, p, p->top + p->height);
    buf_add(o, S("</svg>"));
    return (html){ buf_str(o) };
}

/* Numbers stand over the columns when all of them have room there; else in the titles and the table. */
static bool numbers_fit(arena *a, const plot *p)
{
    double room = (chart_width(p->ch) - LEFT) / (double)p->n / (double)p->series;
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->series; k++)
            if (chart_text_width(chart_number(a, p->ch->rows[i].values[k]), 11) > room)
                return false;
    return true;
}

static void put_column(buf *o, const plot *p, size_t i, size_t k, bool number)
{
    const chart_row *row = &p->ch->rows[i];
    double v = row->values[k];
    if (!chart_has(v))
        return;
    double cell = 100 / (double)p->n, w = cell * 0.72 / (double)p->series;
    double x = plot_x(p, i) - cell * 0.36 + w * (double)k, zero = plot_y(p, 0), y = plot_y(p, v);
    double h = fmax(fabs(zero - y), v != 0 ? 1 : 0);
    double at = v < 0 ? zero : zero - h;
    buf_fmt(o, "<rect class=\"bar series-%zu\" x=\"%.2f%%\" y=\"%.1f\" width=\"%.2f%%\" height=\"%.1f\">", k % 6 + 1, x,
            at, w * 0.96, h);
    chart_value_title(o, p->ch, row, k);
    buf_add(o, S("</rect>"));
    if (!number)
        return;
    buf_fmt(o, "<text class=\"value\" x=\"%.2f%%\" y=\"%.1f\" text-anchor=\"middle\">", x + w * 0.48,
            v < 0 ? at + h + 12 : at - 4);
    html_put(o, chart_number(o->a, v));
    buf_add(o, S("</text>"));
}

html chart_columns(arena *a, const chart *ch)
{
    buf o = buf_in(a);
    plot p = plot_open(&o, ch, "columns");
    bool numbers = numbers_fit(a, &p);
    for (size_t i = 0; i < p.n; i++)
        for (size_t k = 0; k < p.series; k++)
            put_column(&o, &p, i, k, numbers);
    return plot_close(&o, &p);
}

/* The stroke is drawn in a box of 100 units that is stretched over the plot; the stroke itself is not. */
static void put_path(buf *o, const plot *p, size_t k)
{
    buf_fmt(o, "<svg x=\"0\" y=\"0\" width=\"100%%\" height=\"%.0f\" viewBox=\"0 0 100 %.0f\" "
               "preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"line series-%zu\" "
               "vector-effect=\"non-scaling-stroke\" d=\"", p->top + p->height, p->top + p->height, k % 6 + 1);
    bool pen = false;
    for (size_t i = 0; i < p->n; i++) {
        double v = p->ch->rows[i].values[k];
        if (chart_has(v))
            buf_fmt(o, "%c%.2f %.1f", pen ? 'L' : 'M', plot_x(p, i), plot_y(p, v));
        pen = chart_has(v);
    }
    buf_add(o, S("\"/></svg>"));
}

static void put_points(buf *o, const plot *p, size_t k)
{
    const char *radius = p->n > 60 ? "1.5" : "3.5";
    for (size_t i = 0; i < p->n; i++) {
        const chart_row *row = &p->ch->rows[i];
        if (!chart_has(row->values[k]))
            continue;
        buf_fmt(o, "<circle class=\"dot series-%zu\" cx=\"%.2f%%\" cy=\"%.1f\" r=\"%s\">", k % 6 + 1, plot_x(p, i),
                plot_y(p, row->values[k]), radius);
        chart_value_title(o, p->ch, row, k);
        buf_add(o, S("</circle>"));
    }
}

html chart_lines(arena *a, const chart *ch)
{
    buf o = buf_in(a);
    plot p = plot_open(&o, ch, "lines");
    for (size_t k = 0; k < p.series && p.n > 0; k++) {
        put_path(&o, &p, k);
        put_points(&o, &p, k);
    }
    return plot_close(&o, &p);
}

/* Edges of the bins that fit below the axis, always the first one. */
static void put_edges(buf *o, const plot *p, double from, double step)
{
    double room = chart_width(p->ch) - LEFT, widest = 24;
    for (size_t i = 0; i <= p->n; i += p->n > 0 ? p->n : 1)
        widest = fmax(widest, chart_text_width(chart_edge(o->a, from + (double)i * step), 12) + 10);
    size_t every = (size_t)fmax(1, ceil(widest * (double)p->n / room));
    for (size_t i = 0; i <= p->n; i += every) {
        buf_fmt(o, "<text class=\"tick\" x=\"%.2f%%\" y=\"%.1f\" text-anchor=\"middle\">", (double)i / (double)p->n * 100, p->top + p->height + 19);
        html_put(o, chart_edge(o->a, from + (double)i * step));
        buf_add(o, S("</text>"));
    }
}

html chart_histogram(arena *a, const chart *ch, double from, double step)
{
    buf o = buf_in(a);
    plot p = plot_open(&o, ch, "histogram");
    for (size_t i = 0; i < p.n; i++) {
        double v = ch->rows[i].values[0], y = chart_has(v) ? plot_y(&p, v) : 0;
        if (!chart_has(v) || v == 0)
            continue;
        double h = fmax(plot_y(&p, 0) - y, 1);
        buf_fmt(&o, "<rect class=\"bar series-1\" x=\"%.2f%%\" y=\"%.1f\" width=\"%.2f%%\" height=\"%.1f\">", (double)i / (double)p.n * 100,
                plot_y(&p, 0) - h, 100 / (double)p.n * 0.94, h);
        chart_value_title(&o, ch, &ch->rows[i], 0);
        buf_add(&o, S("</rect>"));
    }
    if (p.n > 0)
        put_edges(&o, &p, from, step);
    buf_add(&o, S("</svg>"));
    return (html){ buf_str(&o) };
}
