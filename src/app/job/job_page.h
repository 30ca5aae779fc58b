/* job_page — /jobs/{id}: how far a piece of work is, for whom may see the
 * dataset that it is about; anything else is not found. While it is not over
 * the page asks to be read again after some seconds (the header Refresh, so
 * that it needs no script); ?refresh=no keeps it still. */
#ifndef JOB_PAGE_H
#define JOB_PAGE_H
#include "app/job/job.h"
#include "app/shell/shell.h"

typedef struct {
    str  title, state, state_text, stage, dataset, dataset_href, bytes, rows, left, added, ended, error, percent_text, still_href;
    bool error_english;
    int  percent;                       /* -1: cannot be said */
    bool over;
} job_view;
#endif
