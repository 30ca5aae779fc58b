/* Tests of input: lines and the rest, plain and gzip alike, with their limits; what is cut is told. */
#include "support/support.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "kit/text/input.h"

static ctx c;
static char *folder;

static int set_up(void **state)
{
    (void)state;
    c = (ctx){ .a = arena_new(4096) };
    folder = test_folder(c.a);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    bool ok = file_remove(&c, str_fmt(c.a, "%s/f", folder)) && rmdir(folder) == 0;
    arena_free(c.a);
    return ok ? 0 : -1;
}

static input *open_of(str bytes, bool zipped)
{
    str path = str_fmt(c.a, "%s/f", folder);
    if (zipped) {
        gzFile z = gzopen(str_z(c.a, path), "wb");
        assert_int_equal(gzwrite(z, bytes.p, (unsigned)bytes.n), bytes.n);
        assert_int_equal(gzclose(z), Z_OK);
    } else {
        assert_ok(&c, file_write(&c, path, bytes));
    }
    input *in;
    assert_ok(&c, input_open(&c, path, &in));
    return in;
}

static str long_text(size_t lines)
{
    buf b = buf_in(c.a);
    for (size_t i = 0; i < lines; i++)
        buf_fmt(&b, "line %zu of a long file\r\n", i);
    return buf_str(&b);
}

static void lines_plain_and_zipped(void **state)
{
    (void)state;
    str text = long_text(20000), line, head;
    for (int zipped = 0; zipped < 2; zipped++) {
        input *in = open_of(str_cat(c.a, text, S("\n\nlast")), zipped != 0);
        bool more;
        assert_ok(&c, input_peek(&c, in, &head));
        assert_str(head, str_sub(text, 0, 65536));
        for (size_t i = 0; i < 20000; i++) {
            assert_ok(&c, input_line(&c, in, 100, &line, &more));
            assert_true(more && str_eq(line, str_fmt(c.a, "line %zu of a long file", i)));
        }
        for (int i = 0; i < 2; i++) {
            assert_ok(&c, input_line(&c, in, 100, &line, &more));
            assert_true(more && line.n == 0);
        }
        assert_ok(&c, input_line(&c, in, 100, &line, &more));
        assert_str(line, S("last"));
        assert_ok(&c, input_line(&c, in, 100, &line, &more));
        assert_false(more);
        input_close(in);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    str text = long_text(20000), out;
    bool more;
    input *in = open_of(str_replace(c.a, text, S("\n"), S(" ")), true);
    assert_false(input_line(&c, in, 1000, &out, &more));
    assert_int_equal(c.err.code, ERR_TOO_LARGE);
    input_close(in);
    err_clear(&c);
    in = open_of(text, true);
    assert_false(input_rest(&c, in, 1000, &out));
    assert_int_equal(c.err.code, ERR_TOO_LARGE);
    input_close(in);
    err_clear(&c);
    in = open_of(text, true);
    assert_ok(&c, input_rest(&c, in, text.n, &out));
    assert_str(out, text);
    input_close(in);
}

static void gzip_that_is_cut_or_broken(void **state)
{
    (void)state;
    str whole, out, path = str_fmt(c.a, "%s/f", folder), text = long_text(2000);
    input_close(open_of(text, true));
    assert_ok(&c, file_read(&c, path, 1 << 20, &whole));
    input *in = open_of(str_sub(whole, 0, whole.n / 2), false);
    assert_false(input_rest(&c, in, 1 << 20, &out));
    assert_int_equal(c.err.code, ERR_INVALID);
    input_close(in);
    err_clear(&c);
    char *broken = str_z(c.a, whole);
    broken[whole.n - 6] ^= 1; /* the checksum */
    in = open_of((str){ broken, whole.n }, false);
    assert_false(input_rest(&c, in, 1 << 20, &out));
    assert_int_equal(c.err.code, ERR_INVALID);
    input_close(in);
    err_clear(&c);
    assert_false(input_open(&c, S("/nowhere/at/all"), &in));
    assert_int_equal(c.err.code, ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_plain_and_zipped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(gzip_that_is_cut_or_broken, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
