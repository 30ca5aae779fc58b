/* load_mixed — columns that are text for the sake of a few values: nearly all are numbers, or dates, and some are not ("約30" among
 * amounts), or all of them (5.3%, NT$700: numbers with their unit). Not where a title speaks of codes, nor where all numbers have as many digits, four or more: letters belong into codes. C12.
 *
 * A few rows are looked at; only a column that they make suspicious is read as a whole. */
#ifndef LOAD_MIXED_H
#define LOAD_MIXED_H
#include "kit/load/load_judge.h"

bool load_mixed(ctx *c, const column_file *f, size_t col, const load_judge_plan *p) nodiscard;
#endif
