/* Tests of the readers, on both engines: every form of catalogue comes in, again it changes nothing, what is broken is
 * refused with its place and reason, what is a citizen's or a key does not stay. A1, G4. */
#include "support/support.h"

#include "app/care/care.h"
#include "app/reader/fields.h"
#include "app/reader/mend.h"
#include "app/reader/reader.h"
#include "kit/text/url.h"
#include "queries.h"

static str put(test_site *t, const char *name, const char *text)
{
    str path = file_join(t->c.a, t->dir, str_of(name));
    assert_ok(&t->c, file_write(&t->c, path, str_of(text)));
    return path;
}

static reader_report import(test_site *t, str path, const char *kind)
{
    reader_report r;
    assert_ok(&t->c, reader_import(&t->c, t->site, path, &(reader_options){ .kind = str_of(kind) }, &r));
    for (size_t i = 0; i < r.refusals.n; i++)
        print_message("  refused %d: %.*s: %.*s\n", (int)r.refusals.v[i].record, S_ARG(r.refusals.v[i].field), S_ARG(r.refusals.v[i].reason));
    return r;
}

static dataset_row by_key(ctx *c, const char *slug, distribution_row_list *files)
{
    dataset_row d;
    bool found;
    assert_ok(c, q_dataset_by_key(c, str_of(slug), &d, &found));
    if (!found)
        fail_msg("there is no dataset %s", slug);
    assert_ok(c, q_distribution_of(c, d.id, files));
    return d;
}

static void expect(const reader_report *r, const char *kind, int created, int updated, int unchanged, int refused)
{
    assert_str(r->kind, str_of(kind));
    assert_int_equal(r->created, created);
    assert_int_equal(r->updated, updated);
    assert_int_equal(r->unchanged, unchanged);
    assert_int_equal(r->refused, refused);
}

#define V1 "{\"identifier\":\"A41000000G-000001\",\"categoryCode\":\"I00\",\"title\":\"路況\",\"description\":\"說明\",\"type\":\"rawData\"," \
    "\"license\":\"政府資料開放授權條款-第1版\",\"cost\":\"免費\",\"publisher\":\"交通部公路局\",\"publisherOrgCode\":\"A15030000H\","             \
    "\"accrualPeriodicity\":\"每月\",\"issued\":\"2015-01-01 23:59:59\",\"keyword\":[\"道路\",\"路況\"],\"numberOfData\":\"4,600\","               \
    "\"viewCount\":\"12\",\"ownField\":\"值\",\"Comments\":[{\"commentAuthor\":\"王小明\",\"commentEmail\":\"wang@example.org\"}],"              \
    "\"distribution\":[{\"resourceID\":\"A41000000G-000001-001\",\"resourceDescription\":\"一\",\"format\":\"CSV\","                           \
    "\"downloadURL\":\"https://example.gov.tw/a.csv\",\"characterSetCode\":\"UTF-8\"},{\"format\":\"services\",\"accessURL\":\"https://example.gov.tw/api\"}]}"

static void standard_v1_in_every_wrapping(void **state)
{
    test_site *t = *state;
    distribution_row_list files;
    reader_report r = import(t, put(t, "one.json", V1), "");
    expect(&r, "v1", 1, 0, 0, 0);
    dataset_row d = by_key(&t->c, "a41000000g-000001", &files);
    assert_str(d.title, S("路況"));
    assert_str(d.category, S("I00"));
    assert_int_equal(d.record_count, 4600);
    assert_int_equal(d.view_count, 12);
    assert_str(d.keywords, S("[\"道路\",\"路況\"]"));
    assert_str(d.extra, S("{\"ownField\":\"值\"}"));
    assert_int_equal(files.n, 2);
    assert_str(files.v[0].identifier, S("A41000000G-000001-001"));
    assert_str(files.v[1].url_kind, S("access"));
    static const char *const same[][2] = { { "array.json", "[" V1 "]" }, { "envelope.json", "{\"help\":\"…\",\"success\":true,\"result\":" V1 "}" },
        { "list.json", "{\"success\":true,\"result\":[" V1 "," V1 "]}" }, { "bom.json", "\xef\xbb\xbf" V1 }, { "lines.ndjson", V1 "\r\n" V1 "\n\n" } };
    for (size_t i = 0; i < array_len(same); i++) {
        r = import(t, put(t, same[i][0], same[i][1]), "");
        expect(&r, "v1", 0, 0, i == 2 || i == 4 ? 2 : 1, 0);
    }
}

