/* column_layout — what the reader and the builder of column files share of
 * docs/column-file.md: numbers of the header, roles of sections. Internal. */
#ifndef COLUMN_LAYOUT_H
#define COLUMN_LAYOUT_H
#include "kit/table/column_file.h"

#define COLUMN_MAGIC "\x89OSCF\r\n\x1a"
#define COLUMN_HEADER_BYTES 128
#define COLUMN_ALIGN 64
#define COLUMN_SUM_BLOCK ((size_t)1 << 20)
#define COLUMN_DIRECTORY_MAX ((uint64_t)256 << 20)
#define COLUMN_ROWS_MAX UINT64_C(0xffffffff)
#define COLUMN_TOP_TEXT 256             /* longest text kept in statistics */

enum { HEADER_VERSION = 8, HEADER_COLUMNS = 12, HEADER_ROWS = 16, HEADER_BYTES = 24, HEADER_DIRECTORY = 32,
       HEADER_DIRECTORY_BYTES = 40, HEADER_DIRECTORY_SUM = 48, HEADER_SOURCE = 64, HEADER_SUM = 120 };

typedef enum {
    ROLE_DATA = 1, ROLE_DICT_OFFSETS, ROLE_DICT_TEXTS, ROLE_DICT_NULLS, ROLE_DICT_ROWS, ROLE_KEYS, ROLE_STYLES,
    ROLE_HEAP, ROLE_NULL_BITS, ROLE_ABSENT_BITS, ROLE_MARK_BITS, ROLE_PRINTS, ROLE_PLACE_BYTES, ROLE_PLACE_LINES, ROLES
} column_role;

enum { ABOUT_DECLARED = 1, ABOUT_ROC = 2, ABOUT_ASCENDING = 4 };
enum { STATS_DISTINCT_EXACT = 1, STATS_KEYS = 2, STATS_SUM_EXACT = 4, STATS_BINS = 8 };

typedef struct {
    uint64_t at, bytes;                 /* at == 0: there is none */
    uint32_t sum_count;
    const void *sums;                   /* u64 each, not aligned */
} column_section;

/* In the file: the bytes, zeros up to a multiple of 64, and 64 more. */
static inline uint64_t column_stored(uint64_t bytes)
{
    return (bytes + COLUMN_ALIGN - 1) / COLUMN_ALIGN * COLUMN_ALIGN + COLUMN_ALIGN;
}

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "column files are mapped as they are: little-endian machines only"
#endif
#endif
