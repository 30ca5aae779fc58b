#include "kit/box/box.h"
#include "kit/box/box_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define ERRORS_MAX 4096             /* of what the child writes to standard error */
#define TURN_MS 200

typedef struct {
    const box_job *job;
    pid_t    pid;
    int      frames, errors;
    char    *p;                     /* frames that are not complete yet */
    size_t   n, cap;
    char     said[ERRORS_MAX];
    size_t   said_n;
    bool     frames_ended, errors_ended;
} child;

static bool start(ctx *c, child *k)
{
    const box_job *j = k->job;
    int frames[2], errors[2];
    if (pipe2(frames, O_CLOEXEC) != 0)
        return fail(c, IO, "the box cannot be started: %s", strerrordesc_np(errno));
    if (pipe2(errors, O_CLOEXEC) != 0) {
        close(frames[0]);
        close(frames[1]);
        return fail(c, IO, "the box cannot be started: %s", strerrordesc_np(errno));
    }
    /* Descriptors are first copied out of the way of their places in the child. */
    int copies[BOX_FDS_MAX + 2];
    size_t n = 0;
    must(j->fd_count <= BOX_FDS_MAX);
    copies[n++] = fcntl(frames[1], F_DUPFD_CLOEXEC, 64);
    copies[n++] = fcntl(errors[1], F_DUPFD_CLOEXEC, 64);
    for (size_t i = 0; i < j->fd_count; i++)
        copies[n++] = fcntl(j->fds[i], F_DUPFD_CLOEXEC, 64);
    posix_spawn_file_actions_t acts;
    posix_spawnattr_t attr;
    posix_spawn_file_actions_init(&acts);
    posix_spawnattr_init(&attr);
    posix_spawn_file_actions_addopen(&acts, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&acts, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&acts, copies[1], 2);
    posix_spawn_file_actions_adddup2(&acts, copies[0], BOX_FD_FRAMES);
    for (size_t i = 0; i < j->fd_count; i++)
        posix_spawn_file_actions_adddup2(&acts, copies[2 + i], BOX_FD_FIRST + (int)i);
    posix_spawn_file_actions_addclosefrom_np(&acts, BOX_FD_FIRST + (int)j->fd_count);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const char *argv[32] = { "openshelf", "box" };
    size_t args = 2;
    for (size_t i = 0; j->args[i] != NULL; i++) {
        must(args < array_len(argv) - 1);
        argv[args++] = j->args[i];
    }
    char limits[128];
    snprintf(limits, sizeof limits, BOX_LIMITS_NAME "=%" PRIu64 " %" PRIu64 " %u", j->limits.memory, j->limits.file_bytes,
             j->limits.cpu_seconds);
    char *envp[] = { limits, NULL };
    int rc = posix_spawn(&k->pid, j->program != NULL ? j->program : "/proc/self/exe", &acts, &attr, (char *const *)(uintptr_t)argv, envp);
    posix_spawn_file_actions_destroy(&acts);
    posix_spawnattr_destroy(&attr);
    for (size_t i = 0; i < n; i++)
        if (copies[i] >= 0)
            close(copies[i]);
    close(frames[1]);
    close(errors[1]);
    k->frames = frames[0];
    k->errors = errors[0];
    if (rc != 0) {
        close(k->frames);
        close(k->errors);
        return fail(c, IO, "the box cannot be started: %s", strerrordesc_np(rc));
    }
    return true;
}

/* Whole frames are handed on: kind, four bytes of length, the bytes. */
static bool hand_on(ctx *c, child *k)
{
    size_t at = 0;
    while (k->n - at >= BOX_FRAME_HEAD) {
        const unsigned char *h = (const unsigned char *)k->p + at;
        size_t n = h[1] | (size_t)h[2] << 8 | (size_t)h[3] << 16 | (size_t)h[4] << 24;
        if (n > BOX_FRAME_MAX)
            return fail(c, INVALID, "the box answered with a frame of %zu bytes", n);
        if (k->n - at - BOX_FRAME_HEAD < n)
            break;
        if (!k->job->frame(c, k->job->to, h[0], (str){ k->p + at + BOX_FRAME_HEAD, n }))
            return false;
        at += BOX_FRAME_HEAD + n;
    }
    memmove(k->p, k->p + at, k->n - at);
    k->n -= at;
    return true;
}

