/* Tests of file: limits to the byte, all or nothing, pipes, folders, refusals. */
#include "base.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static ctx c;
static str dir;

static int setup(void **state)
{
    (void)state;
    c = (ctx){ .a = arena_new(1 << 16) };
    char *z = str_z(c.a, S("/tmp/openshelf-file-XXXXXX"));
    dir = str_of(mkdtemp(z));
    return dir.n > 0 ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    rmdir(str_z(c.a, dir));
    arena_free(c.a);
    return 0;
}

static str in_dir(const char *name)
{
    return file_join(c.a, dir, str_of(name));
}

static void expect(err_code code)
{
    assert_int_equal(c.err.code, code);
    assert_true(c.err.message.n > 0);
    err_clear(&c);
}

static void writes_and_reads(void **state)
{
    (void)state;
    str path = in_dir("x"), got;
    str bytes = { "a\0b\n", 4 };
    assert_true(file_write(&c, path, bytes));
    assert_true(file_read(&c, path, 4, &got)); /* exactly the limit */
    assert_true(str_eq(got, bytes));
    assert_false(file_read(&c, path, 3, &got));
    expect(ERR_TOO_LARGE);
    assert_true(file_write(&c, path, S("new")));
    assert_true(file_read(&c, path, 100, &got) && str_eq(got, S("new")));
    assert_true(file_write(&c, path, (str){ 0 }));
    assert_true(file_read(&c, path, 0, &got) && got.n == 0);
    str_list names = { 0 };
    assert_true(file_list(&c, dir, &names));
    assert_int_equal(names.n, 1); /* nothing was left aside */
    assert_true(file_exists(&c, path) && !file_is_dir(&c, path));
    assert_true(file_remove(&c, path) && !file_exists(&c, path) && file_remove(&c, path));
}

static void *writer(void *fd)
{
    for (int i = 0; i < 1000; i++)
        if (write(*(int *)fd, "0123456789", 10) != 10)
            break;
    close(*(int *)fd);
    return NULL;
}

static void reads_pipes(void **state)
{
    (void)state;
    for (int limited = 0; limited < 2; limited++) {
        int fd[2];
        assert_int_equal(pipe(fd), 0);
        pthread_t t;
        assert_int_equal(pthread_create(&t, NULL, writer, &fd[1]), 0);
        str got = { 0 };
        bool ok = file_read(&c, str_fmt(c.a, "/dev/fd/%d", fd[0]), limited ? 10000 : 1 << 20, &got);
        assert_true(ok);
        assert_int_equal(got.n, 10000);
        pthread_join(t, NULL);
        close(fd[0]);
    }
}

/* A pipe takes 64 KB at a time. */
static void *putter(void *fd)
{
    static char many[300000];
    memset(many, 'x', sizeof many);
    bool ok = file_put(*(int *)fd, (str){ many, sizeof many });
    close(*(int *)fd);
    return ok ? fd : NULL;
}

static void puts_every_byte(void **state)
{
    (void)state;
    int fd[2];
    pthread_t t;
    str got = { 0 };
    void *ok = NULL;
    assert_int_equal(pipe(fd), 0);
    assert_int_equal(pthread_create(&t, NULL, putter, &fd[1]), 0);
    assert_true(file_read(&c, str_fmt(c.a, "/dev/fd/%d", fd[0]), 1 << 20, &got));
    assert_int_equal(pthread_join(t, &ok), 0);
    assert_true(ok != NULL);
    assert_int_equal(got.n, 300000);
    close(fd[0]);
    str path = in_dir("x");
    assert_true(file_write(&c, path, S("0123456789")));
    {
        auto_fd whole = open(str_z(c.a, path), O_RDWR);
        assert_true(file_put_at(whole, S("ab"), 4) && file_put_at(whole, S("c"), 11) && file_put(whole, S("-")) && file_put(whole, (str){ 0 }));
    }
    assert_true(file_read(&c, path, 100, &got));
    assert_true(str_eq(got, (str){ "-123ab6789\0c", 12 }));
    auto_fd shut = file_open(&c, path);
    assert_false(file_put(shut, S("x")) || file_put_at(shut, S("x"), 0));
    assert_true(file_remove(&c, path));
}

static void refuses(void **state)
{
    (void)state;
    str got;
    assert_false(file_read(&c, in_dir("absent"), 10, &got));
    expect(ERR_NOT_FOUND);
    assert_false(file_read(&c, dir, 10, &got));
    expect(ERR_INVALID);
    assert_false(file_read(&c, (str){ "a\0b", 3 }, 10, &got));
    expect(ERR_INVALID);
    assert_false(file_write(&c, (str){ 0 }, S("x")));
    expect(ERR_INVALID);
    assert_false(file_write(&c, in_dir("absent/x"), S("x")));
    expect(ERR_NOT_FOUND);
    str_list names = { 0 };
    assert_false(file_list(&c, in_dir("absent"), &names));
    expect(ERR_NOT_FOUND);
    assert_int_equal(file_open(&c, in_dir("absent")), -1);
    expect(ERR_NOT_FOUND);
}

static void folders(void **state)
{
    (void)state;
    str deep = in_dir("a/b/c");
    assert_true(file_make_dir(&c, deep) && file_make_dir(&c, deep) && file_is_dir(&c, deep));
    assert_true(file_write(&c, in_dir("a/臺"), S("1")) && file_write(&c, in_dir("a/Z"), S("2")));
    str_list names = { 0 };
    assert_true(file_list(&c, in_dir("a"), &names));
    assert_int_equal(names.n, 3);
    assert_true(str_eq(names.v[0], S("Z")) && str_eq(names.v[1], S("b")) && str_eq(names.v[2], S("臺")));
    assert_false(file_make_dir(&c, in_dir("a/Z/x"))); /* a file stands in the way */
    err_clear(&c);
    assert_true(file_remove(&c, in_dir("a/臺")) && file_remove(&c, in_dir("a/Z")));
    rmdir(str_z(c.a, deep));
    rmdir(str_z(c.a, in_dir("a/b")));
    rmdir(str_z(c.a, in_dir("a")));
    assert_true(str_eq(file_base(S("/x/y.csv")), S("y.csv")) && str_eq(file_base(S("y.csv")), S("y.csv")));
    assert_true(str_eq(file_join(c.a, S("a/"), S("b")), S("a/b")) && str_eq(file_join(c.a, S(""), S("b")), S("b")));
}

static void closes_by_itself(void **state)
{
    (void)state;
    int seen;
    {
        auto_fd fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
        seen = fd;
        assert_true(fcntl(seen, F_GETFD) >= 0);
    }
    assert_int_equal(fcntl(seen, F_GETFD), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_and_reads), cmocka_unit_test(reads_pipes), cmocka_unit_test(puts_every_byte),
        cmocka_unit_test(refuses),
        cmocka_unit_test(folders), cmocka_unit_test(closes_by_itself),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
