#include "kit/table/maker_tally.h"

#include <math.h>

void maker_tally_stats(const maker_tally *t, const maker_rule *rule, column_stats *s)
{
    if (!t->any || !rule->keyed)
        return;
    double unit = (double)number_ten_to(rule->scale), n = (double)t->n, mean = t->away / n;
    s->has_keys = true;
    s->min_key = t->min;
    s->max_key = t->max;
    if (rule->numeric || rule->type == COLUMN_boolean) {
        s->sum_exact = t->sum >= INT64_MIN && t->sum <= INT64_MAX;
        s->sum_key = s->sum_exact ? (int64_t)t->sum : 0;
        s->sum = (double)t->sum / unit;
        s->mean = (double)t->sum / n / unit;
        double variance = t->squares / n - mean * mean;
        s->deviation = variance > 0 ? sqrt(variance) / unit : 0;
    }
    s->has_bins = true;
    s->bin_from = t->min;
    s->bin_step = ((uint64_t)t->max - (uint64_t)t->min) / COLUMN_BINS + 1;
}
