/* table_words — the lexicon of the built-in data files: places and terms. */
#ifndef TABLE_WORDS_H
#define TABLE_WORDS_H
#include "kit/table/lexicon.h"

const lexicon *table_words(void);       /* made on first use, thread-safe, for ever */
#endif
