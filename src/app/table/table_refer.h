/* table_refer — tables that refer to others are judged again when these change: the job `table.refer`. Rows, versions and numbers stay;
 * what the newest version says of its references is said anew, with a row in the ledger. */
#ifndef TABLE_REFER_H
#define TABLE_REFER_H
#include "app/job/job.h"
#include "app/table/table.h"

/* Inside a transaction: a job for each table of the dataset that refers to others, but those of one distribution or one table, which
 * were judged just now. */
bool table_refer_wish(ctx *c, int64_t dataset_id, str but_distribution, int64_t but_table) nodiscard;
bool table_refer(ctx *c, int64_t table, bool *changed) nodiscard;
bool table_refer_job(ctx *c, job *j);               /* subject: data_table */
#endif
