/* ledger_hash — the hash of one row: SHA-256 over its fields, each as its
 * length in bytes (decimal), a colon, the bytes, and a line feed, in the order
 * below; numbers as decimal text. Nothing is ambiguous, and the chain can be
 * checked by any program (docs/ledger.md has a worked example). */
#ifndef LEDGER_HASH_H
#define LEDGER_HASH_H
#include "base.h"

typedef struct {
    int64_t seq, at;
    str     actor, behalf, action, subject_kind;
    int64_t subject_id;
    str     subject_key;
    int64_t organization_id;
    str     reason, before, after, state_hash, prev_hash;
} ledger_fields;

#define LEDGER_START "0000000000000000000000000000000000000000000000000000000000000000"

void ledger_hash(const ledger_fields *f, char hex[65]);

/* Checks one row against the one before it; next: what the following row must continue from. */
typedef struct {
    int64_t seq;               /* of the last good row */
    char    hash[65];
} ledger_chain;
ledger_chain ledger_chain_start(void);
str ledger_chain_check(arena *a, ledger_chain *chain, const ledger_fields *f, str hash);   /* "" or what is wrong */
#endif
