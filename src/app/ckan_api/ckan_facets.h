/* ckan_facets — counts by the values of fields, in CKAN's two shapes: `facets`
 * and `search_facets`, with the names of organisations, groups and licences. */
#ifndef CKAN_FACETS_H
#define CKAN_FACETS_H
#include "app/ckan_api/ckan_fields.h"

#define CKAN_FACETS_MOST 50

typedef struct {
    str        names[CKAN_FACETS_MOST];
    ckan_field fields[CKAN_FACETS_MOST];
    int        counted[CKAN_FACETS_MOST];    /* value fields, those of names that have one */
    size_t     n, counted_n;
    int64_t    limit, least;                 /* limit < 0: all */
} ckan_facets;

bool ckan_facets_read(ctx *c, ckan_call *k, ckan_facets *out) nodiscard;
void ckan_facets_ask(ckan_facets *f, search_query *q);
bool ckan_facets_put(ctx *c, json_w *j, const ckan_facets *f, const search_result *found) nodiscard;
#endif
