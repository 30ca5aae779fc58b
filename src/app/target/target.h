/* target — table 1 of the action plan (requirement B8): the least number of
 * datasets that an agency of grade A, B or C has opened by the end of a year,
 * counted from the start. Years are AD (ROC 105 = 2016). Every value and every
 * later revision (逐年滾動修正) is a row of the ledger. */
#ifndef TARGET_H
#define TARGET_H
#include "app/ledger/ledger.h"
#include "base.h"

#define TARGET_NATION 30000          /* A5: datasets by ROC 109 */
#define TARGET_NATION_YEAR 2020

/* Sets one value inside a change; does nothing when it is so already. */
bool target_set(ctx *c, change *ch, str grade, int year, int64_t least, str note) nodiscard;
/* The values of data/targets.tsv, at the birth of a site. */
bool target_seed_all(ctx *c, change *ch) nodiscard;
/* What verify compares: hash of the row as it stands. */
str target_state_hash(arena *a, str grade, int year, int64_t least, str note);
#endif
