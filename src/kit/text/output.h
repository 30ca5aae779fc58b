/* output — a file that is written in pieces, aside, gzipped on the way when that is asked: only output_keep gives
 * it its name, so that a half-written file is never taken for a whole one. Memory of its own: output_close.
 * Errors: IO; CONFLICT when a file of that name is there already. */
#ifndef OUTPUT_H
#define OUTPUT_H
#include "base.h"

typedef struct output output;

bool output_open(ctx *c, str path, bool gzip, output **out) nodiscard;
bool output_put(ctx *c, output *o, str bytes) nodiscard;
bool output_keep(ctx *c, output *o) nodiscard;       /* written out, synced, named */
void output_close(output *o);                        /* removes what was not kept; NULL is fine */
#endif
