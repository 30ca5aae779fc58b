/* values — texts that repeat (organisations, tags, formats) as numbers: one
 * table a field, only ever added to. One thread adds while others look up and
 * read without waiting: what a number means never changes. */
#ifndef VALUES_H
#define VALUES_H
#include "base.h"

#include <stdatomic.h>

#define VALUES_NONE UINT32_MAX

typedef struct {
    const char *p;
    uint32_t    n, hash;
} values_entry;

typedef struct {
    uint32_t         size;          /* a power of two */
    _Atomic uint32_t slot[];        /* number + 1; 0: free */
} values_table;

typedef struct {
    values_entry         *chunk[24];      /* 256, 512, 1024 … entries: they never move */
    _Atomic uint32_t      count;
    values_table *_Atomic table;
    values_table         *old[24];        /* outgrown tables: a reader may still be in one */
    uint32_t              old_n;
    char                 *text;           /* the page that is being filled */
    size_t                text_left, held;
    char                **pages;
    size_t                page_n, page_cap;
} values;

uint32_t values_intern(values *v, str text);         /* the writer only */
uint32_t values_find(const values *v, str text);     /* VALUES_NONE when absent */
str      values_text(const values *v, uint32_t number);
uint32_t values_count(const values *v);
void     values_free(values *v);
#endif
