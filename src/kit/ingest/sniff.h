/* sniff — which format a file is, from its bytes alone, and whether that is
 * what its publisher declared. Names and endings decide nothing. */
#ifndef SNIFF_H
#define SNIFF_H
#include "kit/source/source.h"

typedef enum {
#define KIND(name, called, declared, why) SOURCE_##name,
#include "kit/ingest/kind.def"
#undef KIND
} source_kind;

bool sniff_kind(ctx *c, const source *s, source_kind *out) nodiscard;      /* IO, CONFLICT */
const char *sniff_called(source_kind k);
const char *sniff_refusal(source_kind k);                                   /* msgid; "": it is read */
bool sniff_agrees(source_kind k, str declared);                             /* true when nothing was declared */
#endif
