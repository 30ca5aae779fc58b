#include "kit/sheet/notes.h"

void notes_add(notes *n, const table_finding *first)
{
    for (size_t i = 0; i < n->n; i++)
        if (strcmp(n->v[i].at.code, first->code) == 0) {
            n->v[i].at.count++;
            return;
        }
    if (n->n == NOTES_MAX)
        return;
    str sample = utf8_cut(first->sample, sizeof n->v[0].sample);
    n->v[n->n].at = *first;
    n->v[n->n].at.count = 1;
    n->v[n->n].at.sample.n = sample.n;
    if (sample.n > 0)
        memcpy(n->v[n->n].sample, sample.p, sample.n);
    n->n++;
}

bool notes_tell(ctx *c, notes *n, const table_sink *to)
{
    for (size_t i = 0; i < n->n; i++) {
        n->v[i].at.sample.p = n->v[i].sample;
        if (!to->finding(c, to->to, &n->v[i].at))
            return false;
    }
    return true;
}
