#include "kit/load/load_judge.h"

#include "kit/load/load_lost.h"
#include "kit/load/load_mixed.h"

#include <math.h>

#define PLACES 5

typedef struct {
    const column_file *f;
    const load_judge_plan *p;
} judge;

static bool is_one_of(str s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_ieq(s, str_of(list[i])))
            return true;
    return false;
}

static bool has_one_of(str s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_has(s, str_of(list[i])))
            return true;
    return false;
}

#define ONE_OF(s, ...) is_one_of((s), (const char *const[]){ __VA_ARGS__ }, array_len(((const char *const[]){ __VA_ARGS__ })))
#define HAS_ONE_OF(s, ...) has_one_of((s), (const char *const[]){ __VA_ARGS__ }, array_len(((const char *const[]){ __VA_ARGS__ })))

static bool tell(ctx *c, const judge *j, const char *code, size_t col, uint64_t row, str sample, uint64_t count)
{
    table_finding f = { .code = code, .col = col + 1, .sample = sample, .count = count };
    bool known = false;
    if (row > 0) {
        f.row = row;
        if (!column_file_place(c, j->f, row - 1, &f.byte, &f.line, &known))
            return false;
    }
    return j->p->finding(c, j->p->to, &f);
}

/* The first places; the last one carries the count of all. */
static bool tell_rows(ctx *c, const judge *j, const char *code, size_t col, const column_view *v, const uint64_t *rows, uint64_t count)
{
    char room[COLUMN_NUMBER_ROOM];
    size_t n = count < PLACES ? (size_t)count : PLACES;
    for (size_t i = 0; i < n; i++)
        if (!tell(c, j, code, col, rows[i] + 1, column_text(v, rows[i], room), i + 1 < n ? 1 : count - i))
            return false;
    return true;
}

/* Places of a column whose numbers lie outside. */
static bool tell_outside(ctx *c, const judge *j, const char *code, size_t col, double least, double most)
{
    column_view v;
    uint64_t rows[PLACES], count = 0;
    if (!column_use(c, j->f, col, &v))
        return false;
    for (uint64_t row = 0; row < v.rows; row++) {
        double x;
        if (column_number(&v, row, &x) && (x < least || x > most)) {
            if (count < PLACES)
                rows[count] = row;
            count++;
        }
    }
    return tell_rows(c, j, code, col, &v, rows, count);
}

/* --- numbers that cannot be --- */

/* What a spreadsheet made of long numbers: 1.23457E+15 has lost its last digits. */
static bool is_rounded(str s)
{
    size_t e = str_find_byte(s, 'E');
    str exponent = str_from(s, e + 1);
    return e > 2 && e <= 8 && s.p[1] == '.' && exponent.n == 3 && exponent.p[0] == '+' && (exponent.p[1] > '1' || (exponent.p[1] == '1' && exponent.p[2] >= '1'));
}

static bool judge_rounded(ctx *c, const judge *j, size_t col, const column_about *k)
{
    column_view v;
    uint64_t rows[PLACES], count = 0;
    char room[COLUMN_NUMBER_ROOM];
    if ((k->type != COLUMN_integer && k->type != COLUMN_decimal && k->type != COLUMN_text) || !is_rounded(k->stats.max_text) || !column_use(c, j->f, col, &v))
        return c->err.code == ERR_OK;
    for (uint64_t row = 0; row < v.rows; row++)
        if (!column_is_null(&v, row) && is_rounded(column_text(&v, row, room))) {
            if (count < PLACES)
                rows[count] = row;
            count++;
        }
    return tell_rows(c, j, "number_rounded", col, &v, rows, count);
}

/* Days as a spreadsheet counts them, below a title that speaks of a date: 45123 is 2023-07-16. */
static bool judge_serial(ctx *c, const judge *j, size_t col, const column_about *k)
{
    bool dated = ONE_OF(k->title, "日期", "date", "生日", "出生日期", "出生年月日", "發生日期", "更新日期", "開始日期", "結束日期", "起始日期", "截止日期", "登記日期", "核准日期", "交易年月日", "交易日期");
    if (!dated || k->type != COLUMN_integer || !k->stats.has_keys || k->stats.min_key < 10000 || k->stats.max_key > 60000)
        return true;
    return tell(c, j, "serial_date", col, 0, k->stats.max_text, column_file_rows(j->f) - k->stats.null_count);
}

