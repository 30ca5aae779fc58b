#include "kit/ingest/transcode.h"

#include <errno.h>

#define PIECE ((size_t)65536)
#define DECLARATION_MAX 1024

typedef struct {
    const source *s;
    const reader_options *o;
    charset_decoder *d;
    uint64_t at, size, lost;
    char in[PIECE], out[CHARSET_ROOM(PIECE)];
} work;

static bool put(ctx *c, work *w, size_t n)
{
    if (!file_put_at(w->o->scratch, (str){ w->out, n }, w->o->scratch_at + w->size))
        return fail(c, IO, "the scratch file cannot be written: %s", strerrordesc_np(errno));
    w->size += n;
    return w->size <= reader_max(w->o) || fail(c, TOO_LARGE, "“%.*s” has more than %" PRIu64 " bytes", S_ARG(w->s->name), reader_max(w->o));
}

static bool decode_all(ctx *c, work *w)
{
    size_t held = 0, used, made, got, events;
    for (bool end = false; !end;) {
        if (!ctx_in_time(c) || !source_some(c, w->s, w->at, w->in + held, PIECE - held, &got))
            return false;
        w->at += got;
        end = w->at >= w->s->size;
        if (!charset_decode(c, w->d, (str){ w->in, held + got }, end, w->out, sizeof w->out, &used, &made) || !put(c, w, made))
            return false;
        const charset_event *e = charset_events(w->d, &events);
        for (size_t i = 0; i < events; i++)
            w->lost += !e[i].is_private;
        held = held + got - used;
        if (used == 0 && held == PIECE)
            return fail(c, INVALID, "“%.*s” cannot be decoded", S_ARG(w->s->name));
        memmove(w->in, w->in + used, held);
        end &= held == 0 || used == 0;
    }
    return true;
}

/* <?xml …?> at the start: where it ends, and what it says of the encoding. */
static size_t declaration(str t, str *encoding)
{
    *encoding = (str){ 0 };
    if (!str_starts(t, S("<?xml")))
        return 0;
    size_t end = str_find(t, S("?>"));
    if (end == t.n)
        return 0;
    str d = str_sub(t, 0, end);
    d = str_from(d, str_find(d, S("encoding")));
    size_t quote = 0;
    while (quote < d.n && d.p[quote] != '"' && d.p[quote] != '\'')
        quote++;
    if (quote < d.n) {
        d = str_from(d, quote);
        *encoding = str_sub(d, 1, 1 + str_find_byte(str_from(d, 1), d.p[0]));
    }
    return end + 2;
}

static bool is_known_to_xml(str encoding)      /* expat reads these itself */
{
    return encoding.n == 0 || str_ieq(encoding, S("utf-8")) || str_ieq(encoding, S("us-ascii")) || str_ieq(str_sub(encoding, 0, 6), S("utf-16"));
}

bool transcode(ctx *c, const source *s, str declared, bool xml, const reader_options *o, source *out, transcoded *t)
{
    char head[DECLARATION_MAX];
    size_t got;
    str said = { 0 };
    *out = *s;
    *t = (transcoded){ 0 };
    if (!charset_decide(c, s, (str){ 0 }, &t->is) || !source_some(c, s, 0, head, sizeof head, &got))
        return false;
    size_t bom = t->is.bom;
    size_t skip = xml ? declaration(str_from((str){ head, got }, bom), &said) : 0;
    bool plain = t->is.plain || t->is.rule == CHARSET_ASCII, guessed = t->is.rule == CHARSET_DETECTED || t->is.rule == CHARSET_LAST;
    t->said = skip > 0 ? str_dup(c->a, said) : (str){ 0 };
    str better = xml && said.n > 0 ? said : declared;
    if (guessed && better.n > 0 && !charset_decide(c, s, str_dup(c->a, better), &t->is))
        err_clear(c);                   /* an encoding that nobody knows: the guess stands */
    /* UTF-16 is read by the readers themselves. */
    if (str_starts(str_of(t->is.name), S("UTF-16")) || (plain && (!xml || is_known_to_xml(said))))
        return true;
    if (!xml && str_eq(str_of(t->is.name), S("UTF-8")) && t->is.rule != CHARSET_MOSTLY)
        return true;
    if (o->scratch < 0)
        return fail(c, INVALID, "“%.*s” is in %s: publish it in UTF-8", S_ARG(s->name), t->is.name);
    work *w = mem_get(sizeof *w);
    *w = (work){ .s = s, .o = o, .at = bom + skip };
    bool ok = charset_open(c, t->is.name, &w->d) && decode_all(c, w);
    charset_close(w->d);
    t->made = true;
    t->size = w->size;
    t->lost = w->lost;
    mem_free(w);
    source whole = { .fd = o->scratch, .size = UINT64_MAX, .name = s->name };
    *out = source_part(&whole, o->scratch_at, t->size, s->name);
    return ok;
}
