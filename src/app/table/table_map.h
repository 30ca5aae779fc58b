/* table_map — the numbers of a map of a table (C10, D4): what the rows of each
 * county or township come to, or where their points lie. Exact; rows that have no
 * place on the map are counted and told. Everything lives in c->a. */
#ifndef TABLE_MAP_H
#define TABLE_MAP_H
#include "app/table/table_area.h"
#include "app/table/table_cloud.h"

#define TABLE_MAP_UNKNOWN 5     /* texts that are no place of ours, as examples */

/* Columns with places; SIZE_MAX: none. */
typedef struct { size_t county, town, code, lon, lat, easting, northing, geometry; } table_map_columns;
bool table_map_has_points(const table_map_columns *k);
table_map_columns table_map_columns_of(ctx *c, const query_table *t);

typedef struct {
    bool points, towns;                 /* else areas; their level */
    table_map_columns col;
    query_aggregate y;                  /* of areas */
    const table_area *in;               /* the county that is shown; NULL: all */
    bool boxed;                         /* a part of the map was asked for, by box or county */
    cloud_box box;                      /* longitudes across */
    unsigned across, up;                /* cells, where there are too many points */
} table_map;

typedef struct {
    const table_area *area;
    query_value value;
    uint64_t rows;
    str text;                           /* as the table writes it (a column of one kind of text), for links; p NULL: in several ways */
} table_map_value;

typedef struct {
    table_map_value *areas; size_t area_count;      /* those that have rows, by code */
    uint64_t rows, no_place, unknown;   /* that the filter leaves; without a text; with a text that is no place, or might be several */
    str unknown_texts[TABLE_MAP_UNKNOWN]; size_t unknown_count;
    const table_area *taken;            /* the county in which names that several have were looked for, since all others lie there; NULL: none were */
    uint64_t taken_rows;
    table_cloud cloud;
    size_t name;                        /* the column by which people know a row: a name, else texts of which most differ; SIZE_MAX: there is none */
    str_list names;                     /* of the points, as published; none without such a column */
    const char *grid;                   /* that easting and northing were taken for; NULL: there are none */
} table_map_numbers;

bool table_map_read(ctx *c, query_table *t, const query_filter *filter, const table_map *k, table_map_numbers *out) nodiscard;
#endif
