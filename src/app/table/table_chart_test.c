/* Charts and maps as people and programs get them: their numbers against the rows themselves, what is left out told, hostile
 * texts, tables with nothing to draw; on both engines (C10, D4). */
#include "support/loaded.h"
#include "support/pages.h"

#include "app/table/table_area.h"
#include "app/table/table_chart.h"
#include "app/table/table_place.h"

static test_loaded begin(void **state, const char *bytes)
{
    dataset_draft d = test_draft("places", "測站 <b>\"&", "環境部");
    (void)test_draft_file(&((test_site *)*state)->c, &d, "測站", "CSV", S("https://example.tw/a.csv"));
    test_loaded w = test_loaded_new(state, &d);
    test_loaded_load(&w, bytes);
    return w;
}

static http_res get(test_loaded *w, const char *tail)
{
    return pages_get(w->t, test_loaded_page(w, tail));
}

static json get_json(test_loaded *w, const char *tail)
{
    return pages_json(w->t, test_loaded_page(w, tail));
}

/* "key=v1/v2 key=…" of a chart, "name=v …" of a map. */
static str said(test_loaded *w, const json *v, const char *list, const char *key, const char *value)
{
    ctx *c = &w->t->c;
    buf b = buf_in(c->a);
    const json *l = json_get(v, list);
    assert_non_null(l);
    for (size_t i = 0; i < l->arr.n; i++) {
        const json *x = json_get(&l->arr.v[i], value);
        str name = json_get_text(c, &l->arr.v[i], key);
        buf_fmt(&b, "%s%.*s=", i > 0 ? " " : "", S_ARG(name.n > 0 ? name : S("null")));
        for (size_t k = 0; x->type == JSON_ARR && k < x->arr.n; k++)
            buf_fmt(&b, "%s%.*s", k > 0 ? "/" : "", S_ARG(x->arr.v[k].type == JSON_NULL ? S("null") : json_text(c, &x->arr.v[k])));
        if (x->type != JSON_ARR)
            buf_add(&b, x->type == JSON_NULL ? S("null") : json_text(c, x));
    }
    return buf_str(&b);
}

static str groups(test_loaded *w, const char *tail)
{
    json v = get_json(w, tail);
    return said(w, &v, "groups", "key", "values");
}

static str areas(test_loaded *w, const char *tail)
{
    json v = get_json(w, tail);
    return said(w, &v, "areas", "name", "value");
}

static const char *const stations =
    "縣市,鄉鎮市區,日期,數量,濃度,經度,緯度\n臺北市,中正區,2023-12-02,12,1.50,121.52,25.03\n台北市,信義區,2024-01-03,30,2.25,121.57,25.03\n"
    "高雄市,前金區,2024-01-04,-5,0.10,120.29,22.63\n臺北縣,板橋市,2024-04-05,7,,121.46,25.01\n嘉義市,東區,2024-04-06,,9.99,,\n"
    "火星,東區,2024-04-06,1000,0.01,10,10\n,,2024-04-07,1,0.01,118.32,24.43\n";

static void groups_come_to_what_the_rows_hold(void **state)
{
    test_loaded w = begin(state, stations);
    assert_str(groups(&w, "/chart.json?type=bars&x=縣市&agg=sum&y=數量"), S("火星=1000 台北市=30 臺北市=12 臺北縣=7 null=1 高雄市=-5 嘉義市=null"));
    assert_str(groups(&w, "/chart.json?type=bars&x=縣市&agg=sum&y=濃度&order=key&top=2"), S("台北市=2.25 嘉義市=9.99"));
    assert_str(groups(&w, "/chart.json?type=columns&x=日期&by=year"), S("2023=1 2024=6"));
    assert_str(groups(&w, "/chart.json?type=lines&x=日期&by=month&agg=max&y=數量"), S("2023-12=12 2024-01=30 2024-02=null 2024-03=null 2024-04=1000"));
    assert_str(groups(&w, "/chart.json?type=lines&x=日期&by=quarter&agg=avg&y=濃度"), S("2023-Q4=1.5 2024-Q1=1.175 2024-Q2=3.3366666666666664"));
    assert_str(groups(&w, "/chart.json?type=columns&x=日期&by=weekday&agg=count"), S("3=1 4=1 5=1 6=3 7=1"));
    assert_str(groups(&w, "/chart.json?type=histogram&x=數量&bin=500"), S("-500=1 0=4 500=0 1000=1"));
    assert_str(groups(&w, "/chart.json?type=bars&x=縣市&f.鄉鎮市區=東區"), S("嘉義市=1 火星=1"));
    assert_str(groups(&w, "/chart.json?type=columns&x=日期&by=year&series=鄉鎮市區&agg=count&f.鄉鎮市區=東區&f.鄉鎮市區=中正區"), S("2023=null/1 2024=2/null"));
}