static bool is_number(const column_about *k)
{
    return column_type_key(k->type) == COLUMN_KEY_NUMBER && k->type != COLUMN_boolean && k->type != COLUMN_year && k->stats.has_keys;
}

static double greatest(const column_about *k)
{
    return (double)k->stats.max_key / pow(10, k->scale);
}

static double least(const column_about *k)
{
    return (double)k->stats.min_key / pow(10, k->scale);
}

static bool judge_coordinate(ctx *c, const judge *j, size_t col, const column_about *k)
{
    bool latitude = k->type == COLUMN_latitude || ONE_OF(k->title, "緯度", "latitude", "lat", "WGS84緯度", "緯度座標");
    bool longitude = k->type == COLUMN_longitude || ONE_OF(k->title, "經度", "longitude", "lng", "lon", "WGS84經度", "經度座標");
    double most = latitude ? 90 : 180;
    if ((!latitude && !longitude) || !is_number(k) || (greatest(k) <= most && least(k) >= -most))
        return true;
    if (latitude && least(k) > 118 && greatest(k) < 124)        /* all of them: Taiwan's longitudes */
        return tell(c, j, "coordinates_swapped", col, 0, k->stats.max_text, column_file_rows(j->f));
    return tell_outside(c, j, "coordinate_range", col, -most, most);
}

/* Titles that can mean nothing else; greater numbers than two digits are years with months and the like. */
static bool judge_calendar(ctx *c, const judge *j, size_t col, const column_about *k)
{
    double most = ONE_OF(k->title, "月", "月份", "月別", "month") ? 12 : ONE_OF(k->title, "日期(日)", "日", "day") ? 31
                : ONE_OF(k->title, "時", "小時", "hour") ? 24 : 0;
    if (most <= 0 || k->type != COLUMN_integer || !is_number(k) || least(k) < 0 || greatest(k) <= most || greatest(k) > 99)
        return true;
    return tell_outside(c, j, "calendar_range", col, 0, most);
}

/* --- dates --- */

static int64_t day_of(const column_about *k, int64_t key)
{
    return column_type_key(k->type) == COLUMN_KEY_MOMENT ? (key + DAY_TAIPEI_MS) / DAY_MS : key;
}

static bool is_day(const column_about *k)
{
    return (k->type == COLUMN_date || k->type == COLUMN_datetime) && k->stats.has_keys;
}

/* What happened, or was written down, cannot lie in the future. */
static bool judge_future(ctx *c, const judge *j, size_t col, const column_about *k)
{
    bool past = HAS_ONE_OF(k->title, "出生", "生日", "發生日", "發生時間", "事故日", "死亡日", "填表日", "更新日", "更新時間", "建檔日", "觀測時間", "採樣日");
    column_view v;
    uint64_t rows[PLACES], count = 0;
    if (!past || !is_day(k) || day_of(k, k->stats.max_key) <= j->p->today + 1)
        return true;
    if (!column_use(c, j->f, col, &v))
        return false;
    for (uint64_t row = 0; row < v.rows; row++) {
        int64_t key;
        if (column_key(&v, row, &key) && day_of(k, key) > j->p->today + 1) {
            if (count < PLACES)
                rows[count] = row;
            count++;
        }
    }
    return tell_rows(c, j, "future_date", col, &v, rows, count);
}

/* The column that ends what this one begins; false: there is none. */
static bool end_of(ctx *c, const judge *j, str title, size_t *end)
{
    static const char *const pairs[][2] = {
        { "開始", "結束" }, { "起始", "結束" }, { "開始", "截止" }, { "起始", "截止" }, { "起", "迄" }, { "起", "訖" }, { "start", "end" }, { "Start", "End" },
    };
    for (size_t i = 0; i < array_len(pairs); i++) {
        str from = str_of(pairs[i][0]);
        if (!str_has(title, from))
            continue;
        str wanted = str_replace(c->a, title, from, str_of(pairs[i][1]));
        for (size_t k = 0; k < column_file_count(j->f); k++)
            if (str_eq(column_file_about(j->f, k)->title, wanted)) {
                *end = k;
                return true;
            }
    }
    return false;
}

