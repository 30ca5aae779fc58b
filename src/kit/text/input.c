/* zlib's gzread reads plain bytes as they are, so one path serves both. */
#include "kit/text/input.h"

#include <unistd.h>
#include <zlib.h>

#define PIECE 65536

struct input {
    gzFile gz;
    str    name;
    char  *p;              /* bytes read and not used: from … to */
    size_t from, to, cap;
    bool   ended;
    arena *own;
};

bool input_open(ctx *c, str path, input **out)
{
    bool is_stdin = str_eq(path, S("-"));
    int fd = is_stdin ? dup(STDIN_FILENO) : file_open(c, path);
    if (fd < 0)
        return c->err.code == ERR_OK ? fail(c, IO, "cannot read standard input") : false;
    gzFile gz = gzdopen(fd, "rb");
    if (gz == NULL) {
        close(fd);
        return fail(c, IO, "cannot read “%.*s”", S_ARG(path));
    }
    input *in = mem_get(sizeof *in);
    in->own = arena_new(1024);
    in->gz = gz;
    in->name = str_dup(in->own, is_stdin ? S("standard input") : path);
    gzbuffer(gz, PIECE);
    *out = in;
    return true;
}

void input_close(input *in)
{
    if (in == NULL)
        return;
    gzclose(in->gz);
    mem_free(in->p);
    arena_free(in->own);
    mem_free(in);
}

/* One more piece behind what is there; sets ended at the end. */
static bool fill(ctx *c, input *in)
{
    if (in->ended)
        return true;
    if (in->from > 0) {
        memmove(in->p, in->p + in->from, in->to - in->from);
        in->to -= in->from;
        in->from = 0;
    }
    if (in->cap - in->to < PIECE) {
        in->cap = in->cap > 0 ? in->cap * 2 : (size_t)2 * PIECE;
        in->p = mem_resize(in->p, in->cap);
    }
    int n = gzread(in->gz, in->p + in->to, PIECE);
    if (n < 0) {
        int code;
        const char *why = gzerror(in->gz, &code);
        return fail(c, INVALID, "“%.*s” cannot be read: %s", S_ARG(in->name), code == Z_ERRNO ? "the file system failed" : why);
    }
    in->to += (size_t)n;
    if (n == 0) {
        int code;
        (void)gzerror(in->gz, &code);
        if (code == Z_BUF_ERROR)
            return fail(c, INVALID, "“%.*s” is gzip that ends in the middle", S_ARG(in->name));
        in->ended = true;
    }
    return true;
}

bool input_peek(ctx *c, input *in, str *out)
{
    while (!in->ended && in->to - in->from < PIECE)
        if (!fill(c, in))
            return false;
    *out = (str){ in->p + in->from, in->to - in->from };
    if (out->n > PIECE)
        out->n = PIECE;
    return true;
}

bool input_line(ctx *c, input *in, size_t max, str *out, bool *more)
{
    size_t seen = 0;
    *more = true;
    for (;;) {
        str have = { in->p + in->from, in->to - in->from };
        size_t at = have.n > seen ? seen + str_find_byte(str_from(have, seen), '\n') : have.n;
        if (at < have.n) {
            *out = str_sub(have, 0, at > 0 && have.p[at - 1] == '\r' ? at - 1 : at);
            in->from += at + 1;
            return true;
        }
        if (have.n > max)
            return fail(c, TOO_LARGE, "a line of “%.*s” is longer than %zu bytes", S_ARG(in->name), max);
        if (in->ended) {
            *more = have.n > 0;
            *out = have;
            in->from = in->to;
            return true;
        }
        seen = have.n;
        if (!fill(c, in))
            return false;
    }
}

bool input_piece(ctx *c, input *in, size_t most, str *out)
{
    if (in->from == in->to && !fill(c, in))
        return false;
    *out = str_sub((str){ in->p + in->from, in->to - in->from }, 0, most);
    in->from += out->n;
    return true;
}

bool input_rest(ctx *c, input *in, size_t max, str *out)
{
    while (!in->ended) {
        if (in->to - in->from > max)
            return fail(c, TOO_LARGE, "“%.*s” has more than %zu bytes", S_ARG(in->name), max);
        if (!fill(c, in))
            return false;
    }
    *out = str_dup(c->a, (str){ in->p + in->from, in->to - in->from });
    in->from = in->to;
    return true;
}
