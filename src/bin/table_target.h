/* table_target — which distribution or table the words of a command mean. */
#ifndef TABLE_TARGET_H
#define TABLE_TARGET_H
#include "app/table/table_open.h"
#include "bin/cli.h"
#include "queries.h"

bool table_target_dataset(ctx *c, str key, dataset_row *d, bool *found) nodiscard;
/* A dataset by slug, uid or identifier; its only file, or the one of that number (from 1). NOT_FOUND, USAGE. */
bool table_target(ctx *c, str dataset, int64_t number, dataset_row *d, distribution_row *f) nodiscard;
/* The tables that a distribution has, a line each: what a steward wants to know after loading. */
bool table_target_tell(ctx *c, const cli_args *a, const distribution_row *f) nodiscard;
/* A table by its uid, or the first one of a dataset. NOT_FOUND. */
bool table_target_table(ctx *c, str key, table_row *t) nodiscard;
/* The same of a command's first word, after its site is opened. */
bool table_target_of(ctx *c, cli_args *a, site **s, table_row *t) nodiscard;
/* … and opened, in its newest version (0) or another; until table_held_end. */
bool table_target_hold(ctx *c, cli_args *a, int64_t version, table_row *t, table_held *held) nodiscard;
#endif
