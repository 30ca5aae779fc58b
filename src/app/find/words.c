/* words — values as people say them, and as people read them: an organisation
 * by its name, a format by any spelling, a licence by its title; labels of
 * facet values in the reader's language; periods of time. */
#include "app/find/inside.h"
#include "app/vocabulary/vocabulary.h"
#include "kit/text/lang.h"

static bool org_code(ctx *c, str typed, str *code)
{
    struct find *f = c->site != NULL ? c->site->find : NULL;
    if (f == NULL)
        return false;
    str name = search_norm(c->a, f->index, typed);
    pthread_rwlock_rdlock(&f->names);
    const find_organization *o = map_ptr(&f->orgs->by_slug, typed);
    if (o == NULL)
        o = map_ptr(&f->orgs->by_name, name);
    if (o != NULL)
        *code = str_dup(c->a, o->slug);
    pthread_rwlock_unlock(&f->names);
    return o != NULL;
}

static bool theme_code(str typed, str *code)
{
    const vocabulary *v = vocabulary_get();
    for (size_t i = 0; i < v->themes.n; i++) {
        const theme *t = &v->themes.v[i];
        if (str_ieq(typed, t->code) || str_eq(typed, t->title) || str_ieq(typed, t->title_en)) {
            *code = t->code;
            return true;
        }
    }
    return false;
}

static bool star_code(str typed, str *code)
{
    int64_t n = 0;
    str rest = typed;
    for (; str_starts(rest, S("★")); rest = str_from(rest, 3))
        n++;
    if (n == 0 || rest.n > 0) {
        rest = str_ends(typed, S("星")) ? str_sub(typed, 0, typed.n - 3) : typed;
        if (!str_to_i64(rest, &n))
            return false;
    }
    if (n < 0 || n > 5)
        return false;
    *code = str_sub(S("012345"), (size_t)n, (size_t)n + 1);
    return true;
}

typedef struct { find_value field; const char *code, *words; } spelling;
static const spelling spellings[] = {
    { FIND_STAR_BY, "bytes", "實測 檔案內容" },
    { FIND_STAR_BY, "declared", "宣告" },
    { FIND_OPEN, "open", "yes true 1 是 開放 1星以上" },
    { FIND_OPEN, "not_open", "no false 0 否 不開放 未開放" },
    { FIND_OPEN, "unknown", "未知 不明" },
    { FIND_COST, "free", "免費 0" },
    { FIND_COST, "charged", "付費 收費 計費" },
    { FIND_CLASS, "open", "甲 甲類" },
    { FIND_CLASS, "limited", "乙 乙類" },
    { FIND_CLASS, "closed", "丙 丙類" },
    { FIND_STATE, "published", "已發布 上架" },
    { FIND_STATE, "withdrawn", "已撤下 下架" },
    { FIND_STATE, "draft", "草稿" },
    { FIND_TYPE, "rawData", "原始資料 rawdata dataset" },
    { FIND_TYPE, "services", "系統介接程式 服務 api" },
    { FIND_TYPE, "apps", "應用程式" },
    { FIND_TYPE, "tools", "工具" },
};

static bool spelt_code(find_value field, str typed, str *code)
{
    for (size_t i = 0; i < array_len(spellings); i++) {
        if (spellings[i].field != field)
            continue;
        bool same = str_ieq(typed, str_of(spellings[i].code));
        str rest = str_of(spellings[i].words);
        for (str one; !same && str_next(&rest, ' ', &one);)
            same = str_ieq(typed, one);
        if (same) {
            *code = str_of(spellings[i].code);
            return true;
        }
    }
    return false;
}

/* The code of what a vocabulary's look-ups found. */
#define FOUND(T, expr)                                                                            \
    const T *found = (expr);                                                                      \
    if (found != NULL)                                                                            \
        *code = found->code;                                                                      \
    return found != NULL

bool find_code_of(ctx *c, find_value field, str typed, str *code)
{
    *code = typed;
    switch (field) {
    case FIND_ORG:
    case FIND_ORG_TREE:
        return org_code(c, typed, code);
    case FIND_THEME:
        return theme_code(typed, code);
    case FIND_STAR:
        return star_code(typed, code);
    case FIND_CATEGORY: {
        FOUND(category, category_by_code(typed) != NULL ? category_by_code(typed) : category_recognise(typed));
    }
    case FIND_LICENCE: {
        FOUND(licence, licence_by_code(typed) != NULL ? licence_by_code(typed) : licence_recognise(typed, (str){ 0 }));
    }
    case FIND_FORMAT: {
        FOUND(format, format_by_code(typed) != NULL ? format_by_code(typed) : format_recognise(typed, (str){ 0 }));
    }
    case FIND_FREQUENCY: {
        FOUND(frequency, frequency_by_code(typed) != NULL ? frequency_by_code(typed) : frequency_recognise(c->a, typed));
    }
    default:
        return spelt_code(field, typed, code);
    }
}

str find_organization_slug(ctx *c, int64_t id)
{
    struct find *f = c->site != NULL ? c->site->find : NULL;
    str slug = { 0 };
    if (f == NULL)
        return slug;
    pthread_rwlock_rdlock(&f->names);
    const find_organization *o = find_org_by_id(f->orgs, id);
    if (o != NULL)
        slug = str_dup(c->a, o->slug);
    pthread_rwlock_unlock(&f->names);
    return slug;
}

