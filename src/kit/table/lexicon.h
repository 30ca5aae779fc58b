/* lexicon — the words a table is understood by, from two data files: names and
 * codes of places (data/places.tsv), and English machine names of common
 * column titles (data/column_terms.tsv). Immutable once made: all threads read it. */
#ifndef LEXICON_H
#define LEXICON_H
#include "base.h"

typedef struct lexicon lexicon;

typedef enum { PLACE_NONE, PLACE_COUNTY = 1, PLACE_TOWN = 2, PLACE_BOTH = 3 } place_level;

lexicon *lexicon_new(str places_tsv, str terms_tsv);    /* copies what it keeps; an ill line is left out */
void     lexicon_free(lexicon *l);                      /* NULL is fine */

/* Names as written: 臺/台 are one, a county may stand before its town. PLACE_BOTH: a name that some place of each level has. */
place_level lexicon_place(const lexicon *l, str name);
bool        lexicon_area_code(const lexicon *l, str code);      /* 5 digits: county; 8: town; 11: village, by its first 8 */
/* English name of a title; empty when it is not in the list. Of a title in parts (人口數-男, 65歲以上-女) when all parts are known:
 * terms, or years of age. Made in `a`. */
str         lexicon_term(const lexicon *l, arena *a, str title);
#endif
