/* Tests of blob: kept under its hash, once, unchangeable; what was changed on the disk is found. */
#include "support/support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "kit/blob/blob.h"

static void kept_once_and_checked(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    str store = file_join(c->a, t->dir, S("store")), back;
    blob_id x, y;
    bool intact;
    assert_ok(c, blob_keep(c, store, S("abc"), &x));
    assert_string_equal(x.hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(x.bytes, 3);
    str path = blob_path(c->a, store, str_of(x.hex));
    assert_ok(c, file_read(c, path, 100, &back));
    assert_str(back, S("abc"));
    struct stat before, after;
    assert_int_equal(stat(str_z(c->a, path), &before), 0);
    assert_ok(c, file_write(c, file_join(c->a, t->dir, S("f")), S("abc")));
    assert_ok(c, blob_keep_file(c, store, file_join(c->a, t->dir, S("f")), &y));
    assert_string_equal(x.hex, y.hex);
    assert_int_equal(stat(str_z(c->a, path), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino); /* not written again */
    assert_ok(c, blob_check(c, store, str_of(x.hex), &intact));
    assert_true(intact);
    assert_ok(c, file_write(c, path, S("abd")));
    assert_ok(c, blob_check(c, store, str_of(x.hex), &intact));
    assert_false(intact);
    assert_ok(c, file_remove(c, path) && blob_check(c, store, str_of(x.hex), &intact));
    assert_false(intact);
}

static void large_files_in_pieces(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    str store = file_join(c->a, t->dir, S("store")), path = file_join(c->a, t->dir, S("large")), back;
    char *p = arena_get(c->a, 300001);
    for (size_t i = 0; i < 300001; i++)
        p[i] = (char)(i * 7);
    blob_id x, y;
    assert_ok(c, file_write(c, path, (str){ p, 300001 }) && blob_keep_file(c, store, path, &x));
    assert_int_equal(x.bytes, 300001);
    assert_ok(c, file_read(c, blob_path(c->a, store, str_of(x.hex)), 1 << 20, &back));
    assert_true(str_eq(back, (str){ p, 300001 }));
    blob_hash *h = blob_hash_new();
    for (size_t at = 0; at < 300001; at += 1000)
        blob_hash_add(h, str_sub(back, at, at + 1000));
    blob_hash_end(h, y.hex);
    assert_string_equal(x.hex, y.hex);
    assert_false(blob_keep_file(c, store, S("/nowhere/at/all"), &y));
    assert_int_equal(c->err.code, ERR_NOT_FOUND);
    err_clear(c);
}

static void listed_without_what_a_crash_left(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    str store = file_join(c->a, t->dir, S("store"));
    str_list hexes = { 0 };
    blob_id x, y;
    assert_ok(c, blob_list(c, store, &hexes));
    assert_int_equal(hexes.n, 0);
    assert_ok(c, blob_keep(c, store, S("1"), &x) && blob_keep(c, store, S("2"), &y));
    assert_ok(c, file_write(c, file_join(c->a, store, S("new.AbCdEf")), S("half")));
    assert_ok(c, file_write(c, str_fmt(c->a, "%.*s/%.2s/odd", S_ARG(store), x.hex), S("half")));
    assert_ok(c, blob_list(c, store, &hexes));
    assert_int_equal(hexes.n, 2);
    assert_true(str_eq(hexes.v[0], str_of(x.hex)) || str_eq(hexes.v[1], str_of(x.hex)));
}

static void set_age(ctx *c, str path, time_t seconds)
{
    const struct timespec t[2] = { { .tv_sec = time(NULL) - seconds }, { .tv_sec = time(NULL) - seconds } };
    assert_int_equal(utimensat(AT_FDCWD, str_z(c->a, path), t, 0), 0);
}

static void swept_when_old_and_unknown(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    str store = file_join(c->a, t->dir, S("store")), half = file_join(c->a, store, S("new.AbCdEf"));
    blob_id named, old, young, again;
    map known = map_in(c->a);
    int64_t removed;
    assert_ok(c, blob_sweep(c, store, &known, 100, &removed));
    assert_ok(c, blob_keep(c, store, S("named"), &named) && blob_keep(c, store, S("old"), &old) && blob_keep(c, store, S("young"), &young)
                 && blob_keep(c, store, S("again"), &again) && file_write(c, half, S("half")));
    map_set_i64(&known, str_of(named.hex), 1);
    set_age(c, half, 200);
    set_age(c, blob_path(c->a, store, str_of(named.hex)), 200);
    set_age(c, blob_path(c->a, store, str_of(old.hex)), 200);
    set_age(c, blob_path(c->a, store, str_of(again.hex)), 200);
    assert_ok(c, blob_keep(c, store, S("again"), &again));       /* the same bytes come while they are put away */
    assert_ok(c, blob_sweep(c, store, &known, 100, &removed));
    assert_int_equal(removed, 2);
    assert_false(file_exists(c, half));
    assert_false(file_exists(c, blob_path(c->a, store, str_of(old.hex))));
    assert_true(file_exists(c, blob_path(c->a, store, str_of(named.hex))));
    assert_true(file_exists(c, blob_path(c->a, store, str_of(young.hex))));
    assert_true(file_exists(c, blob_path(c->a, store, str_of(again.hex))));
}

#define IN_A_FOLDER(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = { IN_A_FOLDER(kept_once_and_checked), IN_A_FOLDER(large_files_in_pieces),
                                        IN_A_FOLDER(listed_without_what_a_crash_left), IN_A_FOLDER(swept_when_old_and_unknown) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
