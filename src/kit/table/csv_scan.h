/* csv_scan — the first stage: where separators, quotes and line ends stand, one
 * bit a byte. AVX2, SSE2 and plain ways give the same bits. */
#ifndef CSV_SCAN_H
#define CSV_SCAN_H
#include "kit/table/csv.h"

#define CSV_WORDS 64
#define CSV_BATCH ((size_t)CSV_WORDS * 64)

typedef struct {
    uint64_t special[CSV_WORDS];       /* separators, quotes, line ends */
    uint64_t stop[CSV_WORDS];          /* quotes, line ends */
    uint64_t quote[CSV_WORDS];
    uint64_t newline[CSV_WORDS];       /* line feeds; carriage returns alone, where they end rows */
    bool     odd;                      /* there is a NUL, or a carriage return alone */
} csv_masks;

/* n up to CSV_BATCH; `next` is the byte after them (0 at the end of the text). Bits beyond n are 0. */
typedef void csv_scan_way(csv_masks *m, const char *p, size_t n, char next, const csv_dialect *d);
csv_scan_way csv_scan_plain, csv_scan_sse2, csv_scan_avx2;
csv_scan_way *csv_scan_best(void);
#endif
