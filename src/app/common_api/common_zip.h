/* common_zip — a whole table inside a zip archive, as the specification of 2015
 * has dumps: made while it is sent, at constant memory. */
#ifndef COMMON_ZIP_H
#define COMMON_ZIP_H
#include "app/table/table_stream.h"

typedef struct common_zip common_zip;

common_zip *common_zip_new(ctx *c, table_stream *rows, str name);        /* in c->a; the stream is its own; name: of the file inside */
/* As http_stream and http_res.stream_end have it; state: a common_zip. */
bool common_zip_next(ctx *c, void *state, buf *out, bool *more) nodiscard;
void common_zip_end(void *state);
#endif
