/* measure_series — artificial splitting (C12, 管理要項: a dataset must not be
 * split arbitrarily): datasets of one organisation whose titles differ by
 * nothing but a date, a number, a place or a school. Where columns are known
 * they must be the same; where they are not, a series is only suspected. */
#ifndef MEASURE_SERIES_H
#define MEASURE_SERIES_H
#include "kit/table/lexicon.h"

#define MEASURE_SERIES_LEAST 3          /* fewer are not told from chance */

typedef struct {
    int64_t id;
    str     title;
    str     columns;                    /* the same text for the same columns; empty: not known */
    /* set: */
    int64_t series;                     /* id of the first of its series; 0: none */
    str     stem;
    int     count;
    bool    sure;                       /* columns of all are known */
} measure_member;

void measure_series(arena *a, const lexicon *words, measure_member *m, size_t n);

/* The title with everything that tells one of a series from another as "…"; empty: nothing does, or too little is left. */
str  measure_stem(arena *a, const lexicon *words, str title);
#endif
