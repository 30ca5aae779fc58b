/* HEAD costs the server least, but proves nothing where it is refused, fails, or says "web page": many servers know GET
 * only, and pages of logins and of regrets come with status 200. Then the first bytes are asked for. */
#include "app/link/link.h"

#include "kit/fetch/fetch.h"
#include "kit/ingest/sniff.h"

#include <stdatomic.h>
#include <stdio.h>

enum { HEAD_S = 15, GET_S = 20, FIRST_BYTES = 4096 };

link_question link_question_of(str url, str url_kind, str format)
{
    return (link_question){ .url = url, .format = format, .promises_file = str_eq(url_kind, S("download")) && !str_ieq(format, S("HTML")) };
}

typedef struct { const link_question *q; buf *first; } asking;

static bool keep(ctx *c, void *to, str piece)
{
    buf *b = ((asking *)to)->first;
    (void)c;
    buf_add(b, str_sub(piece, 0, FIRST_BYTES - b->n));
    return true;
}

static bool goes_on(ctx *c, void *to, int64_t done, int64_t all)
{
    const link_question *q = ((asking *)to)->q;
    (void)done, (void)all;
    return q->stop == NULL || !atomic_load(q->stop) || fail(c, CANCELLED, "the walk was ended");
}

static bool says_page(str type)
{
    str first, rest;
    first = str_cut(type, S(";"), &first, &rest) ? str_trim(first) : type;
    return str_ieq(first, S("text/html")) || str_ieq(first, S("application/xhtml+xml"));
}

static bool ask(ctx *c, const link_question *q, bool head, buf *first, fetch_answer *a)
{
    asking to = { q, first };
    err_clear(c);
    return fetch_get(c, &(fetch_request){ .url = q->url, .agent = q->agent, .allow_private = q->allow_private, .head = head,
                                          .enough_bytes = head ? 0 : FIRST_BYTES, .timeout_s = q->timeout_s > 0 ? q->timeout_s : head ? HEAD_S : GET_S,
                                          .to = &to, .bytes = head ? NULL : keep, .progress = goes_on }, a);
}

static link_gave judge(ctx *c, str first)
{
    source s = source_memory(first, S("file"));
    source_kind k = SOURCE_EMPTY;
    bool ok = sniff_kind(c, &s, &k);
    err_clear(c);
    return !ok || k == SOURCE_EMPTY ? LINK_NOT_KNOWN : k == SOURCE_HTML ? LINK_PAGE : LINK_FILE;
}

void link_ask(ctx *c, const link_question *q, link_outcome *out)
{
    fetch_answer a;
    buf first = buf_in(c->a);
    *out = (link_outcome){ .gave = LINK_NOT_KNOWN };
    bool ok = ask(c, q, true, &first, &a);
    bool tells = ok && (!q->promises_file || (a.type.n > 0 && !says_page(a.type)));
    bool in_vain = !ok && (!link_fails(c->err.code) || !a.reached);     /* another method would not help */
    if (ok && tells && q->promises_file)
        out->gave = LINK_FILE;
    if (!tells && !in_vain) {
        ok = ask(c, q, false, &first, &a);
        if (ok && q->promises_file)
            out->gave = judge(c, buf_str(&first));
    }
    out->status = a.status;
    if (ok) {
        err_clear(c);
        return;
    }
    out->error = c->err.code;
    str why = utf8_cut(c->err.message, sizeof out->says - 1);
    snprintf(out->says, sizeof out->says, "%.*s", S_ARG(why));
    err_clear(c);
}
