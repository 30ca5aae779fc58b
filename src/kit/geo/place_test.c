/* Maps in all their formats come to one form (place.h); damaged and hostile ones are refused or told. */
#include "kit/geo/geojson.h"
#include "kit/geo/gpkg.h"
#include "kit/geo/kml.h"
#include "kit/geo/topojson.h"
#include "kit/geo/wkb.h"
#include "kit/table/collect_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>

typedef bool reader(ctx *c, const source *s, const reader_options *o, const table_sink *sink);

static bool run(ctx *c, reader *read, str bytes, collected *k)
{
    auto_fd scratch = collect_file((str){ 0 });
    source s = source_memory(bytes, S("file"));
    table_sink sink = collect_into(k, c->a, 5);
    return read(c, &s, &(reader_options){ .scratch = scratch, .max_bytes = 1 << 24 }, &sink);
}

static void reads(reader *read, str bytes, const char *expected)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    if (!run(&c, read, bytes, &k))
        fail_msg("%.*s", S_ARG(c.err.message));
    assert_string_equal(str_z(c.a, buf_str(&k.out)), expected);
    arena_free(c.a);
}

static void refuses(reader *read, str bytes, err_code code, const char *part)
{
    ctx c = { .a = arena_new(4096) };
    collected k;
    assert_false(run(&c, read, bytes, &k));
    if (c.err.code != code || !str_has(c.err.message, str_of(part)))
        fail_msg("%d %.*s", (int)c.err.code, S_ARG(c.err.message));
    arena_free(c.a);
}

static void geojson(void **state)
{
    (void)state;
    reads(geojson_read, S("{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"n\":1},\"geometry\":{\"type\":\"Point\",\"coordinates\":[121.50, 25]}},"
                          "{\"type\":\"Feature\",\"properties\":{\"n\":2},\"geometry\":null}]}"),
          "table  cols=4 header=1 notes=0\n= n:number | lon:number | lat:number | geometry:geometry\n"
          "1@1 1 | 121.50 | 25 | {\"type\":\"Point\",\"coordinates\":[121.50,25]}\n2@1 2 | ∅ | ∅ | ∅\nend rows=2\n");
    /* Said, and taken from the range. */
    reads(geojson_read, S("{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::3826\"}},\"features\":["
                          "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[300470.412,2765870.634,9],[250000,2599651.349]]}}]}"),
          "table  cols=1 header=1 notes=0\n= geometry:geometry\n! grid_converted col=1 count=1 TWD97 TM2 121\n"
          "1@1 {\"type\":\"LineString\",\"coordinates\":[[121.5,25],[121,23.5]]}\nend rows=1\n");
    reads(geojson_read, S("{\"type\":\"FeatureCollection\",\"features\":["
                          "{\"type\":\"Feature\",\"properties\":{\"a\":\"b\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[250000,2599651.349]}}]}"),
          "table  cols=4 header=1 notes=0\n= a:text | lon:number | lat:number | geometry:geometry\n! grid_unsaid col=4 count=1 TWD97 TM2 121\n"
          "1@1 b | 121 | 23.5 | {\"type\":\"Point\",\"coordinates\":[121,23.5]}\nend rows=1\n");
    reads(geojson_read, S("{\"type\":\"FeatureCollection\",\"features\":["
                          "{\"type\":\"Feature\",\"properties\":{\"a\":\"b\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2599651]}}]}"),
          "table  cols=4 header=1 notes=0\n= a:text | lon:number | lat:number | geometry:geometry\n! grid_unknown col=4 count=1 \n"
          "1@1 b | 1 | 2599651 | {\"type\":\"Point\",\"coordinates\":[1,2599651]}\nend rows=1\n");
}

#define KML(inside) S("<?xml version=\"1.0\"?><kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>" inside "</Document></kml>")

static void kml(void **state)
{
    (void)state;
    reads(kml_read, KML("<Style><name>no</name></Style><Folder><name>北區</name><Placemark><name>甲</name><description><![CDATA[<b>x</b>]]></description>"
                        "<ExtendedData><Data name=\"電話\"><value>02</value></Data><SchemaData><SimpleData name=\"n\">3</SimpleData></SchemaData></ExtendedData>"
                        "<Point><coordinates>\n121.5,25.0,0\n</coordinates></Point></Placemark></Folder>"
                        "<Placemark><name>乙</name><TimeStamp><when>2024</when></TimeStamp></Placemark>"),
          "table  cols=9 header=1 notes=0\n= folder:text | name:text | description:text | 電話:text | n:text | when:text | lon:number | lat:number | geometry:geometry\n"
          "1@1 北區 | 甲 | <b>x</b> | 02 | 3 | ∅ | 121.5 | 25 | {\"type\":\"Point\",\"coordinates\":[121.5,25]}\n"
          "2@2 ∅ | 乙 | ∅ | ∅ | ∅ | 2024 | ∅ | ∅ | ∅\nend rows=2\n");
}

