/* charset_guess — the encoding of text that is not UTF-8, from samples of it:
 * the encodings of East Asia by how many of their characters are common ones,
 * others by a statistical detector (libuchardet). */
#ifndef CHARSET_GUESS_H
#define CHARSET_GUESS_H
#include "kit/text/charset.h"

#define GUESS_SAMPLE ((size_t)1 << 18)

/* `head` is the beginning, `there` (may be empty) begins at the first byte that is not UTF-8. Sets name and rule. */
void charset_guess(str head, str there, charset_choice *out);
const char *const *charset_guess_known(size_t *n);      /* the names that the detector may bring */
bool charset_is_ascii(str s);
#endif
