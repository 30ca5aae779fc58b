#include "app/table/table_sweep.h"

#include "app/site/site.h"
#include "kit/blob/blob.h"

#define LATER_MS ((int64_t)TABLE_SWEEP_AGE_S * 1000 + 60000)    /* what is let go now is old enough then */

bool table_sweep(ctx *c, int64_t older_than_s, int64_t *removed)
{
    blob_row_list rows;
    map known = map_in(c->a);
    if (!q_blob_list_rows(c, &rows))
        return false;
    list_each (const blob_row, b, &rows)
        map_set_i64(&known, b->hash, 1);
    return blob_sweep(c, c->site->blob_dir, &known, older_than_s, removed);
}

bool table_sweep_job(ctx *c, job *j)
{
    int64_t removed;
    if (!table_sweep(c, TABLE_SWEEP_AGE_S, &removed))
        return false;
    j->result = str_fmt(c->a, "{\"removed\":%" PRId64 "}", removed);
    return true;
}

bool table_sweep_wish(ctx *c)
{
    int64_t id;
    return job_add(c, &(job_wish){ .kind = S("blob.sweep"), .once = S("store"), .run_at = day_now_ms() + LATER_MS }, &id);
}
