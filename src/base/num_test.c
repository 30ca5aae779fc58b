/* Tests of num. */
#include "base.h"

#include <setjmp.h>
#include <cmocka.h>

#define is(x, y) assert_string_equal(str_z(a, (x)), (y))

static void as_people_read_them(void **state)
{
    (void)state;
    arena *a = arena_new(1024);
    is(num_grouped(a, 0), "0");
    is(num_grouped(a, 999), "999");
    is(num_grouped(a, 1000), "1,000");
    is(num_grouped(a, 52547), "52,547");
    is(num_grouped(a, -123456), "-123,456");
    is(num_grouped(a, -1234567), "-1,234,567");
    is(num_grouped(a, INT64_MIN), "-9,223,372,036,854,775,808");
    is(num_grouped(a, INT64_MAX), "9,223,372,036,854,775,807");
    is(num_bytes(a, 0), "0 B");
    is(num_bytes(a, 999), "999 B");
    is(num_bytes(a, 1000), "1.0 kB");
    is(num_bytes(a, 1500000), "1.5 MB");
    is(num_bytes(a, 9949), "9.9 kB");
    is(num_bytes(a, 9950), "10 kB");
    is(num_bytes(a, 999949), "1000 kB");
    is(num_bytes(a, 999950), "1.0 MB");
    is(num_bytes(a, INT64_MAX), "9223372 TB");
    is(num_percent(a, 1, 8), "12.5%");
    is(num_percent(a, 0, 5), "0.0%");
    is(num_percent(a, 5, 5), "100.0%");
    is(num_percent(a, 1, 0), "–");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(as_people_read_them) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
