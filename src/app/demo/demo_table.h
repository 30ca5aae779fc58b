/* demo_table — tables of the demonstration: invented numbers about real
 * places, the same every time, so that putting them again changes nothing.
 * They go the way of every file: the newest of a distribution, and a job that
 * loads it. */
#ifndef DEMO_TABLE_H
#define DEMO_TABLE_H
#include "app/table/table_load.h"

size_t demo_table_count(bool large);        /* large: with the one of a million rows */
bool   demo_table_has(str dataset_title);   /* is it the dataset of one? */
/* The file of the i-th becomes the newest of its distribution. Inside no transaction. */
bool   demo_table_put(ctx *c, size_t i, table_put *out) nodiscard;
#endif