static void standard_v2(void **state)
{
    test_site *t = *state;
    distribution_row_list files;
    static const char v2[] = "{\"help\":\"\",\"success\":true,\"result\":{\"datasetId\":6100,\"title\":\"空氣品質\",\"categoryService\":\"E00\",\"license\":\"1\","
        "\"cost\":\"免費\",\"publisherOID\":\"2.16.886.101.20003.20082|數位發展部\",\"updateFrequency\":{\"regularupdate\":\"1\",\"Frequency\":\"1\",\"unittime\":\"日\"},"
        "\"modifiedDate\":\"2023-05-01 10:00:00\",\"distribution\":[{\"resourceDescription\":\"即時\",\"resourceField\":[{\"name\":\"pm25\",\"description\":\"細懸浮微粒\"}],"
        "\"resourceFormat\":\"JSON\",\"resourceDownloadUrl\":\"https://example.gov.tw/aq?api_key=abc\",\"resourceAmount\":\"0\",\"qcLevel\":\"3\"},"
        "{\"resourceField\":\"站名、數值\",\"resourceFormat\":\"XML\",\"resourceDownloadUrl\":\"https://example.gov.tw/aq.xml\",\"resourceAmount\":80}]}}";
    reader_report r = import(t, put(t, "v2.json", v2), "");
    expect(&r, "v2", 1, 0, 0, 0);
    dataset_row d = by_key(&t->c, "6100", &files);
    assert_str(d.publisher_name, S("數位發展部"));
    assert_str(d.publisher_oid, S("2.16.886.101.20003.20082"));
    assert_str(d.licence, S("OGDL-Taiwan-1.0"));
    assert_str(d.frequency_text, S("每1日"));
    assert_true(files.v[0].record_count_null);
    assert_int_equal(files.v[1].record_count, 80);
    assert_str(files.v[1].fields, S("[{\"name\":\"站名\"},{\"name\":\"數值\"}]"));
    assert_str(files.v[0].extra, S("{\"qcLevel\":\"3\"}"));
    r = import(t, put(t, "v2.json", v2), "v2");
    expect(&r, "v2", 0, 0, 1, 0);
}

static void export_with_packed_lists(void **state)
{
    test_site *t = *state;
    distribution_row_list files;
    reader_report r = import(t, put(t, "export.csv",
        "\xef\xbb\xbf資料集識別碼,資料集名稱,資料提供屬性,服務分類,品質檢測,檔案格式,資料下載網址,編碼格式,資資料集上架方式,資料集描述,提供機關,更新頻率,授權方式,計費方式,上架日期,資料量\r\n"
        "7001,停車場,檔案資料,交通及通訊,白金,CSV;JSON,https://example.gov.tw/p.csv;https://example.gov.tw/p.json;https://example.gov.tw/x?a=1;b=2,UTF-8,系統介接,\"描述\n第二行\"\"引\"\"\",交通部,每1日,政府資料開放授權條款-第1版,免費,2016/3/1,\"1,200;5\"\r\n"
        "7002,空,檔案資料,,,,,,,,交通部,,,,,\r\n"), "");
    expect(&r, "export", 2, 0, 0, 0);
    dataset_row d = by_key(&t->c, "7001", &files);
    assert_str(d.category, S("A00"));
    assert_str(d.extra, S("{\"資料集上架方式\":\"系統介接\"}"));
    assert_str(d.description, S("描述\n第二行\"引\""));
    assert_int_equal(files.n, 3);
    assert_str(files.v[1].format, S("JSON"));
    assert_int_equal(files.v[0].record_count, 1200);
    assert_int_equal(files.v[1].record_count, 5);
    assert_true(files.v[2].record_count_null);
    assert_str(files.v[2].url, S("https://example.gov.tw/x?a=1;b=2"));
    assert_str(files.v[2].charset, S("UTF-8"));
    (void)by_key(&t->c, "7002", &files);
    assert_int_equal(files.n, 0);
}

