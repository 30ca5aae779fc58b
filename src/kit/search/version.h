/* version — one state of the index: its segments, and which of their
 * documents are gone. Immutable; the writer swaps in the next one.
 *
 * Readers never wait. The current version is one 64-bit word: the slot it
 * stands in, and how many readers have entered it. Entering is one atomic
 * add; leaving is one on the version's own balance. When a version is
 * replaced, the number that entered goes onto its balance, and whoever brings
 * that to zero, writer or last reader, frees it. */
#ifndef VERSION_H
#define VERSION_H
#include "base.h"
#include "kit/search/segment.h"

#include <stdatomic.h>

#define VERSION_SLOTS 64
#define VERSION_PARTS 32

typedef struct {
    _Atomic int refs;
    uint32_t    count;
    uint64_t    bits[];
} version_dead;

typedef struct {
    segment      *g;
    version_dead *dead;      /* NULL: none is gone */
} version_part;

struct filter_cache;

typedef struct version {
    _Atomic int64_t balance;
    uint32_t        slot;
    size_t          n;
    version_part    parts[VERSION_PARTS];
    int64_t         docs;                  /* that live */
    struct filter_cache   *_Atomic cached;        /* results of filters, newest first (cache.h) */
} version;

typedef struct {
    _Atomic uint64_t  current;             /* slot << 48 | entered */
    version *_Atomic  slot[VERSION_SLOTS];
} version_holder;

void     version_start(version_holder *h);             /* with an empty one */
void     version_stop(version_holder *h);
version *version_enter(version_holder *h);
void     version_leave(version_holder *h, version *v);
void     version_swap(version_holder *h, version *next);    /* the writer; takes next over */

version_dead *version_dead_new(uint32_t docs, const version_dead *copy);
version_dead *version_dead_hold(version_dead *d);
void     version_dead_drop(version_dead *d);
static inline const uint64_t *version_dead_bits(const version_part *p)
{
    return p->dead != NULL ? p->dead->bits : NULL;
}
#endif
