/* table_describe — what a version of a table says of itself in the record:
 * columns, how it was read, findings, as JSON. Pages that need no values read
 * these and open no column file. */
#ifndef TABLE_DESCRIBE_H
#define TABLE_DESCRIBE_H
#include "kit/load/load.h"
#include "queries.h"

str table_describe_fields(arena *a, const column_file *f);                  /* [{"name","title","second","type","declared"}] */
str table_describe_about(arena *a, const load_result *r, const load_table *t);
str table_describe_findings(arena *a, const load_table *t);                 /* [{"code","row","line","byte","col","count","sample"}] */

/* Of a table to which rows were added: `old` is what its version before says, `more` what the new rows say; rows_before
 * moves the places of the new findings behind the old rows. */
bool table_describe_added(ctx *c, const table_version_row *old, int64_t rows, int64_t rows_before, str more_about, str more_findings,
                          str *about, str *findings) nodiscard;

/* Titles and names of the columns of a version, for the next. */
bool table_describe_names(ctx *c, str fields_json, str_list *titles, str_list *names) nodiscard;
#endif
