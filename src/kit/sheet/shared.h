/* shared — the numbered texts of a workbook, with bounded memory: the first
 * SHARED_MEMORY bytes are kept, the rest goes to the scratch file. */
#ifndef SHARED_H
#define SHARED_H
#include "kit/source/reader.h"

#define SHARED_MEMORY ((size_t)48 << 20)
#define SHARED_COUNT_MAX ((size_t)16 << 20)

typedef struct shared shared;

shared *shared_new(const reader_options *o);            /* memory of its own: shared_free */
void    shared_free(shared *s);
bool    shared_add(ctx *c, shared *s, str text) nodiscard;     /* a piece of the text that is being made; TOO_LARGE, IO */
bool    shared_next(ctx *c, shared *s) nodiscard;              /* that text is complete */
size_t  shared_count(const shared *s);
bool    shared_get(ctx *c, shared *s, size_t i, str *out) nodiscard;   /* borrowed until the next call */
#endif
