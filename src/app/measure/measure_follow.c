/* The catalogue changes, and what was measured of it follows: a look every few seconds, a whole pass a day, because
 * time alone makes datasets late. */
#include "app/measure/measure.h"
#include "app/site/site.h"
#include "kit/queue/follower.h"

#define LOOK_MS 5000
#define WHOLE_MS 86400000

struct measure_follower {
    site *s;
    follower *follower;
    int64_t whole_at;               /* of the last whole pass, monotonic; 0: there was none */
};

static bool attach(void *data, ctx *c)
{
    return site_attach(c, ((measure_follower *)data)->s);
}

static void detach(void *data, ctx *c)
{
    (void)data;
    site_detach(c);
}

static bool look(void *data, ctx *c, bool *more)
{
    measure_follower *f = data;
    measure_report r;
    int64_t now = day_now_mono_ms();
    bool whole = f->whole_at == 0 || now - f->whole_at > WHOLE_MS;
    *more = false;
    if (!measure_run(c, whole, &r))
        return false;
    if (whole)
        f->whole_at = now;
    if (r.changed > 0)
        log_line(LOG_INFO, "quality measured", log_i("datasets", r.datasets), log_i("changed", r.changed), log_i("ms", r.milliseconds));
    return true;
}

bool measure_follow(ctx *c, struct site *s, measure_follower **out)
{
    measure_follower *f = mem_get(sizeof *f);
    const follower_config cfg = {
        .threads = 1, .pause_ms = LOOK_MS, .rest_first = true, .actor = "follower:quality",
        .app = f, .begin = attach, .end = detach, .step = look,
        .wrong = "quality is not measured", .mended = "quality is measured again",
    };
    f->s = s;
    *out = f;
    if (follower_start(c, &cfg, &f->follower))
        return true;
    mem_free(f);
    *out = NULL;
    return false;
}

void measure_follow_end(measure_follower *f)
{
    if (f == NULL)
        return;
    follower_stop(f->follower);
    mem_free(f);
}
