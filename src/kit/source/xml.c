#include "kit/source/xml.h"

#include <expat.h>

#define PIECE 65536
#define TOKEN_MAX ((size_t)64 << 20)        /* bytes of one tag or comment that expat would have to keep */

struct xml_reading {
    ctx *c;
    XML_Parser p;
    const xml_handler *h;
    const bool *stop;
    str  what;
    int  depth;
    bool failed, stopped;
};

typedef xml_reading reading;

xml_place xml_here(const xml_reading *r)
{
    XML_Index at = XML_GetCurrentByteIndex(r->p);
    return (xml_place){ at > 0 ? (uint64_t)at : 0, XML_GetCurrentLineNumber(r->p) };
}

str xml_local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return str_of(colon != NULL ? colon + 1 : name);
}

str xml_att(const char *const *atts, const char *local)
{
    for (; atts[0] != NULL; atts += 2)
        if (str_eq(xml_local(atts[0]), str_of(local)))
            return str_of(atts[1]);
    return (str){ 0 };
}

static void end_early(reading *r, bool ok)
{
    r->failed |= !ok;
    r->stopped = true;
    XML_StopParser(r->p, XML_FALSE);
}

static void after(reading *r, bool ok)
{
    if (!ok || (r->stop != NULL && *r->stop))
        end_early(r, ok);
}

static void on_start(void *u, const char *name, const char **atts)
{
    reading *r = u;
    if (r->stopped)
        return;
    if (++r->depth > XML_DEPTH_MAX)
        end_early(r, fail(r->c, INVALID, "“%.*s” nests elements more than %d deep", S_ARG(r->what), XML_DEPTH_MAX));
    else
        after(r, r->h->start(r->c, r->h->to, xml_local(name), (const char *const *)atts));
}

static void on_end(void *u, const char *name)
{
    reading *r = u;
    if (r->stopped)
        return;
    r->depth--;
    after(r, r->h->end(r->c, r->h->to, xml_local(name)));
}

static void on_text(void *u, const char *s, int n)
{
    reading *r = u;
    if (!r->stopped)
        after(r, r->h->text(r->c, r->h->to, (str){ s, (size_t)n }));
}

static void on_entity(void *u, const char *name, int is_parameter, const char *value, int length, const char *base, const char *system,
                      const char *public, const char *notation)
{
    (void)is_parameter, (void)value, (void)length, (void)base, (void)system, (void)public, (void)notation;
    reading *r = u;
    if (!r->stopped)
        end_early(r, fail(r->c, INVALID, "“%.*s” declares the entity “%s” (line %lu): documents with entities of their own are not read, "
                          "since these can grow without end; publish it without them", S_ARG(r->what), name,
                          XML_GetCurrentLineNumber(r->p)));
}

static bool parse(ctx *c, reading *r, byte_in in)
{
    uint64_t given = 0;
    for (size_t got = 1; got > 0 && !r->stopped;) {
        void *room = XML_GetBuffer(r->p, PIECE);
        if (room == NULL)
            return fail(c, TOO_LARGE, "“%.*s” needs too much memory", S_ARG(r->what));
        if (!in.read(c, in.from, room, PIECE, &got))
            return false;
        given += got;
        enum XML_Status s = XML_ParseBuffer(r->p, (int)got, got == 0);
        if (r->stopped)
            break;
        if (s != XML_STATUS_OK)
            return fail(c, INVALID, "“%.*s” is no well-formed XML at line %lu, column %lu: %s", S_ARG(r->what),
                        XML_GetCurrentLineNumber(r->p), XML_GetCurrentColumnNumber(r->p) + 1,
                        XML_ErrorString(XML_GetErrorCode(r->p)));
        XML_Index at = XML_GetCurrentByteIndex(r->p);
        if (at >= 0 && given > (uint64_t)at && given - (uint64_t)at > TOKEN_MAX)
            return fail(c, TOO_LARGE, "“%.*s” has a tag, comment or declaration of more than %zu bytes", S_ARG(r->what), TOKEN_MAX);
    }
    return !r->failed;
}

bool xml_read(ctx *c, byte_in in, str what, const xml_handler *h, const bool *stop)
{
    reading r = { .c = c, .h = h, .stop = stop, .what = what, .p = XML_ParserCreate(NULL) };
    if (r.p == NULL)
        return fail(c, INTERNAL, "the XML parser cannot start");
    XML_SetUserData(r.p, &r);
    if (h->reading != NULL)
        *h->reading = &r;
    XML_SetElementHandler(r.p, on_start, on_end);
    XML_SetEntityDeclHandler(r.p, on_entity);
    XML_SetParamEntityParsing(r.p, XML_PARAM_ENTITY_PARSING_NEVER);
    if (h->text != NULL)
        XML_SetCharacterDataHandler(r.p, on_text);
    bool ok = parse(c, &r, in);
    XML_ParserFree(r.p);
    return ok;
}
