/* vocabulary — the controlled lists, each a data file in data/ that is built
 * into the program: licences, service categories, themes, formats, update
 * frequencies, the agencies that the action plan grades. One place for each.
 * Loaded once at start; read by all threads; lives for ever. */
#ifndef VOCABULARY_H
#define VOCABULARY_H
#include "base.h"

typedef struct {
    str  code;                   /* OGDL-Taiwan-1.0, CC-BY-4.0 … ; SPDX where there is one */
    str  title, title_en, url, family;
    str  version, status;        /* active, earlier, retired */
    bool open;                   /* meets the Open Definition */
    str  open_reason, open_reason_en;
    str  od_conformance;         /* CKAN: approved, not reviewed, rejected, "" */
    str  compatible_with;        /* codes, blank separated, and direction in data/licences.tsv's header */
    str  attribution;            /* template with {publisher} {year} {title} {version} {url} */
    str_list spellings;          /* what sources write for it, folded */
} licence;

typedef struct { str code, title, title_en, description; } category;       /* 18 service categories */
typedef struct { str code, title, title_en, icon; str_list categories, words; } theme;
typedef struct {
    str  code;                   /* CSV */
    str  title, media_type, extension;
    int  star;                   /* 1–5, by annex 4 of the action plan */
    bool open, structured, service;
    str_list spellings;
} format;
typedef struct {
    str code;                    /* day, month, year, irregular, once, minute:10 … */
    str title, title_en, iso8601, eu_code;
    int64_t days_x100;           /* longest gap between updates, in 1/100 days; 0: none stated */
    str_list spellings;
} frequency;
typedef struct { str code, oid, name, short_name, name_en, grade, kind, homepage; } agency;   /* 32 graded ones */
typedef struct { str grade; int year; int64_t least; str note; } target_seed;

typedef struct {
    struct { licence *v; size_t n, cap; }     licences;
    struct { category *v; size_t n, cap; }    categories;
    struct { theme *v; size_t n, cap; }       themes;
    struct { format *v; size_t n, cap; }      formats;
    struct { frequency *v; size_t n, cap; }   frequencies;
    struct { agency *v; size_t n, cap; }      agencies;
    struct { target_seed *v; size_t n, cap; } targets;
} vocabulary;

const vocabulary *vocabulary_get(void);          /* loads on first use, thread-safe */

const licence   *licence_by_code(str code);      /* NULL when unknown, in all of these */
const licence   *licence_recognise(str text, str url);
const category  *category_by_code(str code);
const category  *category_recognise(str code_or_title);
const theme     *theme_by_code(str code);
const theme     *theme_of(str category, str title, str keywords);   /* NULL: none fits */
const format    *format_by_code(str code);
const format    *format_recognise(str text, str url);
const frequency *frequency_by_code(str code);
const frequency *frequency_recognise(arena *a, str text);   /* also 每N日, 每 10 分 … (a made row in the arena) */
const agency    *agency_by_name(str name);
const agency    *agency_by_code(str code);
#endif
