#include "kit/http/cache.h"

#include <pthread.h>
#include <stdatomic.h>

#include "kit/http/compress.h"
#include "kit/http/hash.h"

#define SHARDS 8
#define SLOTS 4096 /* chains of a shard */

struct cache_entry {
    _Atomic int refs;
    uint64_t hash, version;
    str key, head, body;              /* in one piece of memory behind this struct */
    bool compressible;
    _Atomic(str *) coded[ACCEPT_ENCODINGS];   /* p NULL: compressing gains nothing */
    size_t bytes;                     /* charged to the shard; under its lock */
    bool listed;
    cache_entry *next;                /* of the chain */
    cache_entry *newer, *older;       /* by use */
};

typedef struct {
    pthread_mutex_t lock;
    cache_entry *chains[SLOTS];
    cache_entry *newest, *oldest;
    size_t bytes;
    uint64_t hits, misses, entries;
} shard;

struct cache {
    uint64_t key;
    size_t shard_bytes;
    shard shards[SHARDS];
};

static void lock(shard *s)
{
    must(pthread_mutex_lock(&s->lock) == 0);
}

static void unlock(shard *s)
{
    must(pthread_mutex_unlock(&s->lock) == 0);
}

cache *cache_new(size_t max_bytes)
{
    cache *k = mem_get(sizeof *k);
    k->key = hash_key();
    k->shard_bytes = max_bytes / SHARDS;
    for (int i = 0; i < SHARDS; i++)
        must(pthread_mutex_init(&k->shards[i].lock, NULL) == 0);
    return k;
}

static void entry_free(cache_entry *e)
{
    for (int i = 0; i < ACCEPT_ENCODINGS; i++) {
        str *c = atomic_load(&e->coded[i]);
        if (c != NULL)
            mem_free((void *)(uintptr_t)c->p);
        mem_free(c);
    }
    mem_free(e);
}

void cache_release(cache_entry *e)
{
    if (e != NULL && atomic_fetch_sub(&e->refs, 1) == 1)
        entry_free(e);
}

static shard *shard_of(cache *k, uint64_t hash)
{
    return &k->shards[hash >> 61];
}

static void unlink_use(shard *s, cache_entry *e)
{
    *(e->newer != NULL ? &e->newer->older : &s->newest) = e->older;
    *(e->older != NULL ? &e->older->newer : &s->oldest) = e->newer;
    e->newer = e->older = NULL;
}

static void link_newest(shard *s, cache_entry *e)
{
    e->older = s->newest;
    *(s->newest != NULL ? &s->newest->newer : &s->oldest) = e;
    s->newest = e;
}

/* Out of the table; the memory goes when the last holder lets go. */
static void drop(shard *s, cache_entry *e)
{
    cache_entry **at = &s->chains[e->hash % SLOTS];
    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    unlink_use(s, e);
    s->bytes -= e->bytes;
    s->entries--;
    e->listed = false;
    cache_release(e);
}

static void make_room(cache *k, shard *s, size_t bytes)
{
    while (s->oldest != NULL && s->bytes + bytes > k->shard_bytes)
        drop(s, s->oldest);
}

void cache_free(cache *k)
{
    if (k == NULL)
        return;
    for (int i = 0; i < SHARDS; i++) {
        while (k->shards[i].oldest != NULL)
            drop(&k->shards[i], k->shards[i].oldest);
        pthread_mutex_destroy(&k->shards[i].lock);
    }
    mem_free(k);
}

static cache_entry *in_chain(const shard *s, uint64_t hash, str key)
{
    cache_entry *e = s->chains[hash % SLOTS];
    while (e != NULL && (e->hash != hash || !str_eq(e->key, key)))
        e = e->next;
    return e;
}

cache_entry *cache_find(cache *k, str key, uint64_t version)
{
    uint64_t hash = hash_of(k->key, key);
    shard *s = shard_of(k, hash);
    lock(s);
    cache_entry *e = in_chain(s, hash, key);
    if (e != NULL && e->version != version) {
        drop(s, e);
        e = NULL;
    }
    if (e != NULL) {
        s->hits++;
        if (s->newest != e) {
            unlink_use(s, e);
            link_newest(s, e);
        }
        atomic_fetch_add(&e->refs, 1);
    } else {
        s->misses++;
    }
    unlock(s);
    return e;
}

static str put(char **at, str s)
{
    str copy = { *at, s.n };
    if (s.n > 0)
        memcpy(*at, s.p, s.n);
    *at += s.n;
    return copy;
}

cache_entry *cache_add(cache *k, str key, uint64_t version, str head, str body, bool compressible)
{
    size_t bytes = sizeof(cache_entry) + key.n + head.n + body.n;
    if (bytes > k->shard_bytes)
        return NULL;
    cache_entry *e = mem_get(bytes);
    char *at = (char *)(e + 1);
    e->hash = hash_of(k->key, key);
    e->version = version;
    e->key = put(&at, key);
    e->head = put(&at, head);
    e->body = put(&at, body);
    e->compressible = compressible;
    e->bytes = bytes;
    e->listed = true;
    atomic_store(&e->refs, 2); /* the table's and the caller's */
    shard *s = shard_of(k, e->hash);
    lock(s);
    cache_entry *old = in_chain(s, e->hash, key);
    if (old != NULL)
        drop(s, old);
    make_room(k, s, bytes);
    e->next = s->chains[e->hash % SLOTS];
    s->chains[e->hash % SLOTS] = e;
    link_newest(s, e);
    s->bytes += bytes;
    s->entries++;
    unlock(s);
    return e;
}

str cache_head(const cache_entry *e)
{
    return e->head;
}

/* A further form counts too. It may push others out, never its own entry. */
static void charge(cache *k, cache_entry *e, size_t bytes)
{
    shard *s = shard_of(k, e->hash);
    lock(s);
    if (e->listed) {
        e->bytes += bytes;
        s->bytes += bytes;
        while (s->bytes > k->shard_bytes && s->oldest != e && s->oldest != NULL)
            drop(s, s->oldest);
    }
    unlock(s);
}

str cache_body(cache *k, cache_entry *entry, accept_encoding *e)
{
    if (*e != ACCEPT_IDENTITY && (!entry->compressible || entry->body.n < COMPRESS_LEAST))
        *e = ACCEPT_IDENTITY;
    if (*e == ACCEPT_IDENTITY)
        return entry->body;
    str *coded = atomic_load(&entry->coded[*e]);
    if (coded == NULL) {
        str *made = mem_get(sizeof *made), *none = NULL;
        *made = compress_body(*e, entry->body);
        if (atomic_compare_exchange_strong(&entry->coded[*e], &none, made)) {
            coded = made;
            charge(k, entry, made->n + sizeof *made);
        } else { /* another thread was first */
            mem_free((void *)(uintptr_t)made->p);
            mem_free(made);
            coded = none;
        }
    }
    if (coded->p != NULL)
        return *coded;
    *e = ACCEPT_IDENTITY;
    return entry->body;
}

void cache_count(cache *k, cache_numbers *out)
{
    *out = (cache_numbers){ 0 };
    for (int i = 0; k != NULL && i < SHARDS; i++) {
        shard *s = &k->shards[i];
        lock(s);
        out->hits += s->hits;
        out->misses += s->misses;
        out->bytes += s->bytes;
        out->entries += s->entries;
        unlock(s);
    }
}