static bool judge_order(ctx *c, const judge *j, size_t col, const column_about *k)
{
    size_t end;
    column_view from, to;
    uint64_t rows[PLACES], count = 0;
    char room[COLUMN_NUMBER_ROOM], room2[COLUMN_NUMBER_ROOM];
    if (!is_day(k) || !end_of(c, j, k->title, &end) || !is_day(column_file_about(j->f, end)) || column_file_about(j->f, end)->type != k->type)
        return true;
    if (k->stats.max_key <= column_file_about(j->f, end)->stats.min_key)
        return true;
    if (!column_use(c, j->f, col, &from) || !column_use(c, j->f, end, &to))
        return false;
    for (uint64_t row = 0; row < from.rows; row++) {
        int64_t a, b;
        if (column_key(&from, row, &a) && column_key(&to, row, &b) && a > b) {
            if (count < PLACES)
                rows[count] = row;
            count++;
        }
    }
    size_t n = count < PLACES ? (size_t)count : PLACES;
    for (size_t i = 0; i < n; i++) {
        str sample = str_fmt(c->a, "%.*s > %.*s", S_ARG(column_text(&from, rows[i], room)), S_ARG(column_text(&to, rows[i], room2)));
        if (!tell(c, j, "dates_reversed", col, rows[i] + 1, sample, i + 1 < n ? 1 : count - i))
            return false;
    }
    return true;
}

/* --- names and numbers --- */

/* … or a word by which tables name totals and the rest; counties of the past stand in the lexicon. */
static bool is_county(const judge *j, str s)
{
    return (lexicon_place(j->p->words, s) & PLACE_COUNTY) != 0
        || HAS_ONE_OF(s, "計", "全", "臺灣", "台灣", "福建", "其他", "其它", "地區", "不詳", "未", "無", "國", "省", "外", "大陸", "公路", "園區", "局", "署");
}

static bool is_total(str s)
{
    s = str_trim(s);
    return ONE_OF(s, "總計", "合計", "小計", "總和", "總數", "總  計", "合  計", "總　計", "合　計", "小　計", "Total", "Grand Total", "Subtotal", "Sub-total");
}

/* Where nearly all are counties, the others are spelled wrong. Towns are not judged: tables of the past have those of the past. */
static bool judge_county(ctx *c, const judge *j, size_t col, const column_about *k)
{
    column_view v;
    uint64_t right = 0, wrong = 0;
    size_t told = 0;
    if (j->p->words == NULL || !ONE_OF(k->title, "縣市", "縣市別", "縣市名稱", "縣市名") || k->form != COLUMN_CODES
        || k->stats.distinct > 200 || !column_use(c, j->f, col, &v))
        return c->err.code == ERR_OK;
    for (uint32_t code = v.nulls; code < v.dict_count; code++)
        *(is_county(j, str_trim(column_entry(&v, code))) ? &right : &wrong) += v.dict_rows[code];
    if (wrong == 0 || right < wrong * 9)
        return true;
    for (uint32_t code = v.nulls; code < v.dict_count && told < PLACES; code++)
        if (!is_county(j, str_trim(column_entry(&v, code)))) {
            uint64_t row = 0;
            char room[COLUMN_NUMBER_ROOM];
            told++;
            while (row < v.rows && !str_eq(column_text(&v, row, room), column_entry(&v, code)))
                row++;
            if (!tell(c, j, "unknown_county", col, row < v.rows ? row + 1 : 0, column_entry(&v, code), v.dict_rows[code]))
                return false;
        }
    return true;
}

/* Sums that stand as rows: whoever adds up a column counts them twice. */
static bool judge_totals(ctx *c, const judge *j, size_t col, const column_about *k)
{
    column_view v;
    uint64_t rows[PLACES], count = 0;
    char room[COLUMN_NUMBER_ROOM];
    if (col > 2 || k->form != COLUMN_CODES || !column_use(c, j->f, col, &v))
        return c->err.code == ERR_OK;
    uint64_t totals = 0;
    for (uint32_t code = v.nulls; code < v.dict_count; code++)
        totals += is_total(column_entry(&v, code)) ? v.dict_rows[code] : 0;
    if (totals == 0 || totals * 2 > v.rows)
        return true;
    for (uint64_t row = 0; row < v.rows && count < totals; row++)
        if (!column_is_null(&v, row) && is_total(column_text(&v, row, room))) {
            if (count < PLACES)
                rows[count] = row;
            count++;
        }
    return tell_rows(c, j, "total_row", col, &v, rows, count);
}

