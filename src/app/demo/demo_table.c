#include "app/demo/demo_table.h"

#include "app/site/site.h"
#include "app/vocabulary/vocabulary.h"

#include <math.h>

#define LARGE_ROWS 1000000
#define LARGE_BYTES ((size_t)128 << 20)

typedef struct { const char *county, *town; double longitude, latitude; } place;

/* Middle of each, to two decimals. */
static const place places[] = {
    { "臺北市", "中正區", 121.52, 25.03 }, { "臺北市", "士林區", 121.53, 25.10 }, { "新北市", "板橋區", 121.46, 25.01 }, { "新北市", "淡水區", 121.44, 25.17 },
    { "基隆市", "仁愛區", 121.74, 25.13 }, { "桃園市", "桃園區", 121.30, 24.99 }, { "桃園市", "平鎮區", 121.21, 24.94 }, { "新竹市", "東區", 120.98, 24.80 },
    { "新竹縣", "竹東鎮", 121.09, 24.74 }, { "苗栗縣", "苗栗市", 120.82, 24.56 }, { "臺中市", "西屯區", 120.62, 24.18 }, { "臺中市", "豐原區", 120.72, 24.25 },
    { "彰化縣", "彰化市", 120.54, 24.08 }, { "南投縣", "埔里鎮", 120.97, 23.97 }, { "雲林縣", "斗六市", 120.54, 23.71 }, { "嘉義市", "西區", 120.44, 23.48 },
    { "嘉義縣", "朴子市", 120.25, 23.46 }, { "臺南市", "安南區", 120.18, 23.05 }, { "高雄市", "楠梓區", 120.33, 22.73 }, { "高雄市", "前金區", 120.29, 22.63 },
    { "屏東縣", "屏東市", 120.49, 22.67 }, { "宜蘭縣", "宜蘭市", 121.75, 24.75 }, { "花蓮縣", "花蓮市", 121.60, 23.97 }, { "臺東縣", "臺東市", 121.15, 22.76 },
};

/* --- numbers without chance: the same for the same place in the same table --- */