static bool take_frames(ctx *c, child *k)
{
    if (k->cap - k->n < 65536) {
        k->cap = k->cap > 0 ? k->cap * 2 : 262144;
        k->p = mem_resize(k->p, k->cap);
    }
    ssize_t r = read(k->frames, k->p + k->n, k->cap - k->n);
    if (r < 0)
        return errno == EINTR || errno == EAGAIN || fail(c, IO, "the box cannot be heard: %s", strerrordesc_np(errno));
    k->frames_ended = r == 0;
    k->n += (size_t)r;
    return hand_on(c, k);
}

static void take_errors(child *k)
{
    char spill[512];
    bool room = k->said_n < ERRORS_MAX;
    ssize_t r = read(k->errors, room ? k->said + k->said_n : spill, room ? ERRORS_MAX - k->said_n : sizeof spill);
    if (r == 0)
        k->errors_ended = true;
    else if (r > 0 && room)
        k->said_n += (size_t)r;
}

static bool listen_to(ctx *c, child *k)
{
    int64_t end = k->job->limits.wall_seconds > 0 ? day_now_mono_ms() + (int64_t)k->job->limits.wall_seconds * 1000 : INT64_MAX;
    while (!k->frames_ended || !k->errors_ended) {
        struct pollfd p[2] = { { .fd = k->frames_ended ? -1 : k->frames, .events = POLLIN },
                               { .fd = k->errors_ended ? -1 : k->errors, .events = POLLIN } };
        if (poll(p, 2, TURN_MS) < 0 && errno != EINTR)
            return fail(c, IO, "the box cannot be heard: %s", strerrordesc_np(errno));
        if (p[0].revents != 0 && !take_frames(c, k))
            return false;
        if (p[1].revents != 0)
            take_errors(k);
        if (!ctx_in_time(c) || (k->job->alive != NULL && !k->job->alive(c, k->job->to)))
            return false;
        if (day_now_mono_ms() > end)
            return fail(c, TIMEOUT, "reading this file took longer than %u seconds", k->job->limits.wall_seconds);
    }
    return true;
}

static bool judge(ctx *c, const child *k, int status)
{
    const box_limits *l = &k->job->limits;
    int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0, code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (c->err.code != ERR_OK)
        return false;                       /* said by the child in a frame, or by who read them */
    if (code == 0)
        return k->n == 0 || fail(c, INVALID, "the box ended in the middle of its answer");
    bool ok;
    if (code == BOX_EXIT_MEMORY)
        ok = fail(c, TOO_LARGE, "reading this file needs more than %" PRIu64 " MB of memory", l->memory >> 20);
    else if (sig == SIGXCPU || (sig == SIGKILL && l->cpu_seconds > 0))
        ok = sig == SIGXCPU ? fail(c, TIMEOUT, "reading this file needs more than %u seconds of processor time", l->cpu_seconds)
                            : fail(c, TOO_LARGE, "reading this file was ended by the system, most likely for want of memory");
    else if (sig == SIGXFSZ)
        ok = fail(c, TOO_LARGE, "what this file becomes has more than %" PRIu64 " bytes", l->file_bytes);
    else if (sig == SIGSYS)
        ok = fail(c, INVALID, "the box tried what it may not, and was ended: the file may be an attack");
    else
        ok = fail(c, INVALID, "the file made its reader fail (%s %d): please report it", sig != 0 ? "signal" : "code", sig != 0 ? sig : code);
    err_detail(c, "the box said: %.*s", (int)k->said_n, k->said);
    return ok;
}

bool box_run(ctx *c, const box_job *job)
{
    child *k = mem_get(sizeof *k);
    k->job = job;
    bool ok = start(c, k);
    if (ok) {
        if (!listen_to(c, k))
            kill(k->pid, SIGKILL);
        close(k->frames);
        close(k->errors);
        int status = 0;
        while (waitpid(k->pid, &status, 0) < 0 && errno == EINTR) {
        }
        ok = judge(c, k, status);
    }
    mem_free(k->p);
    mem_free(k);
    return ok;
}
