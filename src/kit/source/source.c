#include "kit/source/source.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t change_of(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

bool source_open(ctx *c, int fd, str name, source *out)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail(c, IO, "“%.*s” cannot be read: %s", S_ARG(name), strerrordesc_np(errno));
    if (!S_ISREG(st.st_mode))
        return fail(c, INVALID, "“%.*s” is not a regular file", S_ARG(name));
    uint64_t size = (uint64_t)st.st_size;
    *out = (source){ .fd = fd, .size = size, .name = name, .whole = size, .changed_ns = change_of(&st) };
    return true;
}

source source_memory(str bytes, str name)
{
    return (source){ .fd = -1, .size = bytes.n, .name = name, .whole = bytes.n, .memory = bytes.p != NULL ? bytes.p : "" };
}

source source_part(const source *s, uint64_t at, uint64_t size, str name)
{
    source p = *s;
    at = at < s->size ? at : s->size;
    p.at = s->at + at;
    p.size = size < s->size - at ? size : s->size - at;
    p.name = name;
    return p;
}

bool source_some(ctx *c, const source *s, uint64_t from, void *to, size_t n, size_t *got)
{
    *got = 0;
    if (from >= s->size)
        return true;
    if (n > s->size - from)
        n = (size_t)(s->size - from);
    if (s->memory != NULL) {
        memcpy(to, s->memory + s->at + from, n);
        *got = n;
        return true;
    }
    while (*got < n) {
        ssize_t r = pread(s->fd, (char *)to + *got, n - *got, (off_t)(s->at + from + *got));
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return fail(c, IO, "“%.*s” cannot be read: %s", S_ARG(s->name), strerrordesc_np(errno));
        if (r == 0)
            return fail(c, CONFLICT, "“%.*s” became shorter while it was read: send it again when it is whole", S_ARG(s->name));
        *got += (size_t)r;
    }
    return true;
}

bool source_get(ctx *c, const source *s, uint64_t from, void *to, size_t n)
{
    size_t got;
    if (!source_some(c, s, from, to, n, &got))
        return false;
    return got == n || fail(c, INVALID, "“%.*s” ends early: %zu bytes were expected at byte %" PRIu64 ", %zu are there",
                            S_ARG(s->name), n, from, got);
}

bool source_same(ctx *c, const source *s)
{
    struct stat st;
    if (s->changed_ns == 0)
        return true;
    if (fstat(s->fd, &st) != 0)
        return fail(c, IO, "“%.*s” cannot be read: %s", S_ARG(s->name), strerrordesc_np(errno));
    return ((uint64_t)st.st_size == s->whole && change_of(&st) == s->changed_ns)
        || fail(c, CONFLICT, "“%.*s” changed while it was read: send it again when it is whole", S_ARG(s->name));
}

bool source_all(ctx *c, const source *s, size_t max, str *out)
{
    if (s->size > max)
        return fail(c, TOO_LARGE, "“%.*s” has %" PRIu64 " bytes; at most %zu are read here", S_ARG(s->name), s->size, max);
    char *p = arena_get(c->a, (size_t)s->size + 1);
    *out = (str){ p, (size_t)s->size };
    return source_get(c, s, 0, p, (size_t)s->size);
}

static bool read_on(ctx *c, void *from, void *to, size_t room, size_t *got)
{
    source_reader *r = from;
    if (!source_some(c, r->s, r->at, to, room, got))
        return false;
    r->at += *got;
    return true;
}

byte_in source_bytes(source_reader *r)
{
    return (byte_in){ .from = r, .read = read_on };
}
