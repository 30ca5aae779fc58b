/* licence_page — the licence register /licences (E2) and the register of file
 * formats /formats with their stars (G3). */
#ifndef LICENCE_PAGE_H
#define LICENCE_PAGE_H
#include "app/licence/licence.h"
#include "kit/text/html.h"

typedef struct {
    const licence *l;
    str  title, other_title, href, status, verdict, reason, moves_to, datasets_href, count;
    int64_t datasets;
    bool chosen;                  /* in the combination that was asked for */
} licence_line;
typedef struct { licence_line *v; size_t n, cap; } licence_lines;

typedef struct {
    licence_lines lines;
    bool asked;                   /* a combination was asked for */
    str  asked_text;
    licence_lines results;        /* what the combined work may bear */
    str  unsaid;
} licence_list_view;

typedef struct { str label, value; } licence_fact;
typedef struct {
    licence_line line;
    str  example, publisher_note, json_href;
    licence_lines moves_to, comes_from, family;
    struct { licence_fact *v; size_t n, cap; } identifiers;
} licence_view;

typedef struct {
    const format *f;
    str  media_type, extension, star, star_text, href, count, open, structured, service;
    int64_t datasets;
} licence_format_line;
typedef struct {
    struct { licence_format_line *v; size_t n, cap; } lines;
    str others;                   /* formats in use that the register does not know */
} licence_formats_view;
#endif
