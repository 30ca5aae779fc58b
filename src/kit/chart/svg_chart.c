/* Shared parts of the pictures, and those that lie: bars and the meter. */
#include "kit/chart/svg_chart.h"

#include <math.h>

#include "kit/chart/svg_part.h"

static const double MAX_SENSIBLE = 1e15;    /* beyond it a double no longer counts in ones */

str chart_number(arena *a, double v)
{
    if (!chart_has(v))
        return S("–");
    if (fabs(v) < MAX_SENSIBLE && v == rint(v))
        return num_grouped(a, (int64_t)v);
    if (fabs(v) >= MAX_SENSIBLE)
        return str_fmt(a, "%.3g", v);
    str text = str_fmt(a, fabs(v) < 10 ? "%.2f" : "%.1f", v), whole, rest;
    int64_t n;
    bool grouped = fabs(v) >= 1000 && str_cut(text, S("."), &whole, &rest) && str_to_i64(whole, &n);
    return grouped ? str_fmt(a, "%.*s.%.*s", S_ARG(num_grouped(a, n)), S_ARG(rest)) : text;
}

str chart_clean(arena *a, str s)
{
    buf b = buf_in(a);
    for (size_t i = 0; i < s.n;) {
        uint32_t code = utf8_next(s, &i);
        if (code == UTF8_BAD)
            code = 0xfffd;
        else if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e)
                 || (code >= 0x2066 && code <= 0x2069))
            code = ' ';    /* no control character, and nothing that turns the writing around */
        buf_utf8(&b, code);
    }
    return buf_str(&b);
}

bool chart_has(double v)
{
    return isfinite(v) && fabs(v) < 1e300;    /* beyond that sums and differences leave the range of a double */
}

static double code_width(uint32_t code)
{
    if (code >= 0x1100)
        return 1.0;
    if (code >= 'A' && code <= 'Z')
        return 0.68;
    return code == 'i' || code == 'l' || code == '.' || code == ',' || code == ' ' ? 0.3 : 0.56;
}

double chart_text_width(str s, double size)
{
    double w = 0;
    for (size_t i = 0; i < s.n;)
        w += code_width(utf8_next(s, &i));
    return w * size;
}

str chart_cut(arena *a, str s, double size, double room)
{
    if (chart_text_width(s, size) <= room)
        return s;
    double w = size;    /* of the ellipsis */
    size_t end = 0;
    for (size_t i = 0; i < s.n;) {
        w += code_width(utf8_next(s, &i)) * size;
        if (w > room)
            break;
        end = i;
    }
    return str_cat(a, str_trim(str_sub(s, 0, end)), S("…"));
}

double chart_step(double span)
{
    double rough = span / 4, power = pow(10, floor(log10(rough)));
    double lead = rough / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 2.5 ? 2.5 : lead <= 5 ? 5 : 10);
}

chart_scale chart_scale_of(const chart *ch)
{
    double lo = 0, hi = 0;    /* bars begin at nought: anything else lies */
    bool whole = true;
    size_t series = chart_series(ch);
    for (size_t i = 0; i < ch->row_count; i++)
        for (size_t k = 0; k < series; k++) {
            double v = ch->rows[i].values[k];
            if (!chart_has(v))
                continue;
            lo = fmin(lo, v);
            hi = fmax(hi, v);
            whole = whole && v == rint(v);
        }
    if (hi - lo < 1e-300)    /* nothing to measure against */
        return (chart_scale){ .lo = 0, .hi = 1, .step = 1 };
    double step = chart_step(hi - lo);
    if (whole && step < 1)
        step = 1;
    return (chart_scale){ .lo = floor(lo / step) * step, .hi = ceil(hi / step) * step, .step = step };
}

double chart_place(const chart_scale *s, double v)
{
    return (v - s->lo) / (s->hi - s->lo);
}

size_t chart_series(const chart *ch)
{
    return ch->series_count > 0 ? ch->series_count : 1;
}

static void put_named(buf *o, const char *tag, str id, const char *suffix, str text)
{
    buf_fmt(o, "<%s id=\"%.*s%s\">", tag, S_ARG(id), suffix);
    html_put(o, text);
    buf_fmt(o, "</%s>", tag);
}

