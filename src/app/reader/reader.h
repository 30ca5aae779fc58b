/* reader — catalogues in: one file, a folder or standard input; the kind of
 * record is recognised from its own contents when it is not named. Every kind
 * is a function from a JSON object to a draft (CSV rows become objects of
 * their headers), so all go through the same store. Requirements A1, G4.
 *
 * One bad record never stops a run: it is refused with its number, key, field
 * and reason. Records are stored in changes of BATCH records, each whole or
 * not at all, so a run that is killed can be repeated. docs/publishers/import.md */
#ifndef READER_H
#define READER_H
#include "app/dataset/dataset.h"
#include "app/site/site.h"
#include "kit/text/json_read.h"

#define READER_BATCH 1000
#define READER_REFUSALS_MAX 10000        /* kept for the report; all are counted */

typedef struct {
    str     file;
    int64_t record, line;                /* from 1; line 0: not known */
    str     key, field, reason;
} refusal;

typedef struct {
    str     kind;                        /* what the (last) file was taken for */
    int64_t created, updated, unchanged, refused;
    int64_t mended;                      /* of these, records whose known damage was put right (mend.h) */
    int64_t with_comments;               /* records that held comments of citizens, which were dropped */
    struct { refusal *v; size_t n, cap; } refusals;
} reader_report;

typedef struct {
    str  kind;                           /* empty: recognise */
    bool dry_run;
    void (*progress)(void *data, int64_t records);
    void *data;
} reader_options;

/* False only when nothing could be read at all (the file, the database); refusals are in the report. */
bool reader_import(ctx *c, site *s, str path, const reader_options *o, reader_report *out) nodiscard;

/* The kinds, for --as and for the message when none fits. */
typedef bool reader_map(ctx *c, const json *record, dataset_draft *out);
typedef struct {
    const char *name, *what;
    bool (*fits)(ctx *c, const json *record);
    reader_map *map;                     /* NULL: organisations, see read_organization */
} reader_kind;
const reader_kind *reader_kinds(size_t *n);

/* One file a face; each fills a draft from a record of its kind. */
reader_map read_crawl, read_v1, read_v2, read_export, read_ckan, read_city, read_taipei, read_dgtw, read_dcat_us;
bool read_organization(ctx *c, const json *record, organization_draft *out);
#endif
