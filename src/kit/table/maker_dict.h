/* maker_dict — the texts of a column while it is made, each once: a code for
 * every text in the order they came, and how many rows have it.
 *
 * Looking one up touches one place. Small numbers are found by their value: those
 * of one column lie close together. Any other text has a slot of 32 bytes where its
 * hash points, in which up to 16 bytes stand whole; a longer one is compared where
 * the texts are kept. Memory is the dictionary's own; the sum of what all of a
 * builder hold is kept in `held`. */
#ifndef MAKER_DICT_H
#define MAKER_DICT_H
#include "kit/table/column_hash.h"
#include "kit/table/number_text.h"
#include "kit/table/text_words.h"

#define MAKER_ABSENT UINT32_MAX             /* length of an absent value */
#define MAKER_SMALL_DIGITS 5
#define MAKER_SMALL_MAX (UINT32_C(1) << 16) /* numbers below it may be found by value */

/* What tells a text from others, read once. */
typedef struct {
    uint64_t hash;
    text_words w;                           /* of a short text; of a long one its hash and 0 */
    uint32_t n;                             /* bytes, or MAKER_ABSENT */
    uint32_t number;                        /* its value, printed as the text is; MAKER_SMALL_MAX: it is no such number, or too large */
} maker_sign;

typedef struct { uint32_t next_code, rows; } maker_small;   /* next_code: code + 1; 0: free */
typedef struct { text_words w; uint32_t n, next_code, rows, number; } maker_slot;
typedef struct { uint32_t at, n, first, rows; } maker_entry;    /* first: row that had it first; rows: once maker_dict_count was called */

typedef struct {
    maker_entry *entries;                   /* by code */
    uint32_t n, cap;
    maker_small *small;                     /* by value: all numbers below small_count */
    uint32_t small_count;
    maker_slot *slots;
    uint32_t slot_n, slot_count;
    char *texts;
    size_t text_n, text_cap;
} maker_dict;

static inline uint64_t maker_sign_hash(text_words w, uint32_t n)
{
    return column_hash_fold(w.a ^ COLUMN_HASH_1, w.b ^ COLUMN_HASH_3 ^ n);
}
/* The hash of a text, and the words of a short one. */
static inline uint64_t maker_hash_of(str s, text_room room, text_words *w)
{
    if (s.n > TEXT_WORDS_MAX)
        return column_hash64(s);
    *w = text_words_of(s, room);
    return maker_sign_hash(*w, s.p != NULL ? (uint32_t)s.n : MAKER_ABSENT);
}
/* Member by member: a copy of the whole waits for what was just written. */
static inline void maker_sign_of(str s, uint64_t hash, text_words w, maker_sign *g)
{
    bool is_short = s.n <= TEXT_WORDS_MAX;
    uint64_t v;
    g->hash = hash;
    g->w.a = is_short ? w.a : hash;
    g->w.b = is_short ? w.b : 0;
    g->n = s.p != NULL ? (uint32_t)s.n : MAKER_ABSENT;
    g->number = MAKER_SMALL_MAX;
    if (s.n - 1 < MAKER_SMALL_DIGITS && number_of_digits(w.a, s.n, &v) && (s.n == 1 || (char)w.a != '0') && v < MAKER_SMALL_MAX)
        g->number = (uint32_t)v;
}

uint32_t maker_dict_new(size_t *held, maker_dict *d, str s, const maker_sign *g, uint32_t row, uint32_t rows);  /* adds what is not there */
/* The code of a text, found or added; `rows` more have it. Texts are compared whole: two that share a hash are two. */
static inline uint32_t maker_dict_code(size_t *held, maker_dict *d, str s, const maker_sign *g, uint32_t row, uint32_t rows)
{
    if (g->number < d->small_count) {
        maker_small *m = &d->small[g->number];
        m->rows += rows;
        return m->next_code != 0 ? m->next_code - 1 : maker_dict_new(held, d, s, g, row, rows);
    }
    uint32_t mask = d->slot_count - 1;
    for (uint32_t i = (uint32_t)g->hash & mask; d->slot_count > 0 && d->slots[i].next_code != 0; i = (i + 1) & mask) {
        maker_slot *e = &d->slots[i];
        if (((e->w.a ^ g->w.a) | (e->w.b ^ g->w.b) | (e->n ^ g->n)) == 0
            && (s.n <= TEXT_WORDS_MAX || memcmp(d->texts + d->entries[e->next_code - 1].at, s.p, s.n) == 0)) {
            e->rows += rows;
            return e->next_code - 1;
        }
    }
    return maker_dict_new(held, d, s, g, row, rows);
}
static inline uint32_t maker_dict_add(size_t *held, maker_dict *d, str s, uint32_t row, uint32_t rows)
{
    maker_sign g;
    text_words w = { 0 };
    uint64_t hash = maker_hash_of(s, (text_room){ 0 }, &w);
    maker_sign_of(s, hash, w, &g);
    return maker_dict_code(held, d, s, &g, row, rows);
}
void maker_dict_count(maker_dict *d);       /* rows of the entries, from where they were counted */
static inline str maker_dict_text(const maker_dict *d, uint32_t code)
{
    const maker_entry *e = &d->entries[code];
    return e->n == MAKER_ABSENT ? (str){ 0 } : e->n == 0 ? S("") : (str){ d->texts + e->at, e->n };
}
static inline size_t maker_dict_bytes(const maker_dict *d)
{
    return d->cap * sizeof *d->entries + d->small_count * sizeof *d->small + d->slot_count * sizeof *d->slots + d->text_cap;
}
void maker_dict_drop(size_t *held, maker_dict *d);
#endif
