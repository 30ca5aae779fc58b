#include "kit/geo/feature_file.h"
#include "kit/geo/geojson.h"

#include <errno.h>

#define PIECE ((size_t)1 << 20)
#define FEATURE_MAX (4 * TABLE_CELL_MAX)

bool feature_file_open(ctx *c, const reader_options *o, str what, feature_file *f)
{
    *f = (feature_file){ .o = o, .own = arena_new(4096) };
    f->b = buf_max(f->own, FEATURE_MAX + PIECE);
    if (o->scratch < 0)
        return fail(c, INVALID, "“%.*s” needs a scratch file to be read", S_ARG(what));
    buf_add(&f->b, S("{\"type\":\"FeatureCollection\",\"features\":["));
    return true;
}

void feature_file_close(feature_file *f)
{
    if (f->own != NULL)
        arena_free(f->own);
    f->own = NULL;
}

buf *feature_file_next(feature_file *f)
{
    if (f->count++ > 0)
        buf_add(&f->b, S(",\n"));
    return &f->b;
}

static bool put(ctx *c, feature_file *f)
{
    if (!file_put_at(f->o->scratch, buf_str(&f->b), f->o->scratch_at + f->size))
        return fail(c, IO, "the scratch file cannot be written: %s", strerrordesc_np(errno));
    f->size += f->b.n;
    f->b.n = 0;
    return f->size <= reader_max(f->o) || fail(c, TOO_LARGE, "the features have more than %" PRIu64 " bytes", reader_max(f->o));
}

bool feature_file_added(ctx *c, feature_file *f)
{
    if (!buf_fits(&f->b))
        return fail(c, TOO_LARGE, "feature %" PRIu64 " has more than %zu bytes", f->count, FEATURE_MAX);
    return f->b.n < PIECE || (ctx_in_time(c) && put(c, f));
}

bool feature_file_read(ctx *c, feature_file *f, str name, tm2_grid said, const table_sink *sink)
{
    buf_add(&f->b, S("]}"));
    if (!put(c, f))
        return false;
    source whole = { .fd = f->o->scratch, .size = UINT64_MAX, .name = name };
    source s = source_part(&whole, f->o->scratch_at, f->size, name);
    reader_options o = *f->o;
    o.scratch_at += f->size;
    return geojson_read_as(c, &s, &o, name, said, sink);
}
