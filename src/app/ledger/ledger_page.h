/* ledger_page — /ledger, the public trail of decisions and changes, and
 * /ledger/verify, which walks the chain of hashes. Requirement C8: a row is
 * shown only if its subject is public now and was public right after the row;
 * values are shown only if it was public before the row too, and never those
 * of contacts (people's names and numbers stay correctable). */
#ifndef LEDGER_PAGE_H
#define LEDGER_PAGE_H
#include "base.h"
#include "kit/text/html.h"

typedef struct { str name, before, after; bool values; } ledger_field;

typedef struct {
    int64_t seq;
    str     seq_text, at, at_iso, actor, behalf, action, action_label, kind, kind_label, key, title, href;
    str     organization, organization_href, organization_slug, reason, hash, prev_hash, short_hash;
    struct { ledger_field *v; size_t n, cap; } fields;
} ledger_entry_line;

typedef struct { ledger_entry_line *v; size_t n, cap; } ledger_entry_lines;

/* The newest `most` entries about a dataset that stands so now, by the same rules; one statement. */
bool ledger_history(ctx *c, int64_t dataset, str state, str class_, size_t most, ledger_entry_lines *out) nodiscard;

typedef struct { str value, label; bool chosen; } ledger_choice;

typedef struct {
    ledger_entry_lines lines;
    struct { ledger_choice *v; size_t n, cap; }     actions;
    str  total, head_hash, organization, organization_name, older, newest, verify;
    int64_t head_seq;
    bool filtered;
} ledger_view;

typedef struct { str rows, problem, problem_seq, at, head_hash; bool intact; } ledger_verify_view;
#endif
