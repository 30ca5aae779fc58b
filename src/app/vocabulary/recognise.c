#include "app/vocabulary/recognise.h"

static bool is_mark(uint32_t c)
{
    if (c < 0x80)
        return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '/' || c == '+');
    return c == 0x3000 || c == 0x2010 || c == 0x2011 || c == 0x2012 || c == 0x2013 || c == 0x2014 || c == 0x2212
        || c == 0x00b7 || c == 0x300a || c == 0x300b || c == 0x300c || c == 0x300d || c == 0xfe63;
}

str vocabulary_fold(str s, char *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c = utf8_next(s, &i);
        if (c == UTF8_BAD)
            continue;
        if (c >= 0xff01 && c <= 0xff5e)
            c -= 0xfee0;
        if (c >= 'A' && c <= 'Z')
            c += 32;
        if (c == 0x53f0) /* 台 */
            c = 0x81fa;  /* 臺 */
        if (is_mark(c))
            continue;
        char tmp[4];
        size_t len = utf8_encode(c, tmp);
        if (n + len > room)
            break;
        memcpy(out + n, tmp, len);
        n += len;
    }
    return (str){ out, n };
}

static str folded(arena *a, str s)
{
    char tmp[512];
    return str_dup(a, vocabulary_fold(s, tmp, sizeof tmp));
}

static void spell(arena *a, map *m, str spelling, void *row)
{
    str key = folded(a, spelling);
    bool fresh;
    if (key.n == 0)
        return;
    map_item *it = map_put(m, key, &fresh);
    if (fresh)
        it->p = row; /* the first row that claims a spelling keeps it */
}

static str bare_address(str url)
{
    str rest = url;
    if (str_starts(rest, S("https://")))
        rest = str_from(rest, 8);
    else if (str_starts(rest, S("http://")))
        rest = str_from(rest, 7);
    while (str_ends(rest, S("/")))
        rest.n--;
    return rest;
}

vocabulary_index vocabulary_index_make(arena *a, vocabulary *v)
{
    vocabulary_index x = {
        .licences = map_in(a), .categories = map_in(a), .themes = map_in(a), .formats = map_in(a),
        .frequencies = map_in(a), .agency_codes = map_in(a), .licence_words = map_in(a),
        .category_words = map_in(a), .format_words = map_in(a), .frequency_words = map_in(a),
        .agency_names = map_in(a),
    };
    list_each (licence, l, &v->licences) {
        map_set_ptr(&x.licences, l->code, l);
        spell(a, &x.licence_words, l->code, l);
        spell(a, &x.licence_words, l->title, l);
        spell(a, &x.licence_words, l->title_en, l);
        spell(a, &x.licence_words, bare_address(l->url), l);
        list_each (str, s, &l->spellings)
            spell(a, &x.licence_words, *s, l);
    }
    list_each (category, g, &v->categories) {
        map_set_ptr(&x.categories, g->code, g);
        spell(a, &x.category_words, g->code, g);
        spell(a, &x.category_words, g->title, g);
        spell(a, &x.category_words, g->title_en, g);
    }
    list_each (theme, t, &v->themes)
        map_set_ptr(&x.themes, t->code, t);
    list_each (format, f, &v->formats) {
        map_set_ptr(&x.formats, f->code, f);
        spell(a, &x.format_words, f->code, f);
        list_each (str, s, &f->spellings)
            spell(a, &x.format_words, *s, f);
    }
    list_each (frequency, q, &v->frequencies) {
        map_set_ptr(&x.frequencies, q->code, q);
        spell(a, &x.frequency_words, q->code, q);
        spell(a, &x.frequency_words, q->title_en, q);
        list_each (str, s, &q->spellings)
            spell(a, &x.frequency_words, *s, q);
    }
    list_each (agency, g, &v->agencies) {
        map_set_ptr(&x.agency_codes, g->code, g);
        spell(a, &x.agency_names, g->name, g);
    }
    return x;
}

static void *by_spelling(const map *m, str text)
{
    char tmp[512];
    return map_ptr(m, vocabulary_fold(text, tmp, sizeof tmp));
}

const licence *licence_recognise(str text, str url)
{
    const map *m = &vocabulary_lookup()->licence_words;
    const licence *l = text.n > 0 ? by_spelling(m, bare_address(str_trim(text))) : NULL;
    if (l == NULL && url.n > 0) {
        str u = bare_address(str_trim(url));
        for (int cut = 0; l == NULL && cut < 3 && u.n > 0; cut++) { /* …/by/4.0/deed.zh_TW and the like */
            l = by_spelling(m, u);
            u = str_sub(u, 0, str_rfind_byte(u, '/') < u.n ? str_rfind_byte(u, '/') : 0);
        }
    }
    return l;
}

const category *category_recognise(str text)
{
    return by_spelling(&vocabulary_lookup()->category_words, text);
}

