/* charset_decode — the inside of a decoder, shared by its ways: UTF-8 with
 * faults, CP950 by table, others by iconv. */
#ifndef CHARSET_DECODE_H
#define CHARSET_DECODE_H
#include "kit/text/charset.h"

typedef struct {
    const unsigned char *p, *end;      /* what is given */
    char *out, *out_end;               /* where it goes */
    const unsigned char *raw0;
    char *out0;
    bool  is_end;
} charset_piece;

void charset_tell(charset_decoder *d, const charset_piece *w, size_t bytes, bool is_private);
void charset_lose(charset_decoder *d, charset_piece *w, size_t bytes);      /* bytes without a character: U+FFFD and an event */
void charset_cp950(charset_decoder *d, charset_piece *w);
/* How often pairs of bytes are pairs of CP950, and private ones: for charset_decide. */
bool charset_cp950_pair(unsigned char lead, unsigned char trail, bool *is_private);
#endif
