/* charset — which encoding bytes are in, and the way from it to UTF-8.
 *
 * charset_decide looks at the whole of a source and says by which rule it
 * decided. A declared encoding wins. Then, first that fits: a byte order mark;
 * UTF-16 and UTF-32 by their zeros; ISO 2022 by its escape sequences; strict UTF-8, all of it; UTF-8 with a few
 * broken places; the encodings of East Asia by their common characters (CP950
 * before all); a statistical detector; Windows-1252.
 *
 * charset_decode works piece by piece. What has no character becomes U+FFFD
 * and is told as an event with its place and bytes; private characters (造字)
 * are told too. Nothing is replaced silently.
 *
 * CP950 is Microsoft's with the ETEN extensions at C6A1 to C8D3, user-defined
 * ranges in the private use area (tools/cp950.py). Others through iconv. */
#ifndef CHARSET_H
#define CHARSET_H
#include "kit/source/source.h"

typedef enum {
    CHARSET_DECLARED, CHARSET_BOM, CHARSET_ZEROS, CHARSET_ESCAPES, CHARSET_ASCII, CHARSET_VALID, CHARSET_MOSTLY,
    CHARSET_COMMON, CHARSET_DETECTED, CHARSET_LAST,
} charset_rule;

typedef struct {
    const char  *name;         /* UTF-8, CP950, GB18030, UTF-16LE … as iconv knows it; in the arena or static */
    charset_rule rule;
    size_t       bom;          /* bytes of the mark to pass over */
    bool         plain;        /* UTF-8 and proved valid to the last byte: needs no decoding */
    uint64_t     bad_at;       /* the first byte that is not UTF-8, where rule is MOSTLY or later */
} charset_choice;

/* declared may be empty; its spelling is free (BIG-5, utf8, UTF_16). INVALID: an encoding nobody knows. */
bool charset_decide(ctx *c, const source *s, str declared, charset_choice *out) nodiscard;
/* libc reads the tables of an encoding from files when it is first met: whoever will soon have none has them loaded
 * before, those that charset_decide may choose and the declared one (may be empty). They stay for the life of the process. */
void charset_load_all(ctx *c, str declared);
const char *charset_rule_name(charset_rule rule);      /* "bom", "valid", … */
unsigned charset_unit(const char *name);               /* bytes of its smallest unit: 1, 2 or 4 */

typedef struct {
    size_t        out_at;      /* where its character begins in what was made */
    size_t        raw_at;      /* where its bytes begin in what was given */
    unsigned char bytes[4], n;
    bool          is_private;  /* a private character that was kept; else U+FFFD stands for it */
} charset_event;

typedef struct charset_decoder charset_decoder;
bool charset_open(ctx *c, const char *name, charset_decoder **out) nodiscard;   /* until charset_close */
void charset_close(charset_decoder *d);
/* Makes UTF-8 of `raw` as far as whole characters and `room` go; is_end: no more bytes follow. */
bool charset_decode(ctx *c, charset_decoder *d, str raw, bool is_end, char *to, size_t room, size_t *used, size_t *made) nodiscard;
const charset_event *charset_events(const charset_decoder *d, size_t *n);       /* of the last call */
#define CHARSET_ROOM(raw) ((raw) * 3 + 64)             /* enough for any piece */

/* Whole small documents: bytes without a character are an error with their place. */
typedef struct {
    const char *name;          /* UTF-8, UTF-8-BOM, UTF-16LE, UTF-16BE, CP950 … */
    str         text;          /* UTF-8, without BOM */
} charset_text;

bool charset_read(ctx *c, str bytes, charset_text *out) nodiscard;   /* INVALID */
#endif