/* The row is refused, whatever stands in it; an open quote swallows nothing. */
static void rows_with_open_quotes(void **state)
{
    test_site *t = *state;
    buf b = buf_in(t->c.a);
    buf_add(&b, S("資料集識別碼,資料集名稱,資料提供屬性,提供機關\n1,好,檔案資料,交通部\n2,\"壞,檔案資料,交通部\n3,又,檔案資料,\"交通部\"\n"));
    reader_report r = import(t, put(t, "quotes.csv", str_z(t->c.a, buf_str(&b))), "");
    expect(&r, "export", 2, 0, 0, 1);
    assert_int_equal(r.refusals.v[0].line, 3);
    assert_int_equal(r.refusals.v[0].record, 2);
    assert_true(str_has(r.refusals.v[0].reason, S("never closed")));
    for (int i = 10; i < 22; i++)
        buf_fmt(&b, "%d,\"壞,檔案資料,交通部\n%d,好,檔案資料,\"交通部\"\n", i, i + 20);
    r = import(t, put(t, "many.csv", str_z(t->c.a, buf_str(&b))), "");
    expect(&r, "export", 8, 0, 2, 10);
    assert_true(str_has(r.refusals.v[9].reason, S("is not read")));
}

static void ckan_and_lists(void **state)
{
    test_site *t = *state;
    distribution_row_list files;
#define PACKAGE "{\"id\":\"0a0b\",\"name\":\"bus-stops\",\"title\":\"Bus stops\",\"notes\":\"n\",\"license_id\":\"cc-by\",\"metadata_modified\":\"2020-01-01T00:00:00.000001\"," \
    "\"organization\":{\"name\":\"transport\",\"title\":\"Transport\"},\"tags\":[{\"name\":\"bus\"}],\"extras\":[{\"key\":\"frequency\",\"value\":\"daily\"}]," \
    "\"resources\":[{\"id\":\"r1\",\"name\":\"stops\",\"format\":\"CSV\",\"url\":\"https://example.org/a.csv\",\"size\":12}]}"
    reader_report r = import(t, put(t, "show.json", "{\"help\":\"https://ckan.example.org/api/3/action/help_show?name=package_show\",\"success\":true,\"result\":" PACKAGE "}"), "");
    expect(&r, "ckan", 1, 0, 0, 0);
    dataset_row d = by_key(&t->c, "bus-stops", &files);
    assert_str(d.source, S("ckan:ckan.example.org"));
    assert_int_equal(files.v[0].byte_count, 12);
    r = import(t, put(t, "search.json", "{\"help\":\"https://ckan.example.org/api/3/action/help_show?name=package_search\",\"success\":true,"
        "\"result\":{\"count\":1,\"sort\":\"x\",\"facets\":{},\"results\":[" PACKAGE "]}}"), "");
    expect(&r, "ckan", 0, 0, 1, 0);
    r = import(t, put(t, "city.csv", "編號,第一層級,資料來源(部會單位),資料集名稱,主要欄位,最後更新時間,瀏覽次數,下載次數\n1,臺南市,交通局,公車路線,路線、站名,2019/1/2,10,2\n"), "");
    expect(&r, "city", 1, 0, 0, 0);
    r = import(t, put(t, "agencies.csv", "機關代碼,機關名稱,英文名稱,上層機關\nA15000000H,交通部,MOTC,行政院\n"), "");
    expect(&r, "agencies", 1, 0, 0, 0);
}

static void folders_and_choices(void **state)
{
    test_site *t = *state;
    reader_report r;
    ctx *c = &t->c;
    str dir = file_join(c->a, t->dir, S("in"));
    assert_ok(c, file_make_dir(c, file_join(c->a, dir, S("deeper"))));
    (void)put(t, "in/a.json", V1);
    (void)put(t, "in/deeper/b.ndjson", "{\"id\":\"1\",\"title\":\"甲\",\"organization\":\"乙局\",\"format\":\"csv\",\"urls\":[\"https://example.gov.tw/1\"]}\n");
    (void)put(t, "in/notes.txt", "hello\n");
    assert_ok(c, reader_import(c, t->site, dir, &(reader_options){ .dry_run = true }, &r));
    expect(&r, "crawl", 2, 0, 0, 1);
    int64_t seq, after;
    assert_ok(c, ledger_seq(c, &seq));
    r = import(t, dir, "");
    expect(&r, "crawl", 2, 0, 0, 1);
    assert_ok(c, ledger_seq(c, &after));
    assert_true(after > seq);
    assert_false(reader_import(c, t->site, dir, &(reader_options){ .kind = S("nonsense") }, &r));
    assert_int_equal(c->err.code, ERR_USAGE);
    err_clear(c);
    assert_false(reader_import(c, t->site, S("/nowhere/x.json"), &(reader_options){ 0 }, &r));
    assert_int_equal(c->err.code, ERR_NOT_FOUND);
}

