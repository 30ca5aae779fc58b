/* package_json — a dataset as the CKAN Action API shows it, without
 * `organization` and `groups`, which belong to other rows and are spliced in
 * when it is read (ckan_api). Kept beside the row, written in the same change.
 * Keys and types: what clients of CKAN 2.9–2.11 read. */
#ifndef PACKAGE_JSON_H
#define PACKAGE_JSON_H
#include "queries.h"

str package_json(arena *a, const dataset_row *d, const distribution_row_list *files, str organization_uid);
str package_tag_id(arena *a, str keyword);       /* UUID of a tag, from its name */
#endif
