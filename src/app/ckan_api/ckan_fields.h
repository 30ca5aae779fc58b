/* ckan_fields — the names of CKAN's Solr fields and what they are here: for
 * filters (fq.h hands the leaves over), for facets and for order. Our own
 * names (docs/search.md of the shell: category, frequency, star …) work too. */
#ifndef CKAN_FIELDS_H
#define CKAN_FIELDS_H
#include "app/ckan_api/ckan.h"
#include "app/ckan_api/fq.h"
#include "app/find/find.h"

typedef enum {
    FIELD_TEXT,          /* words of text fields: mask, 0 for all */
    FIELD_VALUE,         /* a find_value */
    FIELD_NUMBER,        /* a find_number */
    FIELD_DATE,          /* a find_number in milliseconds */
    FIELD_SAME,          /* the same value for every package that can be seen */
    FIELD_OWNER,         /* the publisher by id */
    FIELD_URL, FIELD_AUTHOR, FIELD_MAINTAINER,      /* looked up in the record */
    FIELD_NEVER          /* an extra that no package has */
} field_kind;

typedef struct {
    field_kind kind;
    int        field;    /* find_value, find_number or mask of find_text */
    str        same;     /* of FIELD_SAME */
} ckan_field;

bool ckan_field_of(ctx *c, str name, ckan_field *out) nodiscard;     /* INVALID names the field */

/* What fq_parse asks for; data is a ckan_clock. */
typedef struct {
    int64_t now;
    bool    used;        /* the query said NOW */
} ckan_clock;
fq_leaf_fn ckan_field_leaf;

/* "name asc, metadata_modified desc" */
bool ckan_field_sort(ctx *c, str text, search_query *q) nodiscard;
#endif
