#include "kit/text/charset_decode.h"

#include "cp950_table.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define PRIVATE 0x80000000u
#define RUN 6                   /* pairs that are read without looking where the bytes end */

/* Of a pair whose first byte is above ASCII. */
static inline uint32_t entry_of(unsigned char lead, unsigned char trail)
{
    return cp950_table[lead & 0x7f][trail];
}

bool charset_cp950_pair(unsigned char lead, unsigned char trail, bool *is_private)
{
    uint32_t e = entry_of(lead, trail);
    *is_private = (e & PRIVATE) != 0;
    return e != 0;
}

/* A pair, a private one, one that is none, or a byte alone. False: the pair is not whole yet. */
static bool one(charset_decoder *d, charset_piece *w)
{
    if (w->end - w->p < 2 && !w->is_end)
        return false;
    uint32_t e = w->end - w->p < 2 ? 0 : entry_of(w->p[0], w->p[1]);
    if (e == 0) {
        /* A lead byte before a separator or a letter has lost its trail: the letter is kept. */
        bool pair = w->end - w->p >= 2 && w->p[0] >= 0x81 && w->p[0] <= 0xfe && w->p[1] >= 0xa1 && w->p[1] <= 0xfe;
        charset_lose(d, w, pair ? 2 : 1);
        return true;
    }
    if ((e & PRIVATE) != 0)
        charset_tell(d, w, 2, true);
    memcpy(w->out, &e, 3);
    w->out += e >> 24 & 3;
    w->p += 2;
    return true;
}

/* ASCII sixteen bytes at a time and pairs that stand together, until something odd comes or 16 bytes are left. What is
 * written beyond the end of a run is overwritten by what follows. Nothing grows by more than half, so that where to stop
 * reading is known beforehand. */
static void usual(charset_piece *w)
{
    const unsigned char *p = w->p;
    char *out = w->out;
    size_t in = (size_t)(w->end - p) - 16, room = ((size_t)(w->out_end - out) - 64) / 3 * 2;
    const unsigned char *const end = p + (in < room ? in : room);
    while (p < end) {
#if defined(__SSE2__)
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        unsigned high = (unsigned)_mm_movemask_epi8(v);
        _mm_storeu_si128((__m128i *)(void *)out, v);
        size_t n = (size_t)__builtin_ctz(high | 0x10000);      /* 16 when there is none: no branch */
        p += n;
        out += n;
#else
        while (p < end && *p < 0x80)
            *out++ = (char)*p++;
#endif
        while (p < end && *p >= 0x80) {
            for (int i = 0; i < RUN && *p >= 0x80; i++) {      /* behind `end` there is room for these */
                uint32_t e = entry_of(p[0], p[1]);
                if ((int32_t)(e - 1) < 0)
                    goto odd;      /* 0 or marked: negative once 1 is taken away */
                memcpy(out, &e, 4);
                out += e >> 24;
                p += 2;
            }
        }
    }
odd:
    w->p = p;
    w->out = out;
}

void charset_cp950(charset_decoder *d, charset_piece *w)
{
    while (w->p < w->end && w->out_end - w->out >= 16) {
        if (w->end - w->p > 16 && w->out_end - w->out > 64)
            usual(w);
        if (w->p >= w->end)
            return;
        if (*w->p < 0x80)
            *w->out++ = (char)*w->p++;
        else if (!one(d, w))
            return;
    }
}
