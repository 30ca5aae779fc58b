#include "kit/chart/svg_map.h"

#include "kit/chart/svg_part.h"

/* What is drawn over the colour of each class, in tiles of 60 tenths of a unit; the darkest is plain, as is the lightest. */
static const char *const strokes[CHART_LEVELS + 1] = {
    "M0 0L60 60M60 0L0 60", "", "M30 24V36", "M0 60L60 0", "M0 30H60M30 0V60", "",
};

static void put_patterns(buf *o)
{
    buf_add(o, S("<defs>"));
    for (int i = 0; i <= CHART_LEVELS; i++) {
        buf_fmt(o, "<pattern id=\"level-%d\" width=\"60\" height=\"60\" patternUnits=\"userSpaceOnUse\"><rect class=\"level-%d\" width=\"60\" height=\"60\"/>", i, i);
        if (strokes[i][0] != 0)
            buf_fmt(o, "<path class=\"hatch hatch-%d\" d=\"%s\"/>", i, strokes[i]);
        buf_add(o, S("</pattern>"));
    }
    buf_add(o, S("</defs>"));
}

static void put_title(buf *o, str title)
{
    if (title.n == 0)
        return;
    buf_add(o, S("<title>"));
    html_put(o, chart_clean(o->a, title));
    buf_add(o, S("</title>"));
}

/* The table beside has the same links: the keyboard does not go through hundreds of shapes to come to it. */
static void put_link(buf *o, str href, str title)
{
    if (href.n == 0)
        return;
    buf_add(o, S("<a tabindex=\"-1\" href=\""));
    html_url(o, href);
    buf_add(o, S("\" aria-label=\""));
    html_attr(o, chart_clean(o->a, title));
    buf_add(o, S("\">"));
}

static void put_area(buf *o, const map_area *k)
{
    put_link(o, k->href, k->title);
    if (k->level == MAP_LAND)
        buf_add(o, S("<path class=\"area land\""));
    else
        buf_fmt(o, "<path class=\"area\" fill=\"url(#level-%d)\"", k->level);
    buf_fmt(o, " transform=\"scale(.1)\" d=\"%.*s\">", S_ARG(k->path));
    put_title(o, k->title);
    buf_add(o, k->href.n > 0 ? S("</path></a>") : S("</path>"));
}

static void put_mark(buf *o, const map_mark *k)
{
    put_link(o, k->href, k->title);
    buf_fmt(o, "<circle class=\"mark mark-%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\">", k->level, k->x, k->y, k->r);
    put_title(o, k->title);
    buf_add(o, k->href.n > 0 ? S("</circle></a>") : S("</circle>"));
}

html chart_map(arena *a, const map_picture *m)
{
    buf o = buf_in(a);
    bool links = false;
    for (size_t i = 0; i < m->area_count; i++)
        links = links || m->areas[i].href.n > 0;
    for (size_t i = 0; i < m->mark_count; i++)
        links = links || m->marks[i].href.n > 0;
    buf_fmt(&o, "<svg class=\"chart map\" role=\"%s\" viewBox=\"0 0 %d %.0f\" aria-labelledby=\"map-title\" aria-describedby=\"map-says\"><title id=\"map-title\">",
            links ? "group" : "img", MAP_WIDTH, m->height);
    html_put(&o, chart_clean(a, m->title));
    buf_add(&o, S("</title><desc id=\"map-says\">"));
    html_put(&o, chart_clean(a, m->description));
    buf_add(&o, S("</desc>"));
    put_patterns(&o);
    for (size_t i = 0; i < m->area_count; i++)
        put_area(&o, &m->areas[i]);
    if (m->borders.n > 0)
        buf_fmt(&o, "<path class=\"borders\" transform=\"scale(.1)\" d=\"%.*s\"/>", S_ARG(m->borders));
    if (m->frames.n > 0)
        buf_fmt(&o, "<path class=\"frames\" transform=\"scale(.1)\" d=\"%.*s\"/>", S_ARG(m->frames));
    for (size_t i = 0; i < m->mark_count; i++)
        put_mark(&o, &m->marks[i]);
    for (size_t i = 0; i < m->label_count; i++) {
        buf_fmt(&o, "<text class=\"place\" x=\"%.1f\" y=\"%.1f\">", m->labels[i].x, m->labels[i].y);
        html_put(&o, chart_clean(a, m->labels[i].text));
        buf_add(&o, S("</text>"));
    }
    buf_add(&o, S("</svg>"));
    return (html){ buf_str(&o) };
}

html chart_swatch(arena *a, int level)
{
    return (html){ str_fmt(a, "<svg class=\"swatch\" width=\"28\" height=\"18\" aria-hidden=\"true\"><rect fill=\"url(#level-%d)\" transform=\"scale(.1)\" width=\"280\" height=\"180\"/></svg>", level) };
}