static void what_is_left_out_is_told(void **state)
{
    test_loaded w = begin(state, stations);
    ctx *c = &w.t->c;
    json v = get_json(&w, "/chart.json?type=histogram&x=數量");
    assert_str(json_get_text(c, &v, "rows"), S("7"));
    assert_str(json_get_text(c, &v, "rows_without_x"), S("1"));
    v = get_json(&w, "/chart.json?type=bars&x=縣市&agg=median&y=數量&top=1");
    assert_str(json_get_text(c, &v, "rows_without_y"), S("1"));
    assert_str(json_get_text(c, &v, "groups_in_all"), S("7"));
    assert_int_equal(json_get(&v, "groups")->arr.n, 1);
    v = get_json(&w, "/chart.json?type=scatter&x=數量&y=濃度");
    assert_int_equal(json_get(&v, "points")->arr.n, 5);
    http_res page = get(&w, "/chart?type=scatter&x=數量&y=濃度");
    assert_true(str_has(page.body, S("2 列在兩欄之一沒有值")));
}

static void areas_are_known_by_any_of_their_names(void **state)
{
    test_loaded w = begin(state, stations);
    ctx *c = &w.t->c;
    assert_str(areas(&w, "/map.json?type=areas&level=county&agg=sum&y=數量"), S("嘉義市=null 臺北市=42 高雄市=-5 新北市=7"));
    assert_str(areas(&w, "/map.json?type=areas&level=county&agg=avg&y=濃度"), S("嘉義市=9.99 臺北市=1.875 高雄市=0.1 新北市=null"));
    assert_str(areas(&w, "/map.json?type=areas&level=county&agg=median&y=數量"), S("嘉義市=null 臺北市=21 高雄市=-5 新北市=7"));
    assert_str(areas(&w, "/map.json?type=areas&level=town&agg=count"), S("東區=1 信義區=1 中正區=1 前金區=1 板橋區=1"));
    assert_str(areas(&w, "/map.json?type=areas&level=town&agg=count&in=臺北市"), S("信義區=1 中正區=1"));
    json v = get_json(&w, "/map.json?type=areas&level=county");
    assert_str(json_get_text(c, &v, "rows_without_place"), S("1"));
    assert_str(json_get_text(c, &v, "rows_of_unknown_places"), S("1"));
    assert_true(str_has(get(&w, "/map?type=areas").body, S("火星")));
}

/* Files of one county name townships without it. */
static void townships_of_one_county(void **state)
{
    test_loaded w = begin(state, "鄉鎮市區,數量\n文山區,1\n大同區,2\n北投區,3\n中山區,4\n信義區,5\n火星區,6\n");
    ctx *c = &w.t->c;
    assert_str(areas(&w, "/map.json?type=areas&level=town&agg=sum&y=數量"), S("信義區=5 中山區=4 大同區=2 文山區=1 北投區=3"));
    json v = get_json(&w, "/map.json?type=areas&level=town&agg=count");
    assert_str(json_get_text(c, &v, "rows_taken_for_the_county"), S("2"));
    assert_str(json_get_text(c, &v, "rows_of_unknown_places"), S("1"));
    assert_true(str_has(get(&w, "/map?type=areas&level=town&agg=count").body, S("視為臺北市的地點")));
    test_loaded_load(&w, "鄉鎮市區,數量\n文山區,1\n大同區,2\n北投區,3\n板橋區,3\n中山區,4\n");
    v = get_json(&w, "/map.json?type=areas&level=town&agg=count");
    assert_str(json_get_text(c, &v, "rows_taken_for_the_county"), S("0"));
}

