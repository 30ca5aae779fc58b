/* export_inside — what the forms of an export share. A form is a row of
 * functions; columns are made ready once, so that a row is mostly copied:
 * of a column with few distinct values each is put into its last form at the
 * start (`ready`), and a cell is then a piece of it. */
#ifndef EXPORT_INSIDE_H
#define EXPORT_INSIDE_H
#include "kit/export/export.h"
#include "kit/sheet/sheet_write.h"

#define EXPORT_ROWS 256

typedef struct {
    const char *bytes;              /* NULL: not made ready */
    const uint32_t *ends;           /* of entry i; it begins where the one before ends */
} export_ready;

typedef struct {
    size_t col;                     /* or EXPORT_ROW, EXPORT_EXTRA(i) */
    str    name;                    /* in the header */
    export_kind  kind;
    column_type  type;
    query_column values;
    export_ready *ready;            /* a segment */
    const export_extra *extra;
    str    before;                  /* JSON: what stands before the value of each row; XML: the start tag */
    str    after;                   /* XML: the end tag */
} export_column;

typedef struct export_form {
    void (*head)(export *e, buf *o);
    void (*row)(export *e, buf *o, uint32_t row);
    void (*foot)(export *e, buf *o);
    /* One value as it stands in a row; p NULL: null. is_text: it is no number under its type. */
    void (*cell)(const export *e, const export_column *k, buf *o, str value, bool is_text);
} export_form;

struct export {
    export_plan    p;
    const export_form *form;
    export_column *cols;
    uint64_t       left;            /* rows still to be taken from the walk */
    uint32_t       rows[EXPORT_ROWS]; /* taken, and from row_at on still to be given */
    size_t         row_at, row_count;
    bool           begun, any;
    export_places  places;          /* GeoJSON: which of these stand */
    export_column  geometry, x, y;
    sheet_writer  *sheet;
    int            file;            /* of SQLite; -1: none */
    uint64_t       file_at;
    str           *cells;           /* of a workbook's row */
    buf           *sheet_out;       /* where the archive's bytes go during a call */
};

extern const export_form export_csv_form, export_json_form, export_geojson_form, export_xml_form;

/* The value of a column in a row, in the text that the export wants (typed or as published). is_text as above. */
str  export_text_of(const export *e, const export_column *k, uint32_t row, char room[EXPORT_ROOM], bool *is_text);
void export_put(const export *e, const export_column *k, buf *o, uint32_t row);     /* by ready, or by the form's cell */
bool export_is_typed(const export *e);
bool export_sqlite_open(ctx *c, export *e) nodiscard;
bool export_sqlite_next(ctx *c, export *e, buf *out, size_t bytes, bool *more) nodiscard;
void export_sqlite_free(export *e);
bool export_book_open(ctx *c, export *e) nodiscard;
bool export_book_next(ctx *c, export *e, buf *out, size_t bytes, bool *more) nodiscard;
#endif
