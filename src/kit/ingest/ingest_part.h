/* ingest_part — what the files of ingest share. */
#ifndef INGEST_PART_H
#define INGEST_PART_H
#include "kit/ingest/ingest.h"
#include "kit/source/reader.h"

/* Between a reader and the caller's sink: names of members go before names of tables, and what was found out before a
 * table began is told once one has. */
typedef struct {
    const table_sink *to;
    str      member;                    /* empty: the file itself */
    arena   *a;                         /* names of tables and what waits */
    struct { table_finding *v; size_t n, cap; } waiting;
    uint64_t tables;
} ingest_relay;

table_sink ingest_sink(ingest_relay *r);
void ingest_tell(ingest_relay *r, const char *code, str sample, uint64_t count); /* when the next table has begun */
/* One file, or member of an archive at a depth above 0, into the relay's sink. */
bool ingest_one(ctx *c, const source *s, const ingest_options *o, ingest_relay *r, size_t depth, ingest_found *found) nodiscard;
bool ingest_archive(ctx *c, const source *s, ingest_found *found, const ingest_options *o, ingest_relay *r, size_t depth) nodiscard;
#endif
