/* migrate — brings the record to the newest form: numbered files, forward
 * only, each in the write lock with its row in schema_version. Running again
 * changes nothing. A record that is newer than the program is refused. */
#ifndef MIGRATE_H
#define MIGRATE_H
#include "kit/db/db.h"

typedef struct {
    int version;               /* 1 from 0001_start.sql */
    str name, sql;
} migration;
typedef struct { migration *v; size_t n, cap; } migration_list;

bool migrate_run(ctx *c, const migration_list *all, int *done) nodiscard;        /* how many ran */
bool migrate_pending(ctx *c, const migration_list *all, migration_list *out) nodiscard;    /* writes nothing */
bool migrate_version(ctx *c, int64_t *version) nodiscard;                        /* 0: an empty database */
bool migrate_to(ctx *c, const migration_list *all, int64_t version) nodiscard;   /* an empty one, inside the caller's transaction */
#endif
