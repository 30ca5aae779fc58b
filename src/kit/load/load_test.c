/* A file becomes column files with its findings; what is not taken is removed; what is no table leaves nothing. */
#include "base.h"

#include "kit/load/load.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#undef fail
#include <cmocka.h>

static size_t files_in(const char *dir)
{
    size_t n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static bool load(ctx *c, const char *dir, str bytes, load_result *r)
{
    int fd = memfd_create("in", MFD_CLOEXEC);
    assert_int_equal(write(fd, bytes.p, bytes.n), bytes.n);
    bool ok = load_file(c, fd, S("in.csv"), &(load_options){ .folder = str_of(dir), .format = S("CSV"), .unboxed = true }, r);
    close(fd);
    return ok;
}

static void a_file_and_its_findings(void **state)
{
    (void)state;
    char dir[] = "/tmp/load-test-XXXXXX";
    ctx c = { .a = arena_new(65536) };
    load_result r;
    column_file *f;
    column_view v;
    assert_non_null(mkdtemp(dir));
    assert_true(load(&c, dir, S("縣市,數量\n臺北市,1\n高雄市,2\n高雄市\n"), &r));
    assert_int_equal(r.tables.n, 1);
    assert_int_equal(r.tables.v[0].rows, 3);
    assert_int_equal(r.tables.v[0].cols, 2);
    assert_int_equal(files_in(dir), 1);
    bool ragged = false;
    for (size_t i = 0; i < r.tables.v[0].findings.n; i++) {
        const table_finding *k = &r.tables.v[0].findings.v[i].at;
        assert_non_null(load_rule_of(k->code));
        ragged = ragged || (strcmp(k->code, "ragged_short") == 0 && k->row == 3 && k->line == 4);
    }
    assert_true(ragged);
    assert_in_range(load_score(&r.tables.v[0]), 50, 99);
    assert_true(column_file_open(&c, r.tables.v[0].path, &f));
    assert_true(column_use(&c, f, 1, &v));
    assert_int_equal(v.type, COLUMN_integer);
    column_file_close(f);
    load_free(&c, &r);
    assert_int_equal(files_in(dir), 0);
    rmdir(dir);
    arena_free(c.a);
}

static void what_is_no_table_leaves_nothing(void **state)
{
    static const char *const bad[] = { "", "%PDF-1.4 \x01\x02 binary", "<!DOCTYPE html><html><body>404</body></html>" };
    (void)state;
    char dir[] = "/tmp/load-test-XXXXXX";
    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < array_len(bad); i++) {
        ctx c = { .a = arena_new(65536) };
        load_result r;
        assert_false(load(&c, dir, str_of(bad[i]), &r));
        assert_int_equal(c.err.code, ERR_INVALID);
        assert_true(c.err.message.n > 0);
        assert_int_equal(files_in(dir), 0);
        arena_free(c.a);
    }
    rmdir(dir);
}

static void every_rule_is_whole(void **state)
{
    size_t n;
    const load_rule *r = load_rules(&n);
    (void)state;
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(load_rule_of(r[i].code), &r[i]); /* no code twice */
        assert_true(strlen(r[i].says) > 10 && strlen(r[i].mend) > 10);
    }
    assert_null(load_rule_of("no such"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_and_its_findings), cmocka_unit_test(what_is_no_table_leaves_nothing), cmocka_unit_test(every_rule_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
