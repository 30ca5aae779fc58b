#include "app/table/table_words.h"

#include "embedded.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static lexicon *words;

static str data(const char *path)
{
    const embedded_file *f = embedded_find(str_of(path));
    must(f != NULL);
    return (str){ (const char *)f->bytes, f->n };
}

static void make(void)
{
    words = lexicon_new(data("data/places.tsv"), data("data/column_terms.tsv"));
}

const lexicon *table_words(void)
{
    pthread_once(&once, make);
    return words;
}
