/* inside — what the files of this folder share: the index with its follower,
 * and the names of organisations as the index last saw them. */
#ifndef FIND_INSIDE_H
#define FIND_INSIDE_H
#include "app/find/find.h"
#include "app/site/site.h"
#include "kit/queue/follower.h"
#include "queries.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct {
    arena *a;
    find_organization_list list;
    map   by_slug, by_name;          /* → find_organization *; names as search_norm has them */
} find_orgs;

struct find {
    search          *index;
    _Atomic uint64_t version;        /* ledger sequence that is applied */
    char             hash[65];       /* of that row; the writer's */
    pthread_mutex_t  writer;         /* whoever applies changes */
    pthread_rwlock_t names;          /* around orgs */
    find_orgs       *orgs;
    follower        *follower;       /* NULL until find_start_following */
};

/* feed.c: from rows to documents. The caller holds the writer's lock. */
bool find_load_orgs(ctx *c, struct find *f) nodiscard;
bool find_feed_range(ctx *c, struct find *f, int64_t first, int64_t past) nodiscard;
bool find_feed_ids(ctx *c, struct find *f, const int64_t *ids, size_t n) nodiscard;   /* those that are gone are removed */
void find_orgs_free(find_orgs *o);
const find_organization *find_org_by_id(const find_orgs *o, int64_t id);
const search_schema *find_schema(void);

/* answer.c */
void find_order(search_query *q, find_sort by);
#define FIND_STEPS 2
/* 1: longer runs of Chinese as pairs; 2: all of the pairs and words but one. NULL: that says nothing new. */
search_node *find_loosened(ctx *c, const search_node *n, int step);

/* words.c */
bool find_code_of(ctx *c, find_value field, str typed, str *code);    /* a value by its code, name or spelling */
#endif
