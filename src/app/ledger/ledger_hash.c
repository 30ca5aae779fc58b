#include "app/ledger/ledger_hash.h"

#include "kit/blob/blob.h"

static void put(buf *b, str s)
{
    buf_i64(b, (int64_t)s.n);
    buf_byte(b, ':');
    buf_add(b, s);
    buf_byte(b, '\n');
}

static void put_int(buf *b, int64_t v)
{
    char tmp[32];
    int n = __builtin_snprintf(tmp, sizeof tmp, "%" PRId64, v);
    put(b, (str){ tmp, (size_t)n });
}

void ledger_hash(const ledger_fields *f, char hex[65])
{
    arena *a = arena_new(8192);
    buf b = buf_in(a);
    put_int(&b, f->seq);
    put_int(&b, f->at);
    put(&b, f->actor);
    put(&b, f->behalf);
    put(&b, f->action);
    put(&b, f->subject_kind);
    put_int(&b, f->subject_id);
    put(&b, f->subject_key);
    put_int(&b, f->organization_id);
    put(&b, f->reason);
    put(&b, f->before);
    put(&b, f->after);
    put(&b, f->state_hash);
    put(&b, f->prev_hash);
    must(buf_fits(&b));
    unsigned char raw[32];
    blob_sha256(buf_str(&b), raw);
    buf out = buf_in(a);
    buf_hex(&out, raw, sizeof raw);
    memcpy(hex, out.p, 64);
    hex[64] = 0;
    arena_free(a);
}

ledger_chain ledger_chain_start(void)
{
    return (ledger_chain){ .hash = LEDGER_START };
}

str ledger_chain_check(arena *a, ledger_chain *chain, const ledger_fields *f, str hash)
{
    if (f->seq != chain->seq + 1)
        return str_fmt(a, "row %" PRId64 " follows row %" PRId64 ": rows are missing or out of order", f->seq,
                       chain->seq);
    if (!str_eq(f->prev_hash, str_of(chain->hash)))
        return str_fmt(a, "row %" PRId64 " does not continue the row before it", f->seq);
    char is[65];
    ledger_hash(f, is);
    if (!str_eq(str_of(is), hash))
        return str_fmt(a, "row %" PRId64 " was changed: its hash is not that of its contents", f->seq);
    chain->seq = f->seq;
    memcpy(chain->hash, is, sizeof is);
    return S("");
}
