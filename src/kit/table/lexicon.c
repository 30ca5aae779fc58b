#include "kit/table/lexicon.h"

#define WORD_MAX 160        /* bytes of a name or title that is looked up */

struct lexicon {
    arena *a;
    map places;             /* folded name → place_level */
    map codes;              /* 5 and 8 digits */
    map terms;              /* folded title → name */
};

/* 台 is 臺; blanks, and brackets with what stands in them, are left out. False: too long to be a word of ours. */
static bool fold(str s, char *room, str *out)
{
    size_t n = 0, depth = 0;
    for (size_t i = 0; i < s.n;) {
        str rest = str_from(s, i);
        bool wide = str_starts(rest, S("（")) || str_starts(rest, S("）")) || str_starts(rest, S("　"));
        if (rest.p[0] == '(' || str_starts(rest, S("（")))
            depth++;
        else if ((rest.p[0] == ')' || str_starts(rest, S("）"))) && depth > 0)
            depth--;
        else if (depth == 0 && !wide && (unsigned char)rest.p[0] > ' ') {
            bool tai = str_starts(rest, S("台"));
            size_t k = tai ? 3 : 1;
            if (n + k > WORD_MAX)
                return false;
            memcpy(room + n, tai ? "臺" : rest.p, k);
            n += k;
            i += k;
            continue;
        }
        i += wide ? 3 : 1;
    }
    *out = (str){ room, n };
    return true;
}

static bool next_line(str *rest, str *first, str *second)
{
    str line;
    while (str_next(rest, '\n', &line))
        if (!str_starts(line, S("#")) && str_cut(line, S("\t"), first, second) && first->n > 0 && second->n > 0)
            return true;
    return false;
}

static bool all_digits(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static void add_name(lexicon *l, str county, str name, place_level level)
{
    char room[WORD_MAX];
    str whole = str_cat(l->a, county, name), key;
    if (fold(whole, room, &key))
        map_put(&l->places, str_dup(l->a, key), NULL)->i |= level;
}

static void add_place(lexicon *l, map *counties, str code, str name)
{
    if (!all_digits(code) || (code.n != 5 && code.n != 8))
        return;
    map_set_i64(&l->codes, str_dup(l->a, code), 1);
    if (code.n == 5) {
        str *county = new(l->a, str);
        *county = str_dup(l->a, name);
        map_set_ptr(counties, str_dup(l->a, code), county);
        add_name(l, (str){ 0 }, name, PLACE_COUNTY);
        return;
    }
    const str *county = map_ptr(counties, str_sub(code, 0, 5));
    add_name(l, (str){ 0 }, name, PLACE_TOWN);
    if (county != NULL)
        add_name(l, *county, name, PLACE_TOWN);
}

lexicon *lexicon_new(str places_tsv, str terms_tsv)
{
    arena *a = arena_new(65536);
    lexicon *l = new(a, lexicon);
    str first, second;
    char room[WORD_MAX];
    *l = (lexicon){ .a = a, .places = map_in(a), .codes = map_in(a), .terms = map_in(a) };
    map counties = map_in(a);
    while (next_line(&places_tsv, &first, &second))
        add_place(l, &counties, first, second);
    while (next_line(&terms_tsv, &first, &second)) {
        str key, *name = new(a, str);
        *name = str_dup(a, second);
        if (fold(first, room, &key))
            map_set_ptr(&l->terms, str_dup(a, key), name);
    }
    return l;
}

void lexicon_free(lexicon *l)
{
    if (l != NULL)
        arena_free(l->a);
}

place_level lexicon_place(const lexicon *l, str name)
{
    char room[WORD_MAX];
    str key;
    return name.n >= 6 && name.n <= WORD_MAX && fold(name, room, &key) ? (place_level)map_i64(&l->places, key, PLACE_NONE) : PLACE_NONE;
}

bool lexicon_area_code(const lexicon *l, str code)
{
    if (code.n != 5 && code.n != 8 && code.n != 11)
        return false;
    return all_digits(code) && map_get(&l->codes, code.n == 11 ? str_sub(code, 0, 8) : code) != NULL;
}

/* 5歲, 100歲以上 */
static str age_name(arena *a, str part)
{
    str years, rest;
    if (!str_cut(part, S("歲"), &years, &rest) || !all_digits(years) || years.n > 3 || (rest.n > 0 && !str_eq(rest, S("以上"))))
        return (str){ 0 };
    return str_fmt(a, "age_%.*s%s", S_ARG(years), rest.n > 0 ? "_and_over" : "");
}

static str part_name(const lexicon *l, arena *a, str part)
{
    const str *name = map_ptr(&l->terms, part);
    return name != NULL ? *name : age_name(a, part);
}

str lexicon_term(const lexicon *l, arena *a, str title)
{
    char room[WORD_MAX];
    str key, part;
    if (title.n > 4 * WORD_MAX || !fold(title, room, &key))
        return (str){ 0 };
    str whole = part_name(l, a, key);
    if (whole.n > 0)
        return str_dup(a, whole);
    buf b = buf_in(a);
    while (str_next(&key, '-', &part)) {
        str name = part_name(l, a, part);
        if (name.n == 0)
            return (str){ 0 };
        if (b.n > 0)
            buf_byte(&b, '_');
        buf_add(&b, name);
    }
    return buf_str(&b);
}