static void bad_records_stop_nothing(void **state)
{
    test_site *t = *state;
    reader_report r = import(t, put(t, "bad.ndjson",
        "{\"id\":\"1\",\"title\":\"好\",\"organization\":\"甲局\",\"format\":\"csv\",\"urls\":[]}\n"
        "{\"id\":\"2\",\"title\":\"\",\"organization\":\"甲局\",\"format\":\"csv\",\"urls\":[]}\n"
        "{\"id\":\"3\",\"title\":\"壞\",\"organization\":\"甲局\",\"urls\":[\"https://example.gov.tw/a?api_key=sekret1\n"
        "{\"id\":\"\",\"title\":\"無\",\"organization\":\"甲局\",\"format\":\"csv\",\"urls\":[]}\n"
        "{\"id\":\"5\",\"title\":\"無主\",\"organization\":\"\",\"format\":\"csv\",\"urls\":[]}\n"
        "{\"id\":\"6\",\"title\":\"也好\",\"organization\":\"甲局\",\"format\":\"csv\",\"urls\":[]}\n"), "");
    expect(&r, "crawl", 2, 0, 0, 4);
    static const struct { int64_t line; const char *field; } want[] = { { 2, "title" }, { 3, "" }, { 4, "identifier" }, { 5, "publisher" } };
    for (size_t i = 0; i < array_len(want); i++) {
        assert_int_equal(r.refusals.v[i].line, want[i].line);
        assert_str(r.refusals.v[i].field, str_of(want[i].field));
        assert_true(r.refusals.v[i].reason.n > 10);
    }
}

/* Nothing of the ledger, and nothing that is kept, holds any of these. */
static bool holds(ctx *c, const ledger_row *row, void *data)
{
    static const char *const secrets[] = { "王小明", "wang@example.org" };
    (void)c;
    for (size_t i = 0; i < array_len(secrets); i++)
        if (str_has(row->after_json, str_of(secrets[i])) || str_has(row->reason, str_of(secrets[i])))
            *(bool *)data = true;
    return true;
}

static void citizens_and_keys_do_not_stay(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    distribution_row_list files;
    blob_row_list blobs;
    bool held = false;
    reader_report r = import(t, put(t, "v1.json", V1), "");
    assert_int_equal(r.with_comments, 1);
    (void)import(t, put(t, "ckan.json", "[{\"id\":\"9\",\"name\":\"nine\",\"title\":\"九\",\"author\":\"局\",\"tags\":[],\"resources\":[],\"stats\":{\"comments\":[{\"commentAuthor\":\"王小明\"}],\"n\":1}}]"), "");
    assert_str(by_key(c, "nine", &files).extra, S("{\"stats\":{\"n\":1}}"));
    assert_ok(c, q_ledger_walk(c, holds, &held));
    assert_false(held);
    assert_ok(c, q_blob_list_rows(c, &blobs));
    assert_int_equal(blobs.n, 0);
    r = import(t, put(t, "k.json", "[{\"identifier\":\"https://example.gov.tw/x?Authorization=CWA-SEKRET\",\"title\":\"\",\"categoryCode\":\"I00\"}]"), "");
    assert_int_equal(r.refused, 1);
    assert_str(r.refusals.v[0].key, S("https://example.gov.tw/x?…"));
    r = import(t, put(t, "near.json", "{\"title\": CWA-SEKRET \"https://x.tw/?key=CWA-SEKRET"), "");
    assert_int_equal(r.refused, 1);
    assert_false(str_has(r.refusals.v[0].reason, S("SEKRET")));
    assert_str(url_hide_keys(c->a, S("see 'https://a.tw/b?k=1' and http://c.tw/#x, not c?d")), S("see 'https://a.tw/b?…' and http://c.tw/#… not c?d"));
    care_verdict v;
    assert_ok(c, care_verify(c, t->site, NULL, &v));
    assert_int_equal(v.found, 0);
}

