/* table_seen — tables and files that a visitor may see: those of datasets that
 * policy_sees shows whole. Everything else is not found, whatever the reason (C8). */
#ifndef TABLE_SEEN_H
#define TABLE_SEEN_H
#include "app/table/table_open.h"

/* A live table by its uid; that of a distribution's first table is the distribution's. */
bool table_seen(ctx *c, str uid, table_row *out, bool *found) nodiscard;
bool table_seen_dataset(ctx *c, int64_t dataset_id, bool *seen) nodiscard;
#endif
