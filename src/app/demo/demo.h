/* demo — a demonstration site: invented but plausible datasets of the 32
 * agencies that the action plan grades, from data/demo.tsv. The same every
 * time, no clock and no chance in it, so that making it again changes
 * nothing. Addresses end in .example; contacts are offices, not people. */
#ifndef DEMO_H
#define DEMO_H
#include "app/dataset/dataset.h"

typedef struct { int64_t created, updated, unchanged; } demo_report;
bool demo_make(ctx *c, demo_report *out) nodiscard;
#endif
