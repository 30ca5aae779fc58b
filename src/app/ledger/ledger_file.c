#include "app/ledger/ledger_file.h"

#include "app/ledger/ledger_hash.h"
#include "kit/text/input.h"
#include "kit/text/json_read.h"
#include "kit/text/json_write.h"

#define LINE_MAX_BYTES ((size_t)256 << 20)

void ledger_file_row(buf *o, const ledger_row *r)
{
    json_w j = json_to(o);
    json_obj(&j);
    json_kv(&j, "seq", r->seq);
    json_kv(&j, "at", r->at);
    json_kv(&j, "actor", r->actor);
    json_kv(&j, "behalf", r->behalf);
    json_kv(&j, "action", r->action);
    json_kv(&j, "subject_kind", r->subject_kind);
    json_kv(&j, "subject_id", r->subject_id);
    json_kv(&j, "subject_key", r->subject_key);
    json_kv(&j, "organization_id", r->organization_id);
    json_kv(&j, "reason", r->reason);
    json_kv(&j, "before_json", r->before_json);
    json_kv(&j, "after_json", r->after_json);
    json_kv(&j, "state_hash", r->state_hash);
    json_kv(&j, "prev_hash", r->prev_hash);
    json_kv(&j, "hash", r->hash);
    json_end(&j);
    buf_byte(o, '\n');
}

static int64_t number(const json *o, const char *key)
{
    const json *v = json_get(o, key);
    return v != NULL && v->type == JSON_INT ? v->i : -1;
}

static bool check_line(ctx *c, str line, ledger_chain *chain, ledger_report *out)
{
    json o;
    if (!json_parse(c, line, &o)) {
        out->problem = str_fmt(c->a, "line %" PRId64 " is no row: %.*s", chain->seq + 1, S_ARG(c->err.message));
        err_clear(c);
        return true;
    }
    ledger_fields f = {
        .seq = number(&o, "seq"), .at = number(&o, "at"), .actor = json_get_text(c, &o, "actor"),
        .behalf = json_get_text(c, &o, "behalf"), .action = json_get_text(c, &o, "action"),
        .subject_kind = json_get_text(c, &o, "subject_kind"), .subject_id = number(&o, "subject_id"),
        .subject_key = json_get_text(c, &o, "subject_key"), .organization_id = number(&o, "organization_id"),
        .reason = json_get_text(c, &o, "reason"), .before = json_get_text(c, &o, "before_json"),
        .after = json_get_text(c, &o, "after_json"), .state_hash = json_get_text(c, &o, "state_hash"),
        .prev_hash = json_get_text(c, &o, "prev_hash"),
    };
    out->problem = ledger_chain_check(c->a, chain, &f, json_get_text(c, &o, "hash"));
    return true;
}

bool ledger_file_verify(ctx *c, str file, ledger_report *out, char last_hash[65])
{
    input *in;
    ledger_chain chain = ledger_chain_start();
    *out = (ledger_report){ 0 };
    if (!input_open(c, file, &in))
        return false;
    bool ok = true, more = true;
    while (ok && more && out->problem.n == 0) {
        arena_mark m = arena_here(c->a);
        str line;
        ok = input_line(c, in, LINE_MAX_BYTES, &line, &more) && (!more || check_line(c, line, &chain, out));
        if (ok && out->problem.n == 0)
            arena_back(c->a, m);
    }
    input_close(in);
    if (out->problem.n > 0)
        out->problem_seq = chain.seq + 1;
    out->rows = chain.seq;
    memcpy(last_hash, chain.hash, sizeof chain.hash);
    return ok;
}
