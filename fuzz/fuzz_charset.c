/* Bytes of unknown encoding: what is UTF-8 stays as it is and where it is, what comes out is UTF-8, and an encoding
 * that is read in pieces gives the same text and the same findings as when it is read whole. */
#include "fuzz.h"
#include "kit/text/charset.h"

typedef struct {
    buf text;
    struct { charset_event *v; size_t n, cap; } events;
} decoded;

static void decode(ctx *c, const char *name, str in, size_t piece, decoded *out)
{
    charset_decoder *d;
    size_t used, made, n;
    *out = (decoded){ .text = buf_in(c->a) };
    must(charset_open(c, name, &d));
    for (size_t at = 0, want = piece; at < in.n;) {
        str part = str_sub(in, at, at + want);
        bool is_end = at + part.n == in.n;
        char *to = arena_get(c->a, CHARSET_ROOM(part.n));
        must(charset_decode(c, d, part, is_end, to, CHARSET_ROOM(part.n), &used, &made));
        must(used <= part.n && made <= CHARSET_ROOM(part.n) && utf8_valid((str){ to, made }, NULL));
        const charset_event *e = charset_events(d, &n);
        for (size_t i = 0; i < n; i++) {
            must(e[i].n >= 1 && e[i].n <= 4 && e[i].out_at < made && e[i].raw_at < part.n);
            charset_event here = e[i];
            here.out_at += out->text.n;
            here.raw_at += at;
            list_add(c->a, &out->events, here);
        }
        buf_add(&out->text, (str){ to, made });
        must(used > 0 || !is_end);
        at += used;
        want = used > 0 ? piece : want + 1; /* the piece ended within a character */
    }
    charset_close(d);
}

static void check_pieces(ctx *c, const char *name, str in)
{
    decoded whole, pieces;
    decode(c, name, in, in.n, &whole);
    for (size_t piece = 1; piece <= 16; piece += 5) {
        decode(c, name, in, piece, &pieces);
        must(str_eq(buf_str(&pieces.text), buf_str(&whole.text)) && pieces.events.n == whole.events.n);
        for (size_t i = 0; i < whole.events.n; i++)
            must(pieces.events.v[i].out_at == whole.events.v[i].out_at && pieces.events.v[i].raw_at == whole.events.v[i].raw_at
                 && pieces.events.v[i].n == whole.events.v[i].n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "CP950", "UTF-16LE", "UTF-16BE", "UTF-8", "GB18030", "BIG5-HKSCS" };
    str in = fuzz_str(data, size);
    ctx c = { .a = arena_new(65536) };
    charset_text t;
    bool ok = charset_read(&c, in, &t);
    fuzz_refused(&c, ok);
    if (ok)
        must(utf8_valid(t.text, NULL));
    if (ok && str_starts(str_of(t.name), S("UTF-8")))
        must(fuzz_inside(in, t.text) && str_ends(in, t.text));
    else if (ok && str_starts(str_of(t.name), S("ISO-2022-"))) /* ASCII with escape sequences */
        must(str_has(in, S("\x1b$")));
    else /* another encoding, or refused: broken escape sequences are plain ASCII too */
        must(!utf8_valid(in, NULL) || str_find_byte(in, 0) < in.n || (!ok && str_has(in, S("\x1b$"))));
    if (size > 0)
        check_pieces(&c, names[data[0] % array_len(names)], in);
    arena_free(c.a);
    return 0;
}
