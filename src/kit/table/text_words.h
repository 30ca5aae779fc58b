/* text_words — a text of up to sixteen bytes as two words, so that it is
 * compared, hashed and read as a number without looking at each byte: its bytes
 * from the lowest on, zeros above them. With its length they tell it whole. */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H
#include "base.h"

#define TEXT_WORDS_MAX 16

typedef struct { uint64_t a, b; } text_words;

extern const uint64_t text_words_keep[25];      /* a mask for each length: of the first word from 8 on, of the second from 0 on */

/* Where sixteen bytes can be read from the place of a text; bytes: memory of which each may be read. */
typedef struct { uintptr_t from; size_t n; } text_room;
static inline text_room text_room_of(str bytes)
{
    return (text_room){ (uintptr_t)bytes.p, bytes.n >= TEXT_WORDS_MAX ? bytes.n - TEXT_WORDS_MAX + 1 : 0 };
}

/* In such memory there is no branch on the length, which processors cannot foresee. */
static inline text_words text_words_of(str s, text_room room)       /* s.n <= TEXT_WORDS_MAX */
{
    text_words w = { 0 };
    if ((uintptr_t)s.p - room.from >= room.n) {
        if (s.n > 0)
            memcpy(&w, s.p, s.n);
        return w;
    }
    memcpy(&w, s.p, sizeof w);
    w.a &= text_words_keep[8 + s.n];
    w.b &= text_words_keep[s.n];
    return w;
}
#endif
