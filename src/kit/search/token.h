/* token — text as a row of atoms: each Chinese character is one, each run of
 * letters and each run of digits is one. Atoms have positions; a phrase is a
 * row of atoms at the same distances. Two Chinese characters with anything
 * between them are one position apart more, and so are two values of a field,
 * so that no phrase reaches across; blanks and signs beside a Latin word do
 * not count (PM2.5 is pm · 2 · 5, and "YouBike 站" is "YouBike站").
 *
 * A term is an atom or a pair of neighbouring Chinese characters. Its key is
 * one 64-bit number: for Chinese the code points, for a word its first seven
 * bytes; a longer word has a tail. Ordered by key and tail, words that begin
 * alike stand together. */
#ifndef TOKEN_H
#define TOKEN_H
#include "base.h"
#include "kit/search/bytes.h"
#include "kit/search/norm.h"

#define TOKEN_GRAM (UINT64_C(1) << 63)
#define TOKEN_WORD_MAX 120       /* bytes of a word that count */

typedef struct {
    uint64_t key;
    uint32_t pos;
    uint32_t tail_at, tail_n;    /* in token_list.tails */
    bool     cjk;
} token_atom;

typedef struct {
    bytes_list(token_atom) atoms;
    bytes tails;
} token_list;

void token_read(const norm *m, const norm_text *text, token_list *out);   /* replaces what was in out */
void token_list_free(token_list *l);
uint64_t token_word_key(str word, str *tail);
size_t token_stem(char *word, size_t n);                                  /* its new length; ASCII letters only */

static inline uint64_t token_gram(uint32_t one, uint32_t two)
{
    return TOKEN_GRAM | (uint64_t)one << 21 | two;
}
static inline uint32_t token_code(const token_atom *t)
{
    return (uint32_t)(t->key >> 21 & 0x1fffff);
}
/* Is the atom a Chinese character, and the one after it its neighbour? */
static inline bool token_pairs(const token_list *l, size_t i)
{
    return l->atoms.v[i].cjk && i + 1 < l->atoms.n && l->atoms.v[i + 1].cjk
        && l->atoms.v[i + 1].pos == l->atoms.v[i].pos + 1;
}
static inline str token_tail(const token_list *l, const token_atom *t)
{
    return (str){ (const char *)l->tails.p + t->tail_at, t->tail_n };
}
#endif
