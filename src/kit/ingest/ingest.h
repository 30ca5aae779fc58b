/* ingest — any file becomes tables: told by its bytes (sniff.h), read by the
 * reader of its format, archives member by member. What the publisher declared
 * is compared and told as findings; it decides only where bytes cannot.
 *
 * ingest_read reads here and now; ingest_boxed does the same in the box, where
 * strangers' files belong, and hands the same calls to the sink. Errors say why
 * a file holds no table (INVALID), which limit was met (TOO_LARGE, TIMEOUT), or
 * that it changed meanwhile (CONFLICT). */
#ifndef INGEST_H
#define INGEST_H
#include "kit/box/box.h"
#include "kit/ingest/sniff.h"
#include "kit/table/block.h"

#define INGEST_DEPTH_MAX 2              /* archives in archives */
#define INGEST_MEMBERS_MAX 4096

typedef struct {
    str      format, encoding;          /* as declared; empty: nothing was */
    int      scratch;                   /* empty regular file, open for reading and writing; -1: none, archives are refused */
    uint64_t scratch_at;                /* it is free from here on */
    uint64_t max_bytes;                 /* unpacked, of one member; 0: READER_BYTES_MAX */
} ingest_options;

typedef struct {
    source_kind kind;
    char        encoding[32];           /* of text: its real encoding; else empty */
    char        rule[16];               /* and by which rule it was told */
    uint64_t    tables;
    uint8_t     packed;                 /* 1: an archive, or a compressed file */
} ingest_found;

bool ingest_read(ctx *c, const source *s, const ingest_options *o, const table_sink *sink, ingest_found *found) nodiscard;

/* In a child process. `program` NULL: this program. */
typedef struct {
    box_limits  limits;
    const char *program;
    void       *to;
    bool      (*alive)(ctx *c, void *to);   /* cancel and progress; NULL: nothing to do */
} ingest_box;
bool ingest_boxed(ctx *c, int fd, str name, const ingest_options *o, const ingest_box *b, const table_sink *sink,
                  ingest_found *found) nodiscard;
/* The child: `openshelf box read NAME FORMAT ENCODING`; the process ends with what it answers. */
int ingest_child(ctx *c, int argc, char **argv);
#endif
