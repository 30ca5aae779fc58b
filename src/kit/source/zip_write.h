/* zip_write — a zip archive written in one go, in constant memory: members are
 * deflated as they come, their sizes follow them, the directory stands at the
 * end (zip64 where sizes need it). Times are fixed, so that the same content
 * gives the same bytes. */
#ifndef ZIP_WRITE_H
#define ZIP_WRITE_H
#include "base.h"

typedef struct {
    void *to;
    bool (*write)(ctx *c, void *to, str bytes);      /* false after fail() */
} byte_out;

typedef struct zip_writer zip_writer;

zip_writer *zip_write_new(byte_out out, int level);  /* level 1 to 9; memory of its own: zip_write_free */
void zip_write_free(zip_writer *w);
bool zip_write_stored(ctx *c, zip_writer *w, str name, str bytes) nodiscard;     /* a whole small member, not deflated */
bool zip_write_begin(ctx *c, zip_writer *w, str name) nodiscard;
bool zip_write_add(ctx *c, zip_writer *w, str bytes) nodiscard;
bool zip_write_end(ctx *c, zip_writer *w) nodiscard;
bool zip_write_finish(ctx *c, zip_writer *w) nodiscard;
#endif
