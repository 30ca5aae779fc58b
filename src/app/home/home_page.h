/* home_page — /, the start: what there is and the ways in. Requirements A1, A4.
 * All numbers come from the search index under the visitor's sight; what is
 * shown of datasets costs two statements. */
#ifndef HOME_PAGE_H
#define HOME_PAGE_H
#include "app/dataset/dataset_list_page.h"
#include "kit/text/html.h"

typedef struct { str code, title, sign, href, count; int64_t number; } home_way;
typedef struct { home_way *v; size_t n, cap; } home_ways;

typedef struct {
    str  title, lead, action, datasets_href;
    str  datasets, files, organizations, open;           /* as people read them */
    int64_t dataset_count, file_count, organization_count, open_count;
    home_ways examples, themes, formats, publishers;
    dataset_hits newest, popular;
} home_view;
#endif
