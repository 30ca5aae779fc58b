/* dataset_page — /datasets/{slug}, one dataset with all that is known of it,
 * and /datasets/{slug}/{n}, one of its distributions (n counts from 1).
 * Requirements A1, A2, C11, E2, G3.
 *
 *   dataset_page.c        who may see it, old names, the two handlers
 *   dataset_fill_page.c   the row becomes what the page shows
 *   dataset_facts_page.c  the fields of the metadata standard with their labels, and `extra`
 *   dataset_json_page.c   the same as JSON, and as schema.org
 *
 * Visibility is policy_sees alone: nothing → 404; a tombstone → 410 with its
 * title and reason; all. An uid, an old slug (alias) → 301 to the slug. */
#ifndef DATASET_PAGE_H
#define DATASET_PAGE_H
#include "app/dataset/dataset_list_page.h"
#include "app/dataset/verdict.h"
#include "app/ledger/ledger_page.h"
#include "app/link/link_page.h"
#include "app/table/table_links_page.h"
#include "kit/text/json_write.h"

typedef struct {
    str  label, v1, v2;               /* v2: its name in version 2 of the standard, where that differs */
    html value;
} dataset_fact;
typedef struct {
    str id, title;
    bool standard;                    /* names of the standard stand beside the labels */
    struct { dataset_fact *v; size_t n, cap; } facts;
} dataset_fact_group;
typedef struct { dataset_fact_group *v; size_t n, cap; } dataset_fact_groups;

typedef struct { str name, description; } dataset_field_line;    /* a column of the data */
typedef struct {
    const distribution_row *row;
    int64_t number;
    str  number_text, title, description, href, url, action, format, media_type, charset, size, records, updated, updated_iso;
    str  identifier, star_why, notes, other_format;       /* other_format: what the bytes are, where they are not what is declared */
    dataset_stars stars;
    link_state link;                  /* how its address answered */
    bool service, usable;             /* usable: its address can be followed */
    html tables;                      /* links to those that were made of it; empty: none */
    struct { dataset_field_line *v; size_t n, cap; } fields;
} dataset_file;
typedef struct { dataset_file *v; size_t n, cap; } dataset_files;

typedef struct { str title, answer, why; } dataset_condition;
typedef struct { str title, href; } dataset_licence_link;

typedef struct {
    str  title, lang, other_title, slug, description_text, canonical;
    html description;
    str  organization, organization_href, organization_slug, class_note;
    str  updated, updated_iso, dated, issued, issued_iso, frequency, views, downloads, records;
    str  verdict, verdict_label, star_why, star_by, star_note, star_file, star_file_href;
    struct { dataset_condition *v; size_t n, cap; } conditions;
    int  percent;
    dataset_stars stars;
    str  percent_text;
    struct { str *v; size_t n, cap; } missing;
    str  licence, licence_href, licence_url, licence_reason, attribution;
    bool licence_open, licence_known;
    struct { dataset_licence_link *v; size_t n, cap; } moves_to;
    dataset_files files, more_files;
    str  file_count, more_label;
    dataset_fact_groups groups;
    struct { dataset_licence_link *v; size_t n, cap; } keywords;
    dataset_hits related;
    str  related_href;
    ledger_entry_lines history;
    str  json_href, ckan_href;
    html quality;                     /* card of app/measure; empty: not measured yet */
} dataset_view;

typedef struct {
    dataset_file file;
    str  dataset, dataset_href, organization, organization_href, licence, licence_href, attribution, previous, next, of;
    dataset_fact_group facts;
    html preview;                     /* first rows of its first table; empty: it has none */
} dataset_file_view;

typedef struct { str title, organization, organization_href, at, at_iso, reason, slug; dataset_hits related; } dataset_tombstone_view;

/* What the handlers have read. */
typedef struct {
    dataset_row d;
    distribution_row_list files;
    verdict v;
    completeness k;
    dataset_brief own;                /* with the names of the organisation */
    dataset_hits related;
    ledger_entry_lines history;
    table_link_row_list tables;
    link_row_list links;              /* how addresses answered */
} dataset_read;

/* dataset_fill_page.c */
str  dataset_star_note(ctx *c, const dataset_row *d);                      /* what is missing to the first; empty: nothing */
void dataset_fill(ctx *c, const dataset_read *m, dataset_view *v);
dataset_file dataset_file_of(ctx *c, const dataset_row *d, const distribution_row *f, int64_t number);
str  dataset_attribution(ctx *c, const dataset_row *d, str publisher);    /* "" where the register has none */
str  dataset_title(const ctx *c, const dataset_row *d);

/* dataset_facts_page.c */
void dataset_facts(ctx *c, const dataset_row *d, dataset_fact_groups *out);
void dataset_file_facts(ctx *c, const distribution_row *f, dataset_fact_group *out);

/* dataset_json_page.c */
str  dataset_json(ctx *c, const http_req *r, const dataset_read *m);
str  dataset_file_json(ctx *c, const http_req *r, const dataset_read *m, const dataset_file *f);
html dataset_schema_org(ctx *c, const http_req *r, const dataset_read *m, const dataset_view *v);
#endif