void chart_open(buf *o, const chart *ch, const char *kind, double height)
{
    bool links = false;
    uint64_t hash = str_hash(ch->title) * 31 + str_hash(ch->description) + str_hash(str_of(kind)) + ch->row_count;
    for (size_t i = 0; i < ch->row_count; i++) {
        links = links || ch->rows[i].href.n > 0;
        hash = hash * 31 + str_hash(ch->rows[i].label);
    }
    str id = str_fmt(o->a, "chart-%08x", (unsigned)(hash ^ hash >> 32));
    /* Links inside an "img" would be hidden from those who need them told. */
    buf_fmt(o, "<svg class=\"chart %s\" role=\"%s\" width=\"100%%\" height=\"%.0f\" aria-labelledby=\"%.*s-t\"", kind,
            links ? "group" : "img", height, S_ARG(id));
    if (ch->description.n > 0)
        buf_fmt(o, " aria-describedby=\"%.*s-d\"", S_ARG(id));
    buf_byte(o, '>');
    put_named(o, "title", id, "-t", chart_clean(o->a, ch->title));
    if (ch->description.n > 0)
        put_named(o, "desc", id, "-d", chart_clean(o->a, ch->description));
}

void chart_value_title(buf *o, const chart *ch, const chart_row *row, size_t k)
{
    buf_add(o, S("<title>"));
    html_put(o, chart_clean(o->a, row->label));
    if (ch->series_count > 1) {
        buf_add(o, S(", "));
        html_put(o, chart_clean(o->a, ch->series[k]));
    }
    buf_add(o, S(": "));
    html_put(o, chart_number(o->a, row->values[k]));
    html_put(o, chart_clean(o->a, ch->unit));
    buf_add(o, S("</title>"));
}

double chart_legend(buf *o, const chart *ch, double left, bool lines)
{
    if (ch->series_count < 2)
        return 0;
    double room = chart_width(ch), x = 0, y = 12, sign = lines ? 26 : 12;
    for (size_t k = 0; k < ch->series_count; k++) {
        str name = chart_cut(o->a, chart_clean(o->a, ch->series[k]), 13, room - sign - 12);
        double w = chart_text_width(name, 13) + sign + 24;
        if (x > 0 && x + w - 16 > room) {
            x = 0;
            y += 20;
        }
        if (lines)
            buf_fmt(o, "<line class=\"line series-%zu\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>", k % 6 + 1, left + x, left + x + sign, y - 4, y - 4);
        else
            buf_fmt(o, "<rect class=\"series-%zu\" x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"12\" rx=\"2\"/>", k % 6 + 1, left + x, y - 10);
        buf_fmt(o, "<text class=\"legend\" x=\"%.1f\" y=\"%.1f\">", left + x + sign + 6, y);
        html_put(o, name);
        buf_add(o, S("</text>"));
        x += w;
    }
    return y + 10;
}

double chart_width(const chart *ch)
{
    return ch->width > 0 ? ch->width : 330;
}

static void put_bar(buf *o, const chart *ch, const chart_scale *s, const chart_row *row, size_t k, double y)
{
    buf_fmt(o, "<rect class=\"track\" x=\"0\" y=\"%.1f\" width=\"100%%\" height=\"7\" rx=\"2\"/>", y);
    double v = row->values[k];
    if (!chart_has(v))
        return;
    double zero = chart_place(s, 0) * 100, end = chart_place(s, v) * 100;
    double w = fabs(end - zero);
    if (v != 0 && w < 0.4)
        w = 0.4;    /* something is something */
    buf_fmt(o, "<rect class=\"bar series-%zu\" x=\"%.2f%%\" y=\"%.1f\" width=\"%.2f%%\" height=\"7\" rx=\"2\">",
            k % 6 + 1, v < 0 ? zero - w : zero, y, w);
    chart_value_title(o, ch, row, k);
    buf_add(o, S("</rect>"));
}

