/* statistics_page — /statistics and its tables as JSON and CSV (A4). */
#ifndef STATISTICS_PAGE_H
#define STATISTICS_PAGE_H
#include "app/statistics/statistics.h"
#include "kit/text/html.h"
#include "kit/text/json_write.h"

typedef struct { str label, href; str count, share; } statistics_line;

/* One picture with its numbers. */
typedef struct {
    str  id, title, note, csv;
    str  first_column;
    html picture;
    struct { statistics_line *v; size_t n, cap; } lines;
    str  more;                    /* "and 780 more": they stand in the CSV; else empty */
} statistics_card;

typedef struct { str year, roc, added, total; } statistics_year_line;

typedef struct {
    str  of;                      /* name of the organisation, when it is about one */
    str  of_href;
    str  total, organizations, open, starred;      /* the numbers on top */
    html growth, added;
    str  dated_note, future_note, growth_csv;
    str  query;                   /* what keeps the organisation in links, or "" */
    struct { statistics_year_line *v; size_t n, cap; } years;
    struct { statistics_card *v; size_t n, cap; } cards;
} statistics_view;

statistics_card statistics_card_of(ctx *c, const statistics *s, statistics_kind k, size_t most, str query);
void statistics_json(json_w *j, const statistics *s);
str  statistics_year_label(ctx *c, int year);                /* "2024\nROC 113" */
html statistics_growth_chart(ctx *c, const statistics_growth *g);
#endif
