/* column_inside — an open column file from within: what column_directory.c reads
 * of it, column_file.c opens and column_view.c hands out. Internal. */
#ifndef COLUMN_INSIDE_H
#define COLUMN_INSIDE_H
#include <stdatomic.h>

#include "kit/table/column_layout.h"

enum { COLUMN_UNCHECKED, COLUMN_SOUND, COLUMN_DAMAGED };

typedef struct {
    column_about about;
    column_view view;                   /* pointers into the mapping; not to be followed before the check */
    column_section sections[ROLES];
    _Atomic int state;
} inside_column;

typedef struct {
    bool known;
    int64_t base;
    uint64_t step;
    unsigned width;
    column_section section;
    _Atomic int state;
} inside_series;

struct column_file {
    arena *a;                           /* owns everything but the mapping */
    const uint8_t *map;
    uint64_t bytes, rows;
    size_t count;
    str path;                           /* for messages; empty: opened by descriptor */
    str name;
    str_list notes, fact_keys, fact_values;
    uint32_t header_rows;
    inside_series place_bytes, place_lines;
    inside_column *columns;
};

/* Reads the directory into f, checking every count and bound. */
bool column_directory_read(ctx *c, column_file *f, const uint8_t *p, size_t n) nodiscard;
#endif
