/* cache — answers that depend only on the catalogue's version and the request:
 * a bounded table of bodies, least recently used out first, shared by all
 * threads (8 shards, a lock each). An entry is immutable and counted: a hit
 * sends its bytes without a copy, and whoever holds it calls cache_release.
 * Compressed forms are made when first asked for, and kept. */
#ifndef CACHE_H
#define CACHE_H
#include "base.h"
#include "kit/http/accept.h"

typedef struct cache cache;
typedef struct cache_entry cache_entry;

cache *cache_new(size_t max_bytes);
void   cache_free(cache *k);                    /* all entries must be released */

cache_entry *cache_find(cache *k, str key, uint64_t version);    /* counted; NULL: not there */
/* Copies key, head and body; counted. NULL when the body is too large for the cache. */
cache_entry *cache_add(cache *k, str key, uint64_t version, str head, str body, bool compressible);
void cache_release(cache_entry *e);             /* NULL is fine */

str  cache_head(const cache_entry *e);          /* the head lines that do not change */
/* The body in that form; *e becomes ACCEPT_IDENTITY where compressing gains nothing. */
str  cache_body(cache *k, cache_entry *entry, accept_encoding *e);

typedef struct { uint64_t hits, misses, bytes, entries; } cache_numbers;
void cache_count(cache *k, cache_numbers *out);
#endif
