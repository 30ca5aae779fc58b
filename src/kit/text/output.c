#include "kit/text/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define PIECE (1 << 20)

struct output {
    gzFile gz;
    int    fd;              /* a second descriptor of the same file, to sync it */
    char  *path, *aside;    /* aside is NULL once the file has its name */
    arena *own;
};

static bool no_write(ctx *c, const output *o)
{
    return fail(c, IO, "cannot write “%s”: %s", o->path, errno != 0 ? strerrordesc_np(errno) : "the disk may be full");
}

bool output_open(ctx *c, str path, bool gzip, output **out)
{
    if (path.n == 0 || str_find_byte(path, 0) < path.n)
        return fail(c, INVALID, "the name of the file to write is empty or holds a NUL");
    if (file_exists(c, path))
        return fail(c, CONFLICT, "“%.*s” is there already: nothing is overwritten", S_ARG(path));
    output *o = mem_get(sizeof *o);
    o->own = arena_new(1024);
    o->path = str_z(o->own, path);
    o->aside = str_z(o->own, str_fmt(o->own, "%.*s.XXXXXX", S_ARG(path)));
    o->fd = mkostemp(o->aside, O_CLOEXEC);
    int second = o->fd >= 0 ? fcntl(o->fd, F_DUPFD_CLOEXEC, 0) : -1;
    if (second >= 0)
        o->gz = gzdopen(second, gzip ? "wb1" : "wbT");
    if (o->gz == NULL) {
        bool r = no_write(c, o);
        if (second >= 0)
            close(second);
        if (o->fd < 0)
            o->aside = NULL;
        output_close(o);
        return r;
    }
    gzbuffer(o->gz, PIECE);
    *out = o;
    return true;
}

bool output_put(ctx *c, output *o, str bytes)
{
    errno = 0;
    while (bytes.n > 0) {
        unsigned n = bytes.n > PIECE ? PIECE : (unsigned)bytes.n;
        if (gzwrite(o->gz, bytes.p, n) != (int)n)
            return no_write(c, o);
        bytes = str_from(bytes, n);
    }
    return true;
}

bool output_keep(ctx *c, output *o)
{
    errno = 0;
    int closed = gzclose(o->gz);
    o->gz = NULL;
    if (closed != Z_OK || fchmod(o->fd, 0600) != 0 || fsync(o->fd) != 0)
        return no_write(c, o);
    if (renameat2(AT_FDCWD, o->aside, AT_FDCWD, o->path, RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST)
            return fail(c, CONFLICT, "“%s” is there already: nothing is overwritten", o->path);
        if (errno != EINVAL || rename(o->aside, o->path) != 0)   /* some file systems know no such flag */
            return no_write(c, o);
    }
    o->aside = NULL;
    return true;
}

void output_close(output *o)
{
    if (o == NULL)
        return;
    if (o->gz != NULL)
        gzclose(o->gz);
    if (o->fd >= 0)
        close(o->fd);
    if (o->aside != NULL)
        unlink(o->aside);
    arena_free(o->own);
    mem_free(o);
}
