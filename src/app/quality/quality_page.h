/* quality_page — the views of the report as a page. Used inside app/quality. */
#ifndef QUALITY_PAGE_H
#define QUALITY_PAGE_H
#include "app/quality/quality.h"
#include "kit/text/lang.h"

typedef struct { str code, severity, severity_text, says, mend, count; str_list places; } quality_view_rule;
typedef struct {
    str title, number, format, rows, columns, score, errors, warnings, notes;     /* number: on the page, from 1 */
    struct { quality_view_rule *v; size_t n, cap; } rules;
} quality_view_table;
typedef quality_refusal quality_view_refusal;
typedef struct {
    str lang, tables_text, refused_text, errors, warnings, notes;
    struct { quality_view_table *v; size_t n, cap; } tables;
    struct { quality_view_refusal *v; size_t n, cap; } refused;
} quality_view;
#endif