static void kml_shapes(void **state)
{
    (void)state;
    reads(kml_read, KML("<Placemark><MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs>"
                        "<innerBoundaryIs><LinearRing><coordinates>.1,.1 .2,.1 .2,.2 .1,.1</coordinates></LinearRing></innerBoundaryIs></Polygon>"
                        "<Polygon><outerBoundaryIs><LinearRing><coordinates>5, 5, 0 6,5 6,6 5,5</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark>"
                        "<Placemark><MultiGeometry><Point><coordinates>1,2</coordinates></Point><LineString><coordinates>1,2 3,4</coordinates></LineString></MultiGeometry></Placemark>"
                        "<Placemark xmlns:gx=\"g\"><gx:Track><gx:coord>1 2 3</gx:coord><gx:coord>4 5 6</gx:coord></gx:Track></Placemark>"
                        "<Placemark><Point><coordinates>here</coordinates></Point></Placemark>"),
          "table  cols=1 header=1 notes=0\n= geometry:geometry\n"
          "1@1 {\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]],[[0.1,0.1],[0.2,0.1],[0.2,0.2],[0.1,0.1]]],[[[5,5],[6,5],[6,6],[5,5]]]]}\n"
          "2@2 {\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\",\"coordinates\":[1,2]},{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]}]}\n"
          "3@3 {\"type\":\"LineString\",\"coordinates\":[[1,2],[4,5]]}\n4@4 ∅\nend rows=4\n");
    refuses(kml_read, KML("<NetworkLink><Link><href>http://x</href></Link></NetworkLink>"), ERR_INVALID, "NetworkLink");
    refuses(kml_read, KML("<Folder/>"), ERR_INVALID, "no place");
    refuses(kml_read, S("<kml><Placemark>"), ERR_INVALID, "no well-formed XML");
    refuses(kml_read, S("<!DOCTYPE k [<!ENTITY a 'ha'>]><kml>&a;</kml>"), ERR_INVALID, "declares the entity");
}

static void topojson(void **state)
{
    (void)state;
    const char *const whole = "{\"type\":\"Topology\",\"objects\":{\"甲\":{\"type\":\"GeometryCollection\",\"geometries\":["
        "{\"type\":\"Polygon\",\"id\":7,\"properties\":{\"n\":1.50},\"arcs\":[[0,1]]},{\"type\":\"LineString\",\"properties\":{\"n\":2},\"arcs\":[-1]},{\"type\":null}]},"
        "\"乙\":{\"type\":\"Point\",\"coordinates\":[2,4]}},"
        "\"arcs\":[[[0,0],[2,0],[0,2]],[[2,2],[-2,-2]]],\"transform\":{\"scale\":[0.5,0.25],\"translate\":[100,20]}}";
    reads(topojson_read, str_of(whole),
          "table 甲 cols=3 header=1 notes=0\n= id:number | n:number | geometry:geometry\n"
          "1@1 7 | 1.50 | {\"type\":\"Polygon\",\"coordinates\":[[[100,20],[101,20],[101,20.5],[100,20]]]}\n"
          "2@2 ∅ | 2 | {\"type\":\"LineString\",\"coordinates\":[[101,20.5],[101,20],[100,20]]}\n3@3 ∅ | ∅ | ∅\nend rows=3\n"
          "table 乙 cols=3 header=1 notes=0\n= lon:number | lat:number | geometry:geometry\n1@1 101 | 21 | {\"type\":\"Point\",\"coordinates\":[101,21]}\nend rows=1\n");
    refuses(topojson_read, S("{\"type\":\"Topology\",\"objects\":{\"a\":{\"type\":\"LineString\",\"arcs\":[3]}},\"arcs\":[[[0,0],[1,1]]]}"), ERR_INVALID, "arc that is not there");
    refuses(topojson_read, S("{\"type\":\"Topology\",\"objects\":[],\"arcs\":[]}"), ERR_INVALID, "another form");
    refuses(topojson_read, S("{\"type\":\"Topology\",\"arcs\":[[[0]]]}"), ERR_INVALID, "less than two");
    refuses(topojson_read, S("{\"type\":\"Topology\""), ERR_INVALID, "no JSON");
}

