#include "kit/table/maker.h"

/* docs/table-types.md, Nulls, 3. */
static const str any_marks[] = {
    S_INIT("N/A"), S_INIT("n/a"), S_INIT("#N/A"), S_INIT("NULL"), S_INIT("null"), S_INIT("NaN"), S_INIT("nan"), S_INIT("-"), S_INIT("--"),
    S_INIT("---"), S_INIT("－"), S_INIT("—"), S_INIT("─"), S_INIT("…"), S_INIT("..."), S_INIT("......"),
};
static const str typed_marks[] = {
    S_INIT("X"), S_INIT("x"), S_INIT("T"), S_INIT("V"), S_INIT("/"), S_INIT("*"), S_INIT("**"), S_INIT("***"), S_INIT("NA"), S_INIT("na"),
    S_INIT("無"), S_INIT("無資料"), S_INIT("缺值"), S_INIT("未填"), S_INIT("不詳"),
};

static bool is_among(str s, const str *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].n == s.n && v[i].p[0] == s.p[0] && memcmp(v[i].p, s.p, s.n) == 0)
            return true;
    return false;
}

static bool is_declared(str s, const str_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->v[i], s))
            return true;
    return false;
}

maker_mark maker_mark_of(const column_build *b, const maker_column *k, str s)
{
    const table_schema *schema = b->plan.schema;
    if (s.p == NULL)
        return MARK_ABSENT;
    if (s.n == 0 || ((s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == '\n' || s.p[0] == '\r' || s.p[0] == '\xe3') && str_trim(s).n == 0))
        return MARK_BLANK;
    if (schema != NULL) {
        if (k->field != NULL && k->field->allowed.n > 0 && is_declared(s, &k->field->allowed))
            return MARK_NONE;
        if (is_declared(s, &schema->missing) || (k->field != NULL && is_declared(s, &k->field->missing)))
            return MARK_ANY;
        if (schema->own_marks)
            return MARK_NONE;
    }
    if (s.n > 9 || (s.p[0] >= '0' && s.p[0] <= '9') || (s.n == 9 && s.p[0] != '\xe7'))
        return MARK_NONE;
    if (is_among(s, any_marks, array_len(any_marks)))
        return MARK_ANY;
    return is_among(s, typed_marks, array_len(typed_marks)) ? MARK_TYPED : MARK_NONE;
}

bool table_is_mark(str s)
{
    return s.n > 0 && (is_among(s, any_marks, array_len(any_marks)) || is_among(s, typed_marks, array_len(typed_marks)));
}

bool table_title_is_code(str title)
{
    return (maker_title_says(title) & SAYS_CODE) != 0;
}

bool maker_is_sentinel(const number_text *n)
{
    int64_t v;
    return n->mantissa < 0 && number_rescale(n->mantissa, n->decimals, 0, &v)
        && (v == -99 || v == -999 || v == -9999 || v == -99999);
}

bool maker_is_no_date(str s)
{
    return str_eq(s, S("0")) || str_eq(s, S("00000000")) || str_eq(s, S("0000000"));
}

bool maker_is_no_word(str s)
{
    return str_eq(s, S("無"));
}

static bool has_any(str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_has(s, str_of(words[i])))
            return true;
    return false;
}

static bool ends_any(str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_ends(s, str_of(words[i])))
            return true;
    return false;
}

#define HAS(...) has_any(t, (const char *const[]){ __VA_ARGS__ }, array_len(((const char *const[]){ __VA_ARGS__ })))
#define ENDS(...) ends_any(t, (const char *const[]){ __VA_ARGS__ }, array_len(((const char *const[]){ __VA_ARGS__ })))

unsigned maker_title_says(str title)
{
    char lower[128];
    size_t n = title.n < sizeof lower ? title.n : sizeof lower;
    for (size_t i = 0; i < n; i++)
        lower[i] = (char)(title.p[i] >= 'A' && title.p[i] <= 'Z' ? title.p[i] + 32 : title.p[i]);
    str t = str_trim((str){ lower, n });
    unsigned says = 0;
    if (HAS("日期", "時間", "年月日", "生日", "date", "time") || ENDS("日", "時"))
        says |= SAYS_DATE;
    if (HAS("年月", "月份", "month", "yyymm", "yyyymm"))
        says |= SAYS_MONTH;
    if (HAS("年度", "年別", "年份", "學年", "民國年", "西元年") || ENDS("年", "year") || str_starts(t, S("year")))
        says |= SAYS_YEAR;
    if (HAS("經度", "longitude", "lng") || ENDS("lon") || str_starts(t, S("lon")))
        says |= SAYS_LONGITUDE;
    if (HAS("緯度", "latitude") || ENDS("lat") || str_starts(t, S("lat")))
        says |= SAYS_LATITUDE;
    bool datum = HAS("twd", "tm2", "座標", "坐標", "coord");
    if (str_eq(t, S("x")) || HAS("橫座標", "橫坐標", "東距") || (datum && HAS("x")))
        says |= SAYS_EASTING;
    if (str_eq(t, S("y")) || HAS("縱座標", "縱坐標", "北距") || (datum && HAS("y")))
        says |= SAYS_NORTHING;
    if (HAS("電話", "手機", "行動", "傳真", "phone", "mobile", "fax") || str_starts(t, S("tel")))
        says |= SAYS_PHONE;
    if (HAS("代碼", "代號", "編號", "號碼", "code") || ENDS("id", "碼"))
        says |= SAYS_CODE;
    if (HAS("統一編號", "統編", "營利事業編號", "business_id", "tax_id", "ubn"))
        says |= SAYS_BUSINESS;
    return says;
}
