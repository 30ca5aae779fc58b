/* unpack — members of archives other than zip, in the order in which they
 * stand: 7z, tar (plain, .gz, .bz2, .xz, .zst), and the one file that a plain
 * .gz, .bz2, .xz or .zst holds. libarchive is named in unpack.c alone; of it
 * only these formats are switched on, and none that runs other programs.
 *
 * Like zip.h it believes nothing: what comes out is counted against `max_bytes`
 * and against the packed bytes that went in (UNPACK_RATIO_MAX), links and
 * devices are no members, names are only names. Errors: INVALID (damaged),
 * TOO_LARGE (a limit, a bomb). */
#ifndef UNPACK_H
#define UNPACK_H
#include "kit/source/source.h"

#define UNPACK_RATIO_MAX 250            /* unpacked to packed, once past UNPACK_RATIO_FROM */
#define UNPACK_RATIO_FROM ((uint64_t)16 << 20)

typedef struct unpack unpack;

typedef struct {
    str  name;                          /* raw bytes; empty: the one file of a .gz and its like. Until the next member */
    bool file, locked;                  /* file: neither folder nor link nor device */
} unpack_member;

bool unpack_open(ctx *c, const source *s, uint64_t max_bytes, unpack **out) nodiscard;      /* memory of its own: unpack_close */
bool unpack_next(ctx *c, unpack *u, unpack_member *m, bool *more) nodiscard;
byte_in unpack_bytes(unpack *u);        /* of the member just met */
void unpack_close(unpack *u);           /* NULL is fine */
#endif