static void binary(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    buf b = buf_in(c.a);
    static const char point[] = "\0\0\0\0\1\x40\x5e\x60\0\0\0\0\0\x40\x39\0\0\0\0\0\0";         /* 121.5, 25 by the large end first */
    assert_true(wkb_json(&b, (str){ point, sizeof point - 1 }, TM2_LONLAT));
    assert_string_equal(str_z(c.a, buf_str(&b)), "{\"type\":\"Point\",\"coordinates\":[121.5,25]}");
    for (size_t n = 0; n < sizeof point - 1; n++)
        assert_false(wkb_json(&b, (str){ point, n }, TM2_LONLAT));
    assert_false(wkb_json(&b, S("\1\3\0\0\0\xff\xff\xff\xff"), TM2_LONLAT));        /* more rings than bytes */
    assert_false(wkb_of_gpkg(&b, S("GP\0\xff____________"), TM2_LONLAT));
    arena_free(c.a);
}

static str database(ctx *c, const char *sql)
{
    sqlite3 *db;
    sqlite3_int64 n;
    char *wrong = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &wrong) != SQLITE_OK)
        fail_msg("%s", wrong);
    unsigned char *p = sqlite3_serialize(db, "main", &n, 0);
    str bytes = str_dup(c->a, (str){ (const char *)p, (size_t)n });
    sqlite3_free(p);
    sqlite3_close(db);
    return bytes;
}

#define GPKG "CREATE TABLE gpkg_spatial_ref_sys(srs_id INTEGER PRIMARY KEY, organization, organization_coordsys_id, definition);" \
    "INSERT INTO gpkg_spatial_ref_sys VALUES(9,'EPSG',3826,'');" \
    "CREATE TABLE gpkg_contents(table_name, data_type, identifier); CREATE TABLE gpkg_geometry_columns(table_name, column_name, geometry_type_name, srs_id);"

static void packages(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    reads(gpkg_read, database(&c, GPKG "CREATE TABLE \"a\"\"b\"(id INTEGER PRIMARY KEY, geom, 名 TEXT, pic); INSERT INTO gpkg_contents VALUES('a\"b','features','站點'),('gone','features','x');"
              "INSERT INTO gpkg_geometry_columns VALUES('a\"b','geom','POINT',9);"
              /* 250000, 2599651.349 in TWD97 */
              "INSERT INTO \"a\"\"b\" VALUES(1, x'475000010900000001010000000000000080840E413108ACAC71D54341', '甲', x'00'), (2, x'4750', '乙', NULL), (3, NULL, NULL, 2.5)"),
          "table 站點 cols=6 header=1 notes=0\n= id | 名 | pic | lon:number | lat:number | geometry:geometry\n"
          "1 1 | 甲 | ∅ | 121 | 23.5 | {\"type\":\"Point\",\"coordinates\":[121,23.5]}\n2 2 | 乙 | ∅ | ∅ | ∅ | ∅\n3 3 | ∅ | 2.5 | ∅ | ∅ | ∅\n"
          "! binary_value row=1 col=3 count=1 \n! shape_damaged row=2 col=6 count=1 \nend rows=3\n");
    reads(gpkg_read, database(&c, "CREATE TABLE t(a, b TEXT); INSERT INTO t VALUES(1, 'x'), (0.1, NULL); CREATE VIEW v AS SELECT * FROM t; CREATE INDEX i ON t(a);"),
          "table t cols=2 header=1 notes=0\n= a | b\n1 1 | x\n2 0.1 | ∅\nend rows=2\n");
    arena_free(c.a);
}

static void hostile_databases(void **state)
{
    (void)state;
    ctx c = { .a = arena_new(4096) };
    refuses(gpkg_read, database(&c, "CREATE TABLE t(a, b AS (zeroblob(a))); INSERT INTO t(a) VALUES(1000000000)"), ERR_TOO_LARGE, "more than");
    refuses(gpkg_read, database(&c, "CREATE VIEW v AS SELECT 1"), ERR_INVALID, "without a table");
    refuses(gpkg_read, database(&c, GPKG "CREATE VIEW v AS SELECT randomblob(1000000000); INSERT INTO gpkg_contents VALUES('v','features','v')"), ERR_INVALID, "without a table");
    refuses(gpkg_read, S("SQLite format 3\0 and no more"), ERR_INVALID, "cannot be read as an SQLite");
    str whole = database(&c, "CREATE TABLE t(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT 'text ' || i FROM n");
    /* Every few bytes another is changed: whatever comes of it, it comes in order. */
    for (size_t i = 0; i < whole.n; i += 61) {
        ctx d = { .a = arena_new(4096) };
        collected k;
        char *p = str_z(d.a, whole);
        p[i] ^= 0x55;
        bool ok = run(&d, gpkg_read, (str){ p, whole.n }, &k);
        assert_true(ok == (d.err.code == ERR_OK));
        arena_free(d.a);
    }
    arena_free(c.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(geojson), cmocka_unit_test(kml), cmocka_unit_test(kml_shapes), cmocka_unit_test(topojson),
                                        cmocka_unit_test(binary), cmocka_unit_test(packages), cmocka_unit_test(hostile_databases) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
