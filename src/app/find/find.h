/* find — the catalogue's search: what the index gets of a dataset, how people's
 * words become a query, how the index follows the ledger. Every search takes
 * the viewer's role; visibility is a filter of the query, never of the index. */
#ifndef FIND_H
#define FIND_H
#include "app/policy/policy.h"
#include "base.h"
#include "kit/search/search.h"

typedef enum { FIND_TITLE, FIND_KEYWORDS, FIND_ORG_NAME, FIND_NAME, FIND_DESCRIPTION, FIND_FIELDS, FIND_RESOURCES, FIND_TEXTS } find_text;
typedef enum {
    FIND_ORG,          /* slug of the publisher */
    FIND_ORG_TREE,     /* … and of all its parents: filter only */
    FIND_CATEGORY, FIND_THEME, FIND_FORMAT, FIND_LICENCE, FIND_FREQUENCY, FIND_TAG,
    FIND_STAR,         /* as readers are shown: by the bytes where they are here */
    FIND_STAR_BY,      /* bytes, declared */
    FIND_OPEN, FIND_CLASS, FIND_STATE, FIND_SOURCE, FIND_TYPE, FIND_COST, FIND_BADGE,
    FIND_SLUG, FIND_UID,     /* its name and its permanent identifier: filters and order */
    FIND_VALUES
} find_value;
typedef enum {
    FIND_UPDATED,      /* source's date of change, else when it came here */
    FIND_ISSUED, FIND_CREATED, FIND_MODIFIED,       /* created and modified in this hub */
    FIND_POPULARITY, FIND_NUM_RESOURCES, FIND_NUM_TAGS, FIND_STARS, FIND_COMPLETENESS,
    FIND_SIGHT,        /* state × class, for visibility */
    FIND_NUMBERS
} find_number;

/* Field names as they stand in addresses, in the shell and in facets: organization, category, format … */
const char *find_value_name(find_value f);
bool        find_value_of(str name, find_value *out);       /* also CKAN's spellings: res_format, license_id, tags, groups */

bool find_text_of(str name, find_text *out);                /* title, keywords, description … */
bool find_number_of(str name, find_number *out);            /* updated, issued …; also metadata_modified, views_total */

bool find_open(ctx *c, struct site *s) nodiscard;           /* builds the index; s->find is then set */
bool find_start_following(ctx *c, struct site *s) nodiscard;      /* a thread that applies new ledger rows */
bool find_catch_up(ctx *c, struct site *s) nodiscard;       /* now: read-your-writes for who has just written */
void find_close(struct site *s);
uint64_t find_version(const struct site *s);                /* ledger sequence that is applied */
search *find_index(const struct site *s);                   /* for views that build their own query (ckan_api, statistics) */
search_node *find_sight(ctx *c, policy_role role);          /* the visibility filter: AND it into every query */

/* What people type: words, "phrases" 「…」, -without, field:value (codes or names), title:words, updated:2020..2024,
 * issued:>=2023-01-01, word*, A OR B. Never fails: what is no such form is read as words. NULL: nothing was typed.
 * c->site gives the organisations' names. */
search_node *find_parse(ctx *c, str words);
/* One date or period as people write it (2024, 2024-05, 民國113年, 113/5/1 …): first and last millisecond of it, Taiwan's. */
bool find_period(str text, int64_t *first, int64_t *last);

typedef struct { find_value field; str value; } find_filter;
typedef enum { FIND_BY_SCORE, FIND_BY_UPDATED, FIND_BY_ISSUED, FIND_BY_TITLE, FIND_BY_POPULARITY } find_sort;
typedef struct {
    str          words;
    find_filter *filters; size_t filter_count;      /* same field: or; different fields: and */
    find_sort    sort;
    size_t       page, rows;                        /* page counts from 1 */
    bool         facets;
} find_request;

typedef struct {
    int64_t        total;
    int64_t       *ids; size_t id_count;
    search_facet  *facets; size_t facet_count;      /* field is a find_value */
    str_list       marks;                           /* words to highlight */
    bool           loose;                           /* nothing had all the words as typed: longer ones were taken apart, or one may be missing */
} find_answer;

bool find_run(ctx *c, policy_role role, const find_request *r, find_answer *out) nodiscard;

/* A query of the caller's own under the role's sight: q->where is what must hold besides the words (NULL: nothing); filter is set here.
 * Words that nothing has as typed are loosened; `loose` says so. */
bool find_search(ctx *c, policy_role role, search_node *words, search_query *q, search_result *out, bool *loose) nodiscard;

/* Values of a field that begin with `prefix`, most frequent first, of what the role may see. */
bool find_values(ctx *c, policy_role role, find_value field, str prefix, size_t limit, search_facet *out) nodiscard;

/* The slug of an organisation as the index last saw it; "": it has not seen it yet. */
str find_organization_slug(ctx *c, int64_t id);

/* Label of a facet value in the reader's language: organisation's name, category's title … */
str find_label(ctx *c, find_value field, str value);
#endif
