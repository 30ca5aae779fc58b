/* table_stream — an export of a held table as the stream of an answer: the
 * table is let go when the answer is over, however it ends. */
#ifndef TABLE_STREAM_H
#define TABLE_STREAM_H
#include "app/table/table_open.h"
#include "kit/export/export.h"

typedef struct {
    export     *rows;                   /* NULL: none */
    table_held  held;
} table_stream;

/* The plan's export, holding *held, which is empty afterwards; in c->a. On failure *held stays the caller's. */
bool table_stream_new(ctx *c, const export_plan *p, table_held *held, table_stream **out) nodiscard;
/* The ETag of these rows, asked for by `target`: the same bytes come from this program for the same one. */
str  table_stream_tag(ctx *c, const table_stream *s, str target);
/* As http_stream and http_res.stream_end have it; state: a table_stream. */
bool table_stream_next(ctx *c, void *state, buf *out, bool *more) nodiscard;
void table_stream_end(void *state);
#endif