static void points_lie_where_they_are(void **state)
{
    test_loaded w = begin(state, stations);
    ctx *c = &w.t->c;
    json v = get_json(&w, "/map.json?type=points");
    assert_int_equal(json_get(&v, "points")->arr.n, 5);
    assert_str(json_get_text(c, &v, "rows_without_place"), S("1"));
    assert_str(json_get_text(c, &v, "outside"), S("1"));
    v = get_json(&w, "/map.json?type=points&box=121.5,25,121.6,25.1");
    assert_int_equal(json_get(&v, "points")->arr.n, 2);
    v = get_json(&w, "/map.json?type=points&in=金門縣");
    assert_int_equal(json_get(&v, "points")->arr.n, 1);
    assert_int_equal(get(&w, "/map?box=1,2,3").status, 422);
    assert_int_equal(get(&w, "/map?box=121,25,121,25").status, 422);
    assert_int_equal(get(&w, "/map?in=火星").status, 422);
}

static void grids_are_places_too(void **state)
{
    test_loaded w = begin(state, "名稱,橫坐標,縱坐標\n甲,302283,2770442\n乙,,\n丙,178000,2505000\n");
    ctx *c = &w.t->c;
    json v = get_json(&w, "/map.json");
    const json *p = json_get(&v, "points");
    double lon = 0, lat = 0;
    assert_int_equal(p->arr.n, 2);
    /* People know a place by its name: on the map and beside it. */
    str page = get(&w, "/map").body;
    assert_true(str_has(page, S("<title>丙</title></circle>")) && str_has(page, S("<td>丙</td>")) && str_has(page, S("<th scope=\"col\">名稱</th>")));
    assert_true(str_to_f64(json_get_text(c, &p->arr.v[0], "lon"), &lon) && str_to_f64(json_get_text(c, &p->arr.v[0], "lat"), &lat));
    assert_true(lon > 121.51 && lon < 121.53 && lat > 25.03 && lat < 25.06);
    assert_str(json_get_text(c, &v, "rows_without_place"), S("1"));
    assert_true(str_has(get(&w, "/map").body, S("TWD97")));
}

static void shapes_lie_in_the_middle_of_their_box(void **state)
{
    (void)state;
    double lon, lat;
    assert_true(table_place_middle(S("{\"type\":\"Point\",\"coordinates\":[121.5,25]}"), &lon, &lat));
    assert_true(lon == 121.5 && lat == 25);
    assert_true(table_place_middle(S("{\"type\":\"Polygon\",\"coordinates\":[[[120,22,5],[122,22,9],[122,24.0],[120,22]]]}"), &lon, &lat));
    assert_true(lon == 121 && lat == 23);
    static const char *const none[] = { "", "{}", "{\"coordinates\":[]}", "{\"coordinates\":[121]}", "{\"coordinates\":[1-2,3]}", "[121,25]" };
    for (size_t i = 0; i < array_len(none); i++)
        assert_false(table_place_middle(str_of(none[i]), &lon, &lat));
}

static void mistakes_are_named(void **state)
{
    test_loaded w = begin(state, stations);
    static const char *const wrong[] = { "/chart?type=pie", "/chart?x=none", "/chart?x=縣市&agg=sum", "/chart?x=縣市&agg=sum&y=鄉鎮市區",
        "/chart?type=histogram&x=縣市", "/chart?type=histogram&x=數量&bin=0.001", "/chart?type=histogram&x=數量&bin=-1", "/chart?type=scatter&x=數量",
        "/chart?type=scatter&x=縣市&y=數量", "/chart?x=縣市&top=0", "/chart?x=縣市&top=201", "/chart?x=縣市&agg=max&y=日期", "/map?level=village" };
    for (size_t i = 0; i < array_len(wrong); i++)
        if (get(&w, wrong[i]).status != 422)
            fail_msg("%s is taken", wrong[i]);
    assert_int_equal(get(&w, "/chart?type=map").status, 302);
    assert_int_equal(get(&w, "/chart?x=縣市&y=").status, 302);
}

