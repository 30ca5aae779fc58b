/* target_page — /targets: least numbers by grade and year (table 1 of the
 * action plan), what each graded agency has reached, and the national goal.
 * Requirements A5, B8. The actual number of a year is how many datasets there
 * were at its end (statistics_by_year); of the present year, how many there are. */
#ifndef TARGET_PAGE_H
#define TARGET_PAGE_H
#include "base.h"
#include "kit/text/html.h"

typedef enum { TARGET_NONE, TARGET_MET, TARGET_BEHIND } target_state;    /* none: no least number, or the year is to come */

typedef struct {
    int          year;
    int64_t      actual, least;    /* -1: none */
    target_state state;
    str          actual_text, least_text, note_mark;
} target_cell;
typedef struct { target_cell *v; size_t n, cap; } target_cells;

typedef struct {
    int64_t id;
    str     slug, name, grade, href;
    target_cells cells;            /* a year each, as target_view.years */
    target_cell  now;              /* the present number against the newest least that applies */
    html    meter;
    str     share;
} target_line;

typedef struct { str text, roc, year; int number; } target_year;
typedef struct { str grade, agencies; target_cells cells; } target_grade;
typedef struct { str label, href; bool current; } target_order;

typedef struct {
    struct { target_year *v; size_t n, cap; }  years;
    struct { target_grade *v; size_t n, cap; } grades;
    struct { target_line *v; size_t n, cap; }  lines;
    struct { target_order *v; size_t n, cap; } orders;
    str_list notes;                /* of the grade table */
    int64_t  national, met, behind, due_year;
    int64_t *national_by_year;     /* as years */
    str      national_text, goal_text, met_text, behind_text, due_text, national_standing;
    html     national_meter, national_chart;
    bool     national_met;
} target_view;
#endif
