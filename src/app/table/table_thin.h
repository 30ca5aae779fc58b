/* table_thin — which versions of a table are kept. Single additions and polled files (table_poll.h) older than the newest
 * TABLE_STEPS_KEPT versions are put away, with the bytes that only they had; what was loaded otherwise never is. */
#ifndef TABLE_THIN_H
#define TABLE_THIN_H
#include "app/table/table.h"

#define TABLE_STEPS_KEPT 100

/* Each a change of its own; a row of the ledger when there was something to put away. */
bool table_thin(ctx *c, int64_t table) nodiscard;
bool table_thin_polled(ctx *c, const table_file_row *newest) nodiscard;     /* all tables of its distribution, then files without any */
#endif
