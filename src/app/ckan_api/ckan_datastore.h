/* ckan_datastore — tables as CKAN's datastore shows them: names of types, and
 * the description of a column, in search, info, dump and SQL alike. */
#ifndef CKAN_DATASTORE_H
#define CKAN_DATASTORE_H
#include "app/ckan_api/ckan.h"
#include "app/table/table_answer.h"
#include "app/table/table_seen.h"

#define CKAN_DATASTORE_LIMIT 100
#define CKAN_DATASTORE_MOST 32000

/* A list of what the columns are: {id, type, info}. */
void ckan_datastore_fields(json_w *j, const query_table *t, const table_answer *a);

/* What clients ask for to learn which tables there are: resource_id=_table_metadata. */
#define CKAN_DATASTORE_TABLES "_table_metadata"
bool ckan_datastore_tables(ctx *c, ckan_call *k, json_w *j, int64_t limit, int64_t offset, bool lists) nodiscard;
#endif
