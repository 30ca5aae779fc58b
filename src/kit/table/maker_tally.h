/* maker_tally — statistics of one column while it is finished: keys as they
 * come, then bins once least and greatest are known. */
#ifndef MAKER_TALLY_H
#define MAKER_TALLY_H
#include "kit/table/maker.h"

typedef struct {
    bool any;
    int64_t min, max;
    __int128 sum;
    uint64_t n;
    double shift, away, squares;            /* sums of (x - shift) and its square: for the deviation */
} maker_tally;

static inline void maker_tally_key(maker_tally *t, int64_t key, uint64_t rows)
{
    if (!t->any) {
        t->any = true;
        t->min = t->max = key;
        t->shift = (double)key;
    }
    t->min = key < t->min ? key : t->min;
    t->max = key > t->max ? key : t->max;
    t->sum += (__int128)key * rows;
    t->n += rows;
    double d = (double)key - t->shift, w = (double)rows;
    t->away += d * w;
    t->squares += d * d * w;
}

void maker_tally_stats(const maker_tally *t, const maker_rule *rule, column_stats *s);  /* and the frame of the bins */
static inline void maker_tally_bin(column_stats *s, int64_t key, uint64_t rows)
{
    uint64_t i = ((uint64_t)key - (uint64_t)s->bin_from) / s->bin_step;
    s->bins[i < COLUMN_BINS ? i : COLUMN_BINS - 1] += rows;
}
#endif