static str org_label(ctx *c, str slug)
{
    struct find *f = c->site != NULL ? c->site->find : NULL;
    str label = slug;
    if (f == NULL)
        return label;
    pthread_rwlock_rdlock(&f->names);
    const find_organization *o = map_ptr(&f->orgs->by_slug, slug);
    if (o != NULL)
        label = str_dup(c->a, lang_pick(c, o->name, o->name_en));
    pthread_rwlock_unlock(&f->names);
    return label;
}

typedef struct { find_value field; const char *value, *msgid; } phrase;
static const phrase phrases[] = {
    { FIND_STAR_BY, "bytes", "by the bytes of the files" },
    { FIND_STAR_BY, "declared", "by what is declared" },
    { FIND_OPEN, "open", "open data" },
    { FIND_OPEN, "not_open", "not open data" },
    { FIND_OPEN, "unknown", "not known whether open" },
    { FIND_CLASS, "open", "class A: open" },
    { FIND_CLASS, "limited", "class B: limited" },
    { FIND_CLASS, "closed", "class C: not provided" },
    { FIND_STATE, "published", "published" },
    { FIND_STATE, "draft", "draft" },
    { FIND_STATE, "withdrawn", "withdrawn" },
    { FIND_COST, "free", "free of charge" },
    { FIND_COST, "charged", "charged" },
    { FIND_TYPE, "rawData", "raw data" },
    { FIND_TYPE, "services", "services" },
    { FIND_TYPE, "apps", "applications" },
    { FIND_TYPE, "tools", "tools" },
};

static str phrase_label(ctx *c, find_value field, str value)
{
    for (size_t i = 0; i < array_len(phrases); i++)
        if (phrases[i].field == field && str_eq(value, str_of(phrases[i].value)))
            return T(c, phrases[i].msgid);
    return value;
}

static str star_label(ctx *c, str value)
{
    int64_t n;
    if (!str_to_i64(value, &n) || n < 1 || n > 5)
        return T(c, "no star");
    return str_sub(S("★★★★★"), 0, (size_t)n * 3);
}

str find_label(ctx *c, find_value field, str value)
{
    switch (field) {
    case FIND_ORG:
    case FIND_ORG_TREE:
        return org_label(c, value);
    case FIND_STAR:
        return star_label(c, value);
    case FIND_CATEGORY: {
        const category *k = category_by_code(value);
        return k != NULL ? lang_pick(c, k->title, k->title_en) : value;
    }
    case FIND_THEME: {
        const theme *t = theme_by_code(value);
        return t != NULL ? lang_pick(c, t->title, t->title_en) : value;
    }
    case FIND_LICENCE: {
        const licence *l = licence_by_code(value);
        return l != NULL ? lang_pick(c, l->title, l->title_en) : value;
    }
    case FIND_FORMAT: {
        const format *f = format_by_code(value);
        return f != NULL ? f->title : value;
    }
    case FIND_FREQUENCY: {
        const frequency *q = frequency_by_code(value);
        return q != NULL ? lang_pick(c, q->title, q->title_en) : value;
    }
    default:
        return phrase_label(c, field, value);
    }
}

/* ---- periods ---- */

/* Up to three numbers with anything that dates use between them. */
static size_t numbers_of(str s, int64_t out[3], size_t digits[3])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        if (s.p[i] >= '0' && s.p[i] <= '9') {
            size_t from = i;
            while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
                i++;
            if (n == 3 || i - from > 8 || !str_to_i64(str_sub(s, from, i), &out[n]))
                return 0;
            digits[n++] = i - from;
            continue;
        }
        static const str between[] = { S_INIT("-"), S_INIT("/"), S_INIT("."), S_INIT("年"), S_INIT("月"), S_INIT("日"), S_INIT(" ") };
        size_t k = 0;
        while (k < array_len(between) && !str_starts(str_from(s, i), between[k]))
            k++;
        if (k == array_len(between) || n == 0)
            return 0;
        i += between[k].n;
    }
    return n;
}

static int64_t day_ms(int64_t days)
{
    return days * DAY_MS - DAY_TAIPEI_MS;
}

bool find_period(str text, int64_t *first, int64_t *last)
{
    int64_t v[3] = { 0, 1, 1 };
    size_t digits[3] = { 0 };
    bool roc = str_starts(text, S("民國"));
    size_t n = numbers_of(roc ? str_from(text, 6) : text, v, digits);
    if (n == 0 || digits[0] > 4) {               /* with a time of day, or eight digits in a row */
        if (!day_read(text, first))
            return false;
        bool whole = str_find_byte(text, ':') == text.n;
        *last = *first + (whole ? DAY_MS - 1 : 0);
        return true;
    }
    if (!roc && digits[0] < 4 && n == 1 && str_find(text, S("年")) == text.n)
        return false;                            /* a bare number is no year of the Republic */
    int64_t year = roc || digits[0] < 4 ? v[0] + 1911 : v[0];
    if (year < 1 || year > 9999 || !day_valid((int)year, (int)v[1], (int)v[2]))
        return false;
    int64_t from = day_from_civil((int)year, (int)v[1], (int)v[2]), past = from + 1;
    if (n == 1)
        past = day_from_civil((int)year + 1, 1, 1);
    else if (n == 2)
        past = v[1] == 12 ? day_from_civil((int)year + 1, 1, 1) : day_from_civil((int)year, (int)v[1] + 1, 1);
    *first = day_ms(from);
    *last = day_ms(past) - 1;
    return true;
}
