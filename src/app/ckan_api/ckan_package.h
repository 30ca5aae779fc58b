/* ckan_package — datasets as rows with their rendered package, by whatever
 * they are called: name, id, a name they had before. Only what visitors may
 * see; everything else is “not found”. */
#ifndef CKAN_PACKAGE_H
#define CKAN_PACKAGE_H
#include "app/ckan_api/ckan.h"
#include "app/find/find.h"
#include "queries.h"

bool ckan_package_needed(ctx *c, ckan_call *k, dataset_package_row *out) nodiscard;      /* of id or name_or_id */

bool ckan_package_visible(str state, str class);
/* Their resources that have a live table say so: datastore_active. A table is published apart from its dataset. */
bool ckan_package_tables(ctx *c, dataset_package_row *rows, size_t n) nodiscard;

/* Datasets that have a value, the most recently modified first, to follow in the array that is open; and counts of a field's values. */
bool ckan_package_having(ctx *c, ckan_call *k, find_value field, str value, int64_t most) nodiscard;
bool ckan_package_counts(ctx *c, find_value field, const search_node *where, search_facet *out) nodiscard;
search_node *ckan_package_where(ctx *c, find_value field, str value);

/* fl (ckan_fl.c): the wanted keys alone, of the package and of what Solr keeps besides. */
void ckan_fl_put(ctx *c, json_w *j, const dataset_package_row *d, const ckan_organization *o, const str_list *keys);
#endif
