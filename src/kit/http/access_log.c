#include "kit/http/access_log.h"

#include <errno.h>
#include <unistd.h>

#define BLOCK 32768
#define PATH_MAX_LOGGED 512

/* Nobody can forge a line or a field: what could end either is shown as ?. */
static void put_text(buf *o, str s)
{
    buf_byte(o, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            buf_byte(o, '\\');
        buf_byte(o, c < 0x20 || c == 0x7f ? '?' : s.p[i]);
    }
    buf_byte(o, '"');
}

static void put_time(buf *o, const loop *l)
{
    int ms = (int)(l->wall_ms % 1000);
    char digits[4] = { (char)('0' + ms / 100), (char)('0' + ms / 10 % 10), (char)('0' + ms % 10), 'Z' };
    buf_add(o, str_of(l->log_time));
    buf_add(o, (str){ digits, sizeof digits });
}

static void put_number(buf *o, str name, int64_t v)
{
    buf_add(o, name);
    buf_i64(o, v);
}

void access_log_add(loop *l, const job *j, int64_t took_us)
{
    static const char *const names[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
    const run_work *w = &j->w;
    const http_req *r = &w->r;
    buf *o = &l->log;
    put_time(o, l);
    buf_add(o, S(" level=info msg=\"request\" request="));
    put_text(o, w->c.request_id);
    buf_add(o, S(" remote="));
    put_text(o, r->remote);
    if (w->known) {
        buf_add(o, S(" method="));
        buf_add(o, str_of(r->head ? "HEAD" : names[r->method]));
        buf_add(o, S(" path="));
        str path = str_sub(r->target, 0, str_find_byte(r->target, '?'));
        put_text(o, utf8_valid(path, NULL) ? utf8_cut(path, PATH_MAX_LOGGED) : S("?"));
    }
    put_number(o, S(" status="), w->status);
    put_number(o, S(" bytes="), j->bytes_out);
    put_number(o, S(" us="), took_us);
    if (w->hit_cache)
        buf_add(o, S(" cached=1"));
    buf_byte(o, '\n');
    if (o->n >= BLOCK)
        access_log_flush(l);
}

void access_log_flush(loop *l)
{
    str s = buf_str(&l->log);
    while (s.n > 0) {
        ssize_t n = write(STDERR_FILENO, s.p, s.n);
        if (n < 0 && errno != EINTR)
            break; /* a full or closed pipe: the log is lost, the site is not */
        if (n > 0)
            s = str_from(s, (size_t)n);
    }
    l->log.n = 0;
    l->log.over = false;
    l->log_ms = l->now_ms;
}

void access_log_tick(loop *l)
{
    if (l->log.n > 0 && l->now_ms - l->log_ms >= 1000)
        access_log_flush(l);
}
