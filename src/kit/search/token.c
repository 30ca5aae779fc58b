#include "kit/search/token.h"

static bool ends(const char *w, size_t n, const char *with)
{
    size_t k = strlen(with);
    return n >= k && memcmp(w + n - k, with, k) == 0;
}

static bool has_vowel(const char *w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (memchr("aeiouy", w[i], 6) != NULL)
            return true;
    return false;
}

/* stations → station, cities → city, buses → bus; "status" and "glass" stay. */
static size_t without_plural(char *w, size_t n)
{
    if (ends(w, n, "ies") && n > 4) {
        w[n - 3] = 'y';
        return n - 2;
    }
    return ends(w, n, "s") && !ends(w, n, "ss") && !ends(w, n, "us") && !ends(w, n, "is") ? n - 1 : n;
}

/* The e of house, box(e)s, cach(e)s: after a hissing sound the plural hides whether there was one. */
static size_t without_mute_e(const char *w, size_t n)
{
    static const char *const hiss[] = { "se", "xe", "ze", "che", "she" };
    for (size_t i = 0; n > 3 && i < array_len(hiss); i++)
        if (ends(w, n, hiss[i]))
            return n - 1;
    return n;
}

/* parking → park, mapping → map, registered → register; "spring" and "speed" stay. */
static size_t without_ending(const char *w, size_t n)
{
    size_t cut = ends(w, n, "ing") ? 3 : ends(w, n, "ed") && !ends(w, n, "eed") ? 2 : 0;
    if (cut == 0 || n < 6 || n - cut < 3 || !has_vowel(w, n - cut))
        return n;
    n -= cut;
    bool doubled = w[n - 1] == w[n - 2] && memchr("lsz", w[n - 1], 3) == NULL && memchr("aeiou", w[n - 1], 5) == NULL;
    return doubled ? n - 1 : n;
}

size_t token_stem(char *w, size_t n)
{
    if (n < 4)
        return n;
    for (size_t i = 0; i < n; i++)
        if (w[i] < 'a' || w[i] > 'z')
            return n;
    n = without_plural(w, n);
    n = without_ending(w, n);
    return without_mute_e(w, n);
}

uint64_t token_word_key(str word, str *tail)
{
    uint64_t key = 1;
    for (size_t i = 0; i < 7; i++)
        key = key << 8 | (i < word.n ? (unsigned char)word.p[i] : 0);
    *tail = str_from(word, word.n < 7 ? word.n : 7);
    return key;
}

static void add_word(token_list *out, char *word, size_t n, uint32_t pos)
{
    str tail;
    uint64_t key = token_word_key((str){ word, token_stem(word, n) }, &tail);
    bytes_push(&out->atoms, (token_atom){ .key = key, .pos = pos, .tail_at = (uint32_t)out->tails.n,
                                          .tail_n = (uint32_t)tail.n });
    bytes_add(&out->tails, tail.p, tail.n);
}

/* A run of one class from `i` on; what is longer than a word may be is left out. */
static size_t read_word(const norm *m, const norm_text *t, size_t i, norm_class k, char *word, size_t *n)
{
    *n = 0;
    for (; i < t->n && norm_class_of(m, t->v[i]) == k; i++)
        if (*n + 4 <= TOKEN_WORD_MAX)
            *n += utf8_encode(t->v[i], word + *n);
    return i;
}

void token_read(const norm *m, const norm_text *t, token_list *out)
{
    char word[TOKEN_WORD_MAX];
    uint32_t pos = 0;
    bool apart = false;            /* something stood after a Chinese character */
    norm_class before = NORM_OTHER;
    out->atoms.n = 0;
    out->tails.n = 0;
    for (size_t i = 0; i < t->n;) {
        uint32_t c = t->v[i];
        norm_class k = norm_class_of(m, c);
        if (c == '\n') {
            pos++;
            before = NORM_OTHER;
        }
        if (k == NORM_OTHER) {
            apart = true;
            i++;
            continue;
        }
        if (k == NORM_CJK) {
            pos += before == NORM_CJK && apart;
            bytes_push(&out->atoms, (token_atom){ .key = token_gram(c, 0), .pos = pos, .cjk = true });
            i++;
        } else {
            size_t n;
            i = read_word(m, t, i, k, word, &n);
            add_word(out, word, n, pos);
        }
        pos++;
        before = k;
        apart = false;
    }
}

void token_list_free(token_list *l)
{
    mem_free(l->atoms.v);
    bytes_free(&l->tails);
    *l = (token_list){ 0 };
}
