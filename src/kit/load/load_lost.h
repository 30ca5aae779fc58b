/* load_lost — names in which a question mark or a box stands for a rare character that the export could not write: 瓦?里, 三■村. Only
 * short texts of Han characters are looked at, and not where such marks end them: that may be a question. C12. */
#ifndef LOAD_LOST_H
#define LOAD_LOST_H
#include "kit/load/load_judge.h"

bool load_lost(ctx *c, const column_file *f, size_t col, const load_judge_plan *p) nodiscard;
#endif
