/* table_append — rows for a table that is there: added behind the others, or in
 * the place of those with the same key (C10: fast-changing data by API, its
 * rows served within seconds).
 *
 * What comes is read in the box like any file and becomes a segment of its own,
 * under the table's columns and types and the schema that it keeps to: a value that
 * is none of its column's type counts as missing, and what breaks the schema is a
 * finding of the version, as if the rows had come with the file; who is
 * strict is refused. Nothing of the table is read for an append but the columns that
 * the schema wants to be unique. An upsert reads the columns of the key, and writes again the segments
 * that lose rows; rows that were replaced stand at the end. Readers see all of
 * it or nothing; every step is a version and a row of the ledger.
 *
 * Errors: INVALID (unknown column, no key, no rows; strict: the first row and field that are wrong), CONFLICT (the table became
 * another one meanwhile), and what reading a file says. */
#ifndef TABLE_APPEND_H
#define TABLE_APPEND_H
#include "app/job/job.h"
#include "app/table/table.h"
#include "kit/load/load.h"

#define TABLE_SEGMENTS_FEW 8        /* more than these are put together by a job */
#define TABLE_SEGMENTS_MOST 64      /* and past these by who adds: nobody else seems to work */

typedef struct {
    int fd;                         /* a regular file */
    str name;                       /* its ending tells the format where its bytes do not */
    str encoding;                   /* as declared; empty: found out */
    table_how how;                  /* TABLE_APPEND or TABLE_UPSERT */
    str_list key;                   /* columns by name or title; empty: the table's own, or that of its schema */
    int64_t version;                /* the rows were made from this version: CONFLICT when there is a newer one; 0: from none */
    bool strict;                    /* nothing is added when a value breaks the schema or is none of its column's type */
    bool dry_run;                   /* read and check the rows, change nothing */
} table_rows_wish;

#define TABLE_ROWS_TOLD 50
typedef struct { const load_rule *rule; uint64_t row; str column, sample; uint64_t count; } table_rows_finding;  /* row: of those that came */
typedef struct {
    int64_t added, replaced, rows, version;
    uint64_t bad;                   /* values that count as missing */
    uint64_t wrong;                 /* those, and what breaks the schema */
    struct { table_rows_finding *v; size_t n, cap; } told;      /* the first of them */
} table_rows_done;

bool table_rows_add(ctx *c, const table_row *t, const table_rows_wish *w, table_rows_done *out) nodiscard;

/* The columns of a table's key: those that were said last, else the primaryKey of the schema that was given for it; empty: none. */
bool table_key_names(ctx *c, const table_row *t, str_list *out) nodiscard;
#endif
