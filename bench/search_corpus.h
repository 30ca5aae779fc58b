/* search_corpus — the titles of the national catalogue as documents for the
 * search benchmark: the real ones first, then as many again as are asked for,
 * each with a county before it and a year and quarter behind it, so that the
 * postings of real words grow and new words appear. What the crawl does not
 * have (category, licence, frequency, day) is drawn with a skew, always alike. */
#ifndef SEARCH_CORPUS_H
#define SEARCH_CORPUS_H
#include "base.h"

enum { FACET_ORG, FACET_FORMAT, FACET_CATEGORY, FACET_LICENCE, FACET_FREQUENCY, FACETS };

typedef struct { uint32_t *v; size_t n, cap; } corpus_codes;
typedef struct {
    arena   *a;
    size_t   n;
    str     *title, *org;               /* of document i + 1 */
    int64_t *day;
    corpus_codes codes[FACETS];         /* formats: several a document, ends in format_end */
    uint32_t *format_end;
    str_list values[FACETS];
    size_t   real;
} corpus;

static inline uint32_t corpus_code(corpus *k, map *m, int facet, str value)
{
    bool is_new;
    map_item *it = map_put(m, value, &is_new);
    if (is_new) {
        it->i = (int64_t)k->values[facet].n;
        list_add(k->a, &k->values[facet], value);
    }
    return (uint32_t)it->i;
}

/* The text of one member, with the escapes that occur in titles undone. Some lines are not valid JSON any more (keys
 * were cut out of their addresses), so only the members in front are read. */
static inline str corpus_member(arena *a, str line, str name)
{
    buf b = buf_in(a);
    size_t i = str_find(line, name) + name.n;
    while (i < line.n && line.p[i] != '"')
        i++;
    for (i++; i < line.n && line.p[i] != '"'; i++) {
        if (line.p[i] == '\\' && i + 1 < line.n)
            i++;
        buf_byte(&b, line.p[i]);
    }
    return buf_str(&b);
}

static inline uint32_t corpus_draw(uint64_t *seed, uint32_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % n;
}

/* The smaller number the likelier. */
static inline uint32_t corpus_skewed(uint64_t *seed, uint32_t n)
{
    uint32_t x = corpus_draw(seed, n), y = corpus_draw(seed, n), z = corpus_draw(seed, n);
    return x < y ? (x < z ? x : z) : (y < z ? y : z);
}

static inline void corpus_add_formats(corpus *k, map *m, str formats, size_t doc)
{
    for (str one; str_next(&formats, ';', &one);) {
        uint32_t code = corpus_code(k, m, FACET_FORMAT, str_trim(one));
        bool known = false;
        for (size_t i = doc > 0 ? k->format_end[doc - 1] : 0; i < k->codes[FACET_FORMAT].n; i++)
            known = known || k->codes[FACET_FORMAT].v[i] == code;
        if (!known)
            list_add(k->a, &k->codes[FACET_FORMAT], code);
    }
    k->format_end[doc] = (uint32_t)k->codes[FACET_FORMAT].n;
}

static inline corpus corpus_load(arena *a, str ndjson, size_t docs)
{
    static const char *const counties[] = { "臺北市", "新北市", "桃園市", "臺中市", "臺南市", "高雄市", "基隆市", "新竹縣", "苗栗縣",
        "彰化縣", "南投縣", "雲林縣", "嘉義縣", "屏東縣", "宜蘭縣", "花蓮縣", "臺東縣", "澎湖縣", "金門縣", "連江縣" };
    corpus k = { .a = a, .n = docs, .title = new_n(a, str, docs), .org = new_n(a, str, docs), .day = new_n(a, int64_t, docs),
                 .format_end = new_n(a, uint32_t, docs) };
    map maps[FACETS];
    for (int f = 0; f < FACETS; f++)
        maps[f] = map_in(a);
    str_list lines = { 0 };
    for (str line; str_next(&ndjson, '\n', &line);)
        if (line.n > 0)
            list_add(a, &lines, line);
    k.real = lines.n;
    uint64_t seed = 11;
    for (size_t i = 0; i < docs; i++) {
        str line = lines.v[i % lines.n];
        k.title[i] = corpus_member(a, line, S("\"title\": "));
        k.org[i] = corpus_member(a, line, S("\"organization\": "));
        if (i >= lines.n)
            k.title[i] = str_fmt(a, "%s%.*s%u年第%u季", counties[corpus_skewed(&seed, 20)], S_ARG(k.title[i]),
                                 90 + corpus_draw(&seed, 25), 1 + corpus_draw(&seed, 4));
        k.day[i] = 1300000000000 + (int64_t)corpus_draw(&seed, 4000) * 86400000;
        list_add(a, &k.codes[FACET_ORG], corpus_code(&k, &maps[FACET_ORG], FACET_ORG, k.org[i]));
        corpus_add_formats(&k, &maps[FACET_FORMAT], corpus_member(a, line, S("\"format\": ")), i);
        list_add(a, &k.codes[FACET_CATEGORY], corpus_code(&k, &maps[FACET_CATEGORY], FACET_CATEGORY,
                                                          str_fmt(a, "%u00", corpus_skewed(&seed, 18))));
        list_add(a, &k.codes[FACET_LICENCE], corpus_code(&k, &maps[FACET_LICENCE], FACET_LICENCE,
                                                         str_fmt(a, "licence-%u", corpus_skewed(&seed, 3))));
        list_add(a, &k.codes[FACET_FREQUENCY], corpus_code(&k, &maps[FACET_FREQUENCY], FACET_FREQUENCY,
                                                           str_fmt(a, "frequency-%u", corpus_skewed(&seed, 10))));
    }
    return k;
}
#endif
