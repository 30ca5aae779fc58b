/* cmd_link — whether the addresses of files answer: openshelf link walk | list. */
#include "app/link/link_walk.h"
#include "bin/cli.h"
#include "bin/job_follow.h"
#include "bin/table_target.h"
#include "kit/text/json_write.h"

static cli_command cmd_link_walk, cmd_link_list;
static const cli_word words[] = {
    { "walk", cmd_link_walk, "ask addresses whether they answer, those with the oldest evidence first" },
    { "list", cmd_link_list, "how addresses answered when they were last asked; --bad: those that fail" },
};

static bool target(ctx *c, str key, int64_t *id)
{
    dataset_row d;
    bool found;
    if (key.n == 0)
        return true;
    if (!table_target_dataset(c, key, &d, &found))
        return false;
    *id = d.id;
    return found || fail(c, NOT_FOUND, "there is no dataset “%.*s”", S_ARG(key));
}

static bool add(ctx *c, const link_walk_wish *w, int64_t *id)
{
    auto_tx tx = db_begin(c);
    return tx.open && link_walk_ask(c, w, id) && db_commit(c, &tx);
}

/* A walk is a chain of jobs. */
static bool follow(ctx *c, const cli_args *a, int64_t id)
{
    link_walk_result sum = { .next_job = id };
    while (sum.next_job != 0) {
        job_row r;
        if (!job_follow(c, a, sum.next_job, &r) || !link_walk_result_read(c, &r, &sum))
            return false;
    }
    str text = a->json ? str_fmt(c->a, "{\"asked\":%" PRId64 ",\"failing\":%" PRId64 ",\"pages\":%" PRId64 ",\"left_alone\":%" PRId64 "}\n", sum.asked,
                                 sum.failing, sum.pages, sum.left_alone)
                       : str_fmt(c->a, "%" PRId64 " asked, %" PRId64 " failing, %" PRId64 " gave a web page instead of a file, %" PRId64
                                 " left alone because their hosts do not answer\n", sum.asked, sum.failing, sum.pages, sum.left_alone);
    return cli_out(c, text) && (sum.failing + sum.pages == 0 || cli_found(c));
}

static bool cmd_link_walk(ctx *c, cli_args *a)
{
    str dataset = { 0 };
    bool no_wait = false, done;
    int64_t timeout = 0, pause = -1;
    link_walk_wish w = { 0 };
    const cli_opt opts[] = {
        { "dataset", CLI_TEXT, &dataset, "ID", "its addresses alone" },
        { "limit", CLI_INT, &w.most, "N", "ask N addresses at most; the next walk goes on with the others" },
        { "pause", CLI_INT, &pause, "MS", "between two requests to a host; else the setting link_walk_pause_ms" },
        { "timeout", CLI_INT, &timeout, "SECONDS", "for one request" },
        { "allow-private", CLI_FLAG, &w.allow_private, NULL, "loopback and private addresses may be reached" },
        { "no-wait", CLI_FLAG, &no_wait, NULL, "leave it to the running site, and print the job" },
    };
    const cli_form form = {
        .usage = "link walk [--dataset ID] [--limit N] [--no-wait]",
        .what = "Asks the addresses of files whether they answer and give a file: a HEAD, and the first bytes where that does not tell. Each host by one\n"
                "connection with pauses; one that does not answer is left alone for hours. What is found feeds the indicators of the quality. Exit code 1\n"
                "when addresses fail. A serving site does it by itself when the setting link_walk_daily is on.",
        .examples = "  openshelf link walk --limit 500\n  openshelf link walk --dataset youbike-stations\n", .opts = opts, .opt_count = array_len(opts),
    };
    site *s;
    int64_t id;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (w.most < 0 || timeout < 0 || timeout > 600)
        return fail(c, USAGE, "--limit and --timeout want a number from 0 on; a timeout has 600 seconds at most");
    if (!cli_site(c, a, true, &s) || !target(c, dataset, &w.dataset))
        return false;
    w.timeout_s = (int)timeout;
    w.pause_ms = pause >= 0 ? pause : conf_int(&s->conf, CONF_link_walk_pause_ms);
    if (!add(c, &w, &id))
        return false;
    return no_wait ? cli_out(c, str_fmt(c->a, a->json ? "{\"job\":%" PRId64 "}\n" : "job %" PRId64 "\n", id)) : follow(c, a, id);
}

