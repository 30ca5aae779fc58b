#include "app/common_api/common_zip.h"
#include "kit/source/zip_write.h"

#define LEVEL 6

struct common_zip {
    table_stream *rows;
    zip_writer   *zip;
    str           name;
    buf          *out;              /* where the archive's bytes go during a call */
    buf           piece;
    bool          begun;
};

static bool take(ctx *c, void *to, str bytes)
{
    common_zip *z = to;
    buf_add(z->out, bytes);
    return buf_fits(z->out) || fail(c, TOO_LARGE, "a row of this table is too large for an answer");
}

common_zip *common_zip_new(ctx *c, table_stream *rows, str name)
{
    common_zip *z = new (c->a, common_zip);
    *z = (common_zip){ .rows = rows, .name = name, .piece = buf_in(c->a) };
    z->zip = zip_write_new((byte_out){ z, take }, LEVEL);
    return z;
}

bool common_zip_next(ctx *c, void *state, buf *out, bool *more)
{
    common_zip *z = state;
    z->out = out;
    *more = true;
    if (!z->begun && !zip_write_begin(c, z->zip, z->name))
        return false;
    z->begun = true;
    while (*more && out->n == 0) {
        z->piece.n = 0;
        if (!table_stream_next(c, z->rows, &z->piece, more) || !zip_write_add(c, z->zip, buf_str(&z->piece)))
            return false;
    }
    return *more || (zip_write_end(c, z->zip) && zip_write_finish(c, z->zip));
}

void common_zip_end(void *state)
{
    common_zip *z = state;
    zip_write_free(z->zip);
    table_stream_end(z->rows);
}