static void every_picture_is_shown_with_its_numbers(void **state)
{
    test_loaded w = begin(state, stations);
    static const char *const tails[] = { "/chart", "/chart?type=bars&x=縣市", "/chart?type=columns&x=縣市&agg=sum&y=數量", "/chart?type=lines&x=日期&by=month",
        "/chart?type=histogram&x=濃度", "/chart?type=scatter&x=數量&y=濃度", "/map", "/map?type=areas&level=town", "/map?type=areas&in=臺北市" };
    for (size_t i = 0; i < array_len(tails); i++) {
        http_res page = get(&w, tails[i]);
        assert_int_equal(page.status, 200);
        assert_true(str_has(page.body, S("<svg class=\"chart ")));
        assert_true(str_has(page.body, S("numbers-of")));
        assert_false(str_has(page.body, S(" style=")));
        assert_false(str_has(page.body, S("測站 <b>")));
    }
    assert_true(str_has(get(&w, "/chart.svg").body, S("<svg xmlns")));
    assert_true(str_has(get(&w, "/map.svg?type=areas").body, S("level-5")));
    assert_true(str_has(get(&w, "/chart.csv?type=bars&x=縣市&agg=sum&y=數量").body, S("高雄市,-5\r\n")));
    assert_true(str_has(get(&w, "/map.csv?type=areas&level=county&agg=sum&y=數量").body, S("63000,臺北市,臺北市,42,2\r\n")));
}

static void hostile_texts_stay_texts(void **state)
{
    test_loaded w = begin(state, "類別<script>,值\n<script>alert(1)</script>,1\n\"=1+1\",2\n\"a\"\"b\",3\n\"\xf0\x9f\x90\x98 &amp;\",4\n<script>alert(1)</script>,5\n");
    http_res page = get(&w, "/chart?type=bars&x=類別<script>&agg=sum&y=值");
    assert_int_equal(page.status, 200);
    assert_false(str_has(page.body, S("<script>alert")));
    assert_true(str_has(page.body, S("&lt;script&gt;alert(1)")));
    assert_true(str_has(get(&w, "/chart.csv?type=bars&x=類別<script>").body, S("\n'=1+1,1\r\n")));
}

static void tables_with_nothing_to_draw_say_so(void **state)
{
    test_loaded w = begin(state, "甲,乙,丙\n,,x\n,,x\n");
    http_res page = get(&w, "/chart");
    assert_int_equal(page.status, 200);
    assert_false(str_has(page.body, S("<svg class=\"chart ")));
    assert_false(str_has(get(&w, "").body, S("/chart\"")));
    assert_int_equal(get(&w, "/map").status, 404);
    assert_int_equal(get(&w, "/chart?type=bars&x=甲").status, 200);
    assert_str(groups(&w, "/chart.json?type=bars&x=甲"), S("null=2"));
    assert_int_equal(get(&w, "/chart.svg").status, 404);
}

static void one_group_and_no_row_are_drawn(void **state)
{
    test_loaded w = begin(state, stations);
    assert_str(groups(&w, "/chart.json?type=bars&x=縣市&f.縣市=高雄市"), S("高雄市=1"));
    static const char *const tails[] = { "/chart?type=bars&x=縣市&f.縣市=無", "/chart?type=lines&x=日期&f.縣市=無", "/chart?type=histogram&x=數量&f.縣市=無",
        "/chart?type=scatter&x=數量&y=濃度&f.縣市=無", "/chart?type=columns&x=日期&by=month&series=縣市&f.縣市=無", "/map?type=areas&f.縣市=無",
        "/map?type=points&f.縣市=無", "/chart?type=histogram&x=數量&f.縣市=高雄市", "/chart?type=scatter&x=數量&y=濃度&f.縣市=高雄市" };
    for (size_t i = 0; i < array_len(tails); i++)
        if (get(&w, tails[i]).status != 200)
            fail_msg("%s is not shown", tails[i]);
}

static void many_groups_and_many_points_stay_small(void **state)
{
    test_loaded w = { .t = *state };
    ctx *c = &w.t->c;
    buf b = buf_in(c->a);
    buf_add(&b, S("名稱,甲,乙,longitude,latitude\n"));
    for (int i = 0; i < 100000; i++)
        buf_fmt(&b, "n%06d,%d,%d,%.4f,%.4f\n", i, i % 1000, i * 7 % 500, 120 + (i % 1000) / 500.0, 22 + (i / 1000) / 50.0);
    w = begin(state, str_z(c->a, buf_str(&b)));
    json v = get_json(&w, "/chart.json?type=bars&x=名稱&agg=sum&y=甲");
    assert_str(json_get_text(c, &v, "groups_in_all"), S("100000"));
    assert_int_equal(json_get(&v, "groups")->arr.n, TABLE_CHART_TOP);
    static const char *const tails[] = { "/chart?type=scatter&x=甲&y=乙", "/map?type=points", "/map?type=points&box=120,22,121,23", "/chart?type=lines&x=名稱" };
    for (size_t i = 0; i < array_len(tails); i++)
        assert_in_range(get(&w, tails[i]).body.n, 1000, 400000);
    uint64_t all = 0;
    v = get_json(&w, "/chart.json?type=scatter&x=甲&y=乙");
    const json *cells = json_get(&v, "cells");
    for (size_t i = 0; i < cells->arr.n; i++)
        all += (uint64_t)json_get(&cells->arr.v[i], "rows")->i;
    assert_int_equal(all, 100000);
    v = get_json(&w, "/map.json?type=points");
    cells = json_get(&v, "cells");
    all = 0;
    for (size_t i = 0; i < cells->arr.n; i++)
        all += (uint64_t)json_get(&cells->arr.v[i], "rows")->i;
    assert_int_equal(all, 100000);
}

