/* utf8 — reading and checking UTF-8 (RFC 3629: no surrogates, no overlong
 * forms, nothing above U+10FFFF). */
#ifndef UTF8_H
#define UTF8_H
#include "arena.h"
#include "str.h"

#define UTF8_BAD UINT32_MAX

bool     utf8_valid(str s, size_t *bad_at);            /* bad_at may be NULL */
uint32_t utf8_next(str s, size_t *i);                  /* code point at *i, moves on; UTF8_BAD moves one byte */
size_t   utf8_count(str s);                            /* code points */
str      utf8_cut(str s, size_t max_bytes);            /* at a boundary */
str      utf8_cut_chars(str s, size_t max_chars);
str      utf8_repair(arena *a, str s);                 /* what is not UTF-8 becomes U+FFFD; valid text stays where it is */
size_t   utf8_encode(uint32_t code, char out[4]);      /* bytes written; U+FFFD for what is no character */
bool     utf8_is_han(uint32_t code);                   /* CJK ideographs with their extensions, 〇, 々 */
bool     utf8_is_cjk(uint32_t code);                   /* han, kana, hangul, bopomofo: written without blanks */
size_t   utf8_width(str s);                            /* columns on a terminal: CJK and full-width count 2 */
#endif
