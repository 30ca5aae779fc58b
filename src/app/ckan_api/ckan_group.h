/* ckan_group — organisations, and groups: our themes. CKAN treats both alike,
 * so one struct and one set of functions does. */
#ifndef CKAN_GROUP_H
#define CKAN_GROUP_H
#include "app/ckan_api/ckan.h"
#include "app/find/find.h"

typedef struct {
    str     id, name, title, description;
    int64_t created;              /* DAY_NONE: as old as the vocabulary */
    int64_t package_count;
    size_t  at;                   /* of its row, for what only one kind has */
} ckan_group;

typedef struct {
    bool       organizations;     /* else themes */
    find_value field;
    struct { ckan_group *v; size_t n, cap; } all;
    const void *rows;             /* organization_row_list or vocabulary */
} ckan_groups;

bool ckan_groups_load(ctx *c, bool organizations, ckan_groups *out) nodiscard;      /* active ones, with their counts */
/* By id, name, or a name it had before; NULL: not there. */
bool ckan_groups_find(ctx *c, const ckan_groups *l, str key, const ckan_group **out) nodiscard;
/* Those with the words in name, title or description; all for none. */
void ckan_groups_keep(ctx *c, ckan_groups *l, str words);

void ckan_theme_put(json_w *j, str code);                   /* as a package shows its group; nothing for no theme */
#endif
