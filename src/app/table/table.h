/* table — the files of distributions and the tables made of them (A3, C10).
 *
 * A file is kept as a blob and recorded first; loading it is a job that makes
 * column files aside and publishes all tables of the file in one change: the
 * old versions serve until then, and a load that fails changes nothing. Every
 * version stays readable. Both steps are rows of the ledger.
 *
 * Everything hangs on the permanent uid of the distribution. Strings are
 * borrowed from the caller's arena. */
#ifndef TABLE_H
#define TABLE_H
#include "app/ledger/ledger.h"
#include "base.h"
#include "queries.h"

typedef struct {
    str distribution_uid, blob, name, source_url, etag, last_modified;
    int64_t dataset_id, organization_id, bytes;
    bool polled;                    /* one of many: it goes when its tables have newer versions enough (table_thin.h) */
} table_file_draft;

/* False in *fresh: these bytes are the newest file already, nothing was written. */
bool table_put_file(ctx *c, change *ch, const table_file_draft *f, int64_t *id, bool *fresh) nodiscard;

typedef struct { str file; int64_t bytes, rows; } table_piece;      /* a column file of the store, by its hash */
typedef struct {
    str name;                       /* of the sheet or member */
    str fields, about, findings;    /* JSON: array, object, array */
    int score;
    const table_piece *pieces;
    size_t piece_count;
} table_draft;
typedef enum { TABLE_LOAD, TABLE_APPEND, TABLE_UPSERT, TABLE_COMPACT } table_how;

/* The tables that a file holds become the current ones of its distribution; those it no longer has end. A table whose
 * pieces and findings are what it has already stays as it is. *changed: how many got a new version. */
bool table_publish(ctx *c, change *ch, const table_file_row *file, int64_t organization_id, const table_draft *t, size_t n,
                   size_t *changed) nodiscard;
/* The column files of a version, in order. */
bool table_pieces(ctx *c, int64_t table, int64_t number, table_piece **out, size_t *n) nodiscard;
/* One table gets a new version by rows that were added or changed: `pieces` are all it consists of then. The same pieces as
 * before are no news: t->version says which version it has. */
bool table_publish_rows(ctx *c, change *ch, table_row *t, int64_t organization_id, table_how how, const table_draft *now) nodiscard;

/* What `openshelf verify` compares with the ledger. */
bool table_state_hash(ctx *c, const table_row *t, str *hash) nodiscard;

/* Column files are blobs like the files they were made of: one backup, one check of all. */
str table_path(ctx *c, str file);
#endif