static bool judge_identifier(ctx *c, const judge *j, size_t col, const column_about *k)
{
    enum { ROWS_LEAST = 100 };
    uint64_t rows = column_file_rows(j->f), distinct = k->stats.distinct;
    bool named = ONE_OF(k->title, "流水號", "案號", "案件編號", "資料編號", "識別碼", "唯一識別碼");
    if (!named || rows < ROWS_LEAST || !k->stats.distinct_exact || k->stats.null_count > 0 || distinct == rows || distinct * 100 < rows * 98)
        return true;
    return tell(c, j, "identifier_repeated", col, 0, (str){ 0 }, rows - distinct);
}

/* Text of UTF-8 that was read as Latin-1, or of Big5 that was read as UTF-8; seen in what the statistics keep. */
static bool is_mojibake(str s)
{
    return HAS_ONE_OF(s, "嚙踝蕭", "锟斤拷", "ï»¿", "å°", "ä¸\xc2", "æ\xc2\x96", "ç¸£", "å¸\xc2", "â\xc2\x80", "Ã¥", "Ã¤", "Ã©Â");
}

static bool judge_text(ctx *c, const judge *j, size_t col, const column_about *k)
{
    const column_stats *s = &k->stats;
    str found = is_mojibake(k->title) ? k->title : is_mojibake(s->max_text) ? s->max_text : is_mojibake(s->min_text) ? s->min_text : (str){ 0 };
    for (size_t i = 0; found.n == 0 && i < s->top_count; i++)
        if (is_mojibake(s->top[i].text))
            found = s->top[i].text;
    return found.n == 0 || tell(c, j, "mojibake", col, 0, utf8_cut(found, 120), 1);
}

/* A person's name beside what is nobody else's business. Names of who represents a firm or an office are public. */
static bool judge_people(ctx *c, const judge *j)
{
    size_t name = 0, more = 0;
    for (size_t i = 0; i < column_file_count(j->f); i++) {
        str t = column_file_about(j->f, i)->title;
        if (ONE_OF(t, "姓名", "學生姓名", "個案姓名", "當事人姓名", "民眾姓名", "病患姓名", "申請人姓名", "被保險人姓名", "案主姓名"))
            name = i + 1;
        if (HAS_ONE_OF(t, "身分證", "身份證", "護照號碼", "出生日期", "出生年月日", "生日", "戶籍地址", "居住地址", "住家地址", "手機", "行動電話"))
            more = i + 1;
    }
    if (name == 0 || more == 0)
        return true;
    str sample = str_fmt(c->a, "%.*s + %.*s", S_ARG(column_file_about(j->f, name - 1)->title), S_ARG(column_file_about(j->f, more - 1)->title));
    return tell(c, j, "personal_columns", name - 1, 0, sample, 1);
}

bool load_judge(ctx *c, const column_file *f, const load_judge_plan *p)
{
    judge j = { f, p };
    if (column_file_rows(f) == 0)
        return p->finding(c, p->to, &(table_finding){ .code = "no_rows", .count = 1 });
    for (size_t i = 0; i < column_file_count(f); i++) {
        const column_about *k = column_file_about(f, i);
        if (!judge_coordinate(c, &j, i, k) || !judge_calendar(c, &j, i, k) || !judge_rounded(c, &j, i, k) || !judge_serial(c, &j, i, k) || !judge_future(c, &j, i, k) || !judge_order(c, &j, i, k)
            || !judge_county(c, &j, i, k) || !judge_totals(c, &j, i, k) || !judge_identifier(c, &j, i, k) || !judge_text(c, &j, i, k)
            || !load_mixed(c, f, i, p) || !load_lost(c, f, i, p))
            return false;
    }
    return judge_people(c, &j);
}
