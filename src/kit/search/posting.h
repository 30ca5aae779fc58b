/* posting — where a term occurs, as bytes.
 *
 * Documents, rising, each: varint of (step from the one before << 1 | more),
 * one byte of occurrences if `more` (else there is one), one byte with a bit
 * for each text field. In front, if there are more than 128, one skip entry
 * for each 128: last document, end of their bytes, end of their positions.
 *
 * Positions, in their own bytes, so that queries without phrases never touch
 * them: for each document and each field that is set in its mask, the steps
 * between positions in bytes of six bits; bit 7: more of this number follow,
 * bit 6: the group ends with this number. Groups can be passed over without
 * being read, and copied from segment to segment as they are. */
#ifndef POSTING_H
#define POSTING_H
#include "base.h"
#include "kit/search/bytes.h"

#define POSTING_BLOCK 128

typedef struct {
    const uint8_t *docs, *pos;      /* docs: the skip entries come first */
    uint32_t       df;              /* documents, with those that are gone; 0: no such term */
} posting_list;

/* meta of a posting: field mask in the low byte, occurrences (at most 255) above. */
typedef struct {
    posting_list   list;
    uint32_t       blocks, block, n, i;      /* block == blocks: at the end */
    uint32_t       pos_i;
    const uint8_t *pos_at;                   /* of posting pos_i of this block */
    uint32_t       doc[POSTING_BLOCK];
    uint16_t       meta[POSTING_BLOCK];
} posting_cursor;

uint32_t posting_all(posting_list l, uint32_t *docs, uint16_t *meta);     /* both have room for df */
void     posting_open(posting_cursor *c, posting_list l);
bool     posting_seek(posting_cursor *c, uint32_t doc);      /* to the first at or behind doc; false: none */
const uint8_t *posting_positions(posting_cursor *c);         /* the groups of the posting it stands on */

static inline const uint8_t *posting_skip_groups(const uint8_t *p, unsigned groups)
{
    while (groups > 0)
        groups -= (*p++ & 0xc0) == 0x40;
    return p;
}
/* The next position of a group: adds the step to *pos; *last when the group ends here. */
static inline const uint8_t *posting_position(const uint8_t *p, uint32_t *pos, bool *last)
{
    uint32_t v = 0;
    unsigned shift = 0;
    for (; (*p & 0x80) != 0; shift += 6)
        v |= (uint32_t)(*p++ & 63) << shift;
    v |= (uint32_t)(*p & 63) << shift;
    *last = (*p & 0x40) != 0;
    *pos += v;
    return p + 1;
}
void posting_put_position(bytes *b, uint32_t step, bool last);

typedef struct {
    bytes    docs, pos;
    bytes    skips;
    uint32_t df, last;
} posting_writer;

void posting_add(posting_writer *w, uint32_t doc, uint16_t meta, const uint8_t *pos, size_t pos_n);
/* Puts what was added behind the two heaps and is empty again. */
void posting_finish(posting_writer *w, bytes *docs, bytes *pos);
void posting_writer_free(posting_writer *w);
#endif
