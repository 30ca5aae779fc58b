#include "base.h"

#include <stdatomic.h>
#include <unistd.h>

static _Atomic int least = LOG_INFO;

void log_set_level(log_level l)
{
    atomic_store(&least, (int)l);
}

typedef struct {
    char p[2048];
    size_t n;
} line;

static void put(line *l, str s)
{
    size_t room = sizeof l->p - 2 - l->n;
    if (s.n > room)
        s = utf8_cut(s, room);
    if (s.n > 0)
        memcpy(l->p + l->n, s.p, s.n);
    l->n += s.n;
}

static void put_quoted(line *l, str s)
{
    put(l, S("\""));
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t c = utf8_next(s, &i);
        if (c == '"' || c == '\\')
            put(l, S("\\"));
        if (c == UTF8_BAD || c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029)
            put(l, S("?"));
        else
            put(l, str_sub(s, from, i));
    }
    put(l, S("\""));
}

static void put_int(line *l, int64_t v)
{
    char tmp[24];
    size_t at = sizeof tmp;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        tmp[--at] = (char)('0' + u % 10);
    while ((u /= 10) > 0);
    if (v < 0)
        tmp[--at] = '-';
    put(l, (str){ tmp + at, sizeof tmp - at });
}

void log_write(log_level level, const char *msg, const log_field *f, size_t n)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    if ((int)level < atomic_load_explicit(&least, memory_order_relaxed))
        return;
    line l = { .n = 0 };
    day_parts p = day_split(day_now_ms());
    char at[32];
    int len = __builtin_snprintf(at, sizeof at, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", p.year, p.month, p.day,
                                 p.hour, p.minute, p.second, p.ms);
    put(&l, S("time="));
    put(&l, (str){ at, (size_t)len });
    put(&l, S(" level="));
    put(&l, str_of(names[level]));
    put(&l, S(" msg="));
    put_quoted(&l, str_of(msg));
    for (size_t i = 0; i < n; i++) {
        put(&l, S(" "));
        put(&l, str_of(f[i].name));
        put(&l, S("="));
        if (f[i].kind == LOG_F_INT)
            put_int(&l, f[i].i);
        else
            put_quoted(&l, f[i].s);
    }
    l.p[l.n++] = '\n';
    ssize_t done = write(STDERR_FILENO, l.p, l.n); /* one write: lines of threads do not mix */
    (void)done;
}
