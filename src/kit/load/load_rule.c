/* The rules by which tables are judged, from their one table, and the score. */
#include "kit/load/load.h"

static const load_rule rules[] = {
#define FINDING(code_, severity_, group_, says_, mend_)                                               \
    { .code = #code_, .severity = LOAD_##severity_, .group = #group_, .says = (says_), .mend = (mend_) },
#include "kit/table/finding.def"
#undef FINDING
};

const load_rule *load_rules(size_t *n)
{
    *n = array_len(rules);
    return rules;
}

const load_rule *load_rule_of(const char *code)
{
    for (size_t i = 0; i < array_len(rules); i++)
        if (strcmp(rules[i].code, code) == 0)
            return &rules[i];
    return NULL;
}

/* A rule that is broken costs its severity's points; where it is broken in many rows, up to twice as much. */
int load_score_of(const uint64_t *counts, uint64_t rows)
{
    static const double cost[] = { [LOAD_ERROR] = 12, [LOAD_WARNING] = 4, [LOAD_NOTE] = 0.5 };
    double score = 100;
    for (size_t i = 0; i < array_len(rules); i++) {
        if (counts[i] == 0 || strcmp(rules[i].group, "ADVICE") == 0)
            continue;
        double share = rows > 0 ? (double)counts[i] / (double)rows : 1;
        score -= cost[rules[i].severity] * (1 + (share > 1 ? 1 : share));
    }
    return score < 0 ? 0 : (int)(score + 0.5);
}

int load_score(const load_table *t)
{
    uint64_t counts[array_len(rules)] = { 0 };
    for (size_t k = 0; k < t->findings.n; k++) {
        const load_rule *r = load_rule_of(t->findings.v[k].at.code);
        if (r != NULL)
            counts[r - rules] += t->findings.v[k].at.count > 0 ? t->findings.v[k].at.count : 1;
    }
    return load_score_of(counts, t->rows);
}
