/* notes — what a reader meets along the way: each kind with its first place and how often, told once at the end of the
 * table, so that a strange file of a million rows is a handful of findings. */
#ifndef NOTES_H
#define NOTES_H
#include "kit/table/block.h"

#define NOTES_MAX 16            /* kinds; further ones are left out */

typedef struct {
    struct {
        table_finding at;       /* its sample is below */
        char sample[96];
    } v[NOTES_MAX];
    size_t n;
} notes;

/* `first` is where it was met, should it be the first of its kind; its code is a literal. */
void notes_add(notes *n, const table_finding *first);
bool notes_tell(ctx *c, notes *n, const table_sink *to) nodiscard;
#endif
