#include "kit/text/charset_decode.h"

#include "cp950_table.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define PRIVATE 0x80000000u

static inline uint32_t entry_of(unsigned char lead, unsigned char trail)
{
    return lead >= 0x81 && lead <= 0xfe && trail >= 0x40 ? cp950_table[lead - 0x81][trail - 0x40] : 0;
}

bool charset_cp950_pair(unsigned char lead, unsigned char trail, bool *is_private)
{
    uint32_t e = entry_of(lead, trail);
    *is_private = (e & PRIVATE) != 0;
    return e != 0;
}

/* Copies ASCII, sixteen bytes at a time; what is written beyond it is overwritten by what follows. */
static inline void copy_ascii(charset_piece *w)
{
#if defined(__SSE2__)
    while (w->end - w->p >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)w->p);
        unsigned high = (unsigned)_mm_movemask_epi8(v);
        _mm_storeu_si128((__m128i *)(void *)w->out, v);
        unsigned n = high == 0 ? 16 : (unsigned)__builtin_ctz(high);
        w->p += n;
        w->out += n;
        if (high != 0)
            return;
    }
#endif
    while (w->p < w->end && *w->p < 0x80)
        *w->out++ = (char)*w->p++;
}

/* A pair that is none, a private one, or a byte alone. False: the pair is not whole yet. */
static bool one_odd(charset_decoder *d, charset_piece *w)
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
    charset_tell(d, w, 2, true);
    memcpy(w->out, &e, 3);
    w->out += e >> 24 & 3;
    w->p += 2;
    return true;
}

void charset_cp950(charset_decoder *d, charset_piece *w)
{
    while (w->p < w->end && w->out_end - w->out >= 64) {
        copy_ascii(w);
        /* Pairs mostly stand together. An entry that is 0 or marked is negative once 1 is taken away. */
        while (w->end - w->p >= 2 && *w->p >= 0x80 && w->out_end - w->out >= 64) {
            uint32_t e = w->p[0] >= 0x81 && w->p[0] <= 0xfe && w->p[1] >= 0x40 ? cp950_table[w->p[0] - 0x81][w->p[1] - 0x40] : 0;
            if ((int32_t)(e - 1) < 0) {
                if (!one_odd(d, w))
                    return;
                continue;
            }
            memcpy(w->out, &e, 4);
            w->out += e >> 24;
            w->p += 2;
        }
        if (w->end - w->p == 1 && *w->p >= 0x80 && !one_odd(d, w))
            return;
    }
}
