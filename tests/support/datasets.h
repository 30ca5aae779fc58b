/* datasets — for tests: datasets as an importer stores them. */
#ifndef DATASETS_H
#define DATASETS_H
#include "support/support.h"

#include "app/dataset/dataset.h"

/* A dataset of the source “test”; the rest is nothing yet. `key` is its slug, too. */
dataset_draft test_draft(const char *key, const char *title, const char *publisher);
/* A file of which nothing more is known. */
distribution_draft *test_draft_file(ctx *c, dataset_draft *d, const char *title, const char *format, str url);
/* In a change and with a writer of its own, as an import of one record; unchanged leaves no row in the ledger. */
store_outcome test_store(ctx *c, const dataset_draft *d);
/* A dataset with two files; the uid of the first. */
str test_add(ctx *c, const char *key, const char *state, const char *class, int64_t *id);
#endif