static void mends_one_damage_only(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    distribution_row_list files;
    str out;
    reader_report r = import(t, put(t, "crawl.ndjson",
        "{\"id\": \"101\", \"title\": \"雨量\", \"organization\": \"氣象署\", \"format\": \"json\", \"urls\": [\"https://a.tw/1?Authorization=REDACTED&format=JSON\", \"https://a.tw/2?Authorization=REDACTED \"https://a.tw/3\"]}\n"
        "{\"id\": \"2\", \"title\": \"郵局\", \"organization\": \"郵政\", \"format\": \"csv\", \"urls\": [\"https://a.tw/4?vkey=REDACTED\n"
        "{\"id\": \"3\", \"title\": \"別的\", \"organization\": \"郵政\", \"format\": \"csv\", \"urls\": [\"https://a.tw/5\n"
        "{\"id\": \"4\", \"title\": \"好的\", \"organization\": \"郵政\", \"format\": \"csv\", \"urls\": [\"https://a.tw/6?key=REDACTED\"]}\n"), "");
    expect(&r, "crawl", 3, 0, 0, 1);
    assert_int_equal(r.mended, 2);
    assert_int_equal(r.refusals.v[0].line, 3);
    (void)by_key(c, "101", &files);
    assert_int_equal(files.n, 3);
    assert_str(files.v[1].url, S("https://a.tw/2?Authorization=REDACTED"));
    assert_str(files.v[2].url, S("https://a.tw/3"));
    assert_false(mend_crawl_line(c->a, S("{\"title\": \"x\", \"urls\": [\"https://a.tw/?k=REDACTED"), &out));
    assert_false(mend_crawl_line(c->a, S("{\"id\": \"1\", \"title\": \"x=REDACTED \"http"), &out));
    assert_false(mend_crawl_line(c->a, S("{\"id\": \"1\", \"urls\": [\"https://a.tw/"), &out));
}

static void what_was_closed_stays_closed(void **state)
{
    test_site *t = *state;
    ctx *c = &t->c;
    distribution_row_list files;
    str path = put(t, "v1.json", V1);
    (void)import(t, path, "");
    auto_change ch = change_begin(c);
    dataset_writer *w;
    store_outcome outcome;
    assert_ok(c, dataset_writer_new(c, &w));
    dataset_draft d = dataset_draft_new();
    d.source = S("data.gov.tw");
    d.source_key = S("A41000000G-000001");
    d.title = S("路況");
    d.publisher.name = S("交通部公路局");
    d.class_ = S("limited");
    d.state = S("withdrawn");
    assert_ok(c, dataset_store(c, &ch, w, &d, &outcome));
    assert_int_equal(outcome, STORE_UPDATED);
    assert_ok(c, change_commit(c, &ch));
    dataset_writer_free(w);
    reader_report r = import(t, path, "");
    expect(&r, "v1", 0, 0, 1, 0);
    assert_str(by_key(c, "a41000000g-000001", &files).class, S("limited"));
    assert_str(by_key(c, "a41000000g-000001", &files).state, S("withdrawn"));
}

static void two_files_of_one_address(void **state)
{
    test_site *t = *state;
    distribution_row_list files;
    static const char *const name = "{\"id\":\"101\",\"title\":\"%s\",\"organization\":\"乙局\",\"format\":\"csv\",\"urls\":[\"https://a.tw/1\",\"https://a.tw/1\",\"\"]}\n";
    (void)import(t, put(t, "a.ndjson", str_z(t->c.a, str_replace(t->c.a, str_of(name), S("%s"), S("甲")))), "");
    reader_report r = import(t, put(t, "a.ndjson", str_z(t->c.a, str_replace(t->c.a, str_of(name), S("%s"), S("乙")))), "");
    expect(&r, "crawl", 0, 1, 0, 0);
    (void)by_key(&t->c, "101", &files);
    assert_int_equal(files.n, 3);
    assert_false(str_eq(files.v[0].uid, files.v[1].uid));
}

static void the_whole_crawl(void **state)
{
    test_site *t = *state;
    str path = test_corpus(&t->c, "catalog-tw/dgtw-full.ndjson.gz");
    if (path.n == 0) {
        print_message("skipped: ../shared/corpus is not there\n");
        skip();
    }
    reader_report r;
    assert_ok(&t->c, reader_import(&t->c, t->site, path, &(reader_options){ .dry_run = true }, &r));
    expect(&r, "crawl", 52547, 0, 0, 0);
    assert_int_equal(r.mended, 94);
}

int main(void)
{
    log_set_level(LOG_WARN);
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, test_site_setup, test_site_teardown)
        T(standard_v1_in_every_wrapping), T(standard_v2), T(export_with_packed_lists), T(rows_with_open_quotes), T(ckan_and_lists), T(folders_and_choices),
        T(bad_records_stop_nothing), T(citizens_and_keys_do_not_stay), T(mends_one_damage_only), T(what_was_closed_stays_closed),
        T(two_files_of_one_address), T(the_whole_crawl),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
