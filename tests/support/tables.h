/* tables — for tests: rows of text become the live table of a
 * distribution, as a loaded file would, without a file. */
#ifndef TABLES_H
#define TABLES_H
#include "support/datasets.h"

#include "app/table/table_open.h"
#include "kit/table/table_schema.h"
#include "app/table/table.h"

/* A column file in the store; the piece that a version consists of. schema NULL: types are found. */
table_piece test_piece(test_site *t, const table_schema *schema, const char *const *titles, size_t cols, const char *const *cells, size_t rows);
/* The tables of a distribution: one a piece, each in one segment. */
void test_publish(test_site *t, str distribution, int64_t dataset_id, const table_piece *pieces, size_t n);

/* --- a dataset with two tables, and two that nobody may see --- */

enum { TEST_COLS = 5, TEST_ROWS = 7 };
extern const char *const test_titles[TEST_COLS], *const test_names[TEST_COLS], *const test_cells[TEST_ROWS * TEST_COLS];
extern const column_type test_types[TEST_COLS];

typedef struct { test_site *t; str open, draft, closed, second; } test_tables;      /* uids of the tables */

int test_tables_setup(test_tables *w, void **state);            /* of a cmocka fixture; ends with test_site_teardown */
str test_tables_named(const test_tables *w, const char *text);  /* with {open}, {draft}, {closed}, {second} as uids */
#endif
