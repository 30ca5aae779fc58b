#include "app/table/table_stream.h"

#define PIECE_BYTES ((size_t)128 << 10)

bool table_stream_new(ctx *c, const export_plan *p, table_held *held, table_stream **out)
{
    *out = new (c->a, table_stream);
    if (!export_new(c, p, &(*out)->rows))
        return false;
    (*out)->held = *held;
    *held = (table_held){ 0 };
    return true;
}

str table_stream_tag(ctx *c, const table_stream *s, str target)
{
    return str_fmt(c->a, "%016" PRIx64 "-%" PRIx64 "-%016" PRIx64, s->held.open->mark, s->held.open->number,
                   str_hash(str_cat(c->a, S(OPENSHELF_VERSION " "), target)));
}

bool table_stream_next(ctx *c, void *state, buf *out, bool *more)
{
    table_stream *s = state;
    return export_next(c, s->rows, out, PIECE_BYTES, more);
}

void table_stream_end(void *state)
{
    table_stream *s = state;
    export_free(s->rows);
    table_held_end(&s->held);
    *s = (table_stream){ 0 };
}
