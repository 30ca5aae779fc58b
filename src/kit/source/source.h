/* source — the bytes of one file, or of a part of one, read by place. Readers
 * of formats take a source: never a path, so that they run where nothing can
 * be opened, and never a length they were told, only what fstat says.
 *
 * Bytes in memory are a source too, for documents and for tests.
 *
 * The descriptor belongs to the caller and its position is not used. A file
 * that grows, shrinks or is written while it is read is an error (CONFLICT):
 * what was read of it belongs to no version of it. */
#ifndef SOURCE_H
#define SOURCE_H
#include "base.h"

typedef struct {
    int      fd;
    uint64_t at, size;      /* the part of the file that this is */
    str      name;          /* for messages, and its ending when nothing better tells the format */
    uint64_t whole;         /* size of the file when it was opened */
    int64_t  changed_ns;    /* and its time of change; 0: not watched */
    const char *memory;     /* instead of fd; NULL: a file */
} source;

bool source_open(ctx *c, int fd, str name, source *out) nodiscard;         /* INVALID: no regular file; IO */
source source_memory(str bytes, str name);
source source_part(const source *s, uint64_t at, uint64_t size, str name); /* clamped to s */
bool source_get(ctx *c, const source *s, uint64_t from, void *to, size_t n) nodiscard;          /* all n: else INVALID (ends early) */
bool source_some(ctx *c, const source *s, uint64_t from, void *to, size_t n, size_t *got) nodiscard; /* up to n; 0 at the end */
bool source_same(ctx *c, const source *s) nodiscard;                       /* CONFLICT when the file has changed */
/* The whole of a small part, in c->a: TOO_LARGE past max. */
bool source_all(ctx *c, const source *s, size_t max, str *out) nodiscard;

/* Bytes in order, from wherever they come: a source, a member of an archive. */
typedef struct {
    void *from;
    bool (*read)(ctx *c, void *from, void *to, size_t room, size_t *got);   /* got 0: the end */
} byte_in;

typedef struct {
    const source *s;
    uint64_t at;
} source_reader;
byte_in source_bytes(source_reader *r);        /* from r->at on */

static inline uint16_t source_u16(const unsigned char *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}
static inline uint32_t source_u32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint64_t source_u64(const unsigned char *p)
{
    return (uint64_t)source_u32(p) | (uint64_t)source_u32(p + 4) << 32;
}
#endif
