/* measure_page — /quality (the nation), /quality/organizations/{slug} (an
 * organisation with all that belongs to it: what to mend first), their JSON
 * and CSV, and the card on a dataset's page (measure_dataset_page.c). */
#ifndef MEASURE_PAGE_H
#define MEASURE_PAGE_H
#include "app/measure/measure_count.h"
#include "app/shell/shell.h"

typedef struct { str title, rule, passed, failed, unknown, aside, share; } measure_indicator_line;
typedef struct { str label, count, share; } measure_number_line;
typedef struct { str name, href, datasets, score, stars; } measure_standing_line;
typedef struct { str code, says, mend, tables, datasets; } measure_finding_line;
typedef struct { str title, href, score, star, failed; } measure_mend_line;
typedef struct { str stem, href, count, how; } measure_series_row;
typedef struct { str day, datasets, score, stars, badges; } measure_history_line;

typedef struct {
    str  of, of_href;                   /* the organisation; empty: the nation */
    str  datasets, score, starred, badged, split, held_note, link_note, links_href, measured_since;
    html badges, tenths, history;
    str  csv_indicators, csv_organizations, csv_history, csv_findings;      /* the nation's only */
    struct { measure_indicator_line *v; size_t n, cap; } indicators;
    struct { measure_number_line *v; size_t n, cap; } badge_lines, tenth_lines;
    struct { measure_standing_line *v; size_t n, cap; } best, worst;
    struct { measure_finding_line *v; size_t n, cap; } findings;
    struct { measure_mend_line *v; size_t n, cap; } mend;
    struct { measure_series_row *v; size_t n, cap; } series;
    struct { measure_history_line *v; size_t n, cap; } days;
} measure_view;

str  measure_badge_label(ctx *c, str badge);

/* --- on a dataset's page --- */

typedef struct { str title, result, word, why; } measure_card_line;     /* result: passed, failed, unknown, aside */
typedef struct {
    str score, badge, said, evidence, organization_href, series_note;
    struct { measure_card_line *v; size_t n, cap; } lines;
    struct { measure_series_row *v; size_t n, cap; } members;
} measure_card;

/* Empty: it has not been measured yet. Who calls has made sure that the visitor may see the dataset. */
bool measure_dataset_card(ctx *c, int64_t dataset, str organization_slug, str said_badge, html *out) nodiscard;
bool measure_dataset_json(ctx *c, json_w *j, int64_t dataset) nodiscard;     /* "quality": {…} into an open object, when it was measured */
#endif
