/* backup_file — the form of a backup: gzip of lines of JSON. One walk serves
 * the check and the restore. Every byte before the last line is in its hash.
 *
 *     {"format":"openshelf-backup","version":1,"schema":1,…}
 *     {"table":"dataset","columns":[["id","int"],["title","text"],…]}
 *     [1,"…",…]                                  a row, in the order of the columns
 *     {"blob":"<sha-256>","bytes":12}            then that many bytes and a line feed
 *     {"end":true,"rows":…,"blobs":…}
 *     {"sha256":"…"}                             of everything before this line */
#ifndef BACKUP_FILE_H
#define BACKUP_FILE_H
#include "base.h"
#include "kit/db/db.h"
#include "kit/text/json_read.h"

#define BACKUP_FORMAT "openshelf-backup"
#define BACKUP_VERSION 1

typedef struct {
    int64_t schema, ledger_seq, made_at;
    str     site_id, ledger_hash, program;
} backup_head;

/* What is done with each part; NULL members: only checked. */
typedef struct {
    void *data;
    bool (*table)(ctx *c, void *data, int number, str name, const db_columns *columns);
    bool (*row)(ctx *c, void *data, const json *values);
    bool (*blob)(ctx *c, void *data, str hash, int64_t bytes);
    bool (*piece)(ctx *c, void *data, str bytes);
    bool (*blob_end)(ctx *c, void *data);
} backup_visitor;

typedef struct { int64_t tables, rows, blobs, bytes; } backup_counts;

/* INVALID: what is wrong and in which line. */
bool backup_file_walk(ctx *c, str file, const backup_visitor *v, backup_head *head, backup_counts *counts) nodiscard;
#endif
