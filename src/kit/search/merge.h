/* merge — several segments become one, without the documents that are gone.
 * Their order stays; postings are copied, positions byte for byte. */
#ifndef MERGE_H
#define MERGE_H
#include "base.h"
#include "kit/search/segment.h"

typedef struct {
    const segment  *g;
    const uint64_t *dead;      /* bits; NULL: none is gone */
} merge_part;

segment *merge_parts(const merge_part *parts, size_t n);      /* one reference */
#endif
