#include "app/ledger/ledger.h"

#include "app/ledger/ledger_hash.h"
#include "kit/blob/blob.h"
#include "queries.h"

change change_begin(ctx *c)
{
    change ch = { .tx = db_begin(c) };
    if (!ch.tx.open)
        return ch;
    ledger_head_row head;
    if (!q_ledger_head_read(c, &head) || head.hash.n != 64) {
        if (c->err.code == ERR_OK)
            (void)fail(c, DB, "the ledger has no head: run `openshelf verify`");
        db_rollback(&ch.tx);
        return ch;
    }
    ch.seq = head.seq;
    ch.at = day_now_ms();
    memcpy(ch.hash, head.hash.p, 64);
    return ch;
}

bool change_record(ctx *c, change *ch, const ledger_entry *e)
{
    must(ch->tx.open);
    ledger_fields f = {
        .seq = ch->seq + 1, .at = ch->at, .actor = c->actor, .behalf = e->behalf, .action = e->action,
        .subject_kind = e->subject_kind, .subject_id = e->subject_id, .subject_key = e->subject_key,
        .organization_id = e->organization_id, .reason = e->reason,
        .before = e->before.n > 0 ? e->before : S("{}"), .after = e->after.n > 0 ? e->after : S("{}"),
        .state_hash = e->state_hash, .prev_hash = { ch->hash, 64 },
    };
    char hash[65];
    ledger_hash(&f, hash);
    if (!q_ledger_add(c, f.seq, f.at, f.actor, f.behalf, f.action, f.subject_kind, f.subject_id, f.subject_key,
                      f.organization_id, f.reason, f.before, f.after, f.state_hash, f.prev_hash, str_of(hash)))
        return false;
    memcpy(ch->hash, hash, sizeof ch->hash);
    ch->seq++;
    ch->rows++;
    return true;
}

bool change_commit(ctx *c, change *ch)
{
    must(ch->tx.open);
    if (ch->rows == 0) {
        db_rollback(&ch->tx);
        return true;
    }
    return q_ledger_head_write(c, ch->seq, (str){ ch->hash, 64 }) && db_commit(c, &ch->tx);
}

void change_cancel(change *ch)
{
    db_rollback(&ch->tx);
}

bool change_ids(ctx *c, change *ch, const char *what, int64_t n, int64_t *first)
{
    must(ch->tx.open && n > 0);
    str text;
    if (!q_ledger_counter_take(c, str_of(what), n, &text))
        return false;
    return str_to_i64(text, first) || fail(c, DB, "the counter of %s is not a number", what);
}

bool ledger_seq(ctx *c, int64_t *seq)
{
    ledger_head_row head;
    if (!q_ledger_head_read(c, &head))
        return false;
    *seq = head.seq;
    return true;
}

str ledger_hash_json(arena *a, str json)
{
    unsigned char raw[32];
    blob_sha256(json, raw);
    buf b = buf_in(a);
    buf_hex(&b, raw, sizeof raw);
    return buf_str(&b);
}
