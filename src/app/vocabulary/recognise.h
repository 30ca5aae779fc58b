/* recognise — what sources write, made comparable: lower case, without blanks,
 * hyphens, dashes, brackets and other marks; 台 is 臺; full-width forms are
 * ASCII. And the look-up tables that are made of it. Inside vocabulary only,
 * but for vocabulary_fold. */
#ifndef RECOGNISE_H
#define RECOGNISE_H
#include "app/vocabulary/vocabulary.h"

typedef struct {
    map licences, categories, themes, formats, frequencies, agency_codes;      /* by code */
    map licence_words, category_words, format_words, frequency_words, agency_names;   /* by folded spelling */
} vocabulary_index;

vocabulary_index vocabulary_index_make(arena *a, vocabulary *v);
const vocabulary_index *vocabulary_lookup(void);

str vocabulary_fold(str s, char *out, size_t room);      /* cut at room: spellings are short */
#endif
