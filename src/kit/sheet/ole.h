/* ole — one stream of an OLE container ([MS-CFB]), put together in memory. Chains
 * of sectors are followed as far as the file is long, so none is endless. */
#ifndef OLE_H
#define OLE_H
#include "base.h"

/* The first stream of one of these names (ASCII, NULL-ended list); NOT_FOUND, INVALID. `out` is in c->a. */
bool ole_stream(ctx *c, str file, const char *const *names, str *out) nodiscard;
bool ole_has(ctx *c, str file, const char *name);
#endif
