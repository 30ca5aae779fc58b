/* theme_page — themes, the 18 service categories, and keywords: what the
 * catalogue is about. Requirements A1, A4. Themes and categories are two lists
 * of the same shape, so they share pages and differ by their field. */
#ifndef THEME_PAGE_H
#define THEME_PAGE_H
#include "app/dataset/dataset_list_page.h"
#include "app/statistics/statistics_page.h"
#include "kit/text/html.h"

typedef struct {
    str     code, title, other_title, description, href;
    int64_t count;
    str     count_text, unit;
} theme_line;

typedef struct {
    bool themes;                  /* else service categories */
    str  title, lead, unsaid;
    struct { theme_line *v; size_t n, cap; } lines;
    html picture;
} theme_list_view;

typedef struct {
    bool themes;
    str  code, title, other_title, description, count, datasets_href, feed, list_href, list_title;
    struct { theme_line *v; size_t n, cap; } categories;     /* of a theme */
    dataset_hits news;
    struct { statistics_card *v; size_t n, cap; } cards;
    html growth;
} theme_view;

typedef struct { str value, href, count; int size; } theme_tag;
typedef struct { struct { theme_tag *v; size_t n, cap; } tags; str distinct, words; } theme_tags_view;
#endif
