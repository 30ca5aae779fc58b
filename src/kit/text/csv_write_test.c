#include <setjmp.h>
#include <stdarg.h>

#include "kit/text/csv_write.h"

#include <cmocka.h>

static void cells_are_quoted_where_they_must_be(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    buf b = buf_in(a);
    csv_w t = csv_to(&b);
    csv_str(&t, S("機關"));
    csv_str(&t, S("a,b"));
    csv_str(&t, S("say \"so\""));
    csv_str(&t, S("two\nlines"));
    csv_row(&t);
    csv_int(&t, -5);
    csv_none(&t);
    csv_str(&t, S(" kept "));
    csv_str(&t, (str){ 0 });
    csv_row(&t);
    assert_true(str_eq(buf_str(&b), S("\xef\xbb\xbf機關,\"a,b\",\"say \"\"so\"\"\",\"two\nlines\"\r\n-5,,\" kept \",\r\n")));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(cells_are_quoted_where_they_must_be) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
