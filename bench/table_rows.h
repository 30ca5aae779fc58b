/* table_rows — rows for the benchmarks of tables: 12 columns as public tables
 * mix them, always alike for the same number of rows. About 150 MB of CSV a
 * million rows: serial, case number (unique), county (22), township, ROC date in
 * three spellings, ISO date, integer (2 % empty), decimal with six places,
 * category (50), address (nearly all differ), note (30 % empty, a quarter in
 * quotes, 7 % with a line feed, 3 % with doubled quotes), eight-digit number
 * with leading zeros. */
#ifndef TABLE_ROWS_H
#define TABLE_ROWS_H
#include "base.h"

#define TABLE_ROWS_COLS 12
#define TABLE_ROWS_HEAD "序號,案件編號,縣市,鄉鎮市區,發生日期,登錄日期,數量,比率,類別,地址,備註,統一序號\n"

typedef struct { uint64_t seed, serial; } table_rows;

static inline uint32_t table_rows_draw(table_rows *t, uint32_t n)
{
    t->seed = t->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((t->seed >> 33) % n);
}

static inline void table_rows_date(table_rows *t, buf *b)
{
    unsigned y = 100 + table_rows_draw(t, 15), m = 1 + table_rows_draw(t, 12), d = 1 + table_rows_draw(t, 28);
    switch (table_rows_draw(t, 3)) {
    case 0: buf_fmt(b, "%u/%02u/%02u", y, m, d); break;
    case 1: buf_fmt(b, "%u年%u月%u日", y, m, d); break;
    default: buf_fmt(b, "%u%02u%02u", y, m, d); break;
    }
}

static inline void table_rows_note(table_rows *t, buf *b)
{
    static const char *const words[] = { "民眾通報路面坑洞", "已派員現場勘查", "經查屬實並限期改善", "資料待補正", "轉請權責單位辦理", "夜間施工噪音",
                                         "路燈不亮", "號誌故障", "違規停車", "樹木傾倒", "積水未退", "已於期限內完成" };
    uint32_t kind = table_rows_draw(t, 100), n = 1 + table_rows_draw(t, 3);
    if (kind < 30)
        return;
    bool quoted = kind < 55;
    if (quoted)
        buf_byte(b, '"');
    for (uint32_t i = 0; i < n; i++) {
        buf_add(b, str_of(words[table_rows_draw(t, array_len(words))]));
        buf_fmt(b, "%u", table_rows_draw(t, 100));
        if (quoted && i + 1 < n)
            buf_byte(b, kind < 37 ? '\n' : ',');
    }
    if (quoted && kind >= 52)
        buf_add(b, S("\"\"急件\"\""));
    if (quoted)
        buf_byte(b, '"');
}

/* One record with its line feed. */
static inline void table_rows_add(table_rows *t, buf *b)
{
    static const char *const counties[] = { "臺北市", "新北市", "桃園市", "臺中市", "臺南市", "高雄市", "基隆市", "新竹市", "嘉義市", "新竹縣", "苗栗縣",
        "彰化縣", "南投縣", "雲林縣", "嘉義縣", "屏東縣", "宜蘭縣", "花蓮縣", "臺東縣", "澎湖縣", "金門縣", "連江縣" };
    static const char *const towns[] = { "中正區", "大安區", "板橋區", "中壢區", "西屯區", "安平區", "三民區", "仁愛區", "東區", "竹北市", "頭份市",
        "員林市", "埔里鎮", "斗六市", "太保市", "潮州鎮", "羅東鎮", "吉安鄉", "卑南鄉", "馬公市", "金城鎮", "南竿鄉" };
    static const char *const roads[] = { "中正路", "中山北路", "民族東路", "和平西路", "忠孝路", "仁愛路", "信義路", "復興南路", "建國北路", "光復路" };
    uint32_t county = table_rows_draw(t, 22), road = table_rows_draw(t, array_len(roads));
    uint64_t serial = ++t->serial;
    buf_fmt(b, "%" PRIu64 ",A%02u-%08" PRIu64 ",%s,%s,", serial, table_rows_draw(t, 100), serial * 7, counties[county],
            towns[(county + table_rows_draw(t, 7)) % array_len(towns)]);
    table_rows_date(t, b);
    buf_fmt(b, ",%u-%02u-%02u,", 2011 + table_rows_draw(t, 14), 1 + table_rows_draw(t, 12), 1 + table_rows_draw(t, 28));
    if (table_rows_draw(t, 50) > 0)
        buf_fmt(b, "%u", table_rows_draw(t, 100000));
    buf_fmt(b, ",%u.%06u,類別%02u,", table_rows_draw(t, 1000), table_rows_draw(t, 1000000), table_rows_draw(t, 50));
    buf_fmt(b, "%s%s%u段%u巷%u號,", counties[county], roads[road], 1 + table_rows_draw(t, 9), table_rows_draw(t, 500), table_rows_draw(t, 900));
    table_rows_note(t, b);
    buf_fmt(b, ",%08u\n", table_rows_draw(t, 99999999));
}
#endif
