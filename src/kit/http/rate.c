#include "kit/http/rate.h"

#include <arpa/inet.h>
#include <math.h>
#include <pthread.h>

#include "kit/http/hash.h"

#define WAYS 8
#define SETS 8192
#define LOCKS 64

typedef struct {
    uint64_t tag;         /* hash of the address; 0: free */
    float tokens;
    uint32_t seen_ms;     /* since the table was made */
} bucket;

struct rate {
    double per_ms, burst;
    uint64_t key;
    int64_t start_ms;
    pthread_mutex_t locks[LOCKS];
    bucket sets[SETS][WAYS];
};

rate *rate_new(double per_s, double burst)
{
    rate *r = mem_get(sizeof *r);
    r->per_ms = per_s / 1000;
    r->burst = burst >= 1 ? burst : 1;
    r->key = hash_key();
    r->start_ms = day_now_mono_ms();
    for (int i = 0; i < LOCKS; i++)
        must(pthread_mutex_init(&r->locks[i], NULL) == 0);
    return r;
}

void rate_free(rate *r)
{
    if (r == NULL)
        return;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&r->locks[i]);
    mem_free(r);
}

static uint64_t tag_of(const rate *r, str address)
{
    char z[64];
    unsigned char v6[16];
    uint64_t h = 0;
    if (address.n < sizeof z && str_find_byte(address, ':') < address.n) {
        memcpy(z, address.p, address.n);
        z[address.n] = 0;
        if (inet_pton(AF_INET6, z, v6) == 1)
            h = hash_of(r->key, (str){ (const char *)v6, 8 });
    }
    if (h == 0)
        h = hash_of(r->key, address);
    return h != 0 ? h : 1;
}

/* The address's bucket, or the one longest unused, emptied for it (that is: filled with tokens). */
static bucket *bucket_for(rate *r, bucket *set, uint64_t tag, uint32_t now)
{
    bucket *oldest = set;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].tag == tag)
            return &set[i];
        if (set[i].tag == 0 || (oldest->tag != 0 && now - set[i].seen_ms > now - oldest->seen_ms))
            oldest = &set[i];
    }
    *oldest = (bucket){ tag, (float)r->burst, now };
    return oldest;
}

static int seconds_for(const rate *r, double tokens)
{
    double s = tokens <= 0 ? 0 : ceil(tokens / (r->per_ms * 1000));
    return s > 86400 ? 86400 : (int)s;
}

void rate_take(rate *r, str address, int64_t now_ms, rate_state *out)
{
    uint64_t tag = tag_of(r, address);
    size_t at = (size_t)(tag >> 32) % SETS;
    uint32_t now = (uint32_t)(now_ms - r->start_ms);
    pthread_mutex_t *lock = &r->locks[at % LOCKS];
    must(pthread_mutex_lock(lock) == 0);
    bucket *b = bucket_for(r, r->sets[at], tag, now);
    /* Threads read the clock apart: a step back must not count as forty-nine days. */
    uint32_t passed = now - b->seen_ms < UINT32_MAX / 2 ? now - b->seen_ms : 0;
    double tokens = b->tokens + passed * r->per_ms;
    if (tokens > r->burst)
        tokens = r->burst;
    out->ok = tokens >= 1;
    if (out->ok)
        tokens -= 1;
    b->tokens = (float)tokens;
    b->seen_ms += passed;
    must(pthread_mutex_unlock(lock) == 0);
    out->limit = (int)r->burst;
    out->remaining = (int)tokens;
    out->reset_s = seconds_for(r, r->burst - tokens);
    out->retry_s = out->ok ? 0 : seconds_for(r, 1 - tokens);
}
