/* loaded — for tests: a dataset with one CSV file, whose bytes come in as on a site: put, a job, the box. */
#ifndef LOADED_H
#define LOADED_H
#include "support/datasets.h"

#include "app/table/table_load.h"
#include "app/table/table_open.h"

typedef struct { test_site *t; dataset_row d; distribution_row f; } test_loaded;

/* In the site that the fixture made (*state); closed with it. */
test_loaded test_loaded_new(void **state, const dataset_draft *d);
table_put   test_loaded_put(test_loaded *w, const char *bytes);     /* waits for work */
job_row     test_loaded_work(test_loaded *w, int64_t id);          /* one job is done; this one is answered */
void        test_loaded_load(test_loaded *w, const char *bytes);    /* both, and it succeeds */
const char *test_loaded_page(test_loaded *w, const char *tail);     /* an address below the table's */
#endif
