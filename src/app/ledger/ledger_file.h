/* ledger_file — the ledger as a file: NDJSON, one row a line with the names of the columns, the values of before and
 * after as the exact texts that were hashed. Whoever has it can check the chain without the site (docs/ledger.md). */
#ifndef LEDGER_FILE_H
#define LEDGER_FILE_H
#include "app/ledger/ledger.h"
#include "queries.h"

void ledger_file_row(buf *o, const ledger_row *r);                                   /* one line */
/* Reads a file (gzip is fine) and checks its chain from the first row on. last_hash: 64 hex digits, to compare with a site's. */
bool ledger_file_verify(ctx *c, str file, ledger_report *out, char last_hash[65]) nodiscard;
#endif
