/* utf8_check — strict validity of UTF-8 (RFC 3629) at memory speed. The same
 * answers as utf8_valid; the AVX2 path is taken where the processor has it. */
#ifndef UTF8_CHECK_H
#define UTF8_CHECK_H
#include "base.h"

bool utf8_check(str s, size_t *bad_at);                /* bad_at may be NULL */
/* How many bytes at the end begin a character that is not whole yet: 0 to 3. */
size_t utf8_check_tail(str s);
#endif