/* --- list --- */

static void put_json(ctx *c, json_w *j, const link_bad_row *r)
{
    json_obj(j);
    json_kv(j, "dataset", r->slug);
    json_kv(j, "file", r->position + 1);
    json_kv(j, "organization", r->org_slug);
    json_kv(j, "url", r->url);
    json_kv(j, "answers", (bool)(r->error.n == 0));
    json_kv(j, "error", r->error);
    json_kv(j, "status", r->status);
    json_kv(j, "web_page", (bool)(r->gave == LINK_PAGE));
    json_kv(j, "says", r->says);
    json_kv(j, "since", day_iso(c->a, r->since));
    json_kv(j, "times", r->times);
    json_kv(j, "asked", day_iso(c->a, r->asked_at));
    json_end(j);
}

static void put_line(ctx *c, buf *b, const link_bad_row *r)
{
    str what = r->gave == LINK_PAGE && r->error.n == 0 ? S("web page") : r->error.n == 0 ? S("answers") : r->status > 0 ? str_fmt(c->a, "status %" PRId64, r->status)
             : str_lower(c->a, r->error);
    buf_fmt(b, "%-10.*s since %.*s, %3" PRId64 " times  %.*s/%" PRId64 "  %.*s\n", S_ARG(what), S_ARG(day_iso_date(c->a, r->since)), r->times,
            S_ARG(r->slug), r->position + 1, S_ARG(cli_plain(c->a, r->url)));
}

static bool list(ctx *c, const cli_args *a, bool bad, int64_t most)
{
    link_bad_row_list l;
    organization_row_list all;
    buf b = buf_in(c->a);
    json_w j = json_to(&b);
    if (!q_organization_list(c, &all))
        return false;
    int64_t *ids = new_n(c->a, int64_t, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        ids[i] = all.v[i].id;
    q_ints which = { ids, all.n };
    if (!(bad ? q_link_bad(c, which, most, &l) : q_link_all(c, most, &l)))
        return false;
    if (a->json)
        json_arr(&j);
    list_each (const link_bad_row, r, &l)
        if (a->json)
            put_json(c, &j, r);
        else
            put_line(c, &b, r);
    if (a->json) {
        json_end(&j);
        buf_byte(&b, '\n');
    }
    return cli_out(c, buf_str(&b)) && (!bad || l.n == 0 || cli_found(c));
}

static bool cmd_link_list(ctx *c, cli_args *a)
{
    bool bad = false, done;
    int64_t most = 10000;
    const cli_opt opts[] = {
        { "bad", CLI_FLAG, &bad, NULL, "only addresses that fail, or give a web page instead of a file; exit code 1 when there are some" },
        { "limit", CLI_INT, &most, "N", "the first N, 10000 when absent; those that have stood so the longest come first" },
    };
    const cli_form form = {
        .usage = "link list [--bad] [--limit N]", .what = "How the addresses of files answered when they were last asked, since when, and how often in sequence.",
        .examples = "  openshelf link list --bad\n  openshelf link list --bad --json\n", .opts = opts, .opt_count = array_len(opts),
    };
    site *s;
    if (!cli_parse(c, a, &form, &done) || done)
        return done;
    if (most < 1)
        return fail(c, USAGE, "--limit wants a number from 1 on");
    return cli_site(c, a, true, &s) && list(c, a, bad, most);
}

bool cmd_link(ctx *c, cli_args *a)
{
    const cli_form form = {
        .usage = "link WORD …", .what = "Whether the addresses of files answer: walk, list. Each has --help.",
        .examples = "  openshelf link walk --limit 500\n  openshelf link list --bad\n", .max_rest = 0,
    };
    return cli_dispatch(c, a, &form, words, array_len(words));
}
