/* Exports in every form: exact bytes, pieces, the guard, and CSV → table → CSV without a difference. */
#include "base.h"

#include "kit/export/export.h"
#include "kit/table/column_make_test.h"
#include "kit/table/csv.h"
#include "kit/text/json_read.h"

#include <sqlite3.h>
#include <stdio.h>

typedef struct { ctx c; test_table made; query_table *t; } world;

enum { COLS = 6, ROWS = 4 };
static const char *const titles[COLS] = { "名稱", "數量", "比率", "日期", "經度", "緯度" };
static const char *const cells[ROWS][COLS] = {
    { "臺北, \"甲\"", "1,234", "0.50", "104/07/24", "121.5", "25.04" },
    { "=1+1", "-7", "", "104/7/5", "121.25", "25" },
    { "a\tb\nc", "0", "3.25", "104/12/31", "", "" },
    { "<&> \x01", "12", "-0.05", "", "120.1", "24.5" },
};

static void no_error(ctx *c, bool ok)
{
    if (!ok)
        fail_msg("%s: %.*s", err_name(c->err.code), S_ARG(c->err.message));
}

static void make(world *w)
{
    *w = (world){ .c = { .a = arena_new(1 << 16) } };
    str t[COLS], v[ROWS * COLS];
    table_field fields[COLS] = { 0 };
    const column_type types[COLS] = { COLUMN_text, COLUMN_integer, COLUMN_decimal, COLUMN_date, COLUMN_longitude, COLUMN_latitude };
    static const char *const names[COLS] = { "name", "amount", "rate", "day", "lon", "lat" };
    for (size_t i = 0; i < COLS; i++) {
        t[i] = str_of(titles[i]);
        fields[i] = (table_field){ .name = str_of(names[i]), .title = t[i], .has_type = true, .type = types[i] };
    }
    for (size_t i = 0; i < ROWS * COLS; i++)
        v[i] = str_of(cells[i / COLS][i % COLS]);
    table_schema schema = { .fields = fields, .n = COLS };
    test_open(&w->made, &w->c);
    w->made.plan.schema = &schema;
    test_build(&w->made, t, COLS, v, ROWS);
    no_error(&w->c, query_table_new(&w->c, &w->made.file, 1, &w->t));
}

static void unmake(world *w)
{
    query_table_free(w->t);
    test_close(&w->made);
    arena_free(w->c.a);
}

static str all(world *w, export_plan p, size_t piece)
{
    ctx *c = &w->c;
    export *e;
    buf b = buf_in(c->a);
    size_t *cols = new_n(c->a, size_t, query_table_columns(w->t));
    for (size_t i = 0; i < query_table_columns(w->t); i++)
        cols[i] = i;
    if (p.cols == NULL) {
        p.cols = cols;
        p.col_count = query_table_columns(w->t);
    }
    p.t = w->t;
    p.limit = p.limit > 0 ? p.limit : UINT64_MAX;
    no_error(c, query_select(c, w->t, NULL, NULL, 0, &p.walk));
    no_error(c, export_new(c, &p, &e));
    c->deadline_ms = 1;             /* of the question, and over: an answer that has begun goes on */
    for (bool more = true; more;) {
        buf one = buf_in(c->a);
        no_error(c, export_next(c, e, &one, piece, &more));
        buf_add(&b, buf_str(&one));
    }
    export_free(e);
    c->deadline_ms = 0;
    return buf_str(&b);
}

static void same(str got, const char *want)
{
    if (!str_eq(got, str_of(want)))
        fail_msg("got:\n%.*s\nnot:\n%s", S_ARG(got), want);
}

static void csv_as_published(void **state)
{
    (void)state;
    world w;
    make(&w);
    const char *want = "名稱,數量,比率,日期,經度,緯度\r\n\"臺北, \"\"甲\"\"\",\"1,234\",0.50,104/07/24,121.5,25.04\r\n=1+1,-7,,104/7/5,121.25,25\r\n"
                       "\"a\tb\nc\",0,3.25,104/12/31,,\r\n<&> \x01,12,-0.05,,120.1,24.5\r\n";
    same(all(&w, (export_plan){ .format = EXPORT_CSV, .titles = true }, 1), want);
    same(all(&w, (export_plan){ .format = EXPORT_CSV, .titles = true }, 100000), want);
    same(all(&w, (export_plan){ .format = EXPORT_CSV, .limit = 1, .bom = true, .separator = ';', .typed = true }, 10),
         "\xef\xbb\xbfname;amount;rate;day;lon;lat\r\n\"臺北, \"\"甲\"\"\";1234;0.5;2015-07-24;121.5;25.04\r\n");
    unmake(&w);
}

