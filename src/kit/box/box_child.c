/* The child's side: its walls, and how it speaks. */
#include "kit/box/box.h"
#include "kit/box/box_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define BOX_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BOX_ASAN 1
#endif
#endif
#ifndef BOX_ASAN
#define BOX_ASAN 0
#endif

#if defined(__x86_64__)
#define BOX_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define BOX_ARCH AUDIT_ARCH_AARCH64
#else
#error "the filter of the box knows x86-64 and arm64"
#endif

/* What reading, computing and writing to given descriptors needs. */
static const unsigned allowed[] = {
    SYS_read, SYS_pread64, SYS_readv, SYS_preadv, SYS_write, SYS_pwrite64, SYS_writev, SYS_lseek, SYS_fstat, SYS_ftruncate, SYS_fsync,
    SYS_fdatasync, SYS_fallocate, SYS_close, SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_exit, SYS_exit_group,
    SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_futex, SYS_clock_gettime, SYS_gettimeofday, SYS_getrandom, SYS_getpid,
    SYS_gettid, SYS_tgkill, SYS_restart_syscall, SYS_sched_yield, SYS_copy_file_range, SYS_rseq, SYS_set_robust_list,
};
/* What libraries try and do without: answered with an error. */
static const unsigned refused[] = {
    SYS_openat, SYS_ioctl, SYS_readlinkat, SYS_faccessat, SYS_getcwd, SYS_uname, SYS_sysinfo, SYS_prlimit64,
    SYS_sched_getaffinity, SYS_statx, SYS_getrusage, SYS_fcntl, SYS_fadvise64, SYS_membarrier, SYS_getuid, SYS_geteuid, SYS_getdents64,
#ifdef SYS_open
    SYS_open, SYS_access, SYS_stat, SYS_readlink,
#endif
};

static struct sock_filter load(uint32_t at)
{
    return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at);
}

static struct sock_filter answer(uint32_t what)
{
    return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what);
}

static struct sock_filter unless(uint32_t value, uint8_t skip)      /* skips so many when it is another */
{
    return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip);
}

static bool raise_filter(ctx *c)
{
    struct sock_filter f[160];
    unsigned short n = 0;
    f[n++] = load(offsetof(struct seccomp_data, arch));
    f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BOX_ARCH, 1, 0);
    f[n++] = answer(SECCOMP_RET_KILL_PROCESS);
    f[n++] = load(offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < array_len(allowed); i++) {
        f[n++] = unless(allowed[i], 1);
        f[n++] = answer(SECCOMP_RET_ALLOW);
    }
    for (size_t i = 0; i < array_len(refused); i++) {
        f[n++] = unless(refused[i], 1);
        f[n++] = answer(SECCOMP_RET_ERRNO | EPERM);
    }
    /* libc's fstat is newfstatat with AT_EMPTY_PATH; a path that could be given with it would tell no more than its size. */
    f[n++] = unless(SYS_newfstatat, 4);
    f[n++] = load(offsetof(struct seccomp_data, args) + 3 * sizeof(uint64_t));
    f[n++] = unless(AT_EMPTY_PATH, 1);
    f[n++] = answer(SECCOMP_RET_ALLOW);
    f[n++] = answer(SECCOMP_RET_ERRNO | EPERM);
    /* Memory may be mapped and protected, but never to be run. */
    static const unsigned mapping[] = { SYS_mmap, SYS_mprotect };
    for (size_t i = 0; i < array_len(mapping); i++) {
        f[n++] = unless(mapping[i], 4);
        f[n++] = load(offsetof(struct seccomp_data, args) + 2 * sizeof(uint64_t));
        f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 4 /* PROT_EXEC */, 1, 0);
        f[n++] = answer(SECCOMP_RET_ALLOW);
        f[n++] = answer(SECCOMP_RET_KILL_PROCESS);
    }
    f[n++] = answer(SECCOMP_RET_KILL_PROCESS);
    must(n <= array_len(f));
    struct sock_fprog program = { .len = n, .filter = f };
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0
        || fail(c, INTERNAL, "the box has no seccomp filter: %s", strerrordesc_np(errno));
}

/* A rule set that handles every access and allows none. */
static bool raise_landlock(void)
{
    int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return false;                       /* the kernel has none: the filter stands alone */
    struct landlock_ruleset_attr attr = { .handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
    int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (fd < 0)
        return false;
    bool ok = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    close(fd);
    return ok;
}

/* An arena without memory ends the process: told apart from other broken assumptions by errno. */
static void on_abort(int sig)
{
    (void)sig;
    _exit(errno == ENOMEM ? BOX_EXIT_MEMORY : BOX_EXIT_BROKEN);
}

static bool limit(ctx *c, int what, uint64_t to)
{
    struct rlimit l = { to, to + (what == RLIMIT_CPU ? 5 : 0) };       /* the soft limit's signal says what was met */
    return setrlimit((__rlimit_resource_t)what, &l) == 0 || fail(c, INTERNAL, "the box has no limits: %s", strerrordesc_np(errno));
}

bool box_enter(ctx *c, box_walls *out)
{
    const char *text = getenv(BOX_LIMITS_NAME);
    uint64_t memory = 0, file_bytes = 0;
    unsigned cpu = 0;
    if (text == NULL || sscanf(text, "%" SCNu64 " %" SCNu64 " %u", &memory, &file_bytes, &cpu) != 3)
        return fail(c, USAGE, "the box is started by this program alone");
    *out = (box_walls){ 0 };
    signal(SIGABRT, on_abort);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, BOX_ASAN) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return fail(c, INTERNAL, "the box cannot be closed: %s", strerrordesc_np(errno));
    if (!limit(c, RLIMIT_CORE, 0) || (file_bytes > 0 && !limit(c, RLIMIT_FSIZE, file_bytes)) || (cpu > 0 && !limit(c, RLIMIT_CPU, cpu)))
        return false;
    out->landlock = raise_landlock();
    if (BOX_ASAN)
        return true;
    if (memory > 0 && !limit(c, RLIMIT_AS, memory))
        return false;
    out->memory = memory > 0;
    out->filter = raise_filter(c);
    return out->filter;
}

static bool put(ctx *c, str bytes)
{
    return file_put(BOX_FD_FRAMES, bytes) || fail(c, IO, "nobody listens to the box");
}

bool box_say(ctx *c, uint8_t kind, str s)
{
    must(s.n <= BOX_FRAME_MAX);
    char head[BOX_FRAME_HEAD] = { (char)kind, (char)s.n, (char)(s.n >> 8), (char)(s.n >> 16), (char)(s.n >> 24) };
    return put(c, (str){ head, sizeof head }) && put(c, s);
}
