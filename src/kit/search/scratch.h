/* scratch — the working memory of one search: given out without being
 * cleared, kept from search to search, so that a query over 300,000 documents
 * asks the system for nothing. A search takes one from the pool and puts it
 * back; only more searches at once than the pool has make a new one. */
#ifndef SCRATCH_H
#define SCRATCH_H
#include "base.h"

#include <stdatomic.h>

typedef struct scratch scratch;
typedef struct {
    scratch *_Atomic slot[16];
} scratch_pool;

scratch *scratch_take(scratch_pool *p);
void     scratch_give(scratch_pool *p, scratch *s);     /* everything handed out is void */
void    *scratch_get(scratch *s, size_t bytes);         /* not cleared */
void     scratch_pool_free(scratch_pool *p);
size_t   scratch_bytes(scratch_pool *p);

#define scratch_n(s, T, n) ((T *)scratch_get((s), (size_t)(n) * sizeof(T)))
#endif
