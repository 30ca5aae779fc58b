/* export — rows of a table as text for other programs: what a query leaves, in
 * its order, with chosen columns, a piece at a time at constant memory.
 *
 *     export *e;
 *     if (!export_new(c, &plan, &e)) …                 // checks the columns
 *     for (bool more = true; more;) { … export_next(c, e, &out, 65536, &more) … }
 *     export_free(e);
 *
 * What is asked for lives in c->a of export_new and must outlive the export, as
 * must the table. The forms are described in docs/api/tables.md.
 *
 * A value is given as published (CSV, TSV, XML unless `typed`) or under its type
 * (`typed`, and JSON in any case): numbers in one spelling, dates as ISO 8601
 * whatever calendar they were written in, what counts as missing as null.
 *
 * Formula guard: a program that opens CSV as a spreadsheet runs cells that begin
 * with = + - @ or a control character. With `guard` such a cell gets ' in front,
 * unless it is a plain number. On for people's downloads; off where programs
 * read, since it changes the value. Errors: INVALID names what is missing. */
#ifndef EXPORT_H
#define EXPORT_H
#include "kit/geo/tm2.h"
#include "kit/query/query.h"

typedef enum { EXPORT_CSV, EXPORT_TSV, EXPORT_JSON, EXPORT_NDJSON, EXPORT_XML, EXPORT_GEOJSON, EXPORT_XLSX, EXPORT_ODS, EXPORT_SQLITE,
               EXPORT_FORMATS } export_format;

/* What a column holds under its type: the form of its values in JSON. */
typedef enum { EXPORT_TEXT, EXPORT_INTEGER, EXPORT_NUMBER, EXPORT_BOOLEAN, EXPORT_DATE, EXPORT_MONTH, EXPORT_QUARTER,
               EXPORT_MOMENT, EXPORT_TIME } export_kind;

/* A number that is no column of the table: how well a row answers a search. */
typedef struct {
    str name;
    double (*number)(const void *of, uint32_t row);
    const void *of;
} export_extra;

#define EXPORT_ROW SIZE_MAX                         /* as a column: the number of the row, from 1, named _id */
#define EXPORT_EXTRA(i) (SIZE_MAX - 1 - (i))        /* … the i-th of extras */
#define EXPORT_EXTRAS_MAX 64
#define EXPORT_ROOM 64                              /* bytes that a printed value needs at most */

typedef struct {
    query_table  *t;
    query_walk    walk;             /* where it stands: skipped to the first row */
    uint64_t      limit;            /* rows at most; UINT64_MAX: all */
    const size_t *cols;
    size_t        col_count;
    export_format format;
    bool typed;
    bool titles;                    /* the header says the titles as published, not the machine names */
    bool no_header, bom, guard;     /* CSV, TSV */
    char separator;                 /* CSV; 0: a comma */
    bool lists;                     /* JSON: a row is a list of values, not an object */
    bool bare;                      /* JSON: the rows alone, with commas between: head and foot have the brackets */
    str  head, foot;                /* stand before and after everything */
    str  name;                      /* of the sheet in a workbook */
    str  folder;                    /* where an SQLite file is made; empty: /tmp */
    const export_extra *extras;
    size_t extra_count;
} export_plan;

typedef struct export export;

bool export_new(ctx *c, const export_plan *p, export **out) nodiscard;
/* At least one row, until `out` has `bytes`. */
bool export_next(ctx *c, export *e, buf *out, size_t bytes, bool *more) nodiscard;
void export_free(export *e);                        /* NULL is fine */

bool export_format_of(str name, export_format *out);
const char *export_media_type(export_format f);
const char *export_suffix(export_format f);         /* also its name */
/* What GeoJSON needs: a column of geometries (kit/geo/place.h), or else longitude and latitude, or else metres of
 * Taiwan's grid, which are converted. */
typedef struct { size_t geometry, x, y; tm2_grid grid; } export_places;      /* SIZE_MAX: there is none */
bool export_has_places(const query_table *t, export_places *out);

export_kind export_kind_of(column_type t);
/* A value in the form of its kind: true and false, 2024-05-01, 2024-05, 2024-Q2, 2024-05-01T08:30:00, 08:30:00, a number;
 * else the text as published. p NULL: null. */
str export_key_text(export_kind k, int64_t key, unsigned scale, char room[EXPORT_ROOM]);   /* of what has keys */
str export_value(export_kind k, const column_view *v, uint64_t row, char room[EXPORT_ROOM]);
#endif
