/* ckan_complete — what begins like what was typed: CKAN's *_autocomplete
 * actions and the older /api/2/util addresses that show the same. */
#ifndef CKAN_COMPLETE_H
#define CKAN_COMPLETE_H
#include "app/ckan_api/ckan.h"

/* Tags with the words in their name (ckan_tag.c); nothing for no words. */
bool ckan_tag_names(ctx *c, ckan_call *k, str words, int64_t limit, str_list *out) nodiscard;
#endif
