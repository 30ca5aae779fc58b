/* table_thin — which versions of a table are kept. Single additions older than the newest TABLE_STEPS_KEPT versions are
 * put away, with the files that only they had; what was loaded never is. */
#ifndef TABLE_THIN_H
#define TABLE_THIN_H
#include "app/table/table.h"

#define TABLE_STEPS_KEPT 100

bool table_thin(ctx *c, int64_t table) nodiscard;          /* a change of its own; a row of the ledger when there was something */
#endif