static void put_bar_row(buf *o, const chart *ch, const chart_scale *s, const chart_row *row, double y)
{
    arena *a = o->a;
    size_t series = chart_series(ch);
    buf numbers = buf_in(a);
    for (size_t k = 0; k < series; k++) {
        if (k > 0)
            buf_add(&numbers, S(" / "));
        buf_add(&numbers, chart_number(a, row->values[k]));
    }
    double room = chart_width(ch) - chart_text_width(buf_str(&numbers), 13) - 16;
    str label = chart_clean(a, row->label);
    str cut = chart_cut(a, label, 13, room);
    if (row->href.n > 0) {
        buf_add(o, S("<a href=\""));
        html_url(o, row->href);
        buf_add(o, S("\">"));
    }
    buf_fmt(o, "<text class=\"label\" x=\"0\" y=\"%.1f\">", y + 13);
    html_put(o, cut);
    if (cut.n != label.n) {
        buf_add(o, S("<title>"));
        html_put(o, label);
        buf_add(o, S("</title>"));
    }
    buf_add(o, S("</text>"));
    if (row->href.n > 0)
        buf_add(o, S("</a>"));
    buf_fmt(o, "<text class=\"value\" x=\"100%%\" y=\"%.1f\" text-anchor=\"end\">", y + 13);
    html_put(o, buf_str(&numbers));
    buf_add(o, S("</text>"));
    for (size_t k = 0; k < series; k++)
        put_bar(o, ch, s, row, k, y + 19 + (double)k * 9);
}

static double chart_longest(const chart *ch, double absent)
{
    double most = 0;
    for (size_t i = 0; i < ch->row_count; i++)
        for (size_t k = 0; k < chart_series(ch); k++)
            if (chart_has(ch->rows[i].values[k]))
                most = fmax(most, ch->rows[i].values[k]);
    return most > 0 ? most : absent;
}

html chart_bars(arena *a, const chart *ch)
{
    buf o = buf_in(a), legend = buf_in(a);
    chart_scale s = chart_scale_of(ch);
    double top = chart_legend(&legend, ch, 0, false), pitch = 25 + (double)chart_series(ch) * 9;
    if (s.lo == 0)
        s.hi = chart_longest(ch, s.hi);    /* nothing is read off an axis here: the longest bar fills the width */
    chart_open(&o, ch, "bars", top + (ch->row_count > 0 ? (double)ch->row_count * pitch - 4 : 20));
    buf_add(&o, buf_str(&legend));
    for (size_t i = 0; i < ch->row_count; i++)
        put_bar_row(&o, ch, &s, &ch->rows[i], top + (double)i * pitch);
    if (ch->row_count == 0)
        buf_add(&o, S("<text class=\"label\" x=\"0\" y=\"14\">–</text>"));
    buf_add(&o, S("</svg>"));
    return (html){ buf_str(&o) };
}

html chart_meter(arena *a, double part, double whole, str label)
{
    buf o = buf_in(a);
    part = chart_has(part) && part > 0 ? part : 0;
    bool has_least = chart_has(whole) && whole > 0;
    double full = has_least ? fmax(part, whole) : fmax(part, 1);
    str numbers = str_fmt(a, ": %.*s / %.*s", S_ARG(chart_number(a, part)),
                          S_ARG(has_least ? chart_number(a, whole) : S("–")));
    buf_fmt(&o, "<svg class=\"chart meter %s\" role=\"img\" width=\"100%%\" height=\"16\" aria-label=\"",
            !has_least ? "none" : part >= whole ? "met" : "behind");
    html_attr(&o, str_cat(a, chart_clean(a, label), numbers));
    buf_fmt(&o, "\"><rect class=\"track\" x=\"0\" y=\"4\" width=\"100%%\" height=\"8\" rx=\"2\"/>"
                "<rect class=\"bar\" x=\"0\" y=\"4\" width=\"%.2f%%\" height=\"8\" rx=\"2\"><title>",
            part / full * 100);
    html_put(&o, str_cat(a, chart_clean(a, label), numbers));
    buf_add(&o, S("</title></rect>"));
    if (has_least)
        buf_fmt(&o, "<line class=\"least\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"0\" y2=\"16\"/>",
                fmin(whole / full * 100, 99.6), fmin(whole / full * 100, 99.6));
    buf_add(&o, S("</svg>"));
    return (html){ buf_str(&o) };
}
