/* input — bytes of a file or of standard input, gunzipped on the way when they
 * are gzip. Read in pieces; a line is limited. */
#ifndef INPUT_H
#define INPUT_H
#include "base.h"

typedef struct input input;

bool input_open(ctx *c, str path, input **out) nodiscard;     /* "-" is standard input; memory of its own: input_close */
void input_close(input *in);
/* The first bytes (up to 64 KB) without using them up. */
bool input_peek(ctx *c, input *in, str *out) nodiscard;
/* The next line without its end; borrowed until the next call. TOO_LARGE past max. */
bool input_line(ctx *c, input *in, size_t max, str *out, bool *more) nodiscard;
/* The next piece, at most `most` bytes; borrowed until the next call; empty at the end. */
bool input_piece(ctx *c, input *in, size_t most, str *out) nodiscard;
/* All that is left, in c->a. TOO_LARGE past max. */
bool input_rest(ctx *c, input *in, size_t max, str *out) nodiscard;
#endif
