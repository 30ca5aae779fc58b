#include "base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void file_close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static bool io_fail(ctx *c, const char *what, str path)
{
    int e = errno;
    if (e == ENOENT)
        return fail(c, NOT_FOUND, "%s “%.*s”: no such file or folder", what, S_ARG(path));
    return fail(c, IO, "%s “%.*s”: %s", what, S_ARG(path), strerrordesc_np(e));
}

static char *path_z(ctx *c, str path)
{
    if (path.n == 0 || str_find_byte(path, 0) < path.n) {
        (void)fail(c, INVALID, "a path must not be empty or hold a NUL byte");
        return NULL;
    }
    return str_z(c->a, path);
}

int file_open(ctx *c, str path)
{
    const char *z = path_z(c, path);
    if (z == NULL)
        return -1;
    int fd = open(z, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        (void)io_fail(c, "cannot open", path);
    return fd;
}

bool file_read(ctx *c, str path, size_t max, str *out)
{
    auto_fd fd = file_open(c, path);
    if (fd < 0)
        return false;
    struct stat st;
    if (fstat(fd, &st) != 0)
        return io_fail(c, "cannot read", path);
    if (S_ISDIR(st.st_mode))
        return fail(c, INVALID, "“%.*s” is a folder", S_ARG(path));
    buf b = buf_max(c->a, max);
    if (S_ISREG(st.st_mode) && (uint64_t)st.st_size <= max)
        (void)buf_room(&b, (size_t)st.st_size + 1 <= max ? (size_t)st.st_size + 1 : max);
    for (;;) {
        char probe; /* at the limit: is there one byte more? */
        bool full = b.n == b.cap && b.n == max;
        if (b.n == b.cap && !full)
            (void)buf_room(&b, max - b.n < 65536 ? max - b.n : 65536);
        ssize_t n = full ? read(fd, &probe, 1) : read(fd, b.p + b.n, b.cap - b.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_fail(c, "cannot read", path);
        if (n == 0)
            break;
        if (full)
            return fail(c, TOO_LARGE, "“%.*s” is larger than the limit of %zu bytes", S_ARG(path), max);
        b.n += (size_t)n;
    }
    *out = buf_str(&b);
    return true;
}

bool file_put(int fd, str s)
{
    while (s.n > 0) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = str_from(s, (size_t)n);
    }
    return true;
}

bool file_put_at(int fd, str s, uint64_t at)
{
    while (s.n > 0) {
        ssize_t n = pwrite(fd, s.p, s.n, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = str_from(s, (size_t)n);
        at += (uint64_t)n;
    }
    return true;
}

bool file_write(ctx *c, str path, str bytes)
{
    const char *z = path_z(c, path);
    if (z == NULL)
        return false;
    char *aside = str_z(c->a, str_fmt(c->a, "%s.XXXXXX", z));
    auto_fd fd = mkostemp(aside, O_CLOEXEC);
    if (fd < 0)
        return io_fail(c, "cannot write", path);
    if (!file_put(fd, bytes) || fchmod(fd, 0644) != 0 || fsync(fd) != 0 || rename(aside, z) != 0) {
        bool r = io_fail(c, "cannot write", path);
        unlink(aside);
        return r;
    }
    return true;
}

bool file_make_dir(ctx *c, str path)
{
    char *z = path_z(c, path);
    if (z == NULL)
        return false;
    for (char *p = z + 1; *p != 0; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        if (mkdir(z, 0755) != 0 && errno != EEXIST)
            return io_fail(c, "cannot make the folder", path);
        *p = '/';
    }
    if (mkdir(z, 0755) != 0 && errno != EEXIST)
        return io_fail(c, "cannot make the folder", path);
    return true;
}

bool file_exists(ctx *c, str path)
{
    return access(str_z(c->a, path), F_OK) == 0;
}

bool file_is_dir(ctx *c, str path)
{
    struct stat st;
    return stat(str_z(c->a, path), &st) == 0 && S_ISDIR(st.st_mode);
}

static int by_bytes(const void *x, const void *y)
{
    return str_cmp(*(const str *)x, *(const str *)y);
}

bool file_list(ctx *c, str dir, str_list *names)
{
    const char *z = path_z(c, dir);
    if (z == NULL)
        return false;
    DIR *d = opendir(z);
    if (d == NULL)
        return io_fail(c, "cannot list", dir);
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        str name = str_of(e->d_name);
        if (!str_eq(name, S(".")) && !str_eq(name, S("..")))
            list_add(c->a, names, str_dup(c->a, name));
    }
    closedir(d);
    if (names->n > 1)
        qsort(names->v, names->n, sizeof *names->v, by_bytes);
    return true;
}

bool file_remove(ctx *c, str path)
{
    const char *z = path_z(c, path);
    if (z == NULL)
        return false;
    if (unlink(z) != 0 && errno != ENOENT)
        return io_fail(c, "cannot remove", path);
    return true;
}

str file_join(arena *a, str dir, str name)
{
    return str_fmt(a, str_ends(dir, S("/")) || dir.n == 0 ? "%.*s%.*s" : "%.*s/%.*s", S_ARG(dir), S_ARG(name));
}

str file_base(str path)
{
    size_t at = str_rfind_byte(path, '/');
    return at < path.n ? str_from(path, at + 1) : path;
}
