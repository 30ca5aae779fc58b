/* The test program is its own child: `box_test box WHAT` does what the walls must stop. */
#include "kit/box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
#define ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASAN 1
#endif
#endif
#ifndef ASAN
#define ASAN 0
#endif

static bool burn(void)
{
    for (volatile uint64_t i = 0;; i++)
        if (i == UINT64_MAX)
            return false;
}

static bool act(ctx *c, str what)
{
    char byte[8] = { 0 };
    if (str_eq(what, S("echo"))) {
        if (pread(BOX_FD_FIRST, byte, 5, 0) != 5)
            return false;
        return box_say(c, 7, (str){ byte, 5 }) && box_say(c, 8, (str){ 0 });
    }
    if (str_eq(what, S("memory")))
        for (;;)
            memset(mem_get(1 << 20), 1, 1 << 20);
    if (str_eq(what, S("burn")))
        return burn();
    if (str_eq(what, S("open")))
        return open("/etc/passwd", O_RDONLY) < 0 && open("/tmp/box_test_file", O_RDWR | O_CREAT, 0600) < 0;
    if (str_eq(what, S("socket")))
        return socket(AF_INET, SOCK_STREAM, 0) < 0;
    if (str_eq(what, S("fork")))
        return fork() < 0;
    if (str_eq(what, S("large")))
        return pwrite(BOX_FD_FIRST, "x", 1, 1 << 20) == 1;
    if (str_eq(what, S("crash")))
        must(byte[0] == 1);
    if (str_eq(what, S("half")))
        return write(3, "\1\xff\0\0\0", 5) == 5;
    return str_eq(what, S("fds")) && fcntl(BOX_FD_FIRST + 1, F_GETFD) < 0;
}

static int child(const char *what)
{
    ctx c = { .a = arena_new(4096) };
    box_walls w;
    bool ok = box_enter(&c, &w) && (ASAN || (w.memory && w.filter)) && act(&c, str_of(what));
    arena_free(c.a);
    _exit(ok ? 0 : 9);
}

typedef struct {
    int  frames;
    char said[16];
} heard;

static bool on_frame(ctx *c, void *to, uint8_t kind, str bytes)
{
    (void)c;
    heard *h = to;
    h->frames = h->frames * 100 + kind;
    memcpy(h->said, bytes.n > 0 ? bytes.p : "", bytes.n < 15 ? bytes.n : 15);
    return true;
}

static bool cancelled(ctx *c, void *to)
{
    (void)to;
    return err_set(c, ERR_CONFLICT, __FILE__, __LINE__, "somebody cancelled this");
}

static bool run(ctx *c, const char *what, box_limits l, heard *h, bool cancel)
{
    auto_fd fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, "hello", 5), 5);
    const char *const args[] = { what, NULL };
    box_job j = { .args = args, .fds = &fd, .fd_count = 1, .limits = l, .to = h, .frame = on_frame, .alive = cancel ? cancelled : NULL };
    *h = (heard){ 0 };
    return box_run(c, &j);
}

static void fails(const char *what, box_limits l, err_code code, const char *part)
{
    ctx c = { .a = arena_new(4096) };
    heard h;
    assert_false(run(&c, what, l, &h, false));
    if (c.err.code != code || !str_has(c.err.message, str_of(part)))
        fail_msg("%s: %.*s (%.*s)", what, S_ARG(c.err.message), S_ARG(c.err.detail));
    arena_free(c.a);
}

static void speaks(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    heard h;
    assert_true(run(&c, "echo", BOX_LIMITS_DEFAULT, &h, false));
    assert_int_equal(h.frames, 708);
    assert_memory_equal(h.said, "hello", 5);
    assert_true(run(&c, "fds", BOX_LIMITS_DEFAULT, &h, false));
    assert_true(run(&c, "open", BOX_LIMITS_DEFAULT, &h, false));
    arena_free(c.a);
}

static void limits(void **state)
{
    (void)state;
    box_limits l = BOX_LIMITS_DEFAULT;
    l.memory = (uint64_t)96 << 20;
    l.cpu_seconds = 1;
    l.file_bytes = 65536;
    fails("burn", l, ERR_TIMEOUT, "processor time");
    fails("large", l, ERR_TOO_LARGE, "65536 bytes");
    l.cpu_seconds = 60;
    l.wall_seconds = 1;
    fails("burn", l, ERR_TIMEOUT, "longer than 1 seconds");
    fails("half", BOX_LIMITS_DEFAULT, ERR_INVALID, "middle of its answer");
    if (ASAN) {
        print_message("memory and calls are not limited under AddressSanitizer: not tried\n");
        return;
    }
    fails("memory", l, ERR_TOO_LARGE, "96 MB of memory");
    fails("crash", BOX_LIMITS_DEFAULT, ERR_INVALID, "made its reader fail");
    fails("socket", BOX_LIMITS_DEFAULT, ERR_INVALID, "what it may not");
    fails("fork", BOX_LIMITS_DEFAULT, ERR_INVALID, "what it may not");
}

static void cancels(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    heard h;
    assert_false(run(&c, "burn", BOX_LIMITS_DEFAULT, &h, true));
    assert_int_equal(c.err.code, ERR_CONFLICT);
    arena_free(c.a);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "box") == 0)
        return child(argv[2]);
    const struct CMUnitTest tests[] = { cmocka_unit_test(speaks), cmocka_unit_test(limits), cmocka_unit_test(cancels) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