static void formulas_are_guarded_when_asked(void **state)
{
    (void)state;
    world w;
    make(&w);
    const size_t two[] = { 0, 1 };
    same(all(&w, (export_plan){ .format = EXPORT_CSV, .cols = two, .col_count = 2, .guard = true, .no_header = true, .typed = true }, 1),
         "\"臺北, \"\"甲\"\"\",1234\r\n'=1+1,-7\r\n\"a\tb\nc\",0\r\n<&> \x01,12\r\n");
    same(all(&w, (export_plan){ .format = EXPORT_TSV, .cols = two, .col_count = 2, .guard = true, .no_header = true }, 1),
         "臺北, \"甲\"\t1,234\n'=1+1\t-7\na b c\t0\n<&> \x01\t12\n");
    unmake(&w);
}

static void json_is_typed(void **state)
{
    (void)state;
    world w;
    make(&w);
    const size_t some[] = { EXPORT_ROW, 0, 1, 2, 3 };
    export_plan p = { .format = EXPORT_NDJSON, .cols = some, .col_count = 5 };
    same(all(&w, p, 1), "{\"_id\":1,\"name\":\"臺北, \\\"甲\\\"\",\"amount\":1234,\"rate\":0.5,\"day\":\"2015-07-24\"}\n"
                        "{\"_id\":2,\"name\":\"=1+1\",\"amount\":-7,\"rate\":null,\"day\":\"2015-07-05\"}\n"
                        "{\"_id\":3,\"name\":\"a\\tb\\nc\",\"amount\":0,\"rate\":3.25,\"day\":\"2015-12-31\"}\n"
                        "{\"_id\":4,\"name\":\"<&> \\u0001\",\"amount\":12,\"rate\":-0.05,\"day\":null}\n");
    p.format = EXPORT_JSON;
    p.lists = true;
    p.limit = 2;
    p.head = S("{\"x\":");
    p.foot = S("}");
    str text = all(&w, p, 1);
    same(text, "{\"x\":[\n[1,\"臺北, \\\"甲\\\"\",1234,0.5,\"2015-07-24\"],\n[2,\"=1+1\",-7,null,\"2015-07-05\"]\n]\n}");
    unmake(&w);
}

static void xml_and_geojson(void **state)
{
    (void)state;
    world w;
    make(&w);
    const size_t some[] = { EXPORT_ROW, 0, 2 };
    same(all(&w, (export_plan){ .format = EXPORT_XML, .cols = some, .col_count = 3, .typed = true }, 1),
         "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<data xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
         "<row _id=\"1\"><name>臺北, &quot;甲&quot;</name><rate>0.5</rate></row>\n"
         "<row _id=\"2\"><name>=1+1</name><rate xsi:nil=\"true\"/></row>\n<row _id=\"3\"><name>a\tb\nc</name><rate>3.25</rate></row>\n"
         "<row _id=\"4\"><name>&lt;&amp;&gt; \xef\xbf\xbd</name><rate>-0.05</rate></row>\n</data>\n");
    str geo = all(&w, (export_plan){ .format = EXPORT_GEOJSON, .cols = some + 1, .col_count = 1 }, 1);
    json v;
    no_error(&w.c, json_parse(&w.c, geo, &v));
    const json *f = json_get(&v, "features");
    assert_int_equal(f->arr.n, ROWS);
    assert_true(json_get(json_get(&f->arr.v[0], "geometry"), "coordinates")->arr.v[1].r == 25.04);
    assert_int_equal(json_get(&f->arr.v[2], "geometry")->type, JSON_NULL);
    unmake(&w);
}

static void a_workbook_is_an_archive(void **state)
{
    (void)state;
    world w;
    make(&w);
    str x = all(&w, (export_plan){ .format = EXPORT_XLSX, .name = S("表") }, 1), o = all(&w, (export_plan){ .format = EXPORT_ODS, .name = S("表") }, 1);
    assert_true(str_starts(x, S("PK\x03\x04")) && str_starts(o, S("PK\x03\x04")));
    assert_true(str_has(x, S("xl/worksheets/sheet1.xml")) && str_has(o, S("mimetypeapplication/vnd.oasis.opendocument.spreadsheet")));
    assert_true(str_has(x, S("PK\x05\x06")) && str_has(o, S("PK\x05\x06")));
    unmake(&w);
}

