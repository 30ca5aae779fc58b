/* A file becomes column files with its findings; what is not taken is removed; what is no table leaves nothing. */
#include "support/support.h"

#include "kit/load/load.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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
    ctx c = { .a = arena_new(65536) };
    load_result r;
    column_file *f;
    column_view v;
    char *dir = test_folder(c.a);
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
    ctx c = { .a = arena_new(65536) };
    char *dir = test_folder(c.a);
    for (size_t i = 0; i < array_len(bad); i++) {
        load_result r;
        assert_false(load(&c, dir, str_of(bad[i]), &r));
        assert_int_equal(c.err.code, ERR_INVALID);
        assert_true(c.err.message.n > 0);
        assert_int_equal(files_in(dir), 0);
        err_clear(&c);
    }
    rmdir(dir);
    arena_free(c.a);
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

/* --- against a schema --- */

static bool given(ctx *c, void *to, size_t position, str name, load_before *out)
{
    (void)c, (void)position, (void)name;
    *out = *(load_before *)to;
    return true;
}

/* Errors as "code row column sample count". */
static str errors(ctx *c, const load_table *t)
{
    str_list l = { 0 };
    for (size_t i = 0; i < t->findings.n; i++) {
        const table_finding *f = &t->findings.v[i].at;
        if (load_rule_of(f->code)->severity == LOAD_ERROR)
            list_add(c->a, &l, str_fmt(c->a, "%s %d %zu %.*s %d", f->code, (int)f->row, f->col, S_ARG(f->sample), (int)f->count));
    }
    return str_join(c->a, &l, S("; "));
}

static void rows_keep_to_a_schema(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(65536) };
    load_result r;
    str_list key = { 0 };
    list_add(c.a, &key, S("code"));
    list_add(c.a, &key, S("day"));
    table_field fields[] = {
        { .name = S("code"), .title = S("代號"), .has_type = true, .type = COLUMN_code, .required = true },
        { .name = S("day"), .title = S("日期"), .has_type = true, .type = COLUMN_date },
        { .name = S("n"), .title = S("數量"), .has_type = true, .type = COLUMN_decimal, .unique = true },
    };
    load_before before = { .schema = &(table_schema){ .fields = fields, .n = 3 }, .given = true, .key = &key };
    char *dir = test_folder(c.a);
    auto_fd fd = memfd_create("in", MFD_CLOEXEC);
    str bytes = S("代號,日期,數量\n01,2024/1/5,1\n01,2024-01-05,2.0\n02,2024-01-06,2\n,2024-01-07,4\n,2024-01-07,5\n03,,6\n03,,7\n");
    assert_int_equal(write(fd, bytes.p, bytes.n), bytes.n);
    assert_true(load_file(&c, fd, S("in.csv"), &(load_options){ .folder = str_of(dir), .unboxed = true, .to = &before, .before = given }, &r));
    str got = errors(&c, &r.tables.v[0]);
    str want = S("required_missing 4 1  1; required_missing 5 1  1; not_unique 3 3 2 1; key_repeated 2 1 01, 2024-01-05 1");
    if (!str_eq(got, want))
        fail_msg("got  %.*s\nwant %.*s", S_ARG(got), S_ARG(want));
    load_free(&c, &r);
    rmdir(dir);
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_and_its_findings), cmocka_unit_test(rows_keep_to_a_schema), cmocka_unit_test(what_is_no_table_leaves_nothing), cmocka_unit_test(every_rule_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
