/* rate — a token bucket for each client address, in a table of fixed size
 * (65,536 addresses, 1 MB; the longest unused gives way). IPv6 counts by /64.
 * Shared by all threads. */
#ifndef RATE_H
#define RATE_H
#include "base.h"

typedef struct rate rate;

typedef struct {
    bool ok;
    int  limit, remaining;      /* requests at once when full; still free now */
    int  reset_s, retry_s;      /* until it is full again; until the next is free */
} rate_state;

rate *rate_new(double per_s, double burst);
void  rate_free(rate *r);
void  rate_take(rate *r, str address, int64_t now_ms, rate_state *out);
#endif
