#include "kit/search/version.h"

#include "kit/search/filter_cache.h"

#include <sched.h>

#define ENTERED ((UINT64_C(1) << 48) - 1)

version_dead *version_dead_new(uint32_t docs, const version_dead *copy)
{
    size_t size = BITS_WORDS(docs) * 8;
    version_dead *d = mem_get(sizeof *d + size);
    atomic_init(&d->refs, 1);
    if (copy != NULL) {
        d->count = copy->count;
        memcpy(d->bits, copy->bits, size);
    }
    return d;
}

version_dead *version_dead_hold(version_dead *d)
{
    if (d != NULL)
        atomic_fetch_add_explicit(&d->refs, 1, memory_order_relaxed);
    return d;
}

void version_dead_drop(version_dead *d)
{
    if (d != NULL && atomic_fetch_sub_explicit(&d->refs, 1, memory_order_acq_rel) == 1)
        mem_free(d);
}

static void end_version(version_holder *h, version *v)
{
    filter_cache_free(atomic_load_explicit(&v->cached, memory_order_acquire));
    for (size_t i = 0; i < v->n; i++) {
        segment_drop(v->parts[i].g);
        version_dead_drop(v->parts[i].dead);
    }
    uint32_t slot = v->slot;
    mem_free(v);
    atomic_store_explicit(&h->slot[slot], NULL, memory_order_release);
}

version *version_enter(version_holder *h)
{
    uint64_t word = atomic_fetch_add_explicit(&h->current, 1, memory_order_acquire);
    return atomic_load_explicit(&h->slot[word >> 48], memory_order_acquire);
}

void version_leave(version_holder *h, version *v)
{
    if (atomic_fetch_sub_explicit(&v->balance, 1, memory_order_acq_rel) == 1)
        end_version(h, v);
}

static uint32_t put_in_slot(version_holder *h, version *v)
{
    for (;; sched_yield())        /* only when readers hold all the 64 last versions */
        for (uint32_t i = 0; i < VERSION_SLOTS; i++)
            if (atomic_load_explicit(&h->slot[i], memory_order_acquire) == NULL) {
                v->slot = i;
                atomic_store_explicit(&h->slot[i], v, memory_order_release);
                return i;
            }
}

void version_swap(version_holder *h, version *next)
{
    uint64_t slot = put_in_slot(h, next);
    uint64_t old = atomic_exchange_explicit(&h->current, slot << 48, memory_order_acq_rel);
    version *v = atomic_load_explicit(&h->slot[old >> 48], memory_order_acquire);
    int64_t entered = (int64_t)(old & ENTERED);
    if (atomic_fetch_add_explicit(&v->balance, entered, memory_order_acq_rel) + entered == 0)
        end_version(h, v);
}

void version_start(version_holder *h)
{
    version *v = mem_get(sizeof *v);
    uint64_t slot = put_in_slot(h, v);
    atomic_store(&h->current, slot << 48);
}

void version_stop(version_holder *h)
{
    for (uint32_t i = 0; i < VERSION_SLOTS; i++) {
        version *v = atomic_load(&h->slot[i]);
        if (v != NULL)
            end_version(h, v);
    }
}
