#include "app/measure/measure_series.h"

#define GAP "…"

static const char *const units[] = { "年度", "年", "月份", "月", "日", "季", "學年度", "學期", "期", "屆", "次", "號", "週", "版" };
static const char *const words_of_time[] = {
    "民國", "上半年", "下半年", "第一季", "第二季", "第三季", "第四季", "上學期", "下學期", "第一學期", "第二學期",
    "十一月", "十二月", "一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月",
};
static const char *const schools[] = { "國民小學", "國民中學", "高級中學", "國小", "國中", "高中" };

static bool is_digit(uint32_t code)
{
    return (code >= '0' && code <= '9') || (code >= 0xff10 && code <= 0xff19);
}

static size_t after_any(str s, size_t at, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(str_from(s, at), str_of(list[i])))
            return strlen(list[i]);
    return 0;
}

/* A number with its unit and what holds dates together. */
static size_t number_at(str s, size_t at)
{
    size_t i = at, end = at;
    while (i < s.n) {
        size_t next = i;
        uint32_t code = utf8_next(s, &next);
        if (is_digit(code)) {
            i = end = next;
            continue;
        }
        size_t unit = end > at ? after_any(s, i, units, array_len(units)) : 0;
        if (unit > 0) {
            i = end = i + unit;
            continue;
        }
        bool joins = end > at && (code == '-' || code == '/' || code == '.' || code == '~' || code == 0xff5e || code == 0x81f3 || code == 0xff0d);
        if (!joins)
            break;
        i = next;                       /* kept only when a number follows */
    }
    return end - at;
}

/* The longest name of a place that begins here: 臺北市中正區, 中正區. */
static size_t place_at(const lexicon *words, str s, size_t at)
{
    enum { LONGEST = 8, SHORTEST = 3 };
    size_t ends[LONGEST], n = 0;
    for (size_t i = at; i < s.n && n < LONGEST;) {
        (void)utf8_next(s, &i);
        ends[n++] = i;
    }
    for (size_t k = n; k >= SHORTEST; k--)
        if (words != NULL && lexicon_place(words, str_sub(s, at, ends[k - 1])) != PLACE_NONE)
            return ends[k - 1] - at;
    return 0;
}

/* The name of a school: at most six characters and its kind. */
static size_t school_at(str s, size_t at)
{
    size_t i = at;
    for (int k = 0; k <= 6 && i < s.n; k++) {
        size_t kind = k > 1 ? after_any(s, i, schools, array_len(schools)) : 0;
        if (kind > 0)
            return i + kind - at;
        if (!utf8_is_han(utf8_next(s, &i)))
            return 0;
    }
    return 0;
}

str measure_stem(arena *a, const lexicon *words, str title)
{
    enum { LEFT_LEAST = 4 };
    buf b = buf_in(a);
    size_t left = 0, gaps = 0;
    bool start = true;                  /* names of schools begin where words do */
    for (size_t i = 0; i < title.n;) {
        size_t gap = number_at(title, i);
        if (gap == 0)
            gap = after_any(title, i, words_of_time, array_len(words_of_time));
        if (gap == 0)
            gap = place_at(words, title, i);
        if (gap == 0 && start)
            gap = school_at(title, i);
        if (gap > 0) {
            bool joined = b.n >= strlen(GAP) && memcmp(b.p + b.n - strlen(GAP), GAP, strlen(GAP)) == 0;
            if (!joined)
                buf_add(&b, S(GAP));
            gaps++;
            i += gap;
            start = true;
            continue;
        }
        size_t from = i;
        uint32_t code = utf8_next(title, &i);
        bool letter = utf8_is_cjk(code) || (code < 128 && ((code | 32) >= 'a' && (code | 32) <= 'z'));
        left += letter;
        start = !letter;
        buf_add(&b, str_sub(title, from, i));
    }
    return gaps > 0 && left >= LEFT_LEAST ? buf_str(&b) : (str){ 0 };
}

typedef struct { size_t *v; size_t n, cap; } group;

static void settle(arena *a, measure_member *m, const group *g, str stem, bool sure)
{
    map titles = map_in(a);
    for (size_t i = 0; i < g->n; i++)
        map_set_i64(&titles, m[g->v[i]].title, 1);
    if (titles.n < MEASURE_SERIES_LEAST)
        return;
    for (size_t i = 0; i < g->n; i++) {
        measure_member *one = &m[g->v[i]];
        one->series = m[g->v[0]].id;
        one->stem = stem;
        one->count = (int)g->n;
        one->sure = sure;
    }
}

/* One stem: those with the same columns are one series; those whose columns nobody knows, another that is suspected. */
static void part(arena *a, measure_member *m, const group *g, str stem)
{
    map by_columns = map_in(a);
    for (size_t i = 0; i < g->n; i++) {
        bool fresh;
        map_item *it = map_put(&by_columns, m[g->v[i]].columns, &fresh);
        if (fresh)
            it->p = new(a, group);
        list_add(a, (group *)it->p, g->v[i]);
    }
    for (size_t i = 0; i < by_columns.n; i++)
        settle(a, m, by_columns.items[i].p, stem, by_columns.items[i].key.n > 0);
}

void measure_series(arena *a, const lexicon *words, measure_member *m, size_t n)
{
    map stems = map_in(a);
    for (size_t i = 0; i < n; i++) {
        bool fresh;
        str stem = measure_stem(a, words, m[i].title);
        if (stem.n == 0)
            continue;
        map_item *it = map_put(&stems, stem, &fresh);
        if (fresh)
            it->p = new(a, group);
        list_add(a, (group *)it->p, i);
    }
    for (size_t i = 0; i < stems.n; i++) {
        const group *g = stems.items[i].p;
        if (g->n >= MEASURE_SERIES_LEAST)
            part(a, m, g, stems.items[i].key);
    }
}
