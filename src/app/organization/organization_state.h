/* organization_state — the canonical JSON of an organisation: what the ledger
 * keeps and verify hashes. Keys in byte order, no blanks. */
#ifndef ORGANIZATION_STATE_H
#define ORGANIZATION_STATE_H
#include "queries.h"

str organization_state(arena *a, const organization_row *o);
str organization_changes(arena *a, const organization_row *from, const organization_row *other);  /* fields of from that differ */
#endif
