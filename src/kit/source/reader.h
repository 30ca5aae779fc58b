/* reader — what every reader of a format is told besides its bytes and its
 * sink, and the scratch file in which it may lay what does not fit in memory.
 * The scratch file is opened by the caller (in the box by its parent), is
 * empty from `scratch_at` on, and is the reader's alone while it runs. */
#ifndef READER_H
#define READER_H
#include "kit/source/source.h"

#define READER_BYTES_MAX ((uint64_t)16 << 30)       /* unpacked, of one file or member */

typedef struct {
    int      scratch;           /* -1: none */
    uint64_t scratch_at;
    bool     moved;             /* the text was made from one in another encoding: places in bytes are none of the file's */
    uint64_t max_bytes;         /* unpacked bytes of one member; 0: READER_BYTES_MAX */
} reader_options;

static inline uint64_t reader_max(const reader_options *o)
{
    return o->max_bytes > 0 ? o->max_bytes : READER_BYTES_MAX;
}
#endif
