/* fuzz — what the targets share. Bytes come as libFuzzer gives them: a block of exactly their length, so that
 * AddressSanitizer sees a read past the end. What should hold is said with must(), which ends the run. */
#ifndef FUZZ_H
#define FUZZ_H
#include "base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline str fuzz_str(const uint8_t *data, size_t size)
{
    return (str){ (const char *)data, size };
}

/* Is `part` a piece of `whole`, not a copy? */
static inline bool fuzz_inside(str whole, str part)
{
    return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

/* A refusal says why. */
static inline void fuzz_refused(ctx *c, bool ok)
{
    must(ok || (c->err.code != ERR_OK && c->err.code != ERR_INTERNAL && c->err.message.n > 0));
    must(utf8_valid(c->err.message, NULL));
}
#endif
