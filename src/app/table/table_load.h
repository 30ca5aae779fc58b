/* table_load — from the newest file of a distribution to its tables: the job
 * `table.load`, and the same here and now for the shell. What was read is built
 * aside and published in one change; when it fails nothing has changed but the
 * job, which keeps the reason. */
#ifndef TABLE_LOAD_H
#define TABLE_LOAD_H
#include "app/job/job.h"
#include "app/table/table.h"
#include "kit/blob/blob.h"

typedef struct { size_t tables, changed; int64_t rows; } table_loaded;

/* j NULL: nobody follows its progress. */
bool table_load(ctx *c, const table_file_row *file, job *j, table_loaded *out) nodiscard;
bool table_load_job(ctx *c, job *j);                        /* subject: data_file */
bool table_job_dataset(ctx *c, const job_row *r, int64_t *dataset) nodiscard;             /* the dataset a job is about; 0: none */
bool table_load_wish(ctx *c, int64_t file, str distribution_uid, int64_t *id) nodiscard;    /* inside a transaction */

/* A file on disk, or one of the store, becomes the newest of a distribution, and a job to load it is added. *fresh false: it was that already. */
typedef struct { int64_t file, job; bool fresh; } table_put;
bool table_put_blob(ctx *c, const dataset_row *d, const distribution_row *f, const blob_id *blob, str name, table_put *out) nodiscard;
bool table_put_path(ctx *c, const dataset_row *d, const distribution_row *f, str path, str name, table_put *out) nodiscard;
#endif
