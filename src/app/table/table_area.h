/* table_area — counties and townships as areas: which one a text of a table
 * means, and their simplified outlines (data/places.tsv, data/boundaries.tsv).
 * Made once, read by all threads, for ever.
 *
 * Names count as written by people: 臺 and 台 are one, a county may stand before
 * its township, old names (頭份鎮, 臺北縣板橋市) mean what became of them. */
#ifndef TABLE_AREA_H
#define TABLE_AREA_H
#include "base.h"

typedef struct { double lon, lat; } area_point;
typedef struct { const area_point *v; size_t n; } area_line;
typedef struct { const int32_t *lines; size_t n; } area_ring;   /* numbers of lines; ~n: line n backwards */

typedef struct {
    str  code, name;                        /* its newest name */
    bool county;
    size_t of;                              /* a township's county, as table_area_at has it; a county: itself */
    const area_ring *rings; size_t ring_count;
    double west, south, east, north;
} table_area;

size_t table_area_count(void);              /* counties come first, each kind by its code */
const table_area *table_area_at(size_t i);
size_t table_area_index(const table_area *k);
const table_area *table_area_by_code(str code);     /* 5 digits, 8, or 11 of a village; former counties too; NULL: none */

/* The county that a text means, or the county of the township it means. NULL: none, or it might be several. */
const table_area *table_area_county(str text);
/* The township that a text means, in `county` (NULL: not known). */
const table_area *table_area_town(const table_area *county, str text);

size_t table_area_line_count(void);
const area_line *table_area_line(size_t i);
/* Whether a line parts two townships of one county: 0; counties, or land and sea: 1. */
bool table_area_line_outer(size_t i);
#endif
