/* load_judge — what is certainly or very likely wrong with a column that was
 * built, told by its title and its statistics: coordinates off the earth, a
 * thirteenth month, dates that have not come yet or run backwards, counties
 * that there are none of, numbers that should be one a row, personal data,
 * text that was read in the wrong encoding. C12.
 *
 * Nothing is asked of each cell: only a column that its statistics make
 * suspicious is read again, to name the places. */
#ifndef LOAD_JUDGE_H
#define LOAD_JUDGE_H
#include "kit/table/block.h"
#include "kit/table/column_file.h"
#include "kit/table/lexicon.h"

typedef struct {
    const lexicon *words;           /* NULL: names of places are not judged */
    int64_t today;                  /* days since 1970, Taiwan's */
    void *to;
    bool (*finding)(ctx *c, void *to, const table_finding *f);
} load_judge_plan;

bool load_judge(ctx *c, const column_file *f, const load_judge_plan *p) nodiscard;
#endif
