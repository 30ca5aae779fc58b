/* Tests of what follows from the licences of the register (E2). */
#include <setjmp.h>
#include <stdarg.h>

#include "app/licence/licence.h"

#include <cmocka.h>

static const licence *by(const char *code)
{
    const licence *l = licence_by_code(str_of(code));
    assert_non_null(l);
    return l;
}

static bool holds(const licences *l, const char *code)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->v[i]->code, str_of(code)))
            return true;
    return false;
}

static licences combined(arena *a, const char *x, const char *y)
{
    licences from = { 0 };
    list_add(a, &from, by(x));
    if (y != NULL)
        list_add(a, &from, by(y));
    return licence_combine(a, &from);
}

static void ogdl_goes_into_cc_by_and_not_back(void **state)
{
    (void)state;
    assert_true(licence_moves_to(by("OGDL-Taiwan-1.0"), by("CC-BY-4.0")));
    assert_false(licence_moves_to(by("CC-BY-4.0"), by("OGDL-Taiwan-1.0")));
    assert_true(licence_moves_to(by("OGDL-Taiwan-1.0"), by("CC-BY-SA-4.0")));    /* over CC BY 4.0 */
    assert_true(licence_moves_to(by("OGDL-Taiwan-1.0"), by("OGDL-Taiwan-1.0")));
    assert_false(licence_moves_to(by("CC-BY-NC-4.0"), by("CC-BY-4.0")));
}

static void combinations_take_the_stricter_licence(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    licences l = combined(a, "OGDL-Taiwan-1.0", "CC-BY-4.0");
    assert_true(holds(&l, "CC-BY-4.0"));
    assert_false(holds(&l, "OGDL-Taiwan-1.0"));
    l = combined(a, "OGDL-Taiwan-1.0", "CC-BY-SA-4.0");
    assert_true(holds(&l, "CC-BY-SA-4.0"));
    assert_int_equal(l.n, 1);
    l = combined(a, "CC0-1.0", "OGDL-Taiwan-1.0");
    assert_true(holds(&l, "OGDL-Taiwan-1.0"));
    arena_free(a);
}

static void some_cannot_be_joined(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    assert_int_equal(combined(a, "CC-BY-SA-4.0", "ODbL-1.0").n, 0);     /* two share-alikes */
    assert_int_equal(combined(a, "CC-BY-NC-4.0", "CC-BY-SA-4.0").n, 0);
    assert_int_equal(combined(a, "custom", "custom").n, 0);             /* terms of two agencies are not one licence */
    assert_int_equal(combined(a, "CC-BY-ND-4.0", NULL).n, 0);           /* no adaptations */
    assert_int_equal(licence_combine(a, &(licences){ 0 }).n, 0);
    arena_free(a);
}

static void every_licence_of_the_register_is_known_where_it_is_named(void **state)
{
    (void)state;
    const vocabulary *voc = vocabulary_get();
    for (size_t i = 0; i < voc->licences.n; i++) {
        str rest = voc->licences.v[i].compatible_with, code;
        while (str_next(&rest, ' ', &code))
            assert_true(code.n == 0 || licence_by_code(code) != NULL);
    }
}

static void attribution_is_filled(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    str s = licence_attribution(a, by("OGDL-Taiwan-1.0"), S("交通部"), S("2024"), S("公車站牌"), S("1.0"));
    assert_true(str_has(s, S("交通部 2024 公車站牌1.0")));
    assert_true(str_has(s, S("https://data.gov.tw/license")));
    assert_false(str_has(s, S("{")));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ogdl_goes_into_cc_by_and_not_back),
        cmocka_unit_test(combinations_take_the_stricter_licence),
        cmocka_unit_test(some_cannot_be_joined),
        cmocka_unit_test(every_licence_of_the_register_is_known_where_it_is_named),
        cmocka_unit_test(attribution_is_filled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
