/* A shapefile: the first two bytes say how long the shapes are, the attributes follow. */
#include "kit/geo/shp.h"
#include "table_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t cols = 0, shapes = data[0] | (size_t)data[1] << 8;
    ctx c = { .a = arena_new(16384) };
    table_sink sink = sink_of(&cols);
    source s = source_of(&c, data, size);
    shp_parts p = { source_part(&s, 2, shapes, S("shp")), source_part(&s, 2 + shapes, size, S("dbf")), { 0 }, { 0 } };
    bool ok = shp_read(&c, &p, S("fuzz"), &sink);
    must(ok == (c.err.code == ERR_OK));
    arena_free(c.a);
    return 0;
}
