#include "kit/table/csv_tally.h"

#define SAMPLE_MAX 120
#define KINDS_MAX 40000        /* kinds × columns: beyond them columns are put together */

typedef struct {
    const char *code;
    size_t   col;
    uint64_t shown, more;
} kind;

struct csv_tally {
    const table_sink *to;
    arena *a;
    map    kinds;              /* code and column → kind */
};

csv_tally *csv_tally_new(ctx *c, const table_sink *to)
{
    csv_tally *t = new(c->a, csv_tally);
    *t = (csv_tally){ .to = to, .a = c->a, .kinds = map_in(c->a) };
    return t;
}

static kind *kind_of(csv_tally *t, const char *code, size_t col)
{
    char text[64];
    if (t->kinds.n >= KINDS_MAX)
        col = 0;
    int n = snprintf(text, sizeof text, "%s %zu", code, col);
    str key = { text, (size_t)n };
    kind *k = map_ptr(&t->kinds, key);
    if (k == NULL) {
        k = new(t->a, kind);
        *k = (kind){ .code = code, .col = col };
        map_set_ptr(&t->kinds, str_dup(t->a, key), k);
    }
    return k;
}

bool csv_tally_add(ctx *c, csv_tally *t, const table_finding *f)
{
    kind *k = kind_of(t, f->code, f->col);
    if (k->shown >= CSV_TALLY_SHOWN) {
        k->more += f->count > 0 ? f->count : 1;
        return true;
    }
    k->shown++;
    table_finding told = *f;
    told.count = f->count > 0 ? f->count : 1;
    told.sample = utf8_cut(f->sample, SAMPLE_MAX);
    return t->to->finding == NULL || t->to->finding(c, t->to->to, &told);
}

bool csv_tally_end(ctx *c, csv_tally *t)
{
    for (size_t i = 0; i < t->kinds.n; i++) {
        kind *k = t->kinds.items[i].p;
        table_finding rest = { .code = k->code, .col = k->col, .count = k->more };
        if (k->more > 0 && t->to->finding != NULL && !t->to->finding(c, t->to->to, &rest))
            return false;
    }
    return true;
}
