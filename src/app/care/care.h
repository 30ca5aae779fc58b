/* care — backup, restore and verification of a site: its record, its ledger,
 * its blobs, its index. The form of a backup is in docs/operators/care.md.
 *
 * A backup is taken in one read transaction, so it is of one moment while
 * writing goes on; it holds every table of the record by its columns, and so
 * can be restored on either engine. Errors: IO, DB; CONFLICT where something
 * would be overwritten; INVALID when a backup is damaged. */
#ifndef CARE_H
#define CARE_H
#include "app/site/site.h"
#include "base.h"

typedef struct {
    str subject;                     /* "dataset 12 (slug)" */
    str what;
} care_finding;
typedef struct { care_finding *v; size_t n, cap; } care_findings;

typedef struct {
    void (*step)(void *data, const char *what, int64_t done);      /* may be NULL */
    void *data;
} care_progress;

typedef struct {
    int64_t tables, rows, blobs, bytes, ledger_seq, version;
    str     ledger_hash, site_id;
    care_findings findings;          /* blobs that are damaged or missing: left out */
} care_backup_report;

/* Writes `file`; the site may be of an older version than the program. */
bool care_backup(ctx *c, site *s, str file, const care_progress *p, care_backup_report *out) nodiscard;

/* A new site in `data_dir` (or in the empty database that `database` names) from a backup. The whole file is
 * checked first; when anything fails, nothing stays. c->db is not used and not set. */
bool care_restore(ctx *c, str file, str data_dir, str database, const care_progress *p, care_backup_report *out) nodiscard;

#define CARE_FINDINGS_MAX 1000       /* kept; all are counted */
typedef struct {
    int64_t ledger_rows, organizations, datasets, distributions, targets, blobs, indexed, spare_blobs, found;
    str     ledger_hash;             /* of the newest row */
    care_findings findings;
} care_verdict;

/* Reads everything and compares: each subject with the hash in its newest ledger row, the chain, rows that belong to
 * nothing, blobs with their names, a freshly built index with the record. False: it could not be looked at. */
bool care_verify(ctx *c, site *s, const care_progress *p, care_verdict *out) nodiscard;
void care_find(ctx *c, care_verdict *v, str subject, const char *fmt, ...) printf_like(4, 5);
#endif
