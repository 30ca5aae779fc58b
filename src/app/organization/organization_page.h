/* organization_page — /organizations, the tree with its counts, and the page
 * of one organisation. Requirements A1, B8. Counts come from the search index
 * under the reader's sight. */
#ifndef ORGANIZATION_PAGE_H
#define ORGANIZATION_PAGE_H
#include "app/dataset/dataset_list_page.h"
#include "app/find/find.h"
#include "app/statistics/statistics_page.h"
#include "kit/text/html.h"

typedef struct organization_node organization_node;
typedef organization_node *organization_node_ptr;
typedef struct { organization_node_ptr *v; size_t n, cap; } organization_nodes;

struct organization_node {
    int64_t id, parent_id;
    str     slug, name, other_name, code, kind, grade;
    str     kind_label, href;
    int64_t own, total;           /* datasets: its own; with all below it */
    str     own_text, total_text;
    bool    matches, shown, open; /* of the search within the tree; unfolded */
    organization_node  *parent;
    organization_nodes  kids;
};

typedef struct {
    organization_nodes all;       /* every organisation */
    organization_nodes roots;
} organization_tree;

/* The tree with counts. What nobody may see counts nothing. */
bool organization_tree_read(ctx *c, policy_role role, organization_tree *out) nodiscard;

typedef struct { str title, count; organization_nodes roots; } organization_group;
typedef struct {
    str  words, sort;
    str  total, publishing, with_data_note;
    str  by_count, by_name;       /* addresses of the two orders */
    bool sorted_by_name, found_nothing;
    str  found;
    struct { organization_group *v; size_t n, cap; } groups;
} organization_list_view;

typedef struct { str label, href; } organization_link;

typedef struct {
    str  name, other_name, short_name, code, oid, uid, description, homepage, kind, grade_note, closed;
    str  datasets_href, feed, statistics_href, quality_href, own, total;
    struct { organization_link *v; size_t n, cap; } chain;     /* from the top to its parent */
    organization_nodes kids;
    dataset_hits news;
    struct { statistics_card *v; size_t n, cap; } cards;
    html growth, meter;
    bool graded, met;
    str  standing;                /* words for actual against least */
} organization_view;

/* The name of an organisation by its slug, in the reader's language; NOT_FOUND. */
bool organization_page_name(ctx *c, str slug, str *out) nodiscard;
str  organization_kind_label(ctx *c, str kind);
#endif
