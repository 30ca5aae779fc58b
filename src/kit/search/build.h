/* build — the documents that were put but are not published yet, becoming a
 * segment. Each term collects its postings in a chain of small slices of a
 * common store, doubling in size, so that a word met once costs 16 bytes and
 * a frequent one is not copied again and again. The writer's thread only. */
#ifndef BUILD_H
#define BUILD_H
#include "base.h"
#include "kit/search/norm.h"
#include "kit/search/segment.h"
#include "kit/search/token.h"

typedef struct build build;

build   *build_new(const norm *m, size_t texts, size_t numbers, const bool *many, size_t columns);
void     build_free(build *b);
/* values[i] for column i: numbers of values_intern, distinct. Returns the document's number in the segment. */
uint32_t build_put(build *b, int64_t id, const str *texts, str sort_title, const int64_t *numbers,
                   uint32_t *const *values, const size_t *value_n);
uint32_t build_count(const build *b);
segment *build_seal(build *b);             /* b is then empty, ready for the next */
#endif