/* What a column says, by one row of a query. */
static const char *asked(sqlite3 *db, const char *sql, char room[200])
{
    sqlite3_stmt *s;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    snprintf(room, 200, "%s", (const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    return room;
}

static void an_sqlite_file_answers(void **state)
{
    (void)state;
    world w;
    make(&w);
    char room[200];
    str bytes = all(&w, (export_plan){ .format = EXPORT_SQLITE }, 4096);
    sqlite3 *db;
    assert_true(str_starts(bytes, S("SQLite format 3")));
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_deserialize(db, "main", (unsigned char *)str_z(w.c.a, bytes), (sqlite3_int64)bytes.n, (sqlite3_int64)bytes.n,
                                         SQLITE_DESERIALIZE_READONLY), SQLITE_OK);
    assert_string_equal(asked(db, "PRAGMA integrity_check", room), "ok");
    assert_string_equal(asked(db, "SELECT count(*) FROM data", room), str_z(w.c.a, str_fmt(w.c.a, "%zu", (size_t)query_table_rows(w.t))));
    assert_string_equal(asked(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'index'", room), "0");
    for (size_t i = 0; i < query_table_columns(w.t); i++) {
        const column_about *a = query_table_about(w.t, i);
        str sql = str_fmt(w.c.a, "SELECT title || ' ' || type FROM columns WHERE position = %zu AND name = '%.*s'", i + 1, S_ARG(a->name));
        assert_string_equal(asked(db, str_z(w.c.a, sql), room), str_z(w.c.a, str_fmt(w.c.a, "%.*s %s", S_ARG(a->title), column_type_name(a->type))));
        /* Numbers are numbers, absent values are none. */
        export_kind k = export_kind_of(a->type);
        const char *type = k == EXPORT_INTEGER || k == EXPORT_BOOLEAN ? "integer" : k == EXPORT_NUMBER ? "real" : "text";
        sql = str_fmt(w.c.a, "SELECT count(*) FROM data WHERE typeof(\"%.*s\") NOT IN ('null', '%s')", S_ARG(a->name), type);
        assert_string_equal(asked(db, str_z(w.c.a, sql), room), "0");
        sql = str_fmt(w.c.a, "SELECT count(*) FROM data WHERE \"%.*s\" IS NULL", S_ARG(a->name));
        assert_string_equal(asked(db, str_z(w.c.a, sql), room), str_z(w.c.a, str_fmt(w.c.a, "%zu", (size_t)a->stats.null_count)));
    }
    sqlite3_close(db);
    unmake(&w);
}

static void geometries_are_geojson(void **state)
{
    (void)state;
    world w = { .c = { .a = arena_new(1 << 16) } };
    ctx *c = &w.c;
    test_open(&w.made, c);
    column_build *b = column_build_new(c, &w.made.plan);
    table_sink sink = column_build_sink(b);
    table_column_head cols[] = { { .title = S("name") }, { .title = S("geometry"), .hint = S("geometry") } };
    const str values[] = { S("甲"), S("{\"type\":\"Point\",\"coordinates\":[121.5,25]}"), S("乙"), { 0 }, S("丙"), S("{}}"), S("丁"), S("POINT(1 2)") };
    assert_true(sink.begin(c, sink.to, &(table_head){ .cols = cols, .col_count = 2, .header_rows = 1 }));
    assert_true(sink.block(c, sink.to, &(table_block){ .rows = 4, .cols = 2, .cells = values, .first_row = 1 }));
    assert_true(sink.end(c, sink.to));
    column_build_free(b);
    no_error(c, column_file_open_fd(c, w.made.out, &w.made.file));
    no_error(c, query_table_new(c, &w.made.file, 1, &w.t));
    assert_int_equal(query_table_about(w.t, 1)->type, COLUMN_geometry);
    assert_string_equal(str_z(c->a, all(&w, (export_plan){ .format = EXPORT_GEOJSON }, 1)),
                        "{\"type\":\"FeatureCollection\",\"features\":[\n"
                        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[121.5,25]},\"properties\":{\"name\":\"甲\"}},\n"
                        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"name\":\"乙\"}},\n"
                        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"name\":\"丙\"}},\n"
                        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"name\":\"丁\"}}\n]}\n");
    unmake(&w);
}

static bool no_finding(ctx *c, void *to, const table_finding *f)
{
    (void)c;
    (void)to;
    (void)f;
    return true;
}

static void csv_comes_back(void **state)
{
    (void)state;
    static const char *const pieces[] = { "臺北市", "\"", ",", "\n", "\r\n", "x", "12", "-3.5", "", "104/7/5", "＝", "=", " ", "007" };
    for (uint64_t seed = 1; seed <= 60; seed++) {
        world w = { .c = { .a = arena_new(1 << 16) } };
        ctx *c = &w.c;
        size_t cols = 2 + seed % 5, rows = 1 + seed * 37 % 400;
        str *names = new_n(c->a, str, cols), *v = new_n(c->a, str, cols * rows);
        uint64_t any = seed * 88172645463325252u;
        for (size_t i = 0; i < cols; i++)
            names[i] = str_fmt(c->a, "欄位%zu", i);
        for (size_t i = 0; i < cols * rows; i++) {
            buf b = buf_in(c->a);
            if (i % cols == 0)
                buf_fmt(&b, "r%zu ", i);
            for (size_t n = (any >> 40) % 4; n > 0; n--) {
                any ^= any << 13, any ^= any >> 7, any ^= any << 17;
                buf_add(&b, i % cols == 1 ? S("7") : str_of(pieces[any % array_len(pieces)]));
            }
            any ^= any << 13, any ^= any >> 7, any ^= any << 17;
            v[i] = b.n > 0 ? buf_str(&b) : S("");
        }
        test_open(&w.made, c);
        test_build(&w.made, names, cols, v, rows);
        no_error(c, query_table_new(c, &w.made.file, 1, &w.t));
        str first = all(&w, (export_plan){ .format = EXPORT_CSV, .titles = true }, 4096);
        world again = { .c = { .a = arena_new(1 << 16) } };
        test_open(&again.made, &again.c);
        column_build *b = column_build_new(&again.c, &again.made.plan);
        table_sink sink = column_build_sink(b);
        sink.finding = no_finding;
        source s = source_memory(first, S("x.csv"));
        csv_found found;
        no_error(&again.c, csv_read(&again.c, &s, &(csv_declared){ .encoding = S("UTF-8"), .sep = ',', .quote = '"', .header_rows = 1 }, &sink, &found));
        column_build_free(b);
        no_error(&again.c, column_file_open_fd(&again.c, again.made.out, &again.made.file));
        no_error(&again.c, query_table_new(&again.c, &again.made.file, 1, &again.t));
        str second = all(&again, (export_plan){ .format = EXPORT_CSV, .titles = true }, 4096);
        if (!str_eq(first, second))
            fail_msg("seed %d:\n%.*s\nbecame\n%.*s", (int)seed, S_ARG(first), S_ARG(second));
        unmake(&again);
        unmake(&w);
    }
}

/* Metres of Taiwan's grid are no GeoJSON: the place is converted, the cells stay. The point is Taipei 101 in EPSG 3826. */
static void metres_become_degrees(void **state)
{
    (void)state;
    world w = { .c = { .a = arena_new(1 << 16) } };
    const str t[] = { S("名稱"), S("TWD97X"), S("TWD97Y") };
    const str v[] = { S("甲"), S("306899.12"), S("2769603.5"), S("乙"), S(""), S("2769603.5") };
    table_field fields[] = { { .name = S("name"), .title = t[0], .has_type = true, .type = COLUMN_text },
                             { .name = S("x"), .title = t[1], .has_type = true, .type = COLUMN_easting },
                             { .name = S("y"), .title = t[2], .has_type = true, .type = COLUMN_northing } };
    table_schema schema = { .fields = fields, .n = 3 };
    export_places at;
    test_open(&w.made, &w.c);
    w.made.plan.schema = &schema;
    test_build(&w.made, t, 3, v, 2);
    no_error(&w.c, query_table_new(&w.c, &w.made.file, 1, &w.t));
    assert_true(export_has_places(w.t, &at) && at.grid == TM2_TWD97_121 && at.x == 1 && at.y == 2);
    double lon, lat;
    tm2_to_lonlat(TM2_TWD97_121, 306899.12, 2769603.5, &lon, &lat);
    assert_true(lon > 121.56 && lon < 121.57 && lat > 25.03 && lat < 25.04);
    assert_string_equal(str_z(w.c.a, all(&w, (export_plan){ .format = EXPORT_GEOJSON }, 1)),
                        str_z(w.c.a, str_fmt(w.c.a,
                              "{\"type\":\"FeatureCollection\",\"features\":[\n"
                              "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[%.7f,%.7f]},"
                              "\"properties\":{\"name\":\"甲\",\"x\":306899.12,\"y\":2769603.5}},\n"
                              "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"name\":\"乙\",\"x\":null,\"y\":2769603.5}}\n]}\n",
                              lon, lat)));
    unmake(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_as_published), cmocka_unit_test(formulas_are_guarded_when_asked), cmocka_unit_test(json_is_typed),
        cmocka_unit_test(xml_and_geojson), cmocka_unit_test(a_workbook_is_an_archive), cmocka_unit_test(csv_comes_back),
        cmocka_unit_test(an_sqlite_file_answers), cmocka_unit_test(geometries_are_geojson), cmocka_unit_test(metres_become_degrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