static void outlines_are_whole(void **state)
{
    (void)state;
    size_t counties = 0, towns = 0;
    for (size_t i = 0; i < table_area_count(); i++) {
        const table_area *k = table_area_at(i);
        *(k->county ? &counties : &towns) += 1;
        assert_true(k->name.n > 0 && k->ring_count > 0);
        assert_true(k->west > 118 && k->east < 122.2 && k->south > 21.8 && k->north < 26.5 && k->west < k->east && k->south < k->north);
        assert_ptr_equal(table_area_by_code(k->code), k);
        for (size_t r = 0; r < k->ring_count; r++)      /* each line goes on where the last one ended */
            for (size_t n = 0; n < k->rings[r].n; n++) {
                int32_t a = k->rings[r].lines[n], z = k->rings[r].lines[(n + 1) % k->rings[r].n];
                const area_line *x = table_area_line((size_t)(a < 0 ? ~a : a)), *y = table_area_line((size_t)(z < 0 ? ~z : z));
                const area_point *end = a < 0 ? &x->v[0] : &x->v[x->n - 1], *start = z < 0 ? &y->v[y->n - 1] : &y->v[0];
                assert_true(end->lon == start->lon && end->lat == start->lat);
            }
    }
    assert_int_equal(counties, 22);
    assert_int_equal(towns, 368);
}

static void names_mean_places(void **state)
{
    (void)state;
    static const struct { const char *county, *text, *code; } towns[] = {
        { "臺北市", "信義區", "63000020" }, { "基隆市", "信義區", "10017" }, { NULL, "東區", NULL }, { NULL, "台北市信義區", "63000020" },
        { "臺北縣", "板橋市", "65000010" }, { NULL, "臺北縣板橋市", "65000010" }, { NULL, "頭份鎮", "10005050" }, { NULL, "63000020", "63000020" },
        { NULL, "63000020001", "63000020" }, { "臺北市", "板橋區", NULL }, { NULL, "", NULL }, { NULL, "烏坵鄉", "09020060" }, { NULL, "63000", NULL },
    };
    for (size_t i = 0; i < array_len(towns); i++) {
        const table_area *county = towns[i].county != NULL ? table_area_county(str_of(towns[i].county)) : NULL;
        const table_area *k = table_area_town(county, str_of(towns[i].text));
        if (towns[i].code == NULL ? k != NULL : k == NULL || !str_starts(k->code, str_of(towns[i].code)))
            fail_msg("%s", towns[i].text);
    }
    assert_str(table_area_county(S("台北 市"))->code, S("63000"));
    assert_str(table_area_county(S("桃園縣"))->code, S("68000"));
    assert_str(table_area_county(S("10003"))->code, S("68000"));
    assert_str(table_area_county(S("65000010"))->code, S("65000"));
    assert_null(table_area_county(S("中山")));
    char longest[300];
    memset(longest, 'x', sizeof longest);
    assert_null(table_area_county((str){ longest, sizeof longest }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        TEST(groups_come_to_what_the_rows_hold), TEST(what_is_left_out_is_told), TEST(areas_are_known_by_any_of_their_names),
        TEST(points_lie_where_they_are), TEST(townships_of_one_county), TEST(mistakes_are_named), TEST(grids_are_places_too), TEST(every_picture_is_shown_with_its_numbers),
        TEST(hostile_texts_stay_texts), TEST(tables_with_nothing_to_draw_say_so), TEST(one_group_and_no_row_are_drawn),
        TEST(many_groups_and_many_points_stay_small), cmocka_unit_test(shapes_lie_in_the_middle_of_their_box), cmocka_unit_test(outlines_are_whole), cmocka_unit_test(names_mean_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
