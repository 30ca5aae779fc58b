#include "kit/geo/shp_part.h"
#include "kit/table/collect_test.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void near(tm2_grid g, double x, double y, double lon, double lat, double degrees)
{
    double a, b;
    tm2_to_lonlat(g, x, y, &a, &b);
    if (fabs(a - lon) > degrees || fabs(b - lat) > degrees)
        fail_msg("%s %.3f %.3f: %.9f %.9f", tm2_name(g), x, y, a, b);
}

static void grids(void **state)
{
    (void)state;
    near(TM2_TWD97_121, 250000, 2599651.349, 121, 23.5, 1e-8);
    near(TM2_TWD97_121, 300470.412, 2765870.634, 121.5, 25, 1e-8);
    near(TM2_TWD97_121, 178046.043, 2503482.024, 120.3, 22.63, 1e-8);
    near(TM2_TWD97_119, 309205.235, 2607523.012, 119.58, 23.57, 1e-8);
    near(TM2_TWD97_119, 181046.461, 2702814.971, 118.32, 24.43, 1e-8);
    /* TWD67 is 828.7 m west and 206.2 m north of TWD97 at 300000, 2770000. */
    double lon, lat;
    tm2_to_lonlat(TM2_TWD97_121, 300828.7, 2769793.8, &lon, &lat);
    near(TM2_TWD67_121, 300000, 2770000, lon, lat, 2e-6);
}

static void said(void **state)
{
    (void)state;
    assert_int_equal(tm2_of_wkt(S("PROJCS[\"TWD97_TM2\",GEOGCS[\"GCS_TWD_1997\",DATUM[\"D_TWD_1997\",SPHEROID[\"GRS_1980\"]]],"
                                  "PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"Central_Meridian\",121.0]]")), TM2_TWD97_121);
    assert_int_equal(tm2_of_wkt(S("PROJCS[\"TWD67\",PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"central_meridian\",119]]")), TM2_TWD67_119);
    assert_int_equal(tm2_of_wkt(S("GEOGCS[\"GCS_WGS_1984\"]")), TM2_LONLAT);
    assert_int_equal(tm2_of_wkt(S("PROJCS[\"OSGB\",PROJECTION[\"Transverse_Mercator\"]]")), TM2_NONE);
    assert_int_equal(tm2_of_range(119, 21, 122, 26), TM2_LONLAT);
    assert_int_equal(tm2_of_range(160000, 2420000, 350000, 2800000), TM2_TWD97_121);
    assert_int_equal(tm2_of_range(0, 0, 1e6, 1e6), TM2_NONE);
    assert_int_equal(tm2_of_titles(S("TWD97_X"), S("TWD97_Y")), TM2_TWD97_121);
    assert_int_equal(tm2_of_titles(S("X座標(TWD67)"), S("Y座標(TWD67)")), TM2_TWD67_121);
    assert_int_equal(tm2_of_titles(S("TM2_119 X"), S("TM2_119 Y")), TM2_TWD97_119);
}

static void village(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    collected k;
    const char *const dir = "../shared/corpus/geo/moi-village/Village_Sanhe";
    if (!file_exists(&c, str_fmt(c.a, "%s.shp", dir))) {
        print_message("no files under %s: not tried\n", dir);
    } else {
        auto_fd shp = file_open(&c, str_fmt(c.a, "%s.shp", dir)), attributes = file_open(&c, str_fmt(c.a, "%s.dbf", dir)),
                prj = file_open(&c, str_fmt(c.a, "%s.prj", dir));
        shp_parts p = { { 0 }, { 0 }, { 0 }, { 0 } };
        assert_true(source_open(&c, shp, S("shp"), &p.shp) && source_open(&c, attributes, S("dbf"), &p.dbf) && source_open(&c, prj, S("prj"), &p.prj));
        table_sink sink = collect_into(&k, c.a, 5);
        if (!shp_read(&c, &p, S("village"), &sink))
            fail_msg("%.*s", S_ARG(c.err.message));
        assert_int_equal(k.rows, 1);
        if (getenv("SHOW") != NULL)
            print_message("%.*s\n", S_ARG(buf_str(&k.out)));
        assert_true(str_has(buf_str(&k.out), S("三和")));
        assert_true(str_has(buf_str(&k.out), S("{\"type\":\"MultiPolygon\",\"coordinates\":[[[[12")));
    }
    arena_free(c.a);
}

/* A record of a DBF with one numeric field of 31 places. */
static void numbers_of_attributes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "781862.000004000030458", "781862.000004" }, { "  2958580.000014999881387", "2958580.000015" }, { "-0.100000000000000005551", "-0.1" },
        { "0.333333333333333314830", "0.3333333333333333" }, { "121.500000000000", "121.500000000000" }, { "12345678901234567890", "12345678901234567890" },
        { "0.000000000000000000001234", "0.000000000000000000001234" }, { "0.00", "0.00" },
    };
    for (size_t i = 0; i < array_len(cases); i++) {
        ctx c = { .a = arena_new(4096) };
        char bytes[97] = { 3, 0, 0, 0, 1, 0, 0, 0, 65, 0, 32, 0 };
        memcpy(bytes + 32, "X\0\0\0\0\0\0\0\0\0\0N", 12);
        bytes[48] = 31;
        bytes[64] = 0x0d;
        memset(bytes + 65, ' ', 32);
        memcpy(bytes + 66, cases[i][0], strlen(cases[i][0]));
        source s = source_memory((str){ bytes, sizeof bytes }, S("x.dbf")), none = { 0 };
        dbf d = { 0 };
        bool deleted;
        assert_true(shp_dbf_open(&c, &s, &none, &d) && shp_dbf_row(&c, &d, 0, &deleted));
        str value = shp_dbf_value(&c, &d, 0);
        if (!str_eq(value, str_of(cases[i][1])))
            fail_msg("%s: %.*s", cases[i][0], S_ARG(value));
        shp_dbf_close(&d);
        arena_free(c.a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(grids), cmocka_unit_test(said), cmocka_unit_test(village), cmocka_unit_test(numbers_of_attributes) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
