/* What suits a table: read from its columns' types and statistics alone, without a row. */
#include "app/table/table_chart.h"

enum { GROUPS_MOST = 400, SERIES_MOST = 12, DAYS_MOST = 400 };

bool table_chart_dates(column_type t)
{
    column_key_kind k = column_type_key(t);
    return k == COLUMN_KEY_DAY || k == COLUMN_KEY_MOMENT;
}

bool table_chart_counts(column_type t)
{
    return t == COLUMN_integer || t == COLUMN_decimal;
}

bool table_chart_groups(const column_about *k)
{
    bool texts = k->type == COLUMN_text || k->type == COLUMN_county || k->type == COLUMN_town || k->type == COLUMN_boolean || k->type == COLUMN_year
        || k->type == COLUMN_area_code || k->type == COLUMN_code;
    return texts && k->stats.distinct > 1 && k->stats.distinct <= GROUPS_MOST && k->stats.max_bytes <= 120;
}

typedef struct {
    size_t date, year, number, second, group, county, series;   /* SIZE_MAX: none */
} kinds;

static void take(size_t *place, size_t i)
{
    if (*place == SIZE_MAX)
        *place = i;
}

static bool says(const column_about *k, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_has(k->title, str_of(words[i])))
            return true;
    return false;
}

/* Numbers that count the rows or name things: nothing is learned from their sum. */
static bool names_things(const query_table *t, const column_about *k)
{
    static const char *const words[] = { "代碼", "代號", "編號", "序號", "號碼", "項次", "統編", "郵遞區號", "code", "Code" };
    bool counts = k->type == COLUMN_integer && k->ascending && k->stats.distinct_exact && k->stats.distinct == query_table_rows(t);
    bool id = str_ieq(k->title, S("id")) || str_ends(k->title, S("_id")) || str_ends(k->title, S("ID"));
    return counts || id || says(k, words, array_len(words));
}

static kinds kinds_of(const query_table *t)
{
    kinds k = { SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX };
    for (size_t i = 0; i < query_table_columns(t); i++) {
        const column_about *about = query_table_about(t, i);
        if (about->stats.distinct == 0)
            continue;
        if (table_chart_dates(about->type) && about->stats.distinct > 1)
            take(&k.date, i);
        else if (about->type == COLUMN_year && about->stats.distinct > 1)
            take(&k.year, i);
        else if (table_chart_counts(about->type) && !names_things(t, about))
            take(k.number == SIZE_MAX ? &k.number : &k.second, i);
        else if (about->type == COLUMN_county)
            take(&k.county, i);
        else if (table_chart_groups(about) && about->type != COLUMN_code)
            take(&k.group, i);
        if (about->type != COLUMN_year && about->type != COLUMN_code && table_chart_groups(about) && about->stats.distinct <= SERIES_MOST)
            take(&k.series, i);
    }
    return k;
}

/* Counts and amounts add up; indices, rates, prices and measurements do not: of these the average says something. */
static bool adds_up(const column_about *k)
{
    static const char *const no[] = { "指數", "率", "均", "價", "度", "比", "熱量", "index", "rate", "price", "average" },
        *const yes[] = { "數", "量", "額", "人", "件", "戶", "元", "次", "面積", "count", "number", "amount", "total" };
    return !says(k, no, array_len(no)) && says(k, yes, array_len(yes));
}

static query_by_kind period_of(const query_table *t, size_t col)
{
    const column_about *k = query_table_about(t, col);
    if (k->type == COLUMN_month || k->type == COLUMN_quarter || (k->type == COLUMN_date && k->stats.distinct <= DAYS_MOST))
        return k->type == COLUMN_month ? QUERY_BY_MONTH : k->type == COLUMN_quarter ? QUERY_BY_QUARTER : QUERY_BY_VALUE;
    const int64_t day = column_type_key(k->type) == COLUMN_KEY_MOMENT ? DAY_MS : 1;
    int64_t span = k->stats.has_keys ? (k->stats.max_key - k->stats.min_key) / day : 0;
    return span <= DAYS_MOST && k->stats.distinct <= DAYS_MOST ? QUERY_BY_VALUE : QUERY_BY_MONTH;
}

static void add(ctx *c, table_chart_list *l, table_chart k)
{
    k.top = TABLE_CHART_TOP;
    list_add(c->a, l, k);
}

static query_aggregate usual(const query_table *t, const kinds *k)
{
    if (k->number == SIZE_MAX)
        return (query_aggregate){ .kind = QUERY_COUNT };
    return (query_aggregate){ adds_up(query_table_about(t, k->number)) ? QUERY_SUM : QUERY_AVG, k->number };
}

query_aggregate table_chart_usual(const query_table *t)
{
    kinds k = kinds_of(t);
    return usual(t, &k);
}

void table_chart_choose(ctx *c, const query_table *t, table_chart_list *out)
{
    kinds k = kinds_of(t);
    size_t when = k.date != SIZE_MAX ? k.date : k.year, group = k.group != SIZE_MAX ? k.group : k.county;
    query_aggregate rows = { .kind = QUERY_COUNT }, y = usual(t, &k);
    query_by time = { .col = when, .kind = k.date != SIZE_MAX ? period_of(t, k.date) : QUERY_BY_VALUE };
    if (when != SIZE_MAX) {
        add(c, out, (table_chart){ .type = TABLE_CHART_LINES, .x = time, .y = y, .series = SIZE_MAX, .order = TABLE_CHART_BY_KEY });
        if (k.series != SIZE_MAX && k.series != when)
            add(c, out, (table_chart){ .type = TABLE_CHART_LINES, .x = time, .y = y, .series = k.series, .order = TABLE_CHART_BY_KEY });
    }
    if (k.county != SIZE_MAX)
        add(c, out, (table_chart){ .type = TABLE_CHART_BARS, .x = { .col = k.county }, .y = y, .series = SIZE_MAX });
    if (k.group != SIZE_MAX)
        add(c, out, (table_chart){ .type = TABLE_CHART_BARS, .x = { .col = group }, .y = y, .series = SIZE_MAX });
    if (k.number != SIZE_MAX)
        add(c, out, (table_chart){ .type = TABLE_CHART_HISTOGRAM, .x = { .col = k.number, .kind = QUERY_BY_BIN }, .y = rows, .series = SIZE_MAX });
    if (k.second != SIZE_MAX)
        add(c, out, (table_chart){ .type = TABLE_CHART_SCATTER, .x = { .col = k.number }, .y = { QUERY_AVG, k.second }, .series = SIZE_MAX });
    if (group != SIZE_MAX && k.number != SIZE_MAX)
        add(c, out, (table_chart){ .type = TABLE_CHART_BARS, .x = { .col = group }, .y = rows, .series = SIZE_MAX });
}