static str extension_of(str url)
{
    str path = str_sub(url, 0, str_find_byte(url, '?'));
    str name = file_base(str_sub(path, 0, str_find_byte(path, '#')));
    size_t dot = str_rfind_byte(name, '.');
    return dot < name.n && name.n - dot <= 9 ? str_from(name, dot + 1) : (str){ 0 };
}

const format *format_recognise(str text, str url)
{
    const map *m = &vocabulary_lookup()->format_words;
    text = str_trim(text);
    if (str_starts(text, S("."))) /* .xlsx */
        text = str_from(text, 1);
    const format *f = text.n > 0 ? by_spelling(m, text) : NULL;
    const format *by_name = NULL;
    bool vague = f == NULL || str_eq(f->code, S("BIN")) || str_eq(f->code, S("OTHER"));
    if (vague && url.n > 0) {
        str ext = extension_of(url);
        by_name = ext.n > 0 ? by_spelling(m, ext) : NULL;
    }
    return vague && by_name != NULL ? by_name : f;
}

/* 每3月, 每 10 分, R/P2M …: a row made for it. */
static const frequency *with_number(arena *a, str folded_text)
{
    static const struct { const char *unit, *code, *iso_head, *iso_tail, *en; int64_t days_x100; } units[] = {
        { "分", "minute", "PT", "M", "minutes", 0 }, { "時", "hour", "PT", "H", "hours", 8 },
        { "小時", "hour", "PT", "H", "hours", 8 },   { "日", "day", "P", "D", "days", 110 },
        { "天", "day", "P", "D", "days", 110 },      { "週", "week", "P", "W", "weeks", 770 },
        { "周", "week", "P", "W", "weeks", 770 },    { "個月", "month", "P", "M", "months", 3150 },
        { "月", "month", "P", "M", "months", 3150 }, { "年", "year", "P", "Y", "years", 36700 },
    };
    str s = folded_text;
    if (!str_starts(s, S("每")))
        return NULL;
    s = str_from(s, S("每").n);
    size_t n = 0;
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    int64_t count;
    if (n == 0 || n > 4 || !str_to_i64(str_sub(s, 0, n), &count) || count < 1)
        return NULL;
    s = str_from(s, n);
    for (size_t i = 0; i < array_len(units); i++) {
        if (!str_eq(s, str_of(units[i].unit)))
            continue;
        frequency *f = new (a, frequency);
        int64_t days = units[i].days_x100 * count;
        *f = (frequency){
            .code = str_fmt(a, "%s:%" PRId64, units[i].code, count),
            .title = str_fmt(a, "每%" PRId64 "%s", count, units[i].unit),
            .title_en = str_fmt(a, "Every %" PRId64 " %s", count, units[i].en),
            .iso8601 = str_fmt(a, "%s%" PRId64 "%s", units[i].iso_head, count, units[i].iso_tail),
            .eu_code = S("OTHER"), .days_x100 = days < 10 ? 10 : days,
        };
        return f;
    }
    return NULL;
}

const frequency *frequency_recognise(arena *a, str text)
{
    char tmp[256];
    str f = vocabulary_fold(text, tmp, sizeof tmp);
    if (f.n == 0)
        return NULL;
    const frequency *known = map_ptr(&vocabulary_lookup()->frequency_words, f);
    return known != NULL ? known : with_number(a, f);
}

/* The three-byte beginnings that occur in a text: hundreds of words are ruled out by them without a search. */
typedef struct {
    uint64_t bits[16];
} starts;

static unsigned start_of(const char *p)
{
    uint32_t three = (unsigned char)p[0] | (uint32_t)(unsigned char)p[1] << 8 | (uint32_t)(unsigned char)p[2] << 16;
    return three * 0x9e3779b1u >> 22;
}

static void starts_add(starts *k, str text)
{
    for (size_t i = 0; i + 3 <= text.n; i++)
        k->bits[start_of(text.p + i) / 64] |= UINT64_C(1) << start_of(text.p + i) % 64;
}

static bool starts_may(const starts *k, str word)
{
    return word.n < 3 || (k->bits[start_of(word.p) / 64] >> start_of(word.p) % 64 & 1) != 0;
}

const theme *theme_of(str category_code, str title, str keywords)
{
    const vocabulary *v = vocabulary_get();
    const theme *best = NULL;
    size_t best_score = 0;
    starts there = { 0 };
    starts_add(&there, title);
    starts_add(&there, keywords);
    list_each (const theme, t, &v->themes) {
        size_t score = 0;
        list_each (const str, w, &t->words) {
            if (!starts_may(&there, *w))
                continue;
            if (str_has(title, *w))
                score += w->n * 2; /* longer words say more */
            else if (keywords.n > 0 && str_has(keywords, *w))
                score += w->n;
        }
        list_each (const str, g, &t->categories)
            if (str_eq(*g, category_code))
                score += 5;
        if (score > best_score) {
            best = t;
            best_score = score;
        }
    }
    return best;
}
