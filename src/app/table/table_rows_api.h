/* table_rows_api — what the writing faces share: our own addresses and CKAN's datastore_upsert. */
#ifndef TABLE_ROWS_API_H
#define TABLE_ROWS_API_H
#include "app/table/table_append.h"
#include "kit/http/http.h"
#include "kit/text/json_write.h"

/* The table that a request's token may write to. NOT_FOUND, FORBIDDEN. */
bool table_rows_target(ctx *c, const http_req *r, str uid, table_row *t) nodiscard;
int  table_rows_file(ctx *c, str bytes) nodiscard;          /* bytes as a file without a name; -1 after fail() */
void table_rows_put(json_w *j, const table_rows_done *d);   /* into an open object */
#endif
