/* The catalogue changes, and what was measured of it follows: a look every few seconds, a whole pass a day, because
 * time alone makes datasets late. */
#include "app/measure/measure.h"
#include "app/site/site.h"

#include <pthread.h>
#include <time.h>

enum { LOOK_S = 5, WHOLE_S = 86400 };

struct measure_follower {
    site *s;
    pthread_t thread;
    pthread_mutex_t sleep;
    pthread_cond_t wake;
    bool stop;
};

static bool rest(measure_follower *f)
{
    struct timespec until;
    must(clock_gettime(CLOCK_REALTIME, &until) == 0);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&f->sleep);
    if (!f->stop)
        (void)pthread_cond_timedwait(&f->wake, &f->sleep, &until);
    bool stop = f->stop;
    pthread_mutex_unlock(&f->sleep);
    return !stop;
}

static void *follow(void *data)
{
    measure_follower *f = data;
    ctx c = { .a = arena_new(65536), .actor = S("follower:quality") };
    bool attached = false, ailing = false;
    int64_t whole_at = 0;
    while (rest(f)) {
        measure_report r;
        int64_t now = day_now_mono_ms();
        bool whole = whole_at == 0 || now - whole_at > (int64_t)WHOLE_S * 1000;
        attached = attached || site_attach(&c, f->s);
        bool ok = attached && measure_run(&c, whole, &r);
        if (ok && whole)
            whole_at = now;
        if (!ok && !ailing)
            log_line(LOG_ERROR, "quality is not measured", log_s("error", c.err.message), log_s("detail", c.err.detail));
        else if (ok && r.changed > 0)
            log_line(LOG_INFO, "quality measured", log_i("datasets", r.datasets), log_i("changed", r.changed), log_i("ms", r.milliseconds));
        ailing = !ok;
        if (!ok && attached) {          /* a broken connection does not mend itself */
            site_detach(&c);
            attached = false;
        }
        err_clear(&c);
        arena_reset(c.a);
    }
    if (attached)
        site_detach(&c);
    arena_free(c.a);
    return NULL;
}

bool measure_follow(struct site *s, measure_follower **out)
{
    measure_follower *f = mem_get(sizeof *f);
    *f = (measure_follower){ .s = s };
    must(pthread_mutex_init(&f->sleep, NULL) == 0 && pthread_cond_init(&f->wake, NULL) == 0);
    *out = f;
    if (pthread_create(&f->thread, NULL, follow, f) == 0)
        return true;
    pthread_cond_destroy(&f->wake);
    pthread_mutex_destroy(&f->sleep);
    mem_free(f);
    *out = NULL;
    return false;
}

void measure_follow_end(measure_follower *f)
{
    if (f == NULL)
        return;
    pthread_mutex_lock(&f->sleep);
    f->stop = true;
    pthread_cond_signal(&f->wake);
    pthread_mutex_unlock(&f->sleep);
    pthread_join(f->thread, NULL);
    pthread_mutex_destroy(&f->sleep);
    pthread_cond_destroy(&f->wake);
    mem_free(f);
}
