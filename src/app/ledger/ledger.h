/* ledger — the one way to change the record. A change is a write transaction
 * that ends with at least one ledger row; rows are chained by SHA-256. What
 * follows from a change (search index, caches, feeds) reads the ledger from
 * where it stopped. docs/ledger.md has the form of the hash.
 *
 *     auto_change ch = change_begin(c);
 *     if (!ch.tx.open || !q_…(c, …) || !change_record(c, &ch, &(ledger_entry){ … }))
 *         return false;
 *     return change_commit(c, &ch);
 */
#ifndef LEDGER_H
#define LEDGER_H
#include "base.h"
#include "kit/db/db.h"

typedef struct {
    str     action;            /* "dataset.create" */
    str     subject_kind;      /* "dataset" */
    int64_t subject_id;
    str     subject_key;       /* its slug or other permanent name */
    int64_t organization_id;
    str     behalf, reason;
    str     before, after;     /* canonical JSON objects; empty means {} */
    str     state_hash;        /* hex; what `verify` finds again in the record */
} ledger_entry;

typedef struct {
    db_tx   tx;
    int64_t seq;               /* of the newest row, in this change */
    int64_t at;
    char    hash[65];
    int64_t rows;              /* written by this change */
} change;

change change_begin(ctx *c);
bool   change_record(ctx *c, change *ch, const ledger_entry *e) nodiscard;   /* ch->seq is then its sequence */
bool   change_commit(ctx *c, change *ch) nodiscard;                          /* a change without rows rolls back */
void   change_cancel(change *ch);
#define auto_change __attribute__((cleanup(change_cancel))) change

/* Gives out n identifiers of "dataset", "organization" or "distribution". */
bool change_ids(ctx *c, change *ch, const char *what, int64_t n, int64_t *first) nodiscard;

bool ledger_seq(ctx *c, int64_t *seq) nodiscard;                             /* newest */

typedef struct {
    int64_t rows;
    str     problem;           /* empty: the chain holds */
    int64_t problem_seq;
} ledger_report;
bool ledger_verify(ctx *c, ledger_report *out) nodiscard;                    /* the chain alone, streamed */
str  ledger_hash_json(arena *a, str canonical_json);                         /* hex SHA-256 */
#endif
