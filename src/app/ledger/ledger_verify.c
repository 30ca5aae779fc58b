/* ledger_verify — walks the chain in the record, row by row, and compares its end with the head. */
#include "app/ledger/ledger.h"
#include "app/ledger/ledger_hash.h"
#include "queries.h"

typedef struct {
    ledger_chain chain;
    ledger_report *report;
} walk;

static bool check_row(ctx *c, const ledger_row *r, void *data)
{
    walk *w = data;
    if (w->report->problem.n > 0)
        return true; /* the first fault is enough; the walk ends by itself */
    ledger_fields f = {
        .seq = r->seq, .at = r->at, .actor = r->actor, .behalf = r->behalf, .action = r->action,
        .subject_kind = r->subject_kind, .subject_id = r->subject_id, .subject_key = r->subject_key,
        .organization_id = r->organization_id, .reason = r->reason, .before = r->before_json,
        .after = r->after_json, .state_hash = r->state_hash, .prev_hash = r->prev_hash,
    };
    w->report->problem = ledger_chain_check(c->a, &w->chain, &f, r->hash);
    if (w->report->problem.n > 0)
        w->report->problem_seq = r->seq;
    else
        w->report->rows++;
    return true;
}

bool ledger_verify(ctx *c, ledger_report *out)
{
    *out = (ledger_report){ 0 };
    walk w = { .chain = ledger_chain_start(), .report = out };
    auto_tx tx = db_begin_read(c); /* rows and head of one moment */
    ledger_head_row head;
    if (!tx.open || !q_ledger_head_read(c, &head) || !q_ledger_walk(c, check_row, &w))
        return false;
    if (out->problem.n == 0 && (head.seq != w.chain.seq || !str_eq(head.hash, str_of(w.chain.hash)))) {
        out->problem = str_fmt(c->a, "the chain ends at row %" PRId64 ", its head says row %" PRId64
                                     ": rows at the end are missing, or the head was changed", w.chain.seq, head.seq);
        out->problem_seq = head.seq;
    }
    return true;
}
