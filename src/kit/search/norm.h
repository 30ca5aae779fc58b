/* norm — text as it is compared: NFKC, case folded, variants of Chinese
 * characters brought to one form (data/variants.tsv). One table answers for
 * nearly every character; text with any other goes through utf8proc whole.
 * Immutable once made: all threads read it. */
#ifndef NORM_H
#define NORM_H
#include "base.h"

typedef enum { NORM_OTHER, NORM_CJK, NORM_LETTER, NORM_DIGIT } norm_class;

typedef struct {
    uint16_t fold[65536];      /* 0: ask utf8proc */
    uint16_t variant[65536];   /* of Chinese characters; 0: none */
    uint8_t  class_of[65536];
} norm;

typedef struct {
    uint32_t *v;
    size_t    n, cap;
    int32_t  *slow;            /* room for utf8proc */
    size_t    slow_cap;
} norm_text;

norm      *norm_new(str variants_tsv);      /* lines "from TAB to TAB remark"; # begins a comment */
void       norm_free(norm *m);
void       norm_fold(const norm *m, str text, norm_text *out);         /* replaces what was in out */
void       norm_fold_slow(const norm *m, str text, norm_text *out);    /* the same by utf8proc alone, for the test */
void       norm_text_free(norm_text *t);
norm_class norm_class_far(uint32_t code);

static inline norm_class norm_class_of(const norm *m, uint32_t code)
{
    return code < 65536 ? (norm_class)m->class_of[code] : norm_class_far(code);
}
#endif
