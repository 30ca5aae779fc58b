/* Reading in the box: both ends of the pipe. */
#include "kit/ingest/ingest_part.h"
#include "kit/ingest/wire.h"
#include "kit/text/charset.h"

#include <unistd.h>

#define FD_FILE BOX_FD_FIRST
#define FD_SCRATCH (BOX_FD_FIRST + 1)

/* --- the child --- */

int ingest_child(ctx *c, int argc, char **argv)
{
    box_walls walls;
    source s;
    ingest_found found = { 0 };
    wire_out w = { .a = arena_new(65536), .say = box_say };
    table_sink sink = wire_sink(&w);
    if (argc != 3)
        return 2;
    ingest_options o = { .format = str_of(argv[1]), .encoding = str_of(argv[2]), .scratch = FD_SCRATCH };
    charset_load_all(c, o.encoding);       /* from files, which the walls forbid */
    bool ok = box_enter(c, &walls) && source_open(c, FD_FILE, str_of(argv[0]), &s) && ingest_read(c, &s, &o, &sink, &found)
        && box_say(c, WIRE_FOUND, (str){ (const char *)&found, sizeof found });
    int code = ok ? 0 : wire_error(c, &w) ? 1 : 2;
    arena_free(w.a);
    return code;
}

/* --- the parent --- */

typedef struct {
    wire_in       in;
    ingest_found *found;
} hearing;

static bool on_frame(ctx *c, void *to, uint8_t kind, str bytes)
{
    hearing *h = to;
    if (kind != WIRE_FOUND)
        return wire_take(c, &h->in, kind, bytes);
    if (bytes.n != sizeof *h->found)
        return fail(c, INVALID, "the reader of this file answered with nonsense: the file may be an attack");
    memcpy(h->found, bytes.p, bytes.n);
    h->found->encoding[sizeof h->found->encoding - 1] = h->found->rule[sizeof h->found->rule - 1] = 0;
    return h->found->kind <= SOURCE_BINARY
        || fail(c, INVALID, "the reader of this file answered with nonsense: the file may be an attack");
}

typedef struct {
    hearing           *h;
    const ingest_box  *b;
} both;

static bool frame_of(ctx *c, void *to, uint8_t kind, str bytes)
{
    return on_frame(c, ((both *)to)->h, kind, bytes);
}

static bool alive_of(ctx *c, void *to)
{
    const ingest_box *b = ((both *)to)->b;
    return b->alive == NULL || b->alive(c, b->to);
}

bool ingest_boxed(ctx *c, int fd, str name, const ingest_options *o, const ingest_box *b, const table_sink *sink, ingest_found *found)
{
    hearing h = { .in = { .to = sink, .a = arena_new(65536) }, .found = found };
    both t = { &h, b };
    *found = (ingest_found){ 0 };
    const char *const args[] = { "read", str_z(c->a, name), str_z(c->a, o->format), str_z(c->a, o->encoding), NULL };
    int fds[] = { fd, o->scratch };
    must(o->scratch >= 0);
    box_job j = { .args = args, .fds = fds, .fd_count = 2, .limits = b->limits, .program = b->program, .to = &t, .frame = frame_of,
                  .alive = alive_of };
    bool ok = box_run(c, &j);
    arena_free(h.in.a);
    return ok && (!h.in.open || fail(c, INVALID, "the reader of this file ended in the middle of a table"));
}
