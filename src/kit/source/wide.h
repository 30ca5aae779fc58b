/* wide — bytes on their way to a reader of UTF-8: UTF-16 (by its mark, or by
 * the zeros of its first characters) is turned into UTF-8, a UTF-8 mark is
 * taken off, everything else passes as it is. INVALID for broken UTF-16. */
#ifndef WIDE_H
#define WIDE_H
#include "kit/source/source.h"

#define WIDE_PIECE 16384

typedef struct {
    byte_in       in;
    int           order;            /* 0 not looked at, 1 bytes, 2 UTF-16LE, 3 UTF-16BE */
    unsigned char held[WIDE_PIECE]; /* read and not handed on */
    size_t        from, n;
    size_t        mark;             /* bytes of the UTF-8 mark that was taken off */
    bool          ended;
} wide;

byte_in wide_bytes(wide *w, byte_in in);
bool    wide_moved(const wide *w);  /* bytes do not stand where they stood */
#endif
