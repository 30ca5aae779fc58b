/* charset — bytes of unknown encoding become UTF-8: BOM, then strict UTF-8,
 * then UTF-16 by its zeros, then CP950 (Big5 as Windows has it). Which rule
 * decided is told. Bytes that have no character are an error with their place:
 * nothing is replaced silently. */
#ifndef CHARSET_H
#define CHARSET_H
#include "base.h"

typedef struct {
    const char *name;          /* UTF-8, UTF-8-BOM, UTF-16LE, UTF-16BE, CP950 */
    str         text;          /* UTF-8, without BOM */
} charset_text;

bool charset_read(ctx *c, str bytes, charset_text *out) nodiscard;   /* INVALID */
#endif
