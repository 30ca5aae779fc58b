/* transcode — JSON and XML in Big5 and other old encodings, as Taiwan has them,
 * into UTF-8: laid in the scratch file, from where their readers go on. What an
 * XML declaration says of the encoding is taken off, since it is then wrong;
 * it also decides nothing, as the bytes are asked (kit/text/charset.h). Bytes
 * without a character become U+FFFD and are counted. */
#ifndef TRANSCODE_H
#define TRANSCODE_H
#include "kit/source/reader.h"
#include "kit/text/charset.h"

typedef struct {
    charset_choice is;
    str      said;              /* what an XML declaration says; empty: nothing */
    bool     made;              /* *out lies in the scratch file, `size` bytes from scratch_at on; else it is the source itself */
    uint64_t size, lost;        /* lost: characters that became U+FFFD */
} transcoded;

/* declared decides where bytes alone do not. Its text lies in c->a. */
bool transcode(ctx *c, const source *s, str declared, bool xml, const reader_options *o, source *out, transcoded *t) nodiscard;
#endif
