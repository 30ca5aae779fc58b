/* wire — a table_sink over frames of the box: the child's side turns calls into
 * frames, the parent's side turns frames into calls. The parent trusts nothing
 * in them: order, counts and lengths are checked (INVALID). */
#ifndef WIRE_H
#define WIRE_H
#include "kit/table/block.h"

typedef enum { WIRE_BEGIN = 1, WIRE_BLOCK, WIRE_FINDING, WIRE_END, WIRE_ERROR, WIRE_FOUND } wire_kind;

typedef struct {
    arena *a;                   /* of the frame that is being made */
    bool (*say)(ctx *c, uint8_t kind, str bytes);
} wire_out;

table_sink wire_sink(wire_out *w);                              /* the child: w->a is reset with every frame */
bool wire_error(ctx *c, wire_out *w) nodiscard;                 /* c->err goes over */

typedef struct {
    const table_sink *to;
    arena *a;                   /* of the frame that is being read */
    bool   open;                /* a table has begun */
    size_t cols;
    uint64_t rows;
} wire_in;

bool wire_take(ctx *c, wire_in *w, uint8_t kind, str bytes) nodiscard;   /* one frame of kind BEGIN … ERROR */
#endif
