/* shp_part — what the files of shp share. */
#ifndef SHP_PART_H
#define SHP_PART_H
#include "kit/geo/place.h"
#include "kit/geo/shp.h"
#include "kit/geo/tm2.h"
#include "kit/sheet/records.h"
#include "kit/text/charset.h"

#define DBF_FIELDS_MAX 2046

typedef struct {
    str    name;
    char   type;
    size_t at, n;                       /* within a record */
} dbf_field;

typedef struct {
    const source *s;
    dbf_field *fields;
    size_t     field_n, width;
    uint64_t   first, count;            /* where records begin, how many there are */
    charset_decoder *charset;           /* NULL: the bytes are UTF-8 */
    char      *record, *text;
} dbf;

bool shp_dbf_open(ctx *c, const source *s, const source *cpg, dbf *d) nodiscard;    /* shp_dbf_close in any case */
void shp_dbf_close(dbf *d);
bool shp_dbf_row(ctx *c, dbf *d, uint64_t i, bool *deleted) nodiscard;
str  shp_dbf_value(ctx *c, dbf *d, size_t field);                                   /* p NULL: none; borrowed until the next */

/* One shape as GeoJSON; `n` bytes of its record. False: it is damaged. */
bool shp_shape_json(buf *b, const unsigned char *p, size_t n, tm2_grid g, bool *is_point);
#endif
