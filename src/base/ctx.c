#include "base.h"

bool ctx_in_time(ctx *c)
{
    if (c->deadline_ms == 0 || day_now_mono_ms() < c->deadline_ms)
        return true;
    return fail(c, TIMEOUT, "the work was stopped because it took longer than its limit");
}
