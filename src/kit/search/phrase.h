/* phrase — documents in which terms stand at given distances in one field. */
#ifndef PHRASE_H
#define PHRASE_H
#include "kit/search/inside.h"
#include "kit/search/plan.h"

/* Fills p->docs, p->meta (fields and occurrences of the whole phrase) and p->hits. */
void phrase_find(inside_run *r, plan *p, const inside_set *within);
#endif