static uint64_t dice(uint64_t a, uint64_t b, uint64_t what)
{
    uint64_t x = a * 0x9e3779b97f4a7c15u + b * 0xbf58476d1ce4e5b9u + what * 0x94d049bb133111ebu;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static int some(uint64_t a, uint64_t b, uint64_t what, int from, int to)
{
    return from + (int)(dice(a, b, what) % (uint64_t)(to - from + 1));
}

static void put_day(buf *b, int64_t day, bool roc)
{
    day_parts p = day_split(day * DAY_MS);
    roc ? buf_fmt(b, "%d/%02d/%02d", p.year - 1911, p.month, p.day) : buf_fmt(b, "%d-%02d-%02d", p.year, p.month, p.day);
}

/* --- the tables --- */

static void make_air(buf *b)
{
    enum { HOURS = 168 };
    int64_t first = day_from_civil(2025, 3, 3);
    buf_add(b, S("測站代碼,測站,縣市,鄉鎮市區,監測時間,AQI,PM2.5,PM10,O3,狀態,經度,緯度\r\n"));
    for (int hour = 0; hour < HOURS; hour++)
        for (size_t i = 0; i < array_len(places); i++) {
            const place *p = &places[i];
            double south = (25.2 - p->latitude) * 9, noon = 10 * sin((hour % 24 - 6) * M_PI / 12);
            int fine = (int)(12 + south + noon / 2) + some(i, (uint64_t)hour, 1, 0, 14), aqi = fine * 2 + some(i, (uint64_t)hour, 2, 0, 12);
            bool silent = some(i, (uint64_t)hour, 3, 0, 120) == 0;         /* the instrument is being served */
            buf_fmt(b, "%03zu,%s測站,%s,%s,", i + 1, p->town, p->county, p->town);
            put_day(b, first + hour / 24, false);
            buf_fmt(b, " %02d:00,", hour % 24);
            if (silent)
                buf_add(b, S(",,,,設備維護"));
            else
                buf_fmt(b, "%d,%d,%d,%.1f,%s", aqi, fine, fine * 2 + some(i, (uint64_t)hour, 4, 0, 20), 25 + noon * 1.5 + some(i, (uint64_t)hour, 5, 0, 90) / 10.0,
                        aqi <= 50 ? "良好" : aqi <= 100 ? "普通" : "對敏感族群不健康");
            buf_fmt(b, ",%.4f,%.4f\r\n", p->longitude, p->latitude);
        }
}

static void make_toilets(buf *b)
{
    static const char *const kinds[] = { "公園", "市場", "車站", "圖書館", "加油站", "廟宇" }, *const grades[] = { "特優級", "特優級", "優等級", "優等級", "普通級" };
    enum { EACH = 50 };
    buf_add(b, S("公廁編號,公廁名稱,縣市,鄉鎮市區,類別,等級,座數,無障礙,經度,緯度\r\n"));
    for (size_t i = 0; i < array_len(places); i++)
        for (int n = 0; n < EACH; n++) {
            const place *p = &places[i];
            const char *kind = kinds[dice(i, (uint64_t)n, 1) % array_len(kinds)];
            buf_fmt(b, "%02zu%04d,%s第%d%s公廁,%s,%s,%s,%s,%d,%s,%.5f,%.5f\r\n", i + 1, n + 1, p->town, n + 1, kind, p->county, p->town, kind,
                    grades[dice(i, (uint64_t)n, 2) % array_len(grades)], some(i, (uint64_t)n, 3, 2, 24), some(i, (uint64_t)n, 4, 0, 3) > 0 ? "是" : "否",
                    p->longitude + some(i, (uint64_t)n, 5, -300, 300) / 10000.0, p->latitude + some(i, (uint64_t)n, 6, -300, 300) / 10000.0);
        }
}

static void make_accidents(buf *b)
{
    enum { FIRST = 109, YEARS = 5 };
    buf_add(b, S("年月,縣市,件數,死亡人數,受傷人數\r\n"));
    for (int month = 0; month < YEARS * 12; month++)
        for (size_t i = 0; i < array_len(places); i++) {
            if (i > 0 && strcmp(places[i].county, places[i - 1].county) == 0)
                continue;
            int cases = (int)(300 + dice(i, 0, 9) % 2600) + (int)(60 * sin(month * M_PI / 6)) + some(i, (uint64_t)month, 1, -40, 40);
            buf_fmt(b, "%d年%d月,%s,%d,%d,%d\r\n", FIRST + month / 12, month % 12 + 1, places[i].county, cases, some(i, (uint64_t)month, 2, 0, 14),
                    cases + cases * some(i, (uint64_t)month, 3, 20, 40) / 100);
        }
}

static void make_budget(buf *b)
{
    static const char *const subjects[] = { "一般行政", "業務推展", "設備及投資", "獎補助費", "第一預備金" };
    enum { FIRST = 104, YEARS = 11 };
    const vocabulary *v = vocabulary_get();
    buf_add(b, S("年度,機關,科目,預算數(千元),決算數(千元)\r\n"));
    for (int year = 0; year < YEARS; year++)
        for (size_t i = 0; i < v->agencies.n; i++)
            for (size_t k = 0; k < array_len(subjects); k++) {
                int64_t base = (int64_t)(dice(i, k, 7) % 900000) + 2000, budget = base * (100 + year * 3 + some(i, k, (uint64_t)year, -4, 4)) / 100;
                buf_fmt(b, "%d,%.*s,%s,%" PRId64 ",%" PRId64 "\r\n", FIRST + year, S_ARG(v->agencies.v[i].name), subjects[k], budget,
                        budget * some(i, k, 50 + (uint64_t)year, 88, 100) / 100);
            }
}

static void make_lunches(buf *b)
{
    static const char *const staple[] = { "白米飯", "五穀飯", "糙米飯", "炒麵" }, *const dish[] = { "紅燒雞腿", "蒜泥肉片", "香煎魚排", "滷豆腐", "咖哩雞丁" },
        *const side[] = { "炒高麗菜", "番茄炒蛋", "涼拌海帶", "燴三色豆" }, *const soup[] = { "玉米濃湯", "蘿蔔排骨湯", "紫菜蛋花湯", "紅豆湯" };
    enum { DAYS = 100 };
    int64_t first = day_from_civil(2024, 9, 2);
    buf_add(b, S("供餐日期,縣市,學校,主食,主菜,副菜,湯品,熱量(大卡),供餐人數\r\n"));
    for (int day = 0; day < DAYS; day++) {
        if (day % 7 >= 5)               /* the first day is a Monday */
            continue;
        for (size_t i = 0; i < array_len(places); i++) {
            uint64_t d = (uint64_t)day;
            put_day(b, first + day, true);
            buf_fmt(b, ",%s,%s示範國民小學,%s,%s,%s,%s,%d,%d\r\n", places[i].county, places[i].town, staple[dice(i, d, 1) % 4], dish[dice(i, d, 2) % 5],
                    side[dice(i, d, 3) % 4], soup[dice(i, d, 4) % 4], some(i, d, 5, 620, 790), 200 + some(i, 0, 6, 0, 900) - some(i, d, 7, 0, 12));
        }
    }
}

static void make_stations(buf *b)
{
    enum { STATIONS = 240 };
    int64_t first = day_from_civil(2013, 1, 1);
    buf_add(b, S("日期,車站代碼,車站,縣市,進站人數,出站人數\r\n"));
    for (int64_t n = 0; n < LARGE_ROWS; n++) {
        uint64_t day = (uint64_t)(n / STATIONS), i = (uint64_t)(n % STATIONS);
        const place *p = &places[i % array_len(places)];
        int usual = 80 + (int)(dice(i, 0, 1) % 30000) / (1 + (int)(i % 7));
        put_day(b, first + (int64_t)day, false);
        buf_fmt(b, ",%04d,%s%d站,%s,%d,%d\r\n", 1000 + (int)i, p->town, (int)(i / array_len(places)) + 1, p->county,
                usual + some(i, day, 2, 0, usual / 4), usual + some(i, day, 3, 0, usual / 4));
    }
}

/* Not as it should be, so that the quality page has something to tell: whatever can be wrong in a table of inspections. */
static void make_inspections(buf *b)
{
    enum { ROWS = 120 };
    int64_t first = day_from_civil(2024, 1, 8);
    buf_add(b, S("流水號,月份,縣市,旅宿名稱,緯度,經度,開始日期,結束日期,備註\r\n"));
    for (int n = 0; n < ROWS; n++) {
        const place *p = &places[(size_t)n % array_len(places)];
        int64_t day = first + n * 3;
        buf_fmt(b, "L%04d,%d,%s,%s%d號旅宿%s,%.4f,%.4f,", n == 77 ? 76 : n + 1, n == 40 ? 13 : day_split(day * DAY_MS).month, n == 51 ? "彰化現" : p->county,
                n == 20 ? "=" : "", n + 1, n % 30 == 5 ? " " : "", n == 33 ? p->latitude * 10 : p->latitude, p->longitude);
        put_day(b, day, false);
        buf_byte(b, ',');
        put_day(b, n == 60 ? day - 20 : day + 1, false);
        buf_fmt(b, ",%s\r\n", n % 9 == 0 ? "-" : n % 4 == 0 ? "限期改善" : "合格");
    }
}

static const struct { const char *dataset, *file; void (*make)(buf *b); } tables[] = {
    { "空氣品質即時監測", "air_quality.csv", make_air },
    { "列管公廁清冊", "public_toilets.csv", make_toilets },
    { "道路交通事故統計", "road_accidents.csv", make_accidents },
    { "中央政府總預算歲出", "budget.csv", make_budget },
    { "學校午餐食材登錄", "school_lunches.csv", make_lunches },
    { "旅宿抽查紀錄", "inspections.csv", make_inspections },
    { "鐵路車站每日進出站人數", "station_passengers.csv", make_stations },       /* the large one stands last */
};

/* --- where they go --- */

size_t demo_table_count(bool large)
{
    return array_len(tables) - (large ? 0 : 1);
}

bool demo_table_has(str dataset_title)
{
    for (size_t i = 0; i < array_len(tables); i++)
        if (str_eq(dataset_title, str_of(tables[i].dataset)))
            return true;
    return false;
}

static bool find_csv(ctx *c, str title, dataset_row *d, distribution_row *f)
{
    demo_dataset_row found;
    distribution_row_list l;
    bool any;
    if (!q_demo_dataset(c, title, &found, &any))
        return false;
    if (!any)
        return fail(c, NOT_FOUND, "the demonstration has no dataset “%.*s”", S_ARG(title));
    if (!q_dataset_by_id(c, found.id, d) || !q_distribution_of(c, d->id, &l))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (str_eq(l.v[i].format, S("CSV"))) {
            *f = l.v[i];
            return true;
        }
    return fail(c, NOT_FOUND, "“%.*s” has no file that is CSV", S_ARG(title));
}

bool demo_table_put(ctx *c, size_t i, table_put *out)
{
    dataset_row d;
    distribution_row f;
    str path = file_join(c->a, c->site->data_dir, str_of(tables[i].file)), actor = c->actor;
    buf b = buf_in(c->a);
    b.max = LARGE_BYTES;
    tables[i].make(&b);
    if (!find_csv(c, str_of(tables[i].dataset), &d, &f) || !file_write(c, path, buf_str(&b)))
        return false;
    c->actor = S("seed:demo");
    bool ok = table_put_path(c, &d, &f, path, str_of(tables[i].file), out);
    c->actor = actor;
    return file_remove(c, path) && ok;
}
